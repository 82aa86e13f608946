"""Taking back one's own last action, while nobody has acted on what it opened. The history only grows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import TIMESTAMP, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.core.text import marked
from portal.core.unit_of_work import one_message
from portal.documents.statements import UNINITIAL
from portal.jobs.service import job_row, ring_after_commit
from portal.jobs.types import MESSAGES
from portal.records import policy, positions, statements, transfers
from portal.records.events import event_row, opened_steps
from portal.records.grounds import Grounds, grounds_of
from portal.records.performing import ADD_JOBS, OUTCOMES
from portal.records.replay import MOVES
from portal.records.types import HeldPost, LockedRecord, Moved, Position, TaskRow
from portal.workflow import engine
from portal.workflow.deadlines import rings_at
from portal.workflow.definition import Action, ActionKind, ClockRule, Process, Where
from portal.workflow.engine import Token

ACTION_UNDONE = "action_undone"

UNDOABLE = frozenset(
    {ActionKind.ADVANCE, ActionKind.APPROVE, ActionKind.ASSIGN, ActionKind.CONSULT, ActionKind.DRAFT}
    | {ActionKind.HAND_OVER, ActionKind.INITIAL, ActionKind.REJECT, ActionKind.SEND_BACK, ActionKind.SUPPLEMENT}
)
"""Acceptance, signature, number, opinions and what ends a record are words given: they stay."""

_LASTING = frozenset(
    {"form01", "form02", "form03", "letter", "opinion", "notice", "result", "pledge", "report", "decision"}
)
"""Documents that have gone out, or carry a number."""

_TOO_LATE = marked("Không hoàn tác được nữa: hồ sơ đã đi tiếp. Mở lại hồ sơ để xem.")

_NEWEST = text("""
SELECT id, number, kind, at, actor_id, task_id, action, state_before, opened, details FROM record_event
WHERE record_id = :wanted
  AND kind IN ('record_submitted', 'action_taken', 'timer_fired', 'question_recalled', 'action_undone')
ORDER BY number DESC LIMIT 20
""")
_UNDO_TASKS = select(
    func.app.undo_tasks(
        bindparam("wanted", type_=Uuid()),
        bindparam("moment", type_=TIMESTAMP(timezone=True)),
        bindparam("opened", type_=ARRAY(Uuid())),
        bindparam("again", type_=Uuid()),
    )
)
_MOVE_BACK = text("UPDATE record SET state = :state, outcome = :outcome, version = version + 1 WHERE id = :wanted")


class Event(Protocol):
    """What is read of an event of the history."""

    id: UUID
    kind: str
    at: datetime
    actor_id: UUID | None
    task_id: UUID | None
    action: str | None
    opened: Any
    details: Any


@dataclass(frozen=True)
class Undoable:
    """An action that may be taken back: by its event, its task, and the tasks that it opened."""

    event: Event
    task: TaskRow
    action: Action
    opened: tuple[TaskRow, ...]


@dataclass(frozen=True)
class Asker:
    """Who asks, with the posts held now."""

    actor: Actor
    posts: tuple[HeldPost, ...]


def undoable(
    events: Iterable[Event],
    tasks: Iterable[TaskRow],
    process: Process,
    *,
    asker: Asker,
    owner_id: UUID,
    is_paused: bool,
) -> Undoable | None:
    """The asker's own last action, if it is the record's last and can be taken back. `events` come newest first."""
    event = next((event for event in events if event.kind in {*MOVES, ACTION_UNDONE, "record_submitted"}), None)
    if event is None or event.kind != "action_taken" or event.actor_id != asker.actor.person_id:
        return None
    known = {task.id: task for task in tasks}
    task = known.get(event.task_id) if event.task_id else None
    opened = tuple(known[UUID(step["task_id"])] for step in event.opened if UUID(step["task_id"]) in known)
    if task is None or task.role == "applicant":
        return None
    action = process.step(task.step).action(event.action or "")
    question = policy.Question(asker.actor, asker.posts, task, process.step(task.step).at.where, owner_id)
    found = Undoable(event, task, action, opened)
    if not _may_be_taken_back(found, process) or not policy.may(policy.Permission.ACT, _as_free(question)):
        return None
    rule = engine.clock_rule(process, _tokens_after(found, known.values()))
    return found if (rule is ClockRule.PAUSED) == is_paused else None


def undo_action(session: Session, task_id: UUID, *, actor: Actor, now: datetime) -> Moved:
    """Take the actor's last action on the task back: its own task opens again, what it opened closes.

    Raises NotFound when the actor may not see the task, Conflict when it is too late.
    """
    record, position = positions.lock_task(session, task_id, now=now)
    grounds = grounds_of(session, record, now=now)
    events = session.connection().execute(_NEWEST, {"wanted": record.id}).all()
    process = grounds.procedure.process
    found = undoable(
        events,
        position.tasks,
        process,
        asker=Asker(actor, position.posts),
        owner_id=record.owner_id,
        is_paused=any(resumed is None for _, resumed in record.pauses),
    )
    if found is None or found.task.id != task_id:
        raise Conflict(_TOO_LATE)
    outcome = _outcome_before(events)
    state = engine.record_state(process, _tokens_after(found, position.tasks), outcome)
    return _take_back(session, record, position, found, grounds, actor=actor, now=now, state=state, outcome=outcome)


def _take_back(
    session: Session,
    record: LockedRecord,
    position: Position,
    found: Undoable,
    grounds: Grounds,
    *,
    actor: Actor,
    now: datetime,
    state: str,
    outcome: str | None,
) -> Moved:
    event_id = new_id()
    closed = [task.id for task in found.opened]
    skipped = [UUID(step["task_id"]) for step in found.event.details.get("skipped", ())]
    again = {"id": found.task.id, "step": found.task.step, "step_name": found.task.step_name,
             "unit_id": found.task.unit_id}  # fmt: skip
    row = event_row(
        event_id=event_id,
        record_id=record.id,
        owner_id=record.owner_id,
        number=record.version + 1,
        kind=ACTION_UNDONE,
        actor=actor,
        now=now,
        state_before=record.state,
        state_after=state,
        task=found.task,
        unit_name=grounds.directory.unit(found.task.unit_id).name if found.task.unit_id else "",
        action=found.action.id,
        opened=opened_steps([again], grounds.directory),
        details={
            "undoes": str(found.event.id),
            "closed": [str(key) for key in closed],
            "due_at": record.due_at.isoformat() if record.due_at else None,
            "outcome": outcome,
        },
    )
    jobs = _timers_again(found, record, grounds, now=now, event_id=event_id)
    with one_message(session) as send:
        send(_UNDO_TASKS, {"wanted": record.id, "moment": now, "opened": [*closed, *skipped], "again": found.task.id})
        supplement_id = found.event.details.get("supplement_id")
        if supplement_id:
            send(statements.CANCEL_SUPPLEMENT, {"wanted": UUID(supplement_id), "moment": now})
        if found.event.details.get("paper"):
            send(transfers.TAKE_BACK, {"closed": found.task.id, "moment": now})
        if found.action.kind is ActionKind.INITIAL and position.result_id:
            send(UNINITIAL, {"wanted": position.result_id})
        send(statements.APPEND_EVENT, row)
        if jobs:
            send(ADD_JOBS, jobs)
        send(_MOVE_BACK, {"state": state, "outcome": outcome, "wanted": record.id})
    if jobs:
        ring_after_commit(session, MESSAGES)
    return Moved(record.id, record.code, state, event_id, (found.task.id,), ended=False)


def _may_be_taken_back(found: Undoable, process: Process) -> bool:
    action = found.action
    if action.kind not in UNDOABLE or action.ends is not None or _LASTING & set(action.documents):
        return False
    if action.batch is not None:  # the list with its number names other records too
        return False
    if action.corrects:  # the answers are others by now
        return False
    if found.event.details.get("cancelled"):  # others have been told to stop
        return False
    if any(process.step(task.step).at.where in (Where.APPLICANT, Where.AUTOMATIC) for task in found.opened):
        return False  # a person outside, or a register, has been asked
    return all(task.is_open and task.version == 1 for task in found.opened)


def _as_free(question: policy.Question) -> policy.Question:
    """The same question about the task as it would be after undoing: in the asker's own hands."""
    return replace(question, task=replace(question.task, assignee_id=question.actor.person_id))


def _tokens_after(found: Undoable, tasks: Iterable[TaskRow]) -> tuple[Token, ...]:
    gone = {task.id for task in found.opened}
    staying = [task for task in tasks if task.is_open and task.id not in gone]
    return tuple(Token(task.id, task.step, task.split, task.origin) for task in (*staying, found.task))


def _outcome_before(events: Collection[Event]) -> str | None:
    """What the record's outcome was before the newest event that moved it."""
    details: list[Mapping[str, Any]] = [event.details for event in events]
    before = details[1].get("outcome") if len(details) > 1 else None
    return before if before in OUTCOMES else None


def _timers_again(
    found: Undoable, record: LockedRecord, grounds: Grounds, *, now: datetime, event_id: UUID
) -> list[dict[str, Any]]:
    """The timers that came while the task was closed, and found nothing to do, come again."""
    timers = grounds.procedure.process.step(found.task.step).timers
    facts = {"form": record.answers}
    rings = [
        rings_at(
            timer, anchored_at=found.task.anchored_at, due_at=found.task.due_at, facts=facts, calendar=grounds.calendar
        )
        for timer in timers
    ]
    return [
        job_row(
            "task_timer",
            arguments={"task_id": str(found.task.id), "timer": str(index)},
            queue=MESSAGES,
            due_at=now,
            natural_key=f"{found.task.id}:{index}:{event_id}",
        )
        for index, ring in enumerate(rings)
        if ring is not None and found.event.at < ring <= now
    ]
