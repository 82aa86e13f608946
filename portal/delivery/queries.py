"""Reading parcels. Row-level security leaves those of records that the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, column, func, or_, select, table
from sqlalchemy.orm import Session

from portal.delivery.models import Parcel, ParcelEvent
from portal.delivery.types import ParcelEventKind, ParcelEventView, ParcelState, ParcelView, Receiver

ENDED_SHOWN = timedelta(days=14)
"""How long a parcel that has ended stays in the counter's list."""
_MOST = 500

_RECORD = table("record", column("id", Uuid()), column("code"), column("applicant_name"))


def parcel_of(session: Session, record_id: UUID) -> ParcelView | None:
    """The newest parcel of a record: the live one when there is one."""
    found = _parcels(session, _wanted().where(Parcel.record_id == record_id).order_by(*_NEWEST).limit(1))
    return found[0] if found else None


def get_parcel(session: Session, parcel_id: UUID) -> ParcelView | None:
    found = _parcels(session, _wanted().where(Parcel.id == parcel_id))
    return found[0] if found else None


def parcels_of_units(session: Session, unit_ids: Collection[UUID], *, now: datetime) -> list[ParcelView]:
    """Parcels of these counters beyond the wish: live ones, and those that ended lately; the longest waiting first."""
    wanted = (
        _wanted()
        .where(Parcel.unit_id.in_(unit_ids), Parcel.ordered_at.is_not(None))
        .where(or_(Parcel.ended_at.is_(None), Parcel.ended_at > now - ENDED_SHOWN))
        .order_by(Parcel.ordered_at, Parcel.id)
        .limit(_MOST)
    )
    return _parcels(session, wanted)


_NEWEST = (Parcel.ended_at.desc().nulls_first(), Parcel.wanted_at.desc(), Parcel.id.desc())


def _wanted() -> Select[Any]:
    return select(Parcel, _RECORD.c.code, _RECORD.c.applicant_name).join(_RECORD, _RECORD.c.id == Parcel.record_id)


def _parcels(session: Session, wanted: Select[Any]) -> list[ParcelView]:
    rows = session.execute(wanted).all()
    told: dict[UUID, list[ParcelEventView]] = {}
    if rows:
        events = (
            select(ParcelEvent.parcel_id, ParcelEvent.kind, ParcelEvent.at, ParcelEvent.office, ParcelEvent.reason)
            .where(ParcelEvent.parcel_id.in_([row[0].id for row in rows]))
            .order_by(ParcelEvent.at, ParcelEvent.number)
        )
        for parcel_id, kind, at, office, reason in session.execute(events):
            told.setdefault(parcel_id, []).append(ParcelEventView(ParcelEventKind(kind), at, office, reason))
    return [_view(parcel, code, name, told.get(parcel.id, ())) for parcel, code, name in rows]


def _view(parcel: Parcel, code: str, applicant_name: str, events: Sequence[ParcelEventView]) -> ParcelView:
    return ParcelView(
        id=parcel.id,
        record_id=parcel.record_id,
        record_code=code,
        applicant_name=applicant_name,
        unit_id=parcel.unit_id,
        receiver=Receiver(parcel.receiver_name, parcel.receiver_phone, parcel.address, parcel.place, parcel.locality),
        state=ParcelState(parcel.state),
        number=parcel.number or "",
        fee=parcel.fee,
        failure=parcel.failure,
        wanted_at=parcel.wanted_at,
        ordered_at=parcel.ordered_at,
        handed_at=parcel.handed_at,
        handed_by_name=parcel.handed_by_name,
        ended_at=parcel.ended_at,
        events=tuple(events),
    )


def count_waiting(session: Session, unit_ids: Collection[UUID]) -> int:
    """Envelopes that lie at these counters with an order."""
    wanted = select(func.count()).where(
        Parcel.unit_id.in_(unit_ids), Parcel.state.in_([ParcelState.ORDERED, ParcelState.READY])
    )
    return session.scalars(wanted).one()
