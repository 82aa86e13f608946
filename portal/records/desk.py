"""A record before an official: its file, what it stands on, and what this official may do with each open task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.copies import Copy, list_of_record
from portal.records import policy
from portal.records.answers import asking
from portal.records.apologies import ApologyState, apology_of
from portal.records.ending import offered_endings
from portal.records.facts import facts_of
from portal.records.grounds import Grounds
from portal.records.lateness import FORESEEN
from portal.records.limits import limit_of
from portal.records.older_results import OlderResult, older_of
from portal.records.pauses import pauses_of
from portal.records.policy import Permission, Question
from portal.records.queries import get_task
from portal.records.record_file import RecordFile, get_record_file, get_record_file_by_id
from portal.records.transfers import Transfer, list_transfers
from portal.records.types import TaskRow
from portal.units import queries as units
from portal.workflow import engine
from portal.workflow.definition import Action, Facts, Step


@dataclass(frozen=True)
class OpenTask:
    """An open task as this official meets it. `actions` are what the definition offers now, allowed or not; `limits`
    until when those may be taken that may not always."""

    task: TaskRow
    step: Step
    actions: tuple[Action, ...]
    limits: Mapping[str, datetime]
    may_act: bool
    may_claim: bool
    may_assign: bool

    @property
    def concerns_actor(self) -> bool:
        return self.may_act or self.may_claim or self.may_assign


@dataclass(frozen=True)
class Desk:
    """Everything that a page about one record needs, read at one moment."""

    file: RecordFile
    grounds: Grounds
    facts: Facts
    open_tasks: tuple[OpenTask, ...]
    endings: tuple[Action, ...]  # what this official may do with the whole record: stop it
    older: OlderResult | None = None  # the result that this record changes, as far as it is known
    transfers: tuple[Transfer, ...] = ()  # its paper on the way from desk to desk
    apology: ApologyState | None = None  # for a date that is missed, prepared or signed
    copies: tuple[Copy, ...] = ()  # for other agencies


def get_desk(session: Session, code: str, *, actor: Actor, now: datetime) -> Desk:
    """The record by its code; NotFound for an official whose units never had a part in it."""
    return _desk_of(session, get_record_file(session, code), actor=actor, now=now)


def get_desk_of_task(session: Session, task_id: UUID, *, actor: Actor, now: datetime) -> Desk:
    """The record of a task, open or closed; NotFound when the task belongs to another unit."""
    task = get_task(session, task_id)
    return _desk_of(session, get_record_file_by_id(session, task.record_id), actor=actor, now=now)


def action_of(desk: Desk, task_id: UUID, action_id: str) -> tuple[TaskRow, Step, Action]:
    """A task with its step and one of the step's actions, also when the task has been closed meanwhile. NotFound."""
    task = desk.file.task(task_id)
    step = desk.grounds.procedure.process.step(task.step) if task else None
    for action in step.actions if step else ():
        if action.id == action_id and task is not None and step is not None:
            return task, step, asking(action, desk.facts)
    raise NotFound("Bước này không có việc đó. Mở lại hồ sơ để xem các việc đang có.")


def _desk_of(session: Session, file: RecordFile, *, actor: Actor, now: datetime) -> Desk:
    book = calendars.calendar_book(session, now=now)
    grounds = Grounds(
        procedure=catalogue.version(session, file.record.version_id).procedure,
        directory=units.directory(session),
        calendar=book.as_known(now),
        book=book,
    )
    facts = facts_of(file.record, file.tasks, directory=grounds.directory, today=clock.local_day(now))
    open_tasks = tuple(_met(task, file, grounds, facts, actor) for task in file.open_tasks)
    endings = offered_endings(
        file.record, file.tasks, grounds, facts, actor=actor, posts=policy.held_posts(actor), now=now
    )
    foreseen = any(event.kind == FORESEEN for event in file.events)
    apology = apology_of(session, file.record.id) if foreseen else None
    has_paper = any(event.details.get("paper") for event in file.events)
    has_copies = any(event.details.get("copies") for event in file.events)
    return Desk(
        file,
        grounds,
        facts,
        open_tasks,
        endings,
        older=older_of(session, grounds.procedure, file),
        transfers=tuple(list_transfers(session, file.record.id)) if has_paper else (),
        apology=apology,
        copies=tuple(list_of_record(session, file.record.id)) if has_copies else (),
    )


def _met(task: TaskRow, file: RecordFile, grounds: Grounds, facts: Facts, actor: Actor) -> OpenTask:
    process = grounds.procedure.process
    step = process.step(task.step)
    question = Question(actor, policy.held_posts(actor), task, step.at.where, file.record.owner_id)
    actions = tuple(asking(action, facts) for action in engine.actions_from(process, task.step, facts))
    pauses = pauses_of(file.record.pauses)
    limits = {
        action.id: limit
        for action in actions
        if (limit := limit_of(action, accepted_at=file.record.accepted_at, pauses=pauses, book=grounds.book))
    }
    return OpenTask(
        task=task,
        step=step,
        actions=actions,
        limits=limits,
        may_act=policy.may(Permission.ACT, question),
        may_claim=policy.may(Permission.CLAIM, question),
        may_assign=policy.may(Permission.ASSIGN, question),
    )
