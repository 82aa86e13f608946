"""What every move of a trial comes down to: the change that real records would get is taken over, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.conditions import AmountUnknown
from portal.catalogue.types import Procedure
from portal.core.errors import Conflict, InvalidInput
from portal.core.text import marked
from portal.notifications.types import MessageText
from portal.records.changes import Change, Situation
from portal.records.openings import Opened
from portal.records.pauses import moment_or_none
from portal.records.performing import work_out
from portal.records.types import CANCELLED, ActionAnswers, LockedRecord, TaskRow
from portal.trials.fees import Fees, PretendedFee, unpaid_amount
from portal.trials.happenings import ArmedTimer, Happening, HappeningKind
from portal.trials.people import People, Pretended
from portal.trials.pretended import PretendedRecord, documents_of, tells
from portal.trials.telling import Told, message_about
from portal.units.resolution import Directory
from portal.units.types import UnresolvedFunction
from portal.workflow import engine
from portal.workflow.deadlines import CalendarEnds
from portal.workflow.definition import Action, End
from portal.workflow.engine import Move

Answer = TypeVar("Answer")

GONE = marked("Việc này không làm được ở đây nữa. Mở lại lượt thử để xem các việc đang mở.")
TOO_FAR = marked("Lịch làm việc chưa có đến ngày đó. Chọn ngày gần hơn.")
UNKNOWN_SUM = marked("Chưa tính được %(source)s từ các câu trả lời. Bắt đầu lại và điền thêm.")


@dataclass(frozen=True)
class TrialGround:
    """What a trial is played on: the definition, and the units and the calendar as they are."""

    procedure: Procedure
    directory: Directory
    book: CalendarBook
    language: str = "vi"  # of whoever reads it: pretended officials are named by their posts


class Stage:
    """The pretended record, who acts on it, and what has happened. `moves` is how many moves were made."""

    def __init__(self, ground: TrialGround, record: PretendedRecord) -> None:
        self.record = record
        self.process = ground.procedure.process
        self.people = People(ground.directory, ground.language, self.process)
        self.happenings: list[Happening] = []
        self.taken: list[str] = []
        self.end: End | None = None
        self.moves = 0

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
        before, fees = self.record.record, self.record.fees
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
            told=self._message(worked_out.change, situation, before, opened) if tells(worked_out.change) else None,
            fees=self._new_fees(fees),
            given_back=self._given_back(fees),
            due_before=before.due_at,
            paper_due=moment_or_none((worked_out.change.details.get("paper") or {}).get("due_at")),
            pauses=not was_paused and self.record.is_paused,
            resumes=was_paused and not self.record.is_paused and move.ends is None,
        )

    def _message(
        self, change: Change, situation: Situation, before: LockedRecord, opened: tuple[TaskRow, ...]
    ) -> MessageText | None:
        was_due = change.details.get("was_due_at")
        return self._words(
            Told(
                "action_taken",
                before.state,
                unit_id=situation.task.unit_id,
                reason=situation.answers.reason.strip(),
                was_due_at=datetime.fromisoformat(was_due) if was_due else None,
                opened=opened,
                amount=unpaid_amount(self.record.fees),
            )
        )

    def _words(self, told: Told) -> MessageText | None:
        record = self.record
        return message_about(told, record.view(), record.request, record.directory, now=record.now)

    def _new_fees(self, before: Fees) -> tuple[PretendedFee, ...]:
        return self.record.fees[len(before) :]

    def _given_back(self, before: Fees) -> tuple[PretendedFee, ...]:
        pairs = zip(before, self.record.fees, strict=False)
        return tuple(now for was, now in pairs if now.is_given_back and not was.is_given_back)

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

    def _tell(self, kind: HappeningKind, who: Pretended, **told: object) -> None:
        record = self.record
        line = Happening(kind, record.now, self.moves, who, due_after=record.record.due_at)
        self.happenings.append(replace(line, **told))  # type: ignore[arg-type]


def require_calendar(book: CalendarBook, moment: datetime) -> None:
    """Terms that begin there must end within the calendar, too. Raises InvalidInput."""
    first, last = book.years
    if not first < moment.year < last:
        raise InvalidInput(TOO_FAR, field="day")


def known(question: Callable[[], Answer]) -> Answer:
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
