"""What an action knows and what it will write. Effects add to a `Change`; the service sends it in one trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.core.actor import Actor
from portal.jobs.service import job_row
from portal.jobs.types import MESSAGES
from portal.records.due_changes import DueChanges
from portal.records.grounds import Grounds
from portal.records.pauses import Pauses, paused_since
from portal.records.types import ActionAnswers, LockedRecord, Position, TaskRow
from portal.units.resolution import Directory
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import Action, Facts, Step


@dataclass(frozen=True)
class Situation:
    """Everything that an action decides on: read under the lock, never written."""

    record: LockedRecord
    position: Position
    procedure: Procedure
    directory: Directory
    calendar: WorkingCalendar
    book: CalendarBook
    task: TaskRow
    step: Step
    action: Action
    answers: ActionAnswers
    actor: Actor
    now: datetime
    facts: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        task: TaskRow,
        action: Action,
        *,
        record: LockedRecord,
        position: Position,
        grounds: Grounds,
        facts: Facts,
        actor: Actor,
        now: datetime,
        answers: ActionAnswers,
    ) -> Situation:
        """The same for a person who acts and for a timer that has run out."""
        return cls(
            record=record,
            position=position,
            procedure=grounds.procedure,
            directory=grounds.directory,
            calendar=grounds.calendar,
            book=grounds.book,
            task=task,
            step=grounds.procedure.process.step(task.step),
            action=action,
            answers=answers,
            actor=actor,
            now=now,
            facts=facts,
        )


@dataclass
class Change:
    """The record after the action, and the statements that bring it there."""

    state: str
    outcome: str | None
    accepted_at: datetime | None
    due_at: datetime | None
    pauses: Pauses
    due_changes: DueChanges
    finished_at: datetime | None
    closed_at: datetime | None
    supplements: int
    unit_ids: tuple[UUID, ...]
    event_id: UUID
    writes: list[tuple[Executable, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    news: str = ""

    @classmethod
    def of(cls, record: LockedRecord, *, event_id: UUID) -> Change:
        """A change that changes nothing yet."""
        return cls(
            state=record.state,
            outcome=record.outcome,
            accepted_at=record.accepted_at,
            due_at=record.due_at,
            pauses=record.pauses,
            due_changes=record.due_changes,
            finished_at=record.finished_at,
            closed_at=record.closed_at,
            supplements=record.supplements,
            unit_ids=record.unit_ids,
            event_id=event_id,
        )

    @property
    def paused_at(self) -> datetime | None:
        """Since when the statutory clock stands still, or None."""
        return paused_since(self.pauses)

    def write(self, statement: Executable, parameters: Any) -> None:
        self.writes.append((statement, parameters))

    def owe(
        self,
        kind: str,
        *,
        arguments: Mapping[str, str],
        due_at: datetime,
        queue: str = MESSAGES,
        natural_key: str | None = None,
    ) -> None:
        """Note a job; it is inserted in the same trip."""
        self.jobs.append(job_row(kind, arguments=arguments, queue=queue, due_at=due_at, natural_key=natural_key))

    def take_part(self, unit_id: UUID | None) -> None:
        """A unit that once took part keeps sight of the record."""
        if unit_id is not None and unit_id not in self.unit_ids:
            self.unit_ids = (*self.unit_ids, unit_id)
