"""The lane picture and the day bar of one record, from what its view knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.levels import record_levels, record_parts
from portal.catalogue.sequences import RECALLED
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.records.due_changes import promised_calendar
from portal.records.pauses import for_clock
from portal.records.record_view import RecordView
from portal.records.timers import SILENT
from portal.records.types import CALLED_OFF, CANCELLED, UNDONE, TaskRow
from portal.records.visited import step_of
from portal.units.resolution import Directory
from portal.units.types import ENGLISH_KINDS, Level, PlaceView, UnitView, UnresolvedFunction
from portal.workflow import day_lines
from portal.workflow.day_words import DrawnDays, in_words
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import ClockRule, Step, Text, TimerEffect, Where
from portal.workflow.engine import SKIPPED
from portal.workflow.lane_route import drafts, gives_result, is_counter, is_reception, lane_of
from portal.workflow.lanes import (
    APPLICANT,
    Expected,
    LaneLevel,
    LanePicture,
    StopState,
    Visit,
    expected_of,
    journey_of,
)
from portal.workflow.splits import first_split

_NOT_DONE = frozenset({CANCELLED, RECALLED, SKIPPED})
"""Outcomes of tasks that nobody did: citizens do not see them."""

_SUBMITTED = Text("Nộp hồ sơ", "Record submitted")
_PORTAL = Text(SYSTEM.name, "Public services portal")
_OUTCOMES = {
    "agree": Text("đồng ý", "agreed"),
    "agree_with_conditions": Text("đồng ý có điều kiện", "agreed with conditions"),
    "disagree": Text("không đồng ý", "disagreed"),
    "consent": Text("coi như đồng ý", "taken as consent"),
    "refusal": Text("coi như không đồng ý", "taken as refusal"),
    CANCELLED: Text("không cần nữa", "not needed any more"),
    RECALLED: Text("đã rút câu hỏi", "question taken back"),
    SKIPPED: Text("không phải hỏi", "not to be asked"),
}


def journey(
    view: RecordView,
    procedure: Procedure,
    directory: Directory,
    calendar: WorkingCalendar,
    *,
    now: datetime,
    language: str,
    every_step: bool = False,
) -> LanePicture:
    """Where the record has been, where it is and where it is expected to go.

    Citizens see stops; with `every_step` officials see each step and its person. Of the public look-up's view nobody
    is named.
    """
    traveller = _Traveller(view, procedure, directory, calendar, now, language, every_step)
    return journey_of(
        traveller.visits(),
        expected=traveller.expected(),
        levels=traveller.levels(),
        language=language,
        now=now,
        due_at=None if view.finished_at else view.due_at,
        every_step=every_step,
    )


def explained(
    view: RecordView, procedure: Procedure, book: CalendarBook, *, now: datetime
) -> tuple[day_lines.DayLine, ...]:
    """Each day from acceptance to the due date, counted or skipped, by the calendar with which it was promised.

    Nothing before acceptance.
    """
    if view.accepted_at is None:
        return ()
    return day_lines.explain(
        procedure.term,
        accepted_at=view.accepted_at,
        calendar=promised_calendar(book, view.accepted_at, pauses=view.pauses, changes=view.due_changes),
        pauses=for_clock(view.pauses),
        rule=procedure.supplement.clock,
        changes=view.due_changes,
        now=now,
    )


def days(
    view: RecordView, procedure: Procedure, book: CalendarBook, *, now: datetime, language: str
) -> DrawnDays | None:
    """The day bar; None before acceptance, for terms that end within a day or two, and when nothing is due any more."""
    if view.state in CALLED_OFF:
        return None
    lines = explained(view, procedure, book, now=now)
    if sum(line.counted for line in lines) <= 1:
        return None
    bar = day_lines.day_bar(lines, now=now, calendar=book.as_known(now), ended_at=view.finished_at)
    return in_words(bar, language)


@dataclass(frozen=True)
class _Traveller:
    """One record on its way, in the eyes of one reader."""

    view: RecordView
    procedure: Procedure
    directory: Directory
    calendar: WorkingCalendar
    now: datetime
    language: str
    every_step: bool

    def visits(self) -> list[Visit]:
        sent = self.view.submitted_at
        return [
            Visit("submit", _SUBMITTED.in_language(self.language), "", APPLICANT, sent, closed_at=sent),
            *self._desks(),
        ]

    def _desks(self) -> Iterator[Visit]:
        before = self._receiver
        rounds = _rounds(self.view.tasks)
        for task in self.view.tasks:
            if task.outcome == UNDONE:
                continue
            step = step_of(self.procedure.process, task)
            lane = self._lane(step, task, before)
            before = before if lane == APPLICANT else lane
            if task.outcome not in _NOT_DONE or self.every_step:
                yield self._visit(task, step, lane, group=rounds.get(task.id, ""))

    def _visit(self, task: TaskRow, step: Step, lane: str, *, group: str) -> Visit:
        unit = self._unit(task.unit_id)
        waits = lane == APPLICANT or step.consultation is not None
        state = StopState.PAST if task.closed_at else StopState.WAITING if waits else StopState.NOW
        is_late = task.is_open and task.due_at < self.now
        counts = step.clock not in (ClockRule.NONE, ClockRule.PAUSED) and step.at.where is not Where.APPLICANT
        return Visit(
            step_id=task.step,
            name=step.name.in_language(self.language),
            unit_name=self._named(step, unit),
            level=lane,
            opened_at=task.opened_at,
            closed_at=task.closed_at,
            state=state,
            due_at=None if gives_result(step) else task.due_at,
            used=self._hours(task.opened_at, task.closed_at or self.now) if counts else None,
            allowed=self._allowed(task, step) if counts else None,
            late_by=self._hours(task.due_at, self.now) if is_late else None,
            group=group,
            stop=step.stop.in_language(self.language) if step.stop else "",
            unit_short=self._short(step, unit) if step.consultation and unit else "",
            outcome=self._outcome(task, step),
            person=self._person(task) if self.every_step else "",
            counter=is_counter(step),
            reception=is_reception(step),
            drafts=drafts(step),
        )

    def expected(self) -> tuple[Expected, ...]:
        """The usual way on; none from a record that has ended, and no days while the applicant is waited for."""
        if not self.view.open_tasks or self.view.closed_at:
            return ()
        task = max(self.view.open_tasks, key=lambda task: (task.due_at, task.id))
        step = self.procedure.process.step(task.step)
        return expected_of(
            self.procedure.process,
            open_step=task.step,
            language=self.language,
            receiver=self._receiver,
            lane=self._lane(step, task, self._receiver),
            unit_name=self._unit_name,
            day_after=self._day_after(task, step),
            asker=task.origin,
            every_step=self.every_step,
        )

    def levels(self) -> tuple[LaneLevel, ...]:
        """The lanes, each in the name of the one place whose units have been there; with two places, of none."""
        names: dict[str, Text] = {}
        shorts: dict[str, Text] = {}
        for level in (Level.DISTRICT, Level.COMMUNE):
            places = self._places(level)
            if len(places) == 1:
                names[level] = Text(places[0].name, places[0].in_language("en"))
                kind = places[0].kind
                shorts[level] = Text(kind[:1].upper() + kind[1:], ENGLISH_KINDS.get(kind, ""))
        return record_levels(names, parts=record_parts(self.procedure), shorts=shorts)

    def _places(self, level: str) -> list[PlaceView]:
        units = [self._unit(task.unit_id) for task in self.view.tasks]
        codes = {unit.place for unit in units if unit and unit.level == level}
        codes |= {place.code for place in self.directory.territories(self.view.place) if place.level == level}
        return [self.directory.place(code) for code in sorted(codes)]

    @property
    def _receiver(self) -> str:
        return self.directory.unit(self.view.received_unit_id).level

    def _unit(self, unit_id: UUID | None) -> UnitView | None:
        return self.directory.unit(unit_id) if unit_id else None

    def _lane(self, step: Step, task: TaskRow, before: str) -> str:
        if step.at.where is Where.APPLICANT or (gives_result(step) and not self.every_step):
            return APPLICANT
        unit = self._unit(task.unit_id)
        return unit.level if unit else lane_of(step, receiver=self._receiver, before=before)

    def _hours(self, start: datetime, end: datetime) -> Decimal:
        return self.calendar.working_hours_between(start, end)

    def _allowed(self, task: TaskRow, step: Step) -> Decimal | None:
        """The working hours of a step. Citizens see those until its timer acts, once for all steps under one timer."""
        acting = any(timer.effect is TimerEffect.ACT for timer in step.timers)
        if self.every_step or step.clock is ClockRule.NONE or not acting:
            return step.quota or None
        return self._hours(task.anchored_at, task.due_at) if task.opened_at == task.anchored_at else None

    def _person(self, task: TaskRow) -> str:
        name = task.closed_by_name or task.assignee_name
        return _PORTAL.in_language(self.language) if name == SYSTEM.name else name

    def _named(self, step: Step, unit: UnitView | None) -> str:
        """Whose work a step is: of a body without accounts its own, not that of who enters its answer."""
        if step.at.body is not None:
            return step.at.body.in_language(self.language)
        return unit.in_language(self.language) if unit else ""

    def _short(self, step: Step, unit: UnitView) -> str:
        if step.at.body is not None:
            return (step.stop or step.name).in_language(self.language)
        return unit.in_language(self.language) if self.language == "en" else unit.short_name

    def _outcome(self, task: TaskRow, step: Step) -> str:
        """What an asked agency said, or its silence is taken for."""
        said = task.outcome if task.outcome in _NOT_DONE else ""
        if task.closed_at and step.consultation and not said:
            silence = next((timer.silence for timer in step.timers if timer.silence), "") or ""
            given = [
                verdict.verdict
                for verdict in self.view.verdicts
                if verdict.consultation == step.consultation
                and task.anchored_at <= verdict.given_at <= task.closed_at
                and verdict.verdict != SILENT
            ]
            said = silence if task.outcome == SILENT else (given[-1] if given else "")
        return _OUTCOMES[said].in_language(self.language) if said in _OUTCOMES else ""

    def _unit_name(self, step_id: str) -> str:
        unit = self._unit_of(self.procedure.process.step(step_id))
        return unit.in_language(self.language) if unit else ""

    def _unit_of(self, step: Step) -> UnitView | None:
        """The unit that will do a step. None when the applicant, the portal or nobody known yet does."""
        at = step.at
        if at.where is Where.RECEIVED:
            return self.directory.unit(self.view.received_unit_id)
        if at.where is Where.RETURN:
            return self.directory.unit(self.view.return_unit_id)
        if at.where not in (Where.PLACE, Where.EXTERNAL):
            return None
        try:
            return self.directory.resolve(
                level=at.level or "",
                function=at.function or "",
                place=self.view.place,
                day=clock.local_day(self.now),
                within=at.within,
            )
        except (UnresolvedFunction, NotFound):
            return None

    def _day_after(self, task: TaskRow, step: Step) -> Callable[[Decimal], date] | None:
        """Counted from when the open step is due, and never beyond what was promised."""
        if any(task.role == "applicant" for task in self.view.open_tasks):
            return None
        start, due = max(self.now, task.due_at), self.view.due_at

        def day(hours: Decimal) -> date:
            end = self.calendar.add_working_hours(start, max(hours - step.quota, Decimal(0)))
            return clock.local_day(min(end, due) if due and due > self.now else end)

        return day


def _rounds(tasks: Sequence[TaskRow]) -> dict[UUID, str]:
    """For each task inside a split the round that it belongs to: a split that is passed twice is two rounds."""
    found: dict[UUID, str] = {}
    current: dict[str, list[TaskRow]] = {}
    for task in tasks:
        if not task.split:
            continue
        root = first_split(task.split)
        together = current.get(root, [])
        if not any(other.closed_at is None or other.closed_at >= task.opened_at for other in together):
            together = []
        current[root] = [*together, task]
        found[task.id] = f"{root}:{current[root][0].id}"
    return found
