"""Values of records that other domains and pages may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.records.due_changes import DueChanges
from portal.records.pauses import Pauses


class RecordState(StrEnum):
    """States of a record. A draft is not a record yet."""

    SUBMITTED = "submitted"
    SUPPLEMENT_BEFORE_ACCEPTANCE = "supplement_before_acceptance"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    CONSULTING = "consulting"
    APPLICANT_CONFIRMS = "applicant_confirms"
    SUPPLEMENT = "supplement"
    FEE_DUE = "fee_due"
    STOPPED = "stopped"
    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    RETURNED = "returned"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


CALLED_OFF = frozenset({RecordState.WITHDRAWN, RecordState.STOPPED})
"""Ended as a whole, by its applicant or by a leader."""
NOTHING_OWED = CALLED_OFF | {RecordState.REFUSED, RecordState.EXPIRED}
"""Ended before anything was decided: what was not paid is not owed any more."""
ENDED = NOTHING_OWED | {RecordState.RETURNED, RecordState.ARCHIVED}

COUNTER, POST, ONLINE = "counter", "post", "online"
"""Ways to receive a result (`return_by`)."""

CANCELLED = "cancelled"
"""Outcome of a task that nobody had to do any more."""
UNDONE = "undone"
"""Outcome of a task whose opening was taken back; it counts for nothing."""


@dataclass(frozen=True)
class LockedRecord:
    """The columns of a record that an action decides on, read under its lock."""

    id: UUID
    code: str
    version_id: UUID
    procedure_code: str
    procedure_name: str
    subject: str
    subject_en: str
    applicant_name: str
    owner_id: UUID
    place: str
    channel: str
    received_unit_id: UUID
    return_unit_id: UUID
    return_by: str
    unit_ids: tuple[UUID, ...]
    answers: Mapping[str, Any]
    state: str
    outcome: str | None
    version: int
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    pauses: Pauses
    due_changes: DueChanges
    finished_at: datetime | None
    closed_at: datetime | None
    supplements: int
    unpaid: bool  # a fee that was owed before the return
    directory_version: int


@dataclass(frozen=True)
class TaskRow:
    """A task of a record, open or closed."""

    id: UUID
    step: str
    step_name: str
    unit_id: UUID | None
    function: str | None
    role: str | None
    split: str
    origin: str | None
    consultation: str | None
    version: int
    opened_at: datetime
    anchored_at: datetime
    due_at: datetime
    assignee_id: UUID | None
    assignee_name: str
    closed_at: datetime | None
    closed_by: UUID | None
    closed_by_name: str
    outcome: str | None
    times: int = 1  # it ended so, if it stands for those before it too (`positions` reads the last of each kind)
    said: str | None = None  # of an opinion: the verdict that became final, or what silence was taken for

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class HeldPost:
    """A post of the actor, read in the transaction of the action: since he signed in, it may have ended."""

    unit_id: UUID
    role: str
    function: str | None


@dataclass(frozen=True)
class Position:
    """Where a record stands: its tasks, the actor's posts, and what hangs on the record."""

    tasks: tuple[TaskRow, ...]
    posts: tuple[HeldPost, ...]
    result_id: UUID | None
    supplement_id: UUID | None  # the request that is not answered yet
    supplement_is_sent: bool
    sheets: int  # requests written so far, cancelled ones too

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        return tuple(task for task in self.tasks if task.is_open)

    def task(self, task_id: UUID) -> TaskRow:
        """The task; KeyError when the record has no such task."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise KeyError(task_id)


@dataclass(frozen=True)
class SupplementItem:
    """One thing that the applicant must supply: a paper slot or a field, with the reason and what is wished."""

    kind: str  # paper, field
    id: str
    label: str
    reason: str
    wish: str = "replace"  # replace, add, correct
    basis: str = ""


@dataclass(frozen=True)
class ActionAnswers:
    """What the person who acts has filled in."""

    reason: str = ""
    items: tuple[SupplementItem, ...] = ()
    assignee_id: UUID | None = None
    form: Mapping[str, Any] = field(default_factory=dict)  # the fields that the definition gives the action
    batch_id: UUID | None = None  # the action is taken for many records at once


@dataclass(frozen=True)
class Moved:
    """What an action did."""

    record_id: UUID
    code: str
    state: str
    event_id: UUID
    opened: tuple[UUID, ...]
    ended: bool


@dataclass(frozen=True)
class SubmittedRecord:
    record_id: UUID
    code: str
    is_new: bool
