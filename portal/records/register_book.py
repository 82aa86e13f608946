"""The register of records (sổ theo dõi hồ sơ) of a unit and a stretch of days: read from records and events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.records.books import NOT_YOURS, bounds
from portal.records.entries import book_of, entry_of
from portal.records.grounds import deciding_unit
from portal.records.types import RecordState
from portal.units.queries import directory as read_directory
from portal.units.resolution import Directory


class Share(StrEnum):
    """What a unit has to do with the records of its register."""

    RECEIVED = "nhan"
    HANDLED = "giai-quyet"


@dataclass(frozen=True)
class Register:
    """Whose register, and from when to when: by the day on which the record was handed in, both included."""

    unit_id: UUID
    first_day: date
    last_day: date
    share: Share = Share.RECEIVED


@dataclass(frozen=True)
class Entry:
    """A line of the register."""

    record_id: UUID
    code: str
    book: str
    number: str
    procedure: Procedure
    sets: int
    applicant_name: str
    address: str
    phone: str
    decided_by: str
    decided_by_en: str
    received_at: datetime
    due_at: datetime | None
    given_at: datetime | None
    given_to: str  # who came for the result; empty while nobody has
    return_by: str
    state: RecordState
    is_late: bool


_LINES = """
SELECT record.id, record.version_id, record.code, record.applicant_name, record.place, record.state, record.return_by,
  record.answers ->> 'address' AS address, record.answers ->> 'commune' AS commune, record.answers ->> 'phone' AS phone,
  record.submitted_at, record.due_at, record.paused_at, record.finished_at,
  given.at AS given_at, given.came
FROM record LEFT JOIN LATERAL (
  SELECT event.at, event.details -> 'form' ->> 'came_name' AS came FROM record_event AS event
  WHERE event.record_id = record.id AND (event.kind = 'archived_result_given'
    OR event.state_after = 'returned' AND event.state_before IS DISTINCT FROM 'returned')
  ORDER BY event.number DESC LIMIT 1
) AS given ON true
WHERE {share} AND record.submitted_at >= :since AND record.submitted_at < :until
ORDER BY record.submitted_at, record.code LIMIT :most
"""
_OF_SHARE: Mapping[Share, TextClause] = {
    Share.RECEIVED: text(_LINES.format(share="record.received_unit_id = :unit")),
    Share.HANDLED: text(_LINES.format(share="record.unit_ids @> ARRAY[CAST(:unit AS uuid)]")),
}


def list_entries(
    session: Session, register: Register, *, actor: Actor, now: datetime, most: int
) -> tuple[list[Entry], bool]:
    """The first lines, in the order of their numbers, and whether there are more.

    Row-level security shows only records in which a unit of the actor has a part; the register of another unit would
    be one with gaps, and is refused. Raises NotFound, and InvalidInput for days that make no stretch.
    """
    if register.unit_id not in actor.unit_ids:
        raise NotFound(NOT_YOURS)
    days = bounds(register.first_day, register.last_day)
    asked = {"unit": register.unit_id, "most": most + 1, **days}
    rows = session.execute(_OF_SHARE[register.share], asked).all()
    directory = read_directory(session)
    entries = []
    for row in rows[:most]:
        procedure = catalogue.version(session, row.version_id).procedure
        entries.append(_written(row._asdict(), procedure, directory, now))
    return entries, len(rows) > most


def _written(known: dict[str, Any], procedure: Procedure, directory: Directory, now: datetime) -> Entry:
    commune = directory.place_or_none(known["commune"] or "")
    deciding = deciding_unit(procedure, directory, place=known["place"], day=clock.local_day(known["submitted_at"]))
    body = directory.unit(deciding) if deciding else procedure.decided_by
    state = RecordState(known["state"])
    return Entry(
        record_id=known["id"],
        code=known["code"],
        book=book_of(known["submitted_at"]),
        number=entry_of(known["code"], known["submitted_at"]),
        procedure=procedure,
        sets=1,
        applicant_name=known["applicant_name"],
        address=", ".join(part for part in (known["address"], commune.name if commune else "") if part),
        phone=known["phone"] or "",
        decided_by=body.in_language("vi"),
        decided_by_en=body.in_language("en"),
        received_at=known["submitted_at"],
        due_at=known["due_at"],
        given_at=known["given_at"],
        given_to=(known["came"] or known["applicant_name"]) if known["given_at"] else "",
        return_by=known["return_by"],
        state=state,
        is_late=_is_late(known, now),
    )


def _is_late(known: Mapping[str, Any], now: datetime) -> bool:
    """A clock that stands still runs past no date."""
    until: datetime = known["finished_at"] or known["paused_at"] or now
    return known["due_at"] is not None and until > known["due_at"]
