"""Promised dates against the calendar of today: a decision moves none of them, and this is where one sees which
would be another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.calendars.queries import calendar_book
from portal.catalogue import queries as catalogue
from portal.records.due_changes import due_changes_of
from portal.records.models import Record
from portal.records.pauses import for_clock, pauses_of
from portal.workflow.deadlines import CalendarEnds, WorkingCalendar, due_at


@dataclass(frozen=True)
class OtherPromise:
    """A record whose date would be another if it were promised today."""

    record_id: UUID
    code: str
    procedure_name: str
    due_at: datetime
    """As it was promised, and stays."""
    would_be: datetime


def other_promises(
    session: Session, *, now: datetime, calendar: WorkingCalendar | None = None
) -> Iterator[OtherPromise]:
    """Open records whose promised date is not what `calendar` gives, the soonest first; by default today's calendar.

    With `calendars.service.calendar_with` it shows what a decision would move, had nothing been promised. Run as
    SYSTEM to see the whole city; nothing is changed.
    """
    counted_with = calendar or calendar_book(session, now=now).as_known(now)
    rows = session.execute(
        select(
            Record.id,
            Record.code,
            Record.procedure_name,
            Record.version_id,
            Record.accepted_at,
            Record.due_at,
            Record.pauses,
            Record.due_changes,
        )
        .where(Record.due_at.is_not(None), Record.finished_at.is_(None), Record.closed_at.is_(None))
        .order_by(Record.due_at, Record.id)
    )
    for row in rows:
        would_be = _counted(session, row, counted_with)
        if would_be is not None and would_be != row.due_at:
            yield OtherPromise(row.id, row.code, row.procedure_name, row.due_at, would_be)


def _counted(session: Session, row: Row[tuple[object, ...]], calendar: WorkingCalendar) -> datetime | None:
    procedure = catalogue.version(session, row.version_id).procedure
    try:
        return due_at(
            procedure.term,
            accepted_at=row.accepted_at,
            calendar=calendar,
            pauses=for_clock(pauses_of(row.pauses)),
            rule=procedure.supplement.clock,
            changes=due_changes_of(row.due_changes),
        )
    except CalendarEnds:
        return None
