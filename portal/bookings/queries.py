"""Reading visits: what a counter offers, what a record has, who comes on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.bookings.models import Booking, BookingPlan, BookingSlot
from portal.bookings.slots import Plan, Slot, offered_slots
from portal.calendars import queries as calendars
from portal.workflow.working_time import midnight

BOOKED, CAME, MISSED, CANCELLED, MOVED = "booked", "came", "missed", "cancelled", "moved"

_DAY = text("""
SELECT booking.id, booking.record_id, booking.starts_at, booking.ends_at, booking.state,
  booking.settled_at, record.code, record.applicant_name, record.subject, record.subject_en, record.procedure_name,
  record.accepted_at, record.closed_at
FROM booking JOIN record ON record.id = booking.record_id
WHERE booking.unit_id = :unit AND booking.starts_at >= :since AND booking.starts_at < :until
  AND booking.state <> 'moved'
ORDER BY booking.starts_at, record.applicant_name, record.code
""")
_COLUMNS = (
    Booking.id,
    Booking.unit_id,
    Booking.starts_at,
    Booking.ends_at,
    Booking.state,
    Booking.settled_at,
)


@dataclass(frozen=True)
class BookingView:
    """A visit of a record. `state`: booked, came, missed, cancelled."""

    id: UUID
    unit_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    settled_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == BOOKED


@dataclass(frozen=True)
class Visitor:
    """A line of the list of a counter's day."""

    id: UUID
    record_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    settled_at: datetime | None
    code: str
    applicant_name: str
    subject: str
    subject_en: str
    procedure_name: str
    accepted_at: datetime | None
    closed_at: datetime | None

    def about(self, language: str) -> str:
        return (self.subject_en if language == "en" else "") or self.subject or self.procedure_name


def plan_of(session: Session, unit_id: UUID) -> Plan:
    """How the counter takes visitors."""
    wanted = select(BookingPlan.minutes, BookingPlan.places, BookingPlan.days_ahead)
    row = session.execute(wanted.where(BookingPlan.unit_id == unit_id)).one_or_none()
    return Plan(*row) if row else Plan()


def list_slots(session: Session, unit_id: UUID, *, now: datetime) -> list[Slot]:
    """Every slot that may be booked at the counter, with what is left of it; full ones have nothing left."""
    plan = plan_of(session, unit_id)
    doors = calendars.counter_calendar(session, now=now, unit_id=unit_id)
    taken: dict[Any, int] = dict(
        session.execute(
            select(BookingSlot.starts_at, BookingSlot.taken).where(
                BookingSlot.unit_id == unit_id, BookingSlot.starts_at >= now
            )
        ).all()
    )
    offered = offered_slots(plan=plan, doors=doors, now=now)
    return [replace(slot, left=max(0, slot.left - taken.get(slot.starts_at, 0))) for slot in offered]


def booking_of(session: Session, record_id: UUID) -> BookingView | None:
    """The record's newest visit, whatever became of it."""
    wanted = select(*_COLUMNS).where(Booking.record_id == record_id, Booking.state != MOVED)
    row = session.execute(wanted.order_by(Booking.booked_at.desc(), Booking.id.desc()).limit(1)).one_or_none()
    return BookingView(*row) if row else None


def list_visitors(session: Session, unit_id: UUID, *, day: date) -> list[Visitor]:
    """Who has a visit at the counter on a day, by the hour. Row-level security leaves only its own officials."""
    asked = {"unit": unit_id, "since": midnight(day), "until": midnight(day + timedelta(days=1))}
    return [Visitor(**row._asdict()) for row in session.execute(_DAY, asked)]
