"""Ending a whole record before it is decided: its applicant takes it back, or a leader stops it."""

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
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import marked
from portal.core.unit_of_work import one_message
from portal.jobs.service import ring_after_commit
from portal.jobs.types import DOCUMENTS, MESSAGES
from portal.records import policy, positions, statements, visits
from portal.records.changes import Change
from portal.records.events import event_row
from portal.records.facts import facts_of
from portal.records.grounds import Grounds, deciding_unit, grounds_of
from portal.records.making import make_stopping_notice
from portal.records.models import Record
from portal.records.pauses import resumed
from portal.records.performing import ADD_JOBS, cancelling, moving, stored, tell, tokens_of
from portal.records.refunds import owe_refunds
from portal.records.types import HeldPost, LockedRecord, Moved, Position, TaskRow
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind, Facts
from portal.workflow.engine import Move, Token

KINDS = {ActionKind.WITHDRAW: "record_withdrawn", ActionKind.STOP: "record_stopped"}
"""The event that each of them leaves."""

TOO_LATE = {
    ActionKind.WITHDRAW: marked("Kết quả đã ký nên không rút hồ sơ được nữa. Mở lại hồ sơ để xem."),
    ActionKind.STOP: marked("Kết quả đã ký nên không dừng hồ sơ được nữa. Mở lại hồ sơ để xem."),
}
ALREADY_ENDED = marked("Hồ sơ này đã kết thúc lúc %(time)s. Mở lại hồ sơ để xem.")

_TOLD = text("SELECT id, actor_id, action FROM record_event WHERE record_id = :wanted ORDER BY number DESC LIMIT 1")


@dataclass(frozen=True)
class _Locked:
    """A record under its lock, with what it stands on."""

    record: LockedRecord
    position: Position
    grounds: Grounds
    facts: Facts


def withdraw_record(session: Session, record_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Moved:
    """The applicant takes the record back: every open task is cancelled, whoever has it on his desk.

    Raises NotFound, NotAllowed, InvalidInput without a reason, and Conflict when the result is signed or the record has
    ended otherwise. Sent again by the same person it answers like the first time.
    """
    return _end(session, record_id, ActionKind.WITHDRAW, reason=reason, actor=actor, now=now)


def stop_record(session: Session, record_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Moved:
    """Whoever leads the body that decides stops the record. Raises as `withdraw_record` does."""
    return _end(session, record_id, ActionKind.STOP, reason=reason, actor=actor, now=now)


def offered_endings(
    record: Record,
    tasks: Iterable[TaskRow],
    grounds: Grounds,
    facts: Facts,
    *,
    actor: Actor,
    posts: tuple[HeldPost, ...],
    now: datetime,
) -> tuple[Action, ...]:
    """What this actor may do with the whole record as it stands."""
    if record.finished_at is not None:  # it is decided: what is open puts the result right
        return ()
    question = _question(record, grounds, actor, posts, now)
    tokens = [Token(task.id, task.step) for task in tasks if task.is_open]
    offered = engine.always_actions(grounds.procedure.process, tokens, facts)
    return tuple(action for action in offered if policy.may_end(action.by, question))


def _end(session: Session, record_id: UUID, kind: ActionKind, *, reason: str, actor: Actor, now: datetime) -> Moved:
    locked = _lock(session, record_id, now=now)
    process = locked.grounds.procedure.process
    action = next((action for action in process.always if action.kind is kind), None)
    if action is None:
        raise NotFound("Thủ tục này không có việc đó. Mở lại hồ sơ để xem các việc đang có.")
    if not policy.may_end(action.by, _question(locked.record, locked.grounds, actor, locked.position.posts, now)):
        raise NotAllowed("Việc này thuộc vị trí khác. Chuyển cho người phụ trách.")
    if locked.record.closed_at is not None:
        return _repeated(session, locked.record, action, actor=actor)
    if not reason.strip():
        raise InvalidInput("Ghi lý do.", field="reason")
    if locked.record.finished_at is not None:
        raise Conflict(TOO_LATE[kind])
    try:
        move = engine.after_always(process, tokens_of(locked.position), action.id, locked.facts)
    except engine.InvalidTransition as refused:
        raise Conflict(TOO_LATE[kind]) from refused
    change = called_off(locked.record, locked.grounds.procedure, move, locked.facts, now=now)
    issuer, directory = _issuer(locked, action, now), locked.grounds.directory
    make_stopping_notice(locked.record, change, unit_id=issuer, directory=directory, actor=actor, now=now)
    _write(session, locked, action, change, reason=reason.strip(), actor=actor, now=now)
    return _moved(locked.record, state=change.state, event_id=change.event_id)


def called_off(record: LockedRecord, procedure: Procedure, move: Move, facts: Facts, *, now: datetime) -> Change:
    """What ending the whole record makes of it. Nothing is written yet."""
    change = Change.of(record, event_id=new_id())
    change.state = move.ends.state if move.ends else change.state
    change.closed_at = now
    change.finished_at = change.finished_at or now
    change.pauses = resumed(change.pauses, now=now)
    if record.finished_at is None:
        owe_refunds(change, record, procedure, facts, now=now)
    visits.call_off(procedure, change, record.id, now=now)
    tell(record, change, now=now)
    return change


def _issuer(locked: _Locked, action: Action, now: datetime) -> UUID:
    """The body that decides tells of its own decision, the counter that the applicant has taken the record back."""
    deciding = deciding_unit(
        locked.grounds.procedure, locked.grounds.directory, place=locked.record.place, day=clock.local_day(now)
    )
    return deciding if action.kind is ActionKind.STOP and deciding else locked.record.received_unit_id


def _lock(session: Session, record_id: UUID, *, now: datetime) -> _Locked:
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    return _Locked(record, position, grounds, facts)


def _question(
    record: LockedRecord | Record, grounds: Grounds, actor: Actor, posts: tuple[HeldPost, ...], now: datetime
) -> policy.EndingQuestion:
    day = clock.local_day(now)
    deciding = deciding_unit(grounds.procedure, grounds.directory, place=record.place, day=day)
    return policy.EndingQuestion(actor, posts, record.owner_id, deciding)


def _repeated(session: Session, record: LockedRecord, action: Action, *, actor: Actor) -> Moved:
    """The answer that the same sending got the first time; Conflict when the record has ended in another way."""
    told = session.execute(_TOLD, {"wanted": record.id}).one()
    if (told.actor_id, told.action) != (actor.person_id, action.id):
        raise Conflict(ALREADY_ENDED, time=said_moment(record.closed_at))
    return _moved(record, state=record.state, event_id=told.id)


def _moved(record: LockedRecord, *, state: str, event_id: UUID) -> Moved:
    return Moved(record_id=record.id, code=record.code, state=state, event_id=event_id, opened=(), ended=True)


def _write(
    session: Session, locked: _Locked, action: Action, change: Change, *, reason: str, actor: Actor, now: datetime
) -> None:
    record, supplement_id = locked.record, locked.position.supplement_id
    writes: list[tuple[Any, Any]] = list(change.writes)
    with one_message(session) as send:
        send(statements.CANCEL_TASKS, cancelling(record, actor=actor, now=now))
        if supplement_id is not None:
            send(statements.CANCEL_SUPPLEMENT, {"wanted": supplement_id, "moment": now})
        for statement, parameters in writes:
            send(statement, parameters)
        send(statements.APPEND_EVENT, _event(locked, action, change, reason=reason, actor=actor, now=now))
        send(ADD_JOBS, change.jobs)
        send(statements.MOVE_RECORD, moving(record, change))
    for queue in (MESSAGES, DOCUMENTS):
        ring_after_commit(session, queue)


def _event(
    locked: _Locked, action: Action, change: Change, *, reason: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    record, directory = locked.record, locked.grounds.directory
    row = event_row(
        event_id=change.event_id,
        record_id=record.id,
        owner_id=record.owner_id,
        number=record.version + 1,
        kind=KINDS[action.kind],
        actor=actor,
        now=now,
        state_before=record.state,
        state_after=change.state,
        action=action.id,
        reason=reason,
        details={
            **change.details,
            "action_kind": action.kind.value,
            "due_at": stored(change.due_at),
            "outcome": change.outcome,
            "cancelled": [str(task.id) for task in locked.position.open_tasks],
        },
    )
    deciding = _question(record, locked.grounds, actor, locked.position.posts, now).deciding
    if action.kind is ActionKind.STOP and deciding is not None:
        row.update(unit_id=deciding, unit_name=directory.unit(deciding).name)
    return row


def said_moment(moment: datetime | None) -> str:
    """Hour and day as a refusal says them, in either language."""
    return f"{clock.local(moment):%H:%M, %-d/%-m/%Y}" if moment else ""
