"""Tables of visits to a counter: how a counter takes them, how many a slot has, and whose they are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class BookingPlan(Base):
    """How a counter takes visitors by booking; a counter without a row takes them in the usual way."""

    __tablename__ = "booking_plan"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 120", name="minutes"),
        CheckConstraint("places BETWEEN 1 AND 50", name="places"),
        CheckConstraint("days_ahead BETWEEN 1 AND 60", name="days_ahead"),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    minutes: Mapped[int] = mapped_column(comment="length of a slot")
    places: Mapped[int] = mapped_column(comment="visitors in one slot")
    days_ahead: Mapped[int] = mapped_column(comment="calendar days that may be booked, today included")
    changed_by: Mapped[UUID]
    changed_by_name: Mapped[str]
    changed_at: Mapped[datetime]


class BookingSlot(Base):
    """How many of a slot's places are taken. Its row is locked by whoever books, until he is through."""

    __tablename__ = "booking_slot"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    taken: Mapped[int]


class Booking(Identified, Base):
    """A visit that was promised for a record. One is open at a time; a change ends it and books another."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state IN ('booked', 'came', 'missed', 'cancelled', 'moved')", name="state"),
        CheckConstraint("(state = 'booked') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("starts_at < ends_at", name="length"),
        Index("uq_booking_open", "record_id", unique=True, postgresql_where=text("state = 'booked'")),
        Index("ix_booking_record_id", "record_id", "booked_at"),
        Index("ix_booking_unit_id", "unit_id", "starts_at"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="at whose counter")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(comment="booked, came, missed, cancelled, moved")
    booked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(comment="when somebody came, or it was given up")
