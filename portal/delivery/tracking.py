"""What the operator says of a parcel becomes its state: each event once, in any order, and no more than it proves.

The newest event by the operator's own time counts, an end before all; what comes after the end is kept and changes
nothing. A parcel that has not left the counter yet is not delivered, whatever is said, then or later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.references import new_id
from portal.delivery.models import Parcel, ParcelEvent
from portal.delivery.operator import Told
from portal.delivery.types import ENDED, Heard, ParcelEventKind, ParcelState
from portal.jobs.service import owe

log = logging.getLogger(__name__)

_ADD = insert(cast(Table, ParcelEvent.__table__)).on_conflict_do_nothing(index_elements=["parcel_id", "number"])
_BEFORE_ORDER = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=10)
"""Between the operator's clock and ours, on which it was handed over."""

_LEADS_TO = {
    ParcelEventKind.COLLECTED: ParcelState.SENT,
    ParcelEventKind.ARRIVED: ParcelState.SENT,
    ParcelEventKind.OUT: ParcelState.OUT,
    ParcelEventKind.FAILED: ParcelState.FAILED,
    ParcelEventKind.RETURNING: ParcelState.RETURNING,
    ParcelEventKind.RETURNED: ParcelState.RETURNING,
    ParcelEventKind.DELIVERED: ParcelState.DELIVERED,
    ParcelEventKind.LOST: ParcelState.LOST,
}
_ENDS = (ParcelEventKind.DELIVERED, ParcelEventKind.LOST)


@dataclass(frozen=True)
class Answer:
    """What the operator is answered."""

    result: str
    message: str


NOTED = Answer("00", "noted")
UNKNOWN = Answer("01", "no such parcel")
CONTRADICTS = Answer("02", "contradicts the order")
WRONG_SIGNATURE = Answer("97", "wrong signature")
NOT_NOTED = Answer("99", "not noted, send again")


def book(session: Session, told: Sequence[Told], *, heard: Heard, now: datetime) -> Answer:
    """Write down events of one parcel and work out where it is. Run as SYSTEM. Never raises for what was sent."""
    if not told:
        return NOTED
    wanted = select(Parcel).where(Parcel.request == told[0].request).with_for_update()
    parcel = session.scalars(wanted).one_or_none()
    if parcel is None:
        return UNKNOWN
    if parcel.ordered_at is None or any(_contradicts(one, parcel) for one in told):
        log.warning("the post contradicts an order", extra={"parcel": str(parcel.id)})
        return CONTRADICTS
    new = [_row(one, parcel, heard, now) for one in told]
    written = [row for row in new if session.execute(_ADD.returning(ParcelEvent.id), row).first() is not None]
    if written:
        _move(session, parcel, number=told[0].number, now=now)
        _report(session, parcel, written, now=now)
    return NOTED


def _contradicts(told: Told, parcel: Parcel) -> bool:
    other_number = parcel.number is not None and told.number != parcel.number
    return other_number or (parcel.ordered_at is not None and told.at < parcel.ordered_at - _BEFORE_ORDER)


def _row(told: Told, parcel: Parcel, heard: Heard, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "parcel_id": parcel.id,
        "record_id": parcel.record_id,
        "owner_id": parcel.owner_id,
        "number": told.event,
        "kind": told.kind,
        "at": told.at,
        "office": told.office,
        "reason": told.reason,
        "heard": heard,
        "received_at": now,
    }


def _move(session: Session, parcel: Parcel, *, number: str, now: datetime) -> None:
    if parcel.ended_at is not None:
        log.warning("the post speaks of a parcel that has ended", extra={"parcel": str(parcel.id)})
        return
    rows = session.execute(
        select(ParcelEvent.kind, ParcelEvent.at, ParcelEvent.reason)
        .where(ParcelEvent.parcel_id == parcel.id)
        .order_by(ParcelEvent.at, ParcelEvent.number)
    ).all()
    collected = next((row.at for row in rows if row.kind == ParcelEventKind.COLLECTED), None)
    left_at = collected or (parcel.handed_at - CLOCKS_DIFFER if parcel.handed_at else None)
    since = [row for row in rows if left_at is not None and row.at >= left_at]
    if not since:
        log.warning("the post speaks of a parcel that had not left", extra={"parcel": str(parcel.id)})
        return
    deciding = next((row for row in since if row.kind in _ENDS), since[-1])
    state = _LEADS_TO[ParcelEventKind(deciding.kind)]
    parcel.state = state
    parcel.number = parcel.number or number
    parcel.handed_at = parcel.handed_at or collected
    parcel.failure = _failure(since)
    parcel.ended_at = now if state in ENDED else None
    session.flush()


def _failure(rows: Iterable[Any]) -> str:
    """The reason that was given last."""
    return next((str(row.reason) for row in reversed(list(rows)) if row.reason), "")


def _report(session: Session, parcel: Parcel, written: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """The record learns of it, once for each event."""
    owe(
        session,
        "parcel_moved",
        arguments={"parcel_id": str(parcel.id), "event_id": str(written[-1]["id"])},
        natural_key=str(written[-1]["id"]),
        now=now,
    )
