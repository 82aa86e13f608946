"""What the post did with a result, in the history of its record: each news once, and the end of the record with the
delivery."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.delivery import queries
from portal.delivery.types import ParcelEventKind, ParcelState, ParcelView
from portal.records import positions
from portal.records.answers import asking
from portal.records.changes import Situation
from portal.records.delivering import GO_TO_COUNTER, giving_task
from portal.records.events import append_note
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.performing import perform, tokens_of
from portal.records.telling import tell_applicant
from portal.records.types import ActionAnswers, LockedRecord, Position
from portal.workflow import engine
from portal.workflow.definition import ActionKind

NEWS = {
    ParcelState.SENT: "parcel_sent",
    ParcelState.OUT: "parcel_out",
    ParcelState.FAILED: "parcel_failed",
    ParcelState.RETURNING: "parcel_returning",
    ParcelState.REFUSED: "parcel_refused",
    ParcelState.LOST: "parcel_lost",
}
"""State of a parcel -> the event that tells of it."""
BACK_TO_COUNTER = frozenset({ParcelState.REFUSED, ParcelState.LOST})
"""After these the applicant comes to the counter, unless he chooses anew."""

_NOTED = text("SELECT 1 FROM record_event WHERE record_id = :wanted AND details @> CAST(:news AS jsonb) LIMIT 1")
_TOUCH = text("UPDATE record SET version = version WHERE id = :wanted")
"""So that a look-up that is opened again sees that something has changed."""


def parcel_moved(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Something was heard of a parcel."""
    with unit_of_work(SYSTEM) as session:
        tell_moved(session, UUID(arguments["parcel_id"]), now=now)


def tell_moved(session: Session, parcel_id: UUID, *, now: datetime) -> None:
    """Note where the parcel is now, unless that was noted before. Run as SYSTEM."""
    found = queries.get_parcel(session, parcel_id)
    if found is None:
        return
    record, position = positions.lock_record(session, found.record_id, now=now)
    parcel = queries.get_parcel(session, parcel_id) or found
    if parcel.state is ParcelState.DELIVERED:
        give_delivered(session, record, position, now=now)
        return
    kind = NEWS.get(parcel.state)
    details = {"parcel": str(parcel.id), "state": str(parcel.state), **_tries(parcel)}
    if kind is None or _is_noted(session, record, details):
        session.execute(_TOUCH, {"wanted": record.id})
        return
    if parcel.state in BACK_TO_COUNTER:
        session.execute(GO_TO_COUNTER, {"unit": parcel.unit_id, "wanted": record.id})
    event_id = append_note(
        session, record, kind=kind, actor=SYSTEM, now=now,
        details={**details, "number": parcel.number, "fee": parcel.fee}, for_applicant=True, reason=parcel.failure,
    )  # fmt: skip
    tell_applicant(session, record.id, event_id, now=now)


def give_delivered(session: Session, record: LockedRecord, position: Position, *, now: datetime) -> None:
    """The result is in the receiver's hands: the portal itself takes the action that gives it."""
    grounds = grounds_of(session, record, now=now)
    process = grounds.procedure.process
    task = giving_task(position.tasks, process)
    if task is None:
        session.execute(_TOUCH, {"wanted": record.id})
        return
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    offered = engine.actions_from(process, task.step, facts)
    action = next(asking(action, facts) for action in offered if action.kind is ActionKind.GIVE)
    move = engine.after(process, tokens_of(position), task.id, action.id, facts)
    situation = Situation.of(
        task, action, record=record, position=position, grounds=grounds, facts=facts, actor=SYSTEM, now=now,
        answers=ActionAnswers(),
    )  # fmt: skip
    perform(session, situation, move, kind="action_taken")


def _tries(parcel: ParcelView) -> dict[str, int]:
    """How often nobody was met: each time is told."""
    tries = sum(event.kind is ParcelEventKind.FAILED for event in parcel.events)
    return {"tries": tries} if parcel.state is ParcelState.FAILED else {}


def _is_noted(session: Session, record: LockedRecord, details: Mapping[str, object]) -> bool:
    return session.execute(_NOTED, {"wanted": record.id, "news": json.dumps(details)}).first() is not None


KINDS = {"parcel_moved": parcel_moved}
