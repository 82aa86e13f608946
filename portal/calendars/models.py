"""Tables of the working calendar: what differs from the ordinary week, each row with its source.

A row is never changed: it is withdrawn, and another takes its place. So the calendar as it was known at any moment can
be read again, and a date that was promised with it can be counted again.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified

_LONG_KNOWN = text("'2000-01-01 00:00:00+00'")
"""Rows that were there before decisions were dated count as known from the beginning; the service names the moment."""

_IN_FORCE = text("withdrawn_at IS NULL")


class CalendarException(Identified, Base):
    """A day off, or a day off that is worked, decreed for the whole city or for one unit."""

    __tablename__ = "calendar_exception"
    __table_args__ = (
        CheckConstraint("kind IN ('off', 'work')", name="kind"),
        CheckConstraint("hours IN ('statutory', 'counter')", name="hours"),
        CheckConstraint("withdrawn_at >= recorded_at", name="withdrawn"),
        Index(
            "uq_calendar_exception_day_unit_id_hours",
            "day",
            "unit_id",
            "hours",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=_IN_FORCE,
        ),
    )

    day: Mapped[date]
    kind: Mapped[str]
    hours: Mapped[str] = mapped_column(
        server_default="statutory", comment="statutory: terms count by it; counter: only the doors follow it"
    )
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(comment="number and date of the document that orders it")
    swap_id: Mapped[UUID | None] = mapped_column(comment="shared by a day off and the day worked for it")
    recorded_at: Mapped[datetime] = mapped_column(server_default=_LONG_KNOWN)
    recorded_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawal_source: Mapped[str] = mapped_column(
        server_default="", comment="number and date of the document that takes it back"
    )


class OfficeHours(Identified, Base):
    """Working sessions. Statutory hours count for terms; counter hours tell when the doors are open."""

    __tablename__ = "office_hours"
    __table_args__ = (
        CheckConstraint("kind IN ('statutory', 'counter')", name="kind"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="session"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("withdrawn_at >= recorded_at", name="withdrawn"),
        Index(
            "uq_office_hours_session",
            "unit_id",
            "kind",
            "weekday",
            "starts",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=_IN_FORCE,
        ),
    )

    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    weekday: Mapped[int] = mapped_column(comment="0 is Monday")
    starts: Mapped[time]
    ends: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(server_default="", comment="number and date of the document that orders it")
    end_source: Mapped[str] = mapped_column(
        server_default="", comment="the document that orders its last day, when that is another one"
    )
    recorded_at: Mapped[datetime] = mapped_column(server_default=_LONG_KNOWN)
    recorded_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawal_source: Mapped[str] = mapped_column(
        server_default="", comment="number and date of the document that takes it back"
    )
