"""Visits to the counter that received a record: the hour that the applicant chose, changed, gave up, kept or missed.

The answer of the form holds the hour too, as everything that is printed quotes it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.bookings import service as bookings
from portal.bookings.models import Booking
from portal.bookings.queries import CAME, CANCELLED, MISSED, BookingView, Visitor, booking_of
from portal.bookings.service import GIVE_UP, SETTLE, SETTLE_BEGUN, Visit
from portal.bookings.slots import Slot
from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Field, FieldType, Procedure
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.text import marked
from portal.records import positions
from portal.records.changes import Change
from portal.records.events import append_note
from portal.records.telling import tell_applicant
from portal.records.types import LockedRecord, Position
from portal.units import queries as units
from portal.workflow.deadlines import reception_due
from portal.workflow.definition import ClockRule

EVENTS = {
    "booked": "booking_made",
    "moved": "booking_moved",
    CANCELLED: "booking_cancelled",
    CAME: "booking_kept",
    MISSED: "booking_missed",
    "near": "booking_near",
}
"""What each leaves in the history."""

NONE = marked("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
TOO_LATE = marked("Sát giờ hẹn nên không đổi, bỏ hẹn trên Cổng được nữa. Gọi cho nơi tiếp nhận.")
WHY = marked("Ghi lý do đổi, bỏ hẹn. Người nộp đọc lý do này.")
NOT_WAITING = marked("Hồ sơ này không còn chờ người nộp đến. Mở lại hồ sơ để xem.")
NOT_YOURS = marked("Việc này thuộc bộ phận một cửa có lịch hẹn.")
SETTLED = marked("Lịch hẹn này đã đổi. Mở lại trang để xem.")

_KEEP_ANSWER = text(
    "UPDATE record SET answers = answers || jsonb_build_object(CAST(:field AS text), CAST(:key AS text)), "
    "reception_due_at = CASE WHEN accepted_at IS NULL THEN :due ELSE reception_due_at END WHERE id = :record"
)
_TELL_RECEPTION = text("UPDATE task SET due_at = :due WHERE id = :task AND closed_at IS NULL")


def booking_field(procedure: Procedure) -> Field | None:
    """The question for a visit; a form has one at most."""
    fields = (field for page in procedure.pages for field in page.fields)
    return next((field for field in fields if field.type is FieldType.BOOKING), None)


def take_place(
    session: Session, procedure: Procedure, answers: Mapping[str, Any], *, unit_id: UUID, now: datetime
) -> Slot | None:
    """Take the slot that the answers name, under its lock; None for a form that asks for no visit.

    Raises InvalidInput when it is full or not offered.
    """
    field = booking_field(procedure)
    key = answers.get(field.id) if field else None
    if field is None or not key:
        return None
    return bookings.take_slot(session, unit_id, str(key), now=now, field=field.id)


def answer_by(session: Session, slot: Slot | None, *, unit_id: UUID, hours: Decimal, now: datetime) -> datetime:
    """Until when the counter answers a submission: the hours of reception begin with the visit, where one is booked."""
    calendar = calendars.working_calendar(session, now=now, unit_id=unit_id)
    return reception_due(max(now, slot.starts_at) if slot else now, hours=hours, calendar=calendar)


def begin_then(slot: Slot | None, tasks: Iterable[dict[str, Any]], *, due_at: datetime) -> None:
    """The first tasks of a record are due by the visit, where one is booked."""
    for row in tasks if slot else ():
        row["due_at"] = due_at


def told(slot: Slot | None) -> dict[str, str]:
    """What the event says of a visit that is booked with it."""
    return {"visit_at": slot.starts_at.isoformat()} if slot else {}


def book(session: Session, slot: Slot | None, visit: Visit, *, now: datetime) -> None:
    """Write the visit for the slot that was taken; nothing without one."""
    if slot is not None:
        bookings.book(session, visit, slot, now=now)


def accepted(procedure: Procedure, change: Change, record_id: UUID, *, now: datetime) -> None:
    """Whoever had an appointment is there, unless its hour is still to come: then it stays, and an official of the
    counter says so when the visitor has come earlier (`note_arrival`)."""
    if booking_field(procedure) is not None:
        change.write(SETTLE_BEGUN, {"record": record_id, "state": CAME, "moment": now})


def compared(procedure: Procedure, change: Change, record_id: UUID, *, now: datetime) -> None:
    """What had to be brought was seen: whoever brought it was there."""
    if booking_field(procedure) is not None:
        change.write(SETTLE, {"record": record_id, "state": CAME, "moment": now})


def call_off(procedure: Procedure, change: Change, record_id: UUID, *, now: datetime) -> None:
    """The record ends: its place at the counter is free again."""
    if booking_field(procedure) is not None:
        change.write(GIVE_UP, {"record": record_id, "state": CANCELLED, "moment": now})


def is_awaited(procedure: Procedure, record: Any, booked: BookingView | None) -> bool:
    """Whether the applicant is still to come. `booked` is the newest visit of the record."""
    return booking_field(procedure) is not None and is_still_to_come(record, booked)


def is_still_to_come(record: Any, booked: BookingView | Visitor | None) -> bool:
    """Of a record that is visited. Acceptance ends the waiting, but for a visit that was left for later then."""
    if record.closed_at is not None or (booked is not None and booked.state == CAME):
        return False
    if record.accepted_at is None:
        return True
    if booked is None or booked.starts_at <= record.accepted_at:
        return False
    return booked.settled_at is None or booked.settled_at > record.accepted_at


def move_booking(session: Session, record_id: UUID, key: str, *, actor: Actor, now: datetime, reason: str = "") -> Slot:
    """Another slot, or a new one after a visit that was missed or given up: chosen by the applicant, or by an official
    of the counter for an applicant who has called, with a `reason`.

    Raises NotFound for anybody else, Conflict when it is too late or the visit is over, InvalidInput at `slot` when the
    slot is full, and at `reason` when an official gives none.
    """
    record, position, procedure = _locked(session, record_id, actor, now=now)
    field = booking_field(procedure)
    before = _changeable(session, record, procedure, actor=actor, reason=reason, now=now)
    slot = bookings.take_slot(session, record.received_unit_id, key, now=now, field="slot", instead_of=record_id)
    bookings.book(session, Visit(record_id, record.owner_id, record.received_unit_id), slot, now=now)
    hours = procedure.reception_hours
    due = answer_by(session, slot, unit_id=record.received_unit_id, hours=hours, now=now)
    kept = {"field": field.id if field else "", "key": slot.key, "due": due, "record": record_id}
    session.execute(_KEEP_ANSWER, kept)
    _tell_reception(session, position, procedure, due)
    kind = EVENTS["moved"] if before is not None and before.is_open else EVENTS["booked"]
    was = before.starts_at.isoformat() if before is not None and before.is_open else None
    details = {"visit_at": slot.starts_at.isoformat(), "was_visit_at": was}
    _note(session, record, kind, actor, now=now, details=details, reason=reason)
    return slot


def cancel_booking(session: Session, record_id: UUID, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """The applicant will not come then; the record waits for another appointment. Raises as `move_booking` does."""
    record, _position, procedure = _locked(session, record_id, actor, now=now)
    before = _changeable(session, record, procedure, actor=actor, reason=reason, now=now)
    if before is None or not before.is_open:
        raise Conflict(SETTLED)
    bookings.give_up(session, record_id, state=CANCELLED, now=now)
    details = {"visit_at": before.starts_at.isoformat()}
    _note(session, record, EVENTS[CANCELLED], actor, now=now, details=details, reason=reason)


def may_arrange(procedure: Procedure, record: Any, booked: BookingView | None, *, actor: Actor) -> bool:
    """For a page: whether an official of the counter may change the visit for somebody who has called."""
    return record.received_unit_id in actor.unit_ids and is_awaited(procedure, record, booked)


def note_arrival(session: Session, booking_id: UUID, *, actor: Actor, now: datetime) -> str:
    """An official of the counter sees the visitor; gives the record's code.

    Raises NotFound, NotAllowed for another counter's officials, Conflict when the visit is over.
    """
    booking = _booking(session, booking_id)
    if booking.unit_id not in actor.unit_ids:
        raise NotAllowed(NOT_YOURS)
    record, _position = positions.lock_record(session, booking.record_id, now=now)
    if not _is_still_open(session, booking):
        raise Conflict(SETTLED)
    bookings.settle(session, booking.record_id, state=CAME, now=now)
    unit = units.directory(session).unit(booking.unit_id)
    details = {"visit_at": booking.starts_at.isoformat()}
    append_note(session, record, kind=EVENTS[CAME], actor=actor, now=now, details=details, unit=unit)
    return record.code


def over(session: Session, booking_id: UUID, *, now: datetime) -> None:
    """The counter closes: who has not come has missed the appointment and is told how to make another."""
    _tell_of(session, booking_id, MISSED, now=now)


def near(session: Session, booking_id: UUID, *, now: datetime) -> None:
    """Remind of a visit on the next day; nothing when it was moved or given up."""
    _tell_of(session, booking_id, "near", now=now)


def _tell_of(session: Session, booking_id: UUID, what: str, *, now: datetime) -> None:
    booking = _booking(session, booking_id)
    record, _position = positions.lock_record(session, booking.record_id, now=now)
    if not _is_still_open(session, booking):
        return
    if what == MISSED:
        bookings.settle(session, booking.record_id, state=MISSED, now=now)
    _note(session, record, EVENTS[what], SYSTEM, now=now, details={"visit_at": booking.starts_at.isoformat()})


def _locked(
    session: Session, record_id: UUID, actor: Actor, *, now: datetime
) -> tuple[LockedRecord, Position, Procedure]:
    record, position = positions.lock_record(session, record_id, now=now)
    if record.owner_id != actor.person_id and record.received_unit_id not in actor.unit_ids:
        raise NotFound(NONE)
    return record, position, catalogue.version(session, record.version_id).procedure


def _changeable(
    session: Session, record: LockedRecord, procedure: Procedure, *, actor: Actor, reason: str, now: datetime
) -> BookingView | None:
    """The visit before. Who calls at the last minute is helped by the counter, which says why."""
    is_own = record.owner_id == actor.person_id
    if not is_own and not reason.strip():
        raise InvalidInput(WHY, field="reason")
    before = booking_of(session, record.id)
    if not is_awaited(procedure, record, before):
        raise Conflict(NOT_WAITING)
    if is_own and before is not None and before.is_open and not bookings.is_changeable(before.starts_at, now=now):
        raise Conflict(TOO_LATE)
    return before


def _tell_reception(session: Session, position: Position, procedure: Procedure, due: datetime) -> None:
    for task in position.open_tasks:
        if procedure.process.step(task.step).clock is ClockRule.RECEPTION:
            session.execute(_TELL_RECEPTION, {"due": due, "task": task.id})


def _booking(session: Session, booking_id: UUID) -> Booking:
    found = session.scalars(select(Booking).where(Booking.id == booking_id)).one_or_none()
    if found is None:
        raise NotFound(SETTLED)
    return found


def _is_still_open(session: Session, booking: Booking) -> bool:
    """Asked under the lock of the record: it may have been moved to another hour since."""
    found = booking_of(session, booking.record_id)
    return found is not None and found.id == booking.id and found.is_open


def _note(
    session: Session,
    record: LockedRecord,
    kind: str,
    actor: Actor,
    *,
    now: datetime,
    details: Mapping[str, Any],
    reason: str = "",
) -> None:
    is_counters = record.received_unit_id in actor.unit_ids and record.owner_id != actor.person_id
    unit = units.directory(session).unit(record.received_unit_id) if is_counters else None
    event_id = append_note(
        session, record, kind=kind, actor=actor, now=now, details=details, for_applicant=True, reason=reason, unit=unit
    )
    tell_applicant(session, record.id, event_id, now=now)
