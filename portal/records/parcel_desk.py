"""What a counter has to do with the post: results to be sent, envelopes for the postman, parcels on their way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.delivery import queries
from portal.delivery.types import AT_THE_COUNTER as WITH_ORDER
from portal.delivery.types import ON_THE_WAY, ParcelState, ParcelView
from portal.records.policy import AT_THE_COUNTER

_WAITING = text("""
SELECT record.id, record.code, record.applicant_name, record.procedure_name, task.opened_at AS since, task.unit_id,
  parcel.receiver_name, concat_ws(', ', nullif(parcel.address, ''), nullif(parcel.locality, '')) AS goes_to,
  EXISTS (SELECT FROM fee_line WHERE record_id = record.id AND moment = 'return' AND amount > 0 AND paid_at IS NULL)
    AND record.outcome IS DISTINCT FROM 'rejected' AS is_unpaid
FROM record
JOIN task ON task.record_id = record.id AND task.closed_at IS NULL AND task.unit_id = ANY (:units)
  AND task.role = 'receptionist'
LEFT JOIN parcel ON parcel.record_id = record.id AND parcel.ended_at IS NULL
WHERE record.return_by = 'post' AND record.finished_at IS NOT NULL AND record.closed_at IS NULL
  AND (parcel.id IS NULL OR parcel.state = 'wanted')
ORDER BY task.opened_at, record.id LIMIT 500
""")


@dataclass(frozen=True)
class ToSend:
    """A result at the counter whose applicant wants it by post."""

    record_id: UUID
    code: str
    applicant_name: str
    procedure_name: str
    since: datetime
    unit_id: UUID
    receiver_name: str | None
    goes_to: str
    is_unpaid: bool


@dataclass(frozen=True)
class ParcelDesk:
    to_send: tuple[ToSend, ...]
    with_order: tuple[ParcelView, ...]
    """Their envelopes lie at the counter."""
    on_the_way: tuple[ParcelView, ...]
    ended: tuple[ParcelView, ...]
    """Lately."""

    @property
    def coming_back(self) -> tuple[ParcelView, ...]:
        return tuple(parcel for parcel in self.on_the_way if parcel.state is ParcelState.RETURNING)


def counters_of(actor: Actor) -> list[UUID]:
    """The counters at which the actor sits."""
    return sorted({post.unit_id for post in actor.posts if post.role in AT_THE_COUNTER})


def parcel_desk(session: Session, *, actor: Actor, now: datetime) -> ParcelDesk:
    """All of the actor's counters."""
    units = counters_of(actor)
    found = queries.parcels_of_units(session, units, now=now) if units else []
    return ParcelDesk(
        to_send=tuple(ToSend(*row) for row in session.execute(_WAITING, {"units": units})) if units else (),
        with_order=_of(found, WITH_ORDER),
        on_the_way=_of(found, ON_THE_WAY),
        ended=tuple(parcel for parcel in reversed(found) if parcel.ended_at is not None),
    )


def _of(parcels: Iterable[ParcelView], states: frozenset[ParcelState]) -> tuple[ParcelView, ...]:
    return tuple(parcel for parcel in parcels if parcel.state in states)
