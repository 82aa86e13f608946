"""The way of a record as the lane picture wants it: its tasks as visits, and the usual way on from where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.core import clock
from portal.records.facts import facts_of
from portal.records.grounds import Grounds
from portal.records.openings import Ground, unit_of
from portal.records.performing import pauses_of
from portal.records.record_file import RecordFile
from portal.records.types import TaskRow
from portal.units.types import UnitView, UnresolvedFunction
from portal.workflow.day_lines import DayBar, DayLine, day_bar, explain
from portal.workflow.deadlines import Pause
from portal.workflow.definition import Step, Text, Where
from portal.workflow.lane_route import drafts, is_counter, is_reception
from portal.workflow.lanes import APPLICANT, Expected, StopState, Visit, expected_of

_OUTCOMES = {"silent": Text("coi như đồng ý", "taken as consent")}
_WITHOUT_VISIT = "cancelled"


@dataclass(frozen=True)
class Journey:
    """Where the record has been and where it is expected to go. `language` is that of the names inside."""

    visits: tuple[Visit, ...]
    expected: tuple[Expected, ...]


def journey_of_record(
    file: RecordFile, grounds: Grounds, *, now: datetime, language: str, every_step: bool = False
) -> Journey:
    """Visits in order of time, and the steps still to come. With `every_step` for officials."""
    visits = tuple(_visits(file, grounds, now=now, language=language))
    return Journey(visits, _expected(file, grounds, visits, now=now, language=language, every_step=every_step))


def day_lines_of_record(file: RecordFile, grounds: Grounds, *, now: datetime) -> tuple[DayLine, ...]:
    """Each day from acceptance to the due date, counted or skipped; none before the record is accepted."""
    record, procedure = file.record, grounds.procedure
    if record.accepted_at is None:
        return ()
    return explain(
        procedure.term,
        accepted_at=record.accepted_at,
        calendar=grounds.calendar,
        pauses=record_pauses(file),
        rule=procedure.supplement.clock,
        now=now,
    )


def day_bar_of_record(file: RecordFile, grounds: Grounds, *, now: datetime) -> DayBar | None:
    """The days of the term as they stand now; None before the record is accepted."""
    lines = day_lines_of_record(file, grounds, now=now)
    if not lines:
        return None
    return day_bar(lines, now=now, calendar=grounds.calendar, ended_at=file.record.finished_at)


def record_pauses(file: RecordFile) -> list[Pause]:
    """When the statutory clock stood still."""
    return pauses_of(tuple((datetime.fromisoformat(since), _moment(until)) for since, until in file.record.pauses))


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _visits(file: RecordFile, grounds: Grounds, *, now: datetime, language: str) -> Iterator[Visit]:
    before = grounds.directory.unit(file.record.received_unit_id).level
    for task in sorted(file.tasks, key=lambda task: (task.opened_at, task.id)):
        step = grounds.procedure.process.step(task.step)
        unit = grounds.directory.unit(task.unit_id) if task.unit_id else None
        level = _level(step, unit, before)
        if level != APPLICANT:
            before = level
        if task.outcome != _WITHOUT_VISIT:
            yield _visit(task, step, unit, level, file, grounds, now=now, language=language)


def _level(step: Step, unit: UnitView | None, before: str) -> str:
    if step.at.where is Where.APPLICANT:
        return APPLICANT
    return unit.level if unit else before


def _visit(
    task: TaskRow,
    step: Step,
    unit: UnitView | None,
    level: str,
    file: RecordFile,
    grounds: Grounds,
    *,
    now: datetime,
    language: str,
) -> Visit:
    calendar = grounds.calendar
    is_late = task.is_open and task.due_at < now
    outcome = _OUTCOMES.get(task.outcome or "")
    return Visit(
        step_id=step.id,
        name=step.name.in_language(language),
        unit_name=unit.in_language(language) if unit else "",
        unit_short=unit.short_name if unit else "",
        level=level,
        opened_at=task.opened_at,
        closed_at=task.closed_at,
        state=_state(task, step),
        due_at=task.due_at if task.is_open else None,
        used=calendar.working_hours_between(task.opened_at, max(task.closed_at or now, task.opened_at)),
        allowed=step.quota or None,
        late_by=calendar.working_hours_between(task.due_at, now) if is_late else None,
        group=_round(task, file),
        stop=step.stop.in_language(language) if step.stop else "",
        outcome=outcome.in_language(language) if outcome else "",
        person=(task.closed_by_name or task.assignee_name) if unit else "",
        counter=is_counter(step),
        reception=is_reception(step),
        drafts=drafts(step),
    )


def _state(task: TaskRow, step: Step) -> StopState:
    if not task.is_open:
        return StopState.PAST
    asked = step.consultation is not None or step.at.where in (Where.APPLICANT, Where.EXTERNAL)
    return StopState.WAITING if asked else StopState.NOW


def _round(task: TaskRow, file: RecordFile) -> str:
    """One name for what was opened together: the step that split, and how often it had split by then."""
    splitter = task.split.partition("/")[0]
    if not splitter:
        return ""
    times = sum(
        other.step == splitter and other.closed_at is not None and other.closed_at <= task.opened_at
        for other in file.tasks
    )
    return f"{splitter}:{times}"


def _expected(
    file: RecordFile,
    grounds: Grounds,
    visits: tuple[Visit, ...],
    *,
    now: datetime,
    language: str,
    every_step: bool,
) -> tuple[Expected, ...]:
    tasks = sorted(file.open_tasks, key=lambda task: (task.opened_at, task.id))
    if not tasks:
        return ()
    task = tasks[0]
    ground = _ground(file, grounds, now=now)
    return expected_of(
        grounds.procedure.process,
        open_step=task.step,
        language=language,
        receiver=grounds.directory.unit(file.record.received_unit_id).level,
        lane=next(visit.level for visit in visits if visit.step_id == task.step and visit.state.is_open),
        unit_name=lambda step_id: _unit_name(grounds.procedure.process.step(step_id), ground, language),
        day_after=lambda hours: _day_after(grounds, now, hours),
        asker=task.origin,
        every_step=every_step,
    )


def _day_after(grounds: Grounds, now: datetime, hours: Decimal) -> date:
    return clock.local_day(grounds.calendar.add_working_hours(now, hours))


def _unit_name(step: Step, ground: Ground, language: str) -> str:
    try:
        unit = unit_of(step, ground)
    except UnresolvedFunction:
        return ""
    return unit.in_language(language) if unit else ""


def _ground(file: RecordFile, grounds: Grounds, *, now: datetime) -> Ground:
    record = file.record
    return Ground(
        record_id=record.id,
        owner_id=record.owner_id,
        applicant_name=record.applicant_name,
        procedure=grounds.procedure,
        procedure_name=record.procedure_name,
        place=record.place,
        received_unit_id=record.received_unit_id,
        return_unit_id=record.return_unit_id,
        due_at=record.due_at,
        facts=facts_of(record, file.tasks, directory=grounds.directory, today=clock.local_day(now)),
        directory=grounds.directory,
        calendar=grounds.calendar,
        now=now,
    )
