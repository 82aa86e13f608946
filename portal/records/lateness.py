"""Late is never silent: who answers for a record is told a working day before a date that will be missed, and the
apology with the one new date lies ready for signature.

Decree 118/2025/NĐ-CP: the apology goes out before the term ends, names the reason and the new date, and a result is
promised anew only once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Table, bindparam, exists, insert, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from portal.accounts import queries as accounts
from portal.calendars.queries import working_calendar
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.documents import symbols
from portal.documents.form_names import apology_title
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS
from portal.records import positions
from portal.records.events import append_note
from portal.records.grounds import Grounds, grounds_of
from portal.records.models import Apology, Record, RecordEvent
from portal.records.types import LockedRecord, Position
from portal.records.whereabouts import Whereabouts
from portal.units.types import UnresolvedFunction
from portal.workflow.deciding import signing_steps
from portal.workflow.forecast import expected_end
from portal.workflow.working_time import WorkingCalendar

FORESEEN = "lateness_foreseen"
"""Kind of the event: head and leader have been told that a date will be missed."""

TOLD_BEFORE = Decimal(8)
"""Working hours before the due date."""

LEADING = ("head", "counter_leader", "leader")

_ADD_APOLOGY = insert(cast(Table, Apology.__table__))
_TAKE_PART = text("UPDATE record SET unit_ids = :units WHERE id = :wanted").bindparams(
    bindparam("units", type_=ARRAY(Uuid()))
)
_TOLD = text("""
SELECT 1 FROM record_event
WHERE record_id = :wanted AND kind = :kind AND CAST(details ->> 'missed_due_at' AS timestamptz) = :due
""")
_PREPARED = text("SELECT document_id, signed_at FROM apology WHERE record_id = :wanted")
_PREPARE_AGAIN = text("""
UPDATE apology SET was_due_at = :due, proposed_day = :day, prepared_at = :moment, dropped_at = NULL
WHERE record_id = :wanted AND signed_at IS NULL
""")
_DROP = text("""
UPDATE apology SET dropped_at = :moment FROM record
WHERE record.id = apology.record_id AND apology.signed_at IS NULL AND apology.dropped_at IS NULL
  AND (record.finished_at IS NOT NULL OR record.closed_at IS NOT NULL OR record.due_at <> apology.was_due_at)
""")


def near_due(session: Session, *, now: datetime) -> list[UUID]:
    """Open records whose date is a working day away or past and nobody was told, the soonest first. Run as SYSTEM."""
    horizon = working_calendar(session, now=now).add_working_hours(now, TOLD_BEFORE)
    return list(
        session.scalars(
            select(Record.id)
            .where(
                Record.due_at <= horizon,
                Record.finished_at.is_(None),
                Record.closed_at.is_(None),
                Record.paused_at.is_(None),
                ~_told_of_this_date(),
            )
            .order_by(Record.due_at, Record.id)
        )
    )


def _told_of_this_date() -> ColumnElement[bool]:
    missed = RecordEvent.details["missed_due_at"].astext.cast(DateTime(timezone=True))
    return exists().where(RecordEvent.record_id == Record.id, RecordEvent.kind == FORESEEN, missed == Record.due_at)


def drop_apologies(session: Session, *, now: datetime) -> None:
    """Apologies that nobody needs any more: the result came, the record ended, or its date is another by now."""
    session.execute(_DROP, {"moment": now})


def foresee(session: Session, record_id: UUID, *, now: datetime) -> bool:
    """Tell head and leader, once for each promised date, that it will be missed; prepare the apology, once a record.

    False when the date can still be kept, or when they know already. Run as SYSTEM.
    """
    record, position = positions.lock_record(session, record_id, now=now)
    due = record.due_at
    if due is None or _is_told(session, record_id, due):
        return False
    grounds = grounds_of(session, record, now=now)
    day = day_instead(record, position, grounds, now=now)
    if day is None:
        return False
    missed = _Missed(record, due, day)
    details: dict[str, Any] = {
        "missed_due_at": due.isoformat(),
        "new_day": missed.day.isoformat(),
        "steps": [task.step for task in position.open_tasks],
        "told": [str(person) for person in _who_answers(session, record, position, grounds, now=now)],
    }
    prepared = session.execute(_PREPARED, {"wanted": record_id}).one_or_none()
    if prepared is None:
        details["documents"] = [_prepare(session, missed, grounds, now=now)]
    elif prepared.signed_at is None:
        again = {"due": due, "day": missed.day, "moment": now, "wanted": record_id}
        session.execute(_PREPARE_AGAIN, again)
        details["documents"] = [{"id": str(prepared.document_id), "kind": "apology"}]
    event_id = append_note(session, record, kind=FORESEEN, actor=SYSTEM, now=now, details=details)
    told = {"record_id": str(record_id), "event_id": str(event_id)}
    jobs.owe(session, "tell_officials", arguments=told, natural_key=str(event_id), now=now)
    for document in details.get("documents", ()):
        key = f"{document['id']}:{event_id}"
        arguments = {"document_id": document["id"]}
        jobs.owe(session, "make_document", arguments=arguments, queue=DOCUMENTS, natural_key=key, now=now)
    return True


def day_instead(record: LockedRecord, position: Position, grounds: Grounds, *, now: datetime) -> date | None:
    """The new day to offer when the promised date can no longer be kept; None when it can, or nothing is promised.

    Asks no database, so that a trial asks the same.
    """
    due = record.due_at
    if due is None or record.finished_at or record.closed_at:
        return None
    end = _expected(position, grounds, now=now)
    return proposed_day(end, due, now=now, calendar=grounds.calendar) if end > due else None


def proposed_day(end: datetime, due: datetime, *, now: datetime, calendar: WorkingCalendar) -> date:
    """The new day to offer: the working day after the steps that are left can be done, and after the one missed."""
    latest = max(clock.local_day(end), clock.local_day(due), clock.local_day(now))
    return calendar.roll_forward(latest + timedelta(days=1))


@dataclass(frozen=True)
class _Missed:
    record: LockedRecord
    due_at: datetime
    day: date


def _is_told(session: Session, record_id: UUID, due: datetime) -> bool:
    asked = {"wanted": record_id, "kind": FORESEEN, "due": due}
    return session.execute(_TOLD, asked).first() is not None


def _expected(position: Position, grounds: Grounds, *, now: datetime) -> datetime:
    tasks = [(task.step, task.due_at, task.origin) for task in position.open_tasks]
    return expected_end(grounds.procedure.process, tasks, now=now, calendar=grounds.calendar)


def _who_answers(
    session: Session, record: LockedRecord, position: Position, grounds: Grounds, *, now: datetime
) -> Iterable[UUID]:
    """Heads of the units that have the record now, and the leader who decides; of an office alone its body's leader."""
    day = clock.local_day(now)
    units = [task.unit_id for task in position.open_tasks if task.unit_id]
    units += [unit_id for unit_id, _ in [signing_desk(record, grounds, day=day)]]
    found = [
        official.person_id
        for unit_id in dict.fromkeys(units)
        for official in accounts.list_officials(session, unit_id, day=day)
        if official.role in LEADING
    ]
    return dict.fromkeys(found)


def signing_desk(record: LockedRecord, grounds: Grounds, *, day: date) -> tuple[UUID, str]:
    """The unit that decides, and the role that signs there; without a signing step the counter's leader."""
    where = Whereabouts(
        directory=grounds.directory,
        place=record.place,
        received_unit_id=record.received_unit_id,
        return_unit_id=record.return_unit_id,
        facts={"form": record.answers},
        day=day,
    )
    for step in signing_steps(grounds.procedure.process):
        try:
            desk = where.desk_of(step)
        except (UnresolvedFunction, InvalidInput):
            continue
        if desk.unit is not None:
            return desk.unit.id, desk.role or "leader"
    return record.received_unit_id, "counter_leader"


def _prepare(session: Session, missed: _Missed, grounds: Grounds, *, now: datetime) -> dict[str, str]:
    """The letter as a draft, for the leader of the deciding agency: he sees the record from now on."""
    record, document_id = missed.record, new_id()
    title, title_en = apology_title(clock.local_day(now))
    unit_id, role = signing_desk(record, grounds, day=clock.local_day(now))
    execute = session.connection().execute
    execute(
        documents.ADD_DOCUMENT,
        {
            "id": document_id,
            "record_id": record.id,
            "owner_id": record.owner_id,
            "unit_id": unit_id,
            "kind": "apology",
            "template": "apology",
            "title": title,
            "title_en": title_en,
            "series": symbols.APOLOGY,
            "content": {},
            "for_applicant": False,
            "drafted_by": None,
            "drafted_at": now,
            "created_at": now,
        },
    )
    execute(
        _ADD_APOLOGY,
        {
            "id": new_id(),
            "record_id": record.id,
            "owner_id": record.owner_id,
            "unit_id": unit_id,
            "role": role,
            "document_id": document_id,
            "was_due_at": missed.due_at,
            "proposed_day": missed.day,
            "prepared_at": now,
            "reason": "",
        },
    )
    if unit_id not in record.unit_ids:
        execute(_TAKE_PART, {"units": [*record.unit_ids, unit_id], "wanted": record.id})
    return {"id": str(document_id), "kind": "apology"}
