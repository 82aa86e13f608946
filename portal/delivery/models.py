"""Tables of parcels and of what the postal operator says of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified
from portal.delivery.types import ENDED, LARGEST_FEE, ParcelEventKind, ParcelState

_STATES = ", ".join(f"'{state}'" for state in ParcelState)
_ENDED = ", ".join(f"'{state}'" for state in ParcelState if state in ENDED)
_KINDS = ", ".join(f"'{kind}'" for kind in ParcelEventKind)


class Parcel(Identified, Base):
    """A result on paper that goes by post: from the wish to the receiver's hands, or back to the counter."""

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"(ended_at IS NOT NULL) = (state IN ({_ENDED}))", name="ended"),
        CheckConstraint("state = 'wanted' OR ended_at IS NOT NULL OR ordered_at IS NOT NULL", name="ordered"),
        CheckConstraint(f"fee IS NULL OR fee BETWEEN 0 AND {LARGEST_FEE}", name="fee"),
        Index("uq_parcel_live", "record_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_parcel_record_id", "record_id", "wanted_at"),
        Index("ix_parcel_unit_id", "unit_id", "state", postgresql_where=text("ended_at IS NULL")),
        Index("uq_parcel_request", "request", unique=True),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="the counter that sends it")
    request: Mapped[str] = mapped_column(comment="ours: the same order, however often it is sent")
    receiver_name: Mapped[str]
    receiver_phone: Mapped[str]
    address: Mapped[str] = mapped_column(comment="number and street or hamlet")
    place: Mapped[str] = mapped_column(comment="code of a commune of the city; empty elsewhere")
    locality: Mapped[str] = mapped_column(comment="commune, district and province in words")
    state: Mapped[str]
    number: Mapped[str | None] = mapped_column(comment="the operator's, by which it is tracked")
    fee: Mapped[int | None] = mapped_column(comment="VND that the receiver pays to the postman")
    failure: Mapped[str] = mapped_column(server_default="", comment="why it was refused, came back or was lost")
    wanted_at: Mapped[datetime]
    ordered_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None] = mapped_column(comment="when the post took it")
    handed_by_name: Mapped[str] = mapped_column(server_default="")
    ended_at: Mapped[datetime | None]


class ParcelEvent(Identified, Base):
    """What the operator said of a parcel, appended: once for each of its own numbers."""

    __tablename__ = "parcel_event"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        Index("uq_parcel_event_number", "parcel_id", "number", unique=True),
        Index("ix_parcel_event_record_id", "record_id"),
    )

    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("parcel.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(comment="the operator's own, once for each event")
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(comment="when it happened, as the operator says")
    office: Mapped[str]
    reason: Mapped[str]
    heard: Mapped[str] = mapped_column(comment="callback, question")
    received_at: Mapped[datetime]
