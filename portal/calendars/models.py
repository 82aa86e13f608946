"""Tables of the working calendar: what differs from the ordinary week, each row with its source."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class CalendarException(Identified, Base):
    """A day off, or a day off that is worked, decreed for the whole city or for one unit."""

    __tablename__ = "calendar_exception"
    __table_args__ = (
        CheckConstraint("kind IN ('off', 'work')", name="kind"),
        Index("uq_calendar_exception_day_unit_id", "day", "unit_id", unique=True, postgresql_nulls_not_distinct=True),
    )

    day: Mapped[date]
    kind: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    source: Mapped[str] = mapped_column(comment="number and date of the document that orders it")


class OfficeHours(Identified, Base):
    """Working sessions. Statutory hours count for terms; counter hours tell when the doors are open."""

    __tablename__ = "office_hours"
    __table_args__ = (
        CheckConstraint("kind IN ('statutory', 'counter')", name="kind"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="session"),
    )

    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    weekday: Mapped[int] = mapped_column(comment="0 is Monday")
    starts: Mapped[time]
    ends: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
