"""Values of parcels that others may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

LARGEST_FEE = 10_000_000
"""VND: above any postage."""


class ParcelState(StrEnum):
    """Where a parcel is. The last five have ended."""

    WANTED = "wanted"
    """Chosen; receiver and way may still be changed."""
    ORDERED = "ordered"
    """The order is owed to the operator."""
    READY = "ready"
    """The operator has taken the order: there is a number to print."""
    SENT = "sent"
    """In the operator's hands."""
    OUT = "out"
    """With the postman who delivers it."""
    FAILED = "failed"
    """Nobody was met; the operator tries again."""
    RETURNING = "returning"
    """Undeliverable, on its way back to the counter."""
    DELIVERED = "delivered"
    BACK = "back"
    """At the counter again."""
    REFUSED = "refused"
    """The operator does not take it."""
    CANCELLED = "cancelled"
    LOST = "lost"


ENDED = frozenset(
    {ParcelState.DELIVERED, ParcelState.BACK, ParcelState.REFUSED, ParcelState.CANCELLED, ParcelState.LOST}
)
AT_THE_COUNTER = frozenset({ParcelState.ORDERED, ParcelState.READY})
"""An order was made and the envelope still lies at the counter."""
ON_THE_WAY = frozenset({ParcelState.SENT, ParcelState.OUT, ParcelState.FAILED, ParcelState.RETURNING})


class ParcelEventKind(StrEnum):
    """What the operator tells, in its own words."""

    COLLECTED = "collected"
    ARRIVED = "arrived"
    """At one of its offices on the way."""
    OUT = "out"
    FAILED = "failed"
    RETURNING = "returning"
    RETURNED = "returned"
    """Handed back at the counter, as the operator says; the counter confirms it."""
    DELIVERED = "delivered"
    LOST = "lost"


class Heard(StrEnum):
    CALLBACK = "callback"
    QUESTION = "question"


@dataclass(frozen=True)
class Receiver:
    """Who gets the parcel, and where. `place` is the code of a commune of the city, empty elsewhere."""

    name: str
    phone: str
    address: str
    place: str
    locality: str
    """Commune, district and province in words."""

    @property
    def line(self) -> str:
        return ", ".join(part for part in (self.address, self.locality) if part)


@dataclass(frozen=True)
class ParcelEventView:
    kind: ParcelEventKind
    at: datetime
    office: str
    reason: str


@dataclass(frozen=True)
class ParcelView:
    """A parcel with what became of it. `fee` in VND, paid by the receiver to the postman."""

    id: UUID
    record_id: UUID
    record_code: str
    applicant_name: str
    unit_id: UUID
    receiver: Receiver
    state: ParcelState
    number: str
    fee: int | None
    failure: str
    wanted_at: datetime
    ordered_at: datetime | None
    handed_at: datetime | None
    handed_by_name: str
    ended_at: datetime | None
    events: tuple[ParcelEventView, ...] = ()

    @property
    def may_change(self) -> bool:
        return self.state is ParcelState.WANTED

    @property
    def last_heard(self) -> datetime | None:
        """When something was last known of it, since it was handed over."""
        return max((event.at for event in self.events), default=self.handed_at)


@dataclass(frozen=True)
class Tracking:
    """What anybody who may see the record's state may know of its parcel: no name, no address, no telephone."""

    state: ParcelState
    number: str
    fee: int | None
    failure: str
    events: tuple[ParcelEventView, ...]

    @classmethod
    def of(cls, parcel: ParcelView) -> Tracking:
        return cls(parcel.state, parcel.number, parcel.fee, parcel.failure, parcel.events)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Tracking:
        """From what the public look-up answers."""
        events = tuple(
            ParcelEventView(
                ParcelEventKind(event["kind"]), datetime.fromisoformat(event["at"]), event["office"], event["reason"]
            )
            for event in told["events"]
        )
        return cls(ParcelState(told["state"]), told["number"] or "", told["fee"], told["failure"], events)
