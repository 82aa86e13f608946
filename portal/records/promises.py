"""Promised dates against the calendar of today: a decision moves none of them, and this is where one sees which
would be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.calendars.book import CalendarBook
from portal.calendars.queries import calendar_book, forget_calendars, read_calendars
from portal.catalogue import queries as catalogue
from portal.records.due_changes import due_changes_of
from portal.records.models import Record, Task
from portal.records.openings import step_due_at
from portal.records.pauses import for_clock, pauses_of
from portal.workflow.deadlines import CalendarEnds, WorkingCalendar, due_at
from portal.workflow.definition import Text

_PROMISED = (
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

_OPEN_STEPS = (
    select(
        Task.id,
        Task.record_id,
        Task.record_code,
        Task.procedure_name,
        Task.unit_id,
        Task.step,
        Task.opened_at,
        Task.anchored_at,
        Task.due_at,
        Task.record_due_at,
        Record.version_id,
    )
    .join(Record, Record.id == Task.record_id)
    .where(Task.closed_at.is_(None))
    .order_by(Task.due_at, Task.id)
)

Calendars = tuple[WorkingCalendar, WorkingCalendar]
"""As it is, and as it would be."""


@dataclass(frozen=True)
class OtherPromise:
    """A record whose date would be another if it were promised today; with `step`, the date of that open step, with
    `is_opinion` that of an opinion which an agency was asked for."""

    record_id: UUID
    code: str
    procedure_name: str
    due_at: datetime
    """As it was promised, and stays."""
    would_be: datetime
    step: Text | None = None
    is_opinion: bool = False


def other_promises(
    session: Session, *, now: datetime, calendar: WorkingCalendar | None = None
) -> Iterator[OtherPromise]:
    """Open records whose promised date is not what `calendar` gives, the soonest first; by default today's calendar.

    Run as SYSTEM to see the whole city; nothing is changed.
    """
    counted_with = calendar or calendar_book(session, now=now).as_known(now)
    for row in session.execute(_PROMISED):
        would_be = _counted(session, row, counted_with)
        if would_be is not None and would_be != row.due_at:
            yield OtherPromise(row.id, row.code, row.procedure_name, row.due_at, would_be)


def would_move(
    session: Session, decide: Callable[[Session], object], *, unit_id: UUID | None, now: datetime
) -> list[OtherPromise]:
    """Promised dates that would be others because of a decision, were they promised after it; it is not taken.

    Of the city the dates of results, then those of open steps and opinions, each by the hours of its unit; of one unit,
    whose hours its own steps alone follow, those of its steps and opinions. What the decision refuses is raised. Run in
    a unit of work of SYSTEM, to see the whole city.
    """
    before = read_calendars(session, now=now)
    trial = session.begin_nested()
    try:
        decide(session)
        after = read_calendars(session, now=now)
    finally:
        trial.rollback()
        forget_calendars()
    results = _other_results(session, (before.as_known(now), after.as_known(now))) if unit_id is None else ()
    return [*results, *_other_steps(session, before, after, unit_id=unit_id, now=now)]


def _other_results(session: Session, calendars: Calendars) -> Iterator[OtherPromise]:
    was, would = calendars
    for row in session.execute(_PROMISED) if was != would else ():
        would_be = _counted(session, row, would)
        if would_be is not None and would_be not in (row.due_at, _counted(session, row, was)):
            yield OtherPromise(row.id, row.code, row.procedure_name, row.due_at, would_be)


def _other_steps(
    session: Session, before: CalendarBook, after: CalendarBook, *, unit_id: UUID | None, now: datetime
) -> Iterator[OtherPromise]:
    @cache
    def calendars_of(unit_id: UUID | None) -> Calendars | None:
        found = before.as_known(now, unit_id=unit_id), after.as_known(now, unit_id=unit_id)
        return found if found[0] != found[1] else None

    if unit_id is None and before.as_known(now) == after.as_known(now):
        return
    wanted = _OPEN_STEPS if unit_id is None else _OPEN_STEPS.where(Task.unit_id == unit_id)
    for row in session.execute(wanted):
        calendars = calendars_of(row.unit_id)
        if calendars is None:
            continue
        was, would = (_step_due(session, row, calendar) for calendar in calendars)
        if would is not None and would not in (row.due_at, was):
            step = catalogue.version(session, row.version_id).procedure.process.step(row.step)
            yield OtherPromise(
                row.record_id, row.record_code, row.procedure_name, row.due_at, would, step.name,
                is_opinion=step.consultation is not None,
            )  # fmt: skip


def _step_due(session: Session, task: Any, calendar: WorkingCalendar) -> datetime | None:
    procedure = catalogue.version(session, task.version_id).procedure
    with suppress(CalendarEnds):
        return step_due_at(
            procedure.process.step(task.step),
            opened_at=task.opened_at,
            anchored_at=task.anchored_at,
            otherwise=(task.record_due_at, procedure.reception_hours),
            calendar=calendar,
        )
    return None


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
