"""Apologies that wait for a signature, and signing one: the promised date becomes the new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.text import composed, marked
from portal.core.unit_of_work import one_message
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS
from portal.records import positions, statements
from portal.records.due_changes import promised_due, stored_changes
from portal.records.events import event_row
from portal.records.grounds import Grounds, grounds_of
from portal.records.models import Apology, Record
from portal.records.telling import tell_applicant
from portal.records.types import LockedRecord
from portal.workflow.deadlines import Appointment
from portal.workflow.working_time import WorkingCalendar

SIGNED = "apology_signed"
"""Kind of the event that moves the promised date."""

GONE = marked("Không thấy thư xin lỗi này. Có thể hồ sơ đã xong.")
NOT_YOURS = marked("Thư này do lãnh đạo cơ quan giải quyết ký. Chuyển cho người có thẩm quyền.")
ALREADY = marked("Thư xin lỗi của hồ sơ này đã ký. Ngày trả chỉ hẹn lại một lần.")
DONE = marked("Hồ sơ đã có kết quả nên không cần thư xin lỗi.")
STANDS = marked("Thời hạn của hồ sơ đang tạm dừng nên chưa hẹn lại được.")
NO_REASON = marked("Ghi lý do trễ hẹn.")
NO_DAY = marked("Ghi ngày hẹn trả mới.")
NOT_WORKED = marked("Ngày %(day)s không làm việc. Chọn một ngày làm việc.")
TOO_EARLY = marked("Ngày hẹn mới phải sau ngày đã hẹn (%(day)s) và sau hôm nay.")
TOO_LONG = marked("Lý do dài quá. Viết trong %(most)s chữ cái.")

LONGEST_REASON = 1000

_MOVE = text("""
UPDATE record SET due_at = :due, due_changes = :changes, version = version + 1 WHERE id = :wanted
""").bindparams(bindparam("changes", type_=JSONB()))
_SIGN = text("""
UPDATE apology SET reason = :reason, new_day = :day, signed_by = :person, signed_at = :moment
WHERE id = :wanted AND signed_at IS NULL AND dropped_at IS NULL
""")


@dataclass(frozen=True)
class WaitingApology:
    """A prepared apology with what its page shows of the record."""

    id: UUID
    record_id: UUID
    record_code: str
    applicant_name: str
    subject: str
    subject_en: str
    procedure_name: str
    due_at: datetime
    proposed_day: date
    document_id: UUID
    prepared_at: datetime


@dataclass(frozen=True)
class ApologyState:
    """The apology of one record, as far as it has come: prepared, or signed with the new day."""

    id: UUID
    unit_id: UUID
    role: str
    proposed_day: date
    new_day: date | None
    signed_at: datetime | None


def apology_of(session: Session, record_id: UUID) -> ApologyState | None:
    """The apology of the record; None when none was prepared, or it is not needed any more."""
    columns = (
        Apology.id, Apology.unit_id, Apology.role, Apology.proposed_day, Apology.new_day, Apology.signed_at,
    )  # fmt: skip
    found = session.execute(
        select(*columns).where(Apology.record_id == record_id, Apology.dropped_at.is_(None))
    ).one_or_none()
    return ApologyState(*found) if found else None


def list_apologies(session: Session, *, actor: Actor) -> list[WaitingApology]:
    """Apologies that the actor may sign, the date soonest missed first."""
    if not actor.posts:
        return []
    rows = session.execute(_waiting(actor).order_by(Record.due_at, Apology.id))
    return [WaitingApology(*row) for row in rows]


def get_apology(session: Session, apology_id: UUID, *, actor: Actor) -> WaitingApology:
    """One that waits for the actor; NotFound when it is signed, not needed any more, or somebody else's."""
    row = session.execute(_waiting(actor).where(Apology.id == apology_id)).one_or_none() if actor.posts else None
    if row is None:
        raise NotFound(GONE)
    return WaitingApology(*row)


def sign_apology(
    session: Session, apology_id: UUID, *, reason: str, day: date | None, actor: Actor, now: datetime
) -> datetime:
    """Sign the letter: the record is promised for `day`, with the event that says why; the applicant is told.

    Answers the new due date. Raises NotFound, NotAllowed, InvalidInput, and Conflict when it is signed already, or not
    needed any more: a result is promised anew only once.
    """
    found = session.execute(
        select(Apology.record_id, Apology.unit_id, Apology.role, Apology.document_id).where(Apology.id == apology_id)
    ).one_or_none()
    if found is None:
        raise NotFound(GONE)
    record, position = positions.lock_record(session, found.record_id, now=now)
    if not any((post.unit_id, post.role) == (found.unit_id, found.role) for post in position.posts):
        raise NotAllowed(NOT_YOURS)
    _require_unsigned(session, apology_id)
    grounds, reason = grounds_of(session, record, now=now), composed(reason).strip()
    anew, new_due = promised_anew(record, grounds, reason=reason, day=day, now=now)
    changes = (*record.due_changes, anew)
    event = event_row(
        record_id=record.id,
        owner_id=record.owner_id,
        number=record.version + 1,
        kind=SIGNED,
        actor=actor,
        now=now,
        state_before=record.state,
        state_after=record.state,
        unit_name=grounds.directory.unit(found.unit_id).name,
        reason=reason,
        details={
            "due_at": new_due.isoformat(),
            "was_due_at": anew.instead_of.isoformat() if anew.instead_of else None,
            "new_day": anew.day.isoformat(),
            "documents": [{"id": str(found.document_id), "kind": "apology"}],
        },
    ) | {"unit_id": found.unit_id}
    signed = {"wanted": found.document_id, "moment": now, "person": actor.person_id}
    with one_message(session) as send:
        send(_SIGN, {"wanted": apology_id, "reason": reason, "day": anew.day, "person": actor.person_id, "moment": now})
        send(documents.SIGN, signed)
        send(statements.TELL_TASKS, {"wanted": record.id, "promised": new_due, "stands_still": False})
        send(statements.APPEND_EVENT, event)
        send(_MOVE, {"wanted": record.id, "due": new_due, "changes": stored_changes(changes)})
        send(NUMBER_AND_SEAL, sealing(found.document_id, sealed_by=actor.person_id, now=now))
    _owe(session, record, event["id"], found.document_id, now=now)
    return new_due


def _waiting(actor: Actor) -> Any:
    mine = [and_(Apology.unit_id == post.unit_id, Apology.role == post.role) for post in actor.posts]
    return (
        select(
            Apology.id,
            Apology.record_id,
            Record.code,
            Record.applicant_name,
            Record.subject,
            Record.subject_en,
            Record.procedure_name,
            Record.due_at,
            Apology.proposed_day,
            Apology.document_id,
            Apology.prepared_at,
        )
        .join(Record, Record.id == Apology.record_id)
        .where(
            or_(*mine),
            Apology.signed_at.is_(None),
            Apology.dropped_at.is_(None),
            Record.finished_at.is_(None),
            Record.closed_at.is_(None),
        )
    )


def promised_anew(
    record: LockedRecord, grounds: Grounds, *, reason: str, day: date | None, now: datetime
) -> tuple[Appointment, datetime]:
    """The new appointment, and when the record is due then. Asks no database, so that a trial asks the same.

    Raises InvalidInput, and Conflict when the record needs no apology.
    """
    due = _missed(record)
    anew = Appointment(now, _checked(reason, day, due, calendar=grounds.calendar, now=now), due)
    changes = (*record.due_changes, anew)
    return anew, promised_due(
        grounds.procedure, grounds.book, record.accepted_at or now, pauses=record.pauses, changes=changes
    )


def _require_unsigned(session: Session, apology_id: UUID) -> None:
    """Read again under the lock of the record."""
    if session.scalars(select(Apology.signed_at).where(Apology.id == apology_id)).one() is not None:
        raise Conflict(ALREADY)


def _missed(record: LockedRecord) -> datetime:
    """The date that is missed."""
    if record.finished_at or record.closed_at or record.due_at is None:
        raise Conflict(DONE)
    if any(resumed is None for _, resumed in record.pauses):
        raise Conflict(STANDS)
    return record.due_at


def _checked(reason: str, day: date | None, due: datetime, *, calendar: WorkingCalendar, now: datetime) -> date:
    if not reason:
        raise InvalidInput(NO_REASON, field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(TOO_LONG, field="reason", most=LONGEST_REASON)
    if day is None:
        raise InvalidInput(NO_DAY, field="day")
    earliest = max(clock.local_day(due), clock.local_day(now))
    if day <= earliest:
        raise InvalidInput(TOO_EARLY, field="day", day=_shown(clock.local_day(due)))
    if day > calendar.last_day or not calendar.is_working_day(day):
        raise InvalidInput(NOT_WORKED, field="day", day=_shown(day))
    return day


def _owe(session: Session, record: LockedRecord, event_id: UUID, document_id: UUID, *, now: datetime) -> None:
    tell_applicant(session, record.id, event_id, now=now)
    jobs.owe(
        session,
        "make_document",
        arguments={"document_id": str(document_id)},
        queue=DOCUMENTS,
        natural_key=f"{document_id}:{event_id}",
        now=now,
    )


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
