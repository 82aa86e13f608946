"""Booking and giving up visits. The row of the slot is locked until the transaction ends: nobody is booked twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from portal.bookings.models import Booking, BookingPlan, BookingSlot
from portal.bookings.queries import BOOKED, MOVED, list_slots, plan_of
from portal.bookings.slots import NOTICE, Plan, Slot
from portal.calendars import queries as calendars
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.core.text import marked
from portal.jobs import service as jobs
from portal.workflow.working_time import local

FULL = marked("Khung giờ này vừa kín chỗ. Chọn khung giờ khác.")
NOT_OFFERED = marked("Khung giờ này không nhận hẹn nữa. Chọn khung giờ khác.")
NO_PLAN = marked("Nhập số trong khoảng cho phép.")

_TAKE = text("""
UPDATE booking_slot SET taken = taken + 1
WHERE unit_id = :unit AND starts_at = :starts AND taken < :places
RETURNING taken
""")
_LOCK_BOTH = text("""
SELECT 1 FROM booking_slot WHERE unit_id = :unit AND (starts_at = :starts OR starts_at IN (
  SELECT starts_at FROM booking WHERE record_id = :record AND state = 'booked'))
ORDER BY starts_at FOR UPDATE
""")
"""In the order of time, so that two visitors who change places do not wait for each other."""
GIVE_UP = text("""
WITH given AS (
  UPDATE booking SET state = :state, settled_at = :moment
  WHERE record_id = :record AND state = 'booked'
  RETURNING unit_id, starts_at
)
UPDATE booking_slot SET taken = booking_slot.taken - 1 FROM given
WHERE booking_slot.unit_id = given.unit_id AND booking_slot.starts_at = given.starts_at
""")
"""The open visit of a record is given up (`cancelled`, `moved`), and its place is free again."""
SETTLE = text("UPDATE booking SET state = :state, settled_at = :moment WHERE record_id = :record AND state = 'booked'")
"""The open visit of a record took place (`came`), or nobody came (`missed`)."""
SETTLE_BEGUN = text(f"{SETTLE.text} AND starts_at <= :moment")
"""The same of a visit whose hour has come."""


REMIND_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Visit:
    """Whose visit, at which counter."""

    record_id: UUID
    owner_id: UUID
    unit_id: UUID


def take_slot(
    session: Session,
    unit_id: UUID,
    key: str,
    *,
    now: datetime,
    field: str | None = None,
    instead_of: UUID | None = None,
) -> Slot:
    """Take a place of a slot, named as forms name it, under the lock of its row.

    `instead_of`: the record whose open visit, if it has one, is moved there. Raises InvalidInput at `field` when the
    counter does not offer the slot, or another visitor was faster.
    """
    slot = next((one for one in list_slots(session, unit_id, now=now) if one.key == key), None)
    if slot is None:
        raise InvalidInput(NOT_OFFERED, field=field)
    places = plan_of(session, unit_id).places  # what the list says was left may be over by now
    row = {"unit_id": unit_id, "starts_at": slot.starts_at, "taken": 0}
    session.execute(upsert(BookingSlot).values(row).on_conflict_do_nothing())
    asked = {"unit": unit_id, "starts": slot.starts_at, "places": places}
    if instead_of is not None:
        session.execute(_LOCK_BOTH, {"record": instead_of, **asked})
        give_up(session, instead_of, state=MOVED, now=now)
    if session.execute(_TAKE, asked).first() is None:
        raise InvalidInput(FULL, field=field)
    return slot


def book(session: Session, visit: Visit, slot: Slot, *, now: datetime) -> UUID:
    """Write the visit for a slot that was taken: reminded of a day before, looked after when the counter closes."""
    booking_id = new_id()
    session.execute(
        insert(Booking).values(
            id=booking_id,
            record_id=visit.record_id,
            owner_id=visit.owner_id,
            unit_id=visit.unit_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            state=BOOKED,
            booked_at=now,
        )
    )
    told = {"booking_id": str(booking_id)}
    doors = calendars.counter_calendar(session, now=now, unit_id=visit.unit_id)
    closing = doors.end_of(local(slot.starts_at).date())
    jobs.owe(session, "booking_over", arguments=told, due_at=closing, natural_key=str(booking_id), now=now)
    if slot.starts_at - REMIND_BEFORE > now:
        reminding = slot.starts_at - REMIND_BEFORE
        jobs.owe(session, "booking_near", arguments=told, due_at=reminding, natural_key=str(booking_id), now=now)
    return booking_id


def give_up(session: Session, record_id: UUID, *, state: str, now: datetime) -> None:
    """End the open visit of a record and free its place. Nothing when there is none."""
    session.execute(GIVE_UP, {"record": record_id, "state": state, "moment": now})


def settle(session: Session, record_id: UUID, *, state: str, now: datetime) -> None:
    """Note what became of the open visit."""
    session.execute(SETTLE, {"record": record_id, "state": state, "moment": now})


def is_changeable(starts_at: datetime, *, now: datetime) -> bool:
    """Whether there is time enough to change or give up a visit."""
    return now + NOTICE <= starts_at


def set_plan(session: Session, unit_id: UUID, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """How the counter takes visitors from now on; visits that were promised stay.

    Raises InvalidInput for a number out of bounds.
    """
    for name, least, most in (("minutes", 10, 120), ("places", 1, 50), ("days_ahead", 1, 60)):
        if not least <= getattr(plan, name) <= most:
            raise InvalidInput(NO_PLAN, field=name)
    values = {
        "minutes": plan.minutes,
        "places": plan.places,
        "days_ahead": plan.days_ahead,
        "changed_by": actor.person_id,
        "changed_by_name": actor.name,
        "changed_at": now,
    }
    statement = upsert(BookingPlan).values(unit_id=unit_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[BookingPlan.unit_id], set_=values))
