"""What other parts ask of the calendar by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.calendars.explain import due_report
from portal.calendars.queries import working_calendar
from portal.workflow.deadlines import TermLength, due_at
from portal.workflow.definition import DurationUnit
from portal.workflow.working_time import VIETNAM


@dataclass(frozen=True)
class DueTerm:
    """The answer of `portal due`: the due date in local time, and the lines that explain it."""

    due_at: datetime
    days: tuple[str, ...]


def due_of_term(session: Session, *, start: datetime, working_days: int | None, days: int | None) -> DueTerm:
    """When a term of working or calendar days ends that begins at `start`; without a zone `start` is local time."""
    accepted_at = start.replace(tzinfo=VIETNAM) if start.tzinfo is None else start
    unit = DurationUnit.CALENDAR_DAYS if working_days is None else DurationUnit.WORKING_DAYS
    term = TermLength(Decimal(working_days or days or 0), unit)
    calendar = working_calendar(session, now=accepted_at)
    report = tuple(due_report(term, accepted_at=accepted_at, calendar=calendar))
    return DueTerm(due_at(term, accepted_at=accepted_at, calendar=calendar), report)
