"""Playing a trial: the moves one after another, by the very code that moves real records; nothing is written.

What the portal does by itself follows the clock: a timer that is due rings before anything later happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.conditions import AmountUnknown
from portal.catalogue.sequences import CLOCK_SIGN, CORRECT
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, PortalError
from portal.core.text import marked
from portal.records.actions import CANCELLED
from portal.records.changes import Change, Situation
from portal.records.ending import called_off
from portal.records.grounds import deciding_unit, ground_of
from portal.records.openings import Opened, open_tasks
from portal.records.performing import tokens_of, work_out
from portal.records.record_view import Verdict
from portal.records.reopening import ASKED, reopened
from portal.records.timers import SILENT
from portal.records.trials.happenings import ArmedTimer, Happening, HappeningKind, OpenTask, Stopped, Trial
from portal.records.trials.people import People, Pretended
from portal.records.trials.pretended import PretendedRecord, documents_of, tells
from portal.records.trials.types import MoveKind, TrialMove, TrialStart
from portal.records.types import ActionAnswers, TaskRow
from portal.units.resolution import Directory
from portal.units.types import UnresolvedFunction
from portal.workflow import engine
from portal.workflow.deadlines import CalendarEnds
from portal.workflow.definition import Action, ActionKind, End, Text, TimerEffect
from portal.workflow.engine import Move

_TOLD = {
    TimerEffect.REMIND: HappeningKind.REMINDED,
    TimerEffect.ESCALATE: HappeningKind.ESCALATED,
    TimerEffect.REASSIGN: HappeningKind.RELEASED,
}
"""What a timer that moves nothing is told as."""

MOST_RINGS = 200
"""So many timers may ring while the clock moves on once: a process that only rings would never come to an end."""

Answer = TypeVar("Answer")

RECEIPT = Text("Biên nhận hồ sơ", "Receipt")
CORRECTION = Action(CORRECT, ActionKind.ADVANCE, Text("Đính chính kết quả", "Put the result right"))
"""What is offered once the record has ended with a result."""
GONE = marked("Việc này không làm được ở đây nữa. Mở lại lượt thử để xem các việc đang mở.")
TOO_FAR = marked("Lịch làm việc chưa có đến ngày đó. Chọn ngày gần hơn.")
RINGS_ON = marked("Đồng hồ đã báo %(count)s lần mà chưa đến lúc cần đến. Chọn lúc gần hơn.")
UNKNOWN_SUM = marked("Chưa tính được %(source)s từ các câu trả lời. Bắt đầu lại và điền thêm.")


@dataclass(frozen=True)
class TrialGround:
    """What a trial is played on: the definition, and the units and the calendar as they are."""

    procedure: Procedure
    directory: Directory
    book: CalendarBook
    language: str = "vi"  # of whoever reads it: pretended officials are named by their posts


def play(ground: TrialGround, start: TrialStart, moves: Sequence[TrialMove]) -> Trial:
    """The record after these moves. One that is not possible stops the trial there (`Trial.stopped`).

    Raises InvalidInput when nobody receives the procedure at the place, or the first step cannot be opened.
    """
    player = _Player(ground, start)
    stopped = None
    for index, move in enumerate(moves):
        try:
            player.make(move, number=index + 1)
        except PortalError as refused:
            stopped = Stopped(index, refused)
            break
    return player.trial(stopped)


def counter_at(ground: TrialGround, start: TrialStart) -> UUID:
    """The counter that receives. Raises InvalidInput."""
    day = clock.local_day(start.at)
    counters = ground.directory.counters(start.place, day=day) if ground.directory.place_or_none(start.place) else []
    for counter in counters:
        if counter.level == start.level:
            return counter.id
    raise InvalidInput("Ở nơi này không có bộ phận một cửa của cấp đó. Chọn cấp hoặc nơi khác.", field="level")


class _Player:
    def __init__(self, ground: TrialGround, start: TrialStart) -> None:
        _require_calendar(ground.book, start.at)
        counter = counter_at(ground, start)
        self.record = PretendedRecord(ground.procedure, ground.directory, ground.book, start, counter=counter)
        self.people = People(ground.directory, ground.language)
        self.process = ground.procedure.process
        self.happenings: list[Happening] = []
        self.taken: list[str] = []
        self.end: End | None = None
        self.moves = 0
        opened = _known(self.record.submit)
        self.record.note(kind="record_submitted", actor=self.people.applicant().actor, task=None, action=None)
        self._tell(
            HappeningKind.SUBMITTED,
            self.people.applicant(),
            opened=tuple(task.step for task in opened),
            documents=(RECEIPT,),
            told="submitted",
        )
        self._ring_until(self.record.now)

    def make(self, move: TrialMove, *, number: int) -> None:
        self.moves = number
        if move.kind is MoveKind.WAIT and move.until is not None:
            self._wait(move.until)
        elif move.kind is MoveKind.END:
            _known(lambda: self._end(move))
        else:
            _known(lambda: self._act(move))
            self._ring_until(self.record.now)

    def trial(self, stopped: Stopped | None) -> Trial:
        record = self.record
        return Trial(
            view=record.view(),
            now=record.now,
            happenings=tuple(self.happenings),
            open_tasks=tuple(self._open_task(task) for task in record.open_tasks),
            always=tuple(self._offered_endings()),
            facts=record.facts,
            taken=tuple(self.taken),
            end=self.end,
            stopped=stopped,
        )

    def _open_task(self, task: TaskRow) -> OpenTask:
        record = self.record
        step = self.process.step(task.step)
        return OpenTask(
            number=task.id.int,
            task=task,
            step=step,
            who=self.people.who_does(task, step, record.position),
            actions=engine.actions_from(self.process, task.step, record.facts),
            timers=tuple(record.armed(task)),
        )

    def _act(self, move: TrialMove) -> None:
        record = self.record
        task = next((task for task in record.open_tasks if task.id.int == move.task), None)
        if task is None:
            raise Conflict(GONE)
        facts, step = record.facts, self.process.step(task.step)
        offered = engine.actions_from(self.process, task.step, facts)
        action = next((action for action in offered if action.id == move.action), None)
        if action is None:
            raise Conflict(GONE)
        if action.kind is ActionKind.PAY:
            record.record = replace(record.record, unpaid=False)
        following = engine.after(self.process, tokens_of(record.position), task.id, action.id, facts)
        who = self.people.who_does(task, step, record.position)
        answers, assignee = move.answers, None
        if "person" in action.needs:
            named = self.people.official(who.unit, task.function, "specialist")
            answers = replace(answers, assignee_id=named.actor.person_id)
            assignee = (named.actor.person_id or UUID(int=0), named.actor.name)
        situation = self._situation(task, action, who, answers)
        self._perform(situation, following, who, kind=HappeningKind.ACTED, outcome=action.id, assignee=assignee)
        self.taken.append(f"{step.id}.{action.id}")

    def _end(self, move: TrialMove) -> None:
        record = self.record
        offered = {action.id: (action, who) for action, who in self._offered_endings()}
        if move.action not in offered:
            raise Conflict(GONE)
        action, who = offered[move.action]
        if not move.answers.reason.strip():
            raise InvalidInput("Ghi lý do.", field="reason")
        if action is CORRECTION:
            self._reopen(action, who, reason=move.answers.reason.strip())
            return
        facts = record.facts
        following = engine.after_always(self.process, tokens_of(record.position), action.id, facts)
        change = called_off(record.record, record.procedure, following, facts, now=record.now)
        state = record.record.state
        for task in record.open_tasks:
            record.close(task, outcome=CANCELLED, actor=who.actor)
        record.record = replace(
            record.record,
            state=change.state,
            closed_at=change.closed_at,
            finished_at=change.finished_at,
            pauses=change.pauses,
        )
        self.end = following.ends
        reason = move.answers.reason.strip()
        record.note(
            kind="record_withdrawn" if action.kind is ActionKind.WITHDRAW else "record_stopped",
            actor=who.actor, task=None, action=action, state_before=state, reason=reason,
        )  # fmt: skip
        self._tell(HappeningKind.ENDED, who, action=action, reason=reason, told=change.state if tells(change) else "")
        self.taken.append(action.id)

    def _reopen(self, action: Action, who: Pretended, *, reason: str) -> None:
        """The record is opened again, as a real one is, to put its result right."""
        record = self.record
        before = record.record
        ground = ground_of(before, record.grounds, record.facts, now=record.now, due=before.due_at, is_paused=False)
        opened = open_tasks(ground, (engine.reopening(self.process),), tasks=record.tasks)
        change = reopened(before, record.procedure, opened, now=record.now)
        tasks = record.take_tasks(opened)
        record.record = replace(before, state=change.state, closed_at=None, unit_ids=change.unit_ids)
        self.end = None
        record.note(
            kind=ASKED, actor=who.actor, task=None, action=None, state_before=before.state, reason=reason,
        )  # fmt: skip
        self._tell(
            HappeningKind.ENDED,
            who,
            action=action,
            reason=reason,
            opened=tuple(task.step for task in tasks),
            told=change.state if tells(change) else "",
        )
        self.taken.append(CORRECT)

    def _wait(self, until: datetime) -> None:
        if until <= self.record.now:
            raise InvalidInput("Đồng hồ chỉ chạy tới. Chọn lúc sau lúc này, hoặc lùi lại một việc.", field="day")
        _require_calendar(self.record.book, until)
        self._ring_until(until)
        self.record.now = until
        last = self.happenings[-1]
        if (last.moves, last.at) != (self.moves, until):  # a timer that rang just then says when it is
            self._tell(HappeningKind.WAITED, self.people.portal())

    def _ring_until(self, until: datetime) -> None:
        for _ in range(MOST_RINGS):
            armed = self.record.next_to_ring(until)
            if armed is None:
                return
            self.record.now = max(self.record.now, armed.due)
            self.record.rang.add((armed.task.id, armed.index))
            _known(partial(self._ring, armed))
        raise InvalidInput(RINGS_ON, field="day", count=MOST_RINGS)

    def _ring(self, armed: ArmedTimer) -> None:
        record, timer = self.record, armed.timer
        step = self.process.step(armed.task.step)
        if timer.effect is not TimerEffect.ACT or timer.action is None:
            kind = _TOLD[timer.effect]
            who = self.people.who_does(armed.task, step, record.position)
            self._tell(kind, who, step=step, timer=timer)
            return
        following = engine.after_timer(
            self.process, tokens_of(record.position), armed.task.id, armed.index, record.facts
        )
        situation = self._situation(armed.task, timer.action, self.people.portal(), ActionAnswers())
        if timer.silence and step.consultation:
            record.verdicts.append(Verdict(step.consultation, SILENT, record.now))
        outcome = SILENT if timer.silence else timer.action.id
        self._perform(situation, following, self.people.portal(), kind=HappeningKind.RANG, outcome=outcome, armed=armed)
        self.taken.append(f"{step.id}.{CLOCK_SIGN}{timer.label}")

    def _perform(
        self,
        situation: Situation,
        move: Move,
        who: Pretended,
        *,
        kind: HappeningKind,
        outcome: str,
        assignee: tuple[UUID, str] | None = None,
        armed: ArmedTimer | None = None,
    ) -> None:
        before = self.record.record
        was_paused = self.record.is_paused
        worked_out = work_out(situation, move, assignee=assignee)
        opened = self._take_over(situation, move, worked_out.change, worked_out.opened, outcome=outcome)
        self.end = move.ends
        is_timer = kind is HappeningKind.RANG
        self.record.note(
            kind="timer_fired" if is_timer else "action_taken",
            actor=who.actor, task=situation.task, action=situation.action, state_before=before.state,
            reason=situation.answers.reason.strip(),
        )  # fmt: skip
        self._tell(
            kind,
            who,
            step=situation.step,
            action=situation.action,
            timer=armed.timer if armed else None,
            reason=situation.answers.reason.strip(),
            opened=tuple(task.step for task in opened),
            documents=documents_of(worked_out.change),
            told=worked_out.change.state if tells(worked_out.change) else "",
            due_before=before.due_at,
            pauses=not was_paused and self.record.is_paused,
            resumes=was_paused and not self.record.is_paused and move.ends is None,
        )

    def _take_over(
        self, situation: Situation, move: Move, change: Change, opened: Opened, *, outcome: str
    ) -> tuple[TaskRow, ...]:
        cancelled = [task for task in self.record.open_tasks if task.id in move.cancels]
        for task in cancelled:
            self.record.close(task, outcome=CANCELLED, actor=situation.actor)
        return self.record.take_over(situation, change, opened, outcome=outcome)

    def _situation(self, task: TaskRow, action: Action, who: Pretended, answers: ActionAnswers) -> Situation:
        record = self.record
        return Situation.of(
            task,
            action,
            record=record.record,
            position=record.position,
            grounds=record.grounds,
            facts=record.facts,
            actor=who.actor,
            now=record.now,
            answers=answers,
        )

    def _offered_endings(self) -> list[tuple[Action, Pretended]]:
        record = self.record
        if not record.open_tasks:
            puts_right = self.end is not None and self.process.correct and record.record.outcome == "granted"
            return [(CORRECTION, self.people.applicant())] if puts_right else []
        if record.record.finished_at is not None:
            return []
        found = []
        for action in engine.always_actions(self.process, tokens_of(record.position), record.facts):
            if action.by == "applicant":
                found.append((action, self.people.applicant()))
            elif record.record.accepted_at is not None:
                found.append((action, self._leader()))
        return found

    def _leader(self) -> Pretended:
        record = self.record
        day = clock.local_day(record.now)
        unit_id = deciding_unit(record.procedure, record.directory, place=record.record.place, day=day)
        return self.people.official(record.directory.unit(unit_id) if unit_id else None, "leadership", "leader")

    def _tell(self, kind: HappeningKind, who: Pretended, **told: object) -> None:
        record = self.record
        line = Happening(kind, record.now, self.moves, who, due_after=record.record.due_at)
        self.happenings.append(replace(line, **told))  # type: ignore[arg-type]


def _require_calendar(book: CalendarBook, moment: datetime) -> None:
    """Terms that begin there must end within the calendar, too. Raises InvalidInput."""
    first, last = book.years
    if not first < moment.year < last:
        raise InvalidInput(TOO_FAR, field="day")


def _known(question: Callable[[], Answer]) -> Answer:
    """What is asked; everything that a definition can do wrong becomes a sentence."""
    try:
        return question()
    except UnresolvedFunction as missing:
        raise InvalidInput(missing.sentence) from missing
    except (engine.InvalidTransition, engine.TaskClosed) as refused:
        raise Conflict(GONE) from refused
    except AmountUnknown as unknown:
        raise InvalidInput(UNKNOWN_SUM, source=str(unknown)) from unknown
    except CalendarEnds as ends:
        raise InvalidInput(TOO_FAR, field="day") from ends
