"""Writing parcels. Rules about the record stand in `records.delivering`, which holds its lock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.core.text import marked
from portal.delivery.models import Parcel
from portal.delivery.operator import Refused, Taken
from portal.delivery.types import AT_THE_COUNTER, ON_THE_WAY, ParcelState, Receiver
from portal.jobs.service import owe

ADD_PARCEL = insert(cast(Table, Parcel.__table__))
"""Takes a row of `parcel_row`, in the trip of the caller."""

CHANGED = marked("Bưu gửi này vừa đổi tình hình. Mở lại trang để xem.")

ASKS_AFTER = (
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    *(timedelta(days=day) for day in range(1, 31)),
)
"""When to ask the operator where a parcel is, counted from the order: its own words may be lost."""


def parcel_row(*, record_id: UUID, owner_id: UUID, unit_id: UUID, receiver: Receiver, now: datetime) -> dict[str, Any]:
    """The row of a parcel that is wished for."""
    parcel_id = new_id()
    return {
        "id": parcel_id,
        "record_id": record_id,
        "owner_id": owner_id,
        "unit_id": unit_id,
        "request": request_of(parcel_id),
        **_receiver(receiver),
        "state": ParcelState.WANTED,
        "wanted_at": now,
    }


def request_of(parcel_id: UUID) -> str:
    """Under which the operator knows the parcel, whatever was lost on the way."""
    return f"BG{parcel_id.hex.upper()}"


def _receiver(receiver: Receiver) -> dict[str, str]:
    return {
        "receiver_name": receiver.name,
        "receiver_phone": receiver.phone,
        "address": receiver.address,
        "place": receiver.place,
        "locality": receiver.locality,
    }


def change_receiver(session: Session, parcel_id: UUID, receiver: Receiver, *, unit_id: UUID) -> None:
    """Raises Conflict once the order is made."""
    _move(session, parcel_id, {ParcelState.WANTED}, {**_receiver(receiver), "unit_id": unit_id})


def drop_wish(session: Session, parcel_id: UUID, *, now: datetime) -> None:
    """Another way was chosen. Raises Conflict once the order is made."""
    _move(session, parcel_id, {ParcelState.WANTED}, {"state": ParcelState.CANCELLED, "ended_at": now})


def order(session: Session, parcel_id: UUID, *, unit_id: UUID, now: datetime) -> None:
    """Owe the order to the operator. Raises Conflict when it was made before."""
    _move(
        session,
        parcel_id,
        {ParcelState.WANTED},
        {"state": ParcelState.ORDERED, "ordered_at": now, "unit_id": unit_id},
    )
    owe(
        session,
        "place_parcel",
        arguments={"parcel_id": str(parcel_id)},
        natural_key=f"{parcel_id}:0",
        now=now,
    )


def note_order(session: Session, parcel_id: UUID, answer: Taken | Refused, *, now: datetime) -> bool:
    """What the operator answered to an order; False when the order was taken back, or this was noted before.

    An order that was taken back while it was on its way is cancelled once more: asked before, the operator did not know
    it yet.
    """
    if isinstance(answer, Refused):
        ended = {"state": ParcelState.REFUSED, "failure": answer.reason, "ended_at": now}
        return _moved(session, parcel_id, {ParcelState.ORDERED}, ended)
    values = {"number": answer.number, "fee": answer.fee}
    if _moved(session, parcel_id, {ParcelState.ORDERED}, {**values, "state": ParcelState.READY}):
        ask_later(session, parcel_id, turn=0, since=now, now=now)
        return True
    if not _moved(session, parcel_id, ON_THE_WAY, values):  # else a word of the operator came before its answer
        _owe_cancelling(session, parcel_id, asked="after_order", now=now)
    return False


def ask_later(session: Session, parcel_id: UUID, *, turn: int, since: datetime, now: datetime) -> bool:
    """Owe the `turn`-th question where the parcel is; False when there have been enough."""
    if turn >= len(ASKS_AFTER):
        return False
    owe(
        session,
        "track_parcel",
        arguments={"parcel_id": str(parcel_id), "turn": str(turn)},
        due_at=since + ASKS_AFTER[turn],
        natural_key=f"{parcel_id}:{turn}",
        now=now,
    )
    return True


def hand_over(session: Session, parcel_id: UUID, *, by_name: str, now: datetime) -> None:
    """The post has taken it. Raises Conflict when there is no number yet, or it left before."""
    values = {"state": ParcelState.SENT, "handed_at": now, "handed_by_name": by_name}
    _move(session, parcel_id, {ParcelState.READY}, values)


def cancel(session: Session, parcel_id: UUID, *, now: datetime) -> None:
    """The envelope stays at the counter; the operator is told. Raises Conflict once it has left."""
    _move(session, parcel_id, AT_THE_COUNTER, {"state": ParcelState.CANCELLED, "ended_at": now})
    _owe_cancelling(session, parcel_id, asked="0", now=now)


def _owe_cancelling(session: Session, parcel_id: UUID, *, asked: str, now: datetime) -> None:
    arguments = {"parcel_id": str(parcel_id), "turn": "0"}
    owe(session, "cancel_parcel", arguments=arguments, natural_key=f"{parcel_id}:{asked}", now=now)


def take_back(session: Session, parcel_id: UUID, *, now: datetime) -> None:
    """It lies at the counter again. Raises Conflict unless it was on its way."""
    _move(session, parcel_id, ON_THE_WAY, {"state": ParcelState.BACK, "ended_at": now})


def _move(session: Session, parcel_id: UUID, states: Any, values: dict[str, Any]) -> None:
    if not _moved(session, parcel_id, states, values):
        raise Conflict(CHANGED)


def _moved(session: Session, parcel_id: UUID, states: Any, values: dict[str, Any]) -> bool:
    statement = update(Parcel).where(Parcel.id == parcel_id, Parcel.state.in_(states)).values(**values)
    return session.execute(statement.returning(Parcel.id)).first() is not None
