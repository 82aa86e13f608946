"""What a trial tells of itself: a line for each thing that happened, and the tasks that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.core.errors import PortalError
from portal.notifications.types import MessageText
from portal.records.record_view import RecordView
from portal.records.types import TaskRow
from portal.trials.fees import Fees, PretendedFee
from portal.trials.people import Pretended
from portal.trials.watching import PreparedApology
from portal.workflow.definition import Action, End, Facts, Step, Text, Timer


class HappeningKind(StrEnum):
    SUBMITTED = "submitted"
    ACTED = "acted"
    RANG = "rang"  # a timer acted
    REMINDED = "reminded"
    ESCALATED = "escalated"
    APPLICANT_REMINDED = "applicant_reminded"
    RELEASED = "released"
    ENDED = "ended"  # withdrawn or stopped
    WAITED = "waited"
    PAID = "paid"
    SAID_LATE = "said_late"  # an opinion that changes no step any more
    FORESEEN = "foreseen"  # the promised date will be missed: head and leader are told, the letter lies ready
    APOLOGISED = "apologised"


@dataclass(frozen=True)
class Happening:
    """`moves` is how many moves had been made when it had happened: whoever steps back to here keeps so many."""

    kind: HappeningKind
    at: datetime
    moves: int
    who: Pretended
    step: Step | None = None
    action: Action | None = None
    timer: Timer | None = None
    reason: str = ""
    opened: tuple[str, ...] = ()  # ids of steps
    documents: tuple[Text, ...] = ()
    told: MessageText | None = None  # what the applicant is told, or at FORESEEN the head and the leader
    fees: tuple[PretendedFee, ...] = ()  # that are owed from now on
    given_back: tuple[PretendedFee, ...] = ()
    amount: int = 0  # VND, at PAID
    day: date | None = None  # the new one, at FORESEEN and APOLOGISED
    due_before: datetime | None = None
    due_after: datetime | None = None
    paper_due: datetime | None = None  # until when the paper of the record must follow
    pauses: bool = False  # the clock of the record stopped
    resumes: bool = False


@dataclass(frozen=True)
class ArmedTimer:
    """A timer that will ring unless its task is closed before."""

    due: datetime
    task: TaskRow
    index: int
    timer: Timer


@dataclass(frozen=True)
class OpenTask:
    """`number` counts the tasks of the trial in the order in which they were opened, from 1. `limits` says until when
    an action may be taken, of those that have such a time."""

    number: int
    task: TaskRow
    step: Step
    who: Pretended
    actions: tuple[Action, ...]
    limits: Mapping[str, datetime]
    timers: tuple[ArmedTimer, ...]
    recall: Action | None = None  # whoever asked may take the question back


@dataclass(frozen=True)
class LateAnswer:
    """An agency that stayed silent and may still say its opinion: its task, numbered as open ones are, and action."""

    number: int
    step: Step
    action: Action
    who: Pretended


@dataclass(frozen=True)
class Stopped:
    """The move (counted from 0) that is not possible, and why."""

    move: int
    error: PortalError


@dataclass(frozen=True)
class Trial:
    """A trial after its moves. `taken` is what a test of the definition would write: step.action, step.⏰12d."""

    view: RecordView
    now: datetime
    happenings: tuple[Happening, ...]
    open_tasks: tuple[OpenTask, ...]
    always: tuple[tuple[Action, Pretended], ...]
    facts: Facts
    taken: tuple[str, ...]
    end: End | None
    fees: Fees
    began_unpaid: bool
    apology: PreparedApology | None
    signer: Pretended | None  # whoever may sign it now
    stopped: Stopped | None = None
    late: tuple[LateAnswer, ...] = ()
    proposed: Mapping[str, Any] = field(default_factory=dict)  # the question that waits for whoever approves it

    def open_task(self, number: int) -> OpenTask | None:
        return next((task for task in self.open_tasks if task.number == number), None)

    def late_answer(self, number: int) -> LateAnswer | None:
        return next((answer for answer in self.late if answer.number == number), None)
