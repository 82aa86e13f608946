"""A record that has ended with a result is opened again, to put right what that result says wrongly.

Nothing is decided anew: the statutory clock has ended, the outcome stays, and what was issued stays readable. The step
`correct` of the process leads to the same review, signature, number and seal as the first time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.references import new_id
from portal.core.text import marked
from portal.core.unit_of_work import one_message
from portal.jobs.service import ring_after_commit
from portal.jobs.types import MESSAGES
from portal.records import policy, positions, statements
from portal.records.changes import Change
from portal.records.events import event_row, opened_steps
from portal.records.facts import facts_of
from portal.records.grounds import ground_of, grounds_of
from portal.records.models import Record
from portal.records.openings import Opened, open_tasks
from portal.records.performing import ADD_JOBS, moving
from portal.records.telling import telling_row
from portal.records.types import HeldPost, LockedRecord, Moved, RecordState, TaskRow
from portal.workflow import engine

ASKED = "correction_asked"
"""Kind of the event that opens the record again."""

LONGEST_REASON = 2000

NOT_OFFERED = marked("Kết quả của hồ sơ này không đính chính ở đây được. Mở lại hồ sơ để xem.")
UNDER_WAY = marked("Kết quả đang được đính chính rồi. Mở lại hồ sơ để xem.")
REPLACED = marked("Kết quả này đã được thay hoặc thu hồi, nên không đính chính nữa.")
NOT_YOURS = marked("Việc này thuộc cơ quan đã cấp kết quả.")
TOO_LONG = marked("Lý do dài quá. Viết trong %(most)s chữ cái.")

_STANDS = text("""
SELECT EXISTS (SELECT FROM document WHERE record_id = :wanted AND kind = 'result' AND number IS NOT NULL
  AND template <> 'rejection' AND ended_at IS NULL)
""")
_TOLD = text("""
SELECT id, actor_id, reason, opened FROM record_event WHERE record_id = :wanted ORDER BY number DESC LIMIT 1
""")


@dataclass(frozen=True)
class Ended:
    """What is asked before a correction is offered, of a record as it stands."""

    procedure: Procedure
    state: str
    outcome: str | None
    owner_id: UUID

    @classmethod
    def of(cls, record: LockedRecord | Record, procedure: Procedure) -> Ended:
        return cls(procedure, record.state, record.outcome, record.owner_id)


def may_ask(ended: Ended, *, actor: Actor, posts: Iterable[HeldPost], tasks: Iterable[TaskRow]) -> bool:
    """Whether this person may have the result put right: its owner, or the office that had a hand in it.

    The office: whoever holds a post that did a step of the record and may do the step `correct`, or leads there.
    """
    step_id = ended.procedure.process.correct
    if step_id is None or (ended.state, ended.outcome) != (RecordState.RETURNED, "granted"):
        return False
    if actor.person_id == ended.owner_id:
        return True
    step = ended.procedure.process.step(step_id)
    units = {task.unit_id for task in tasks if task.unit_id and task.function in (step.at.function, None)}
    mine = [post for post in posts if post.unit_id in units]
    return any(
        post.role in policy.LEADING
        or (post.role == step.role and post.function in (None, step.at.function))
        for post in mine
    )  # fmt: skip


def ask_correction(session: Session, record_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Moved:
    """Open the record again, with the reason. Raises NotFound, NotAllowed, InvalidInput, and Conflict when there is
    nothing to put right or somebody has asked already. Sent again by the same person it answers like the first time.
    """
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    reason = reason.strip()
    if record.closed_at is None:
        return _repeated(session, record, reason, actor=actor)
    ended = Ended.of(record, grounds.procedure)
    _refuse(session, ended, record, position.tasks, actor=actor, posts=position.posts)
    if not reason:
        raise InvalidInput("Ghi lý do.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(TOO_LONG, field="reason", most=LONGEST_REASON)
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    ground = ground_of(record, grounds, facts, now=now, due=record.due_at, is_paused=False)
    opened = open_tasks(ground, (engine.reopening(grounds.procedure.process),), tasks=position.tasks, news="correction")
    for row in opened.tasks:
        row["record_code"] = record.code
    change = reopened(record, grounds.procedure, opened, now=now)
    unit_id = _unit_of(actor, position.posts, position.tasks)
    event = event_row(
        event_id=change.event_id,
        record_id=record.id,
        owner_id=record.owner_id,
        number=record.version + 1,
        kind=ASKED,
        actor=actor,
        now=now,
        state_before=record.state,
        state_after=change.state,
        unit_name=grounds.directory.unit(unit_id).name if unit_id else "",
        reason=reason,
        opened=opened_steps(opened.tasks, grounds.directory),
        details={"due_at": record.due_at.isoformat() if record.due_at else None, "outcome": record.outcome},
    ) | {"unit_id": unit_id}
    with one_message(session) as send:
        send(statements.OPEN_TASK, list(opened.tasks))
        send(statements.APPEND_EVENT, event)
        send(ADD_JOBS, change.jobs)
        send(statements.MOVE_RECORD, moving(record, change))
    ring_after_commit(session, MESSAGES)
    return _moved(record, change.state, change.event_id, tuple(row["id"] for row in opened.tasks))


def reopened(record: LockedRecord, procedure: Procedure, opened: Opened, *, now: datetime) -> Change:
    """What opening it again makes of the record. Nothing is written yet."""
    change = Change.of(record, event_id=new_id())
    change.closed_at = None
    tokens = [engine.Token(row["id"], row["step"]) for row in opened.tasks]
    change.state = engine.record_state(procedure.process, tokens, record.outcome)
    change.jobs += opened.jobs
    for row in opened.tasks:
        change.take_part(row["unit_id"])
    change.jobs.append(telling_row(record.id, change.event_id, now=now))
    return change


def _refuse(
    session: Session,
    ended: Ended,
    record: LockedRecord,
    tasks: Iterable[TaskRow],
    *,
    actor: Actor,
    posts: tuple[HeldPost, ...],
) -> None:
    if ended.procedure.process.correct is None or ended.state != RecordState.RETURNED or ended.outcome != "granted":
        raise Conflict(NOT_OFFERED)
    if not may_ask(ended, actor=actor, posts=posts, tasks=tasks):
        raise NotAllowed(NOT_YOURS)
    if not session.execute(_STANDS, {"wanted": record.id}).scalar_one():
        raise Conflict(REPLACED)


def _unit_of(actor: Actor, posts: Iterable[HeldPost], tasks: Iterable[TaskRow]) -> UUID | None:
    """For which of his units an official asks."""
    units = {task.unit_id for task in tasks}
    return next((post.unit_id for post in posts if post.unit_id in units), None)


def _repeated(session: Session, record: LockedRecord, reason: str, *, actor: Actor) -> Moved:
    """The answer that the same sending got the first time; Conflict when the record is open for another cause."""
    told: Any = session.execute(_TOLD, {"wanted": record.id}).one()
    if (told.actor_id, told.reason) != (actor.person_id, reason):
        raise Conflict(UNDER_WAY if record.finished_at else NOT_OFFERED)
    return _moved(record, record.state, told.id, tuple(UUID(step["task_id"]) for step in told.opened))


def _moved(record: LockedRecord, state: str, event_id: UUID, opened: tuple[UUID, ...]) -> Moved:
    return Moved(record.id, record.code, state, event_id, opened, ended=False)
