"""What the applicant must still do once the result is there: computed from the definition, the answers and its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from portal.catalogue.types import Duty, Procedure
from portal.core import clock
from portal.records.facts import facts_of_answers
from portal.workflow.deadlines import WorkingCalendar, duration_after
from portal.workflow.definition import Text


@dataclass(frozen=True)
class DueDuty:
    id: str
    name: Text
    due_on: date


def duties_of(
    procedure: Procedure, answers: Mapping[str, Any], *, finished_at: datetime, calendar: WorkingCalendar
) -> tuple[DueDuty, ...]:
    """The duties after a granted result, those due soonest first; one whose day nobody gave is left out."""
    dated = [
        DueDuty(duty.id, duty.name, day)
        for duty in procedure.after
        if (day := _due_on(duty, answers, finished_at=finished_at, calendar=calendar)) is not None
    ]
    return tuple(sorted(dated, key=lambda duty: duty.due_on))


def _due_on(duty: Duty, answers: Mapping[str, Any], *, finished_at: datetime, calendar: WorkingCalendar) -> date | None:
    if duty.months is not None:
        return clock.local_day(finished_at) + relativedelta(months=duty.months)
    if duty.after is not None:
        return clock.local_day(duration_after(finished_at, duty.after, calendar=calendar))
    day: date | None = duty.day.test(facts_of_answers(answers)) if duty.day is not None else None
    return day
