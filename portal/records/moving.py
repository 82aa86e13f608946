"""Moving records in flight to another version of their procedure, in bulk: rehearsed, in the background, and back.

Each record is one transaction with its own event. What an action, a supplement or a payment does meanwhile waits for
the record's lock or is seen after it. The promised due date never moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.calendars import queries as calendars
from portal.catalogue import mapping as mappings
from portal.catalogue.mapping import MappingError, VersionMapping
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.core.unit_of_work import in_one_trip, reading, unit_of_work
from portal.jobs import service as jobs
from portal.records import moving_writes as writes
from portal.records.moving_plan import Refused, Standing, plan
from portal.records.moving_queries import (
    Moving,
    Refusal,
    find_open_records,
    get_moving,
    situations_of,
    standings,
)

BATCH = 100
"""Records of one job: well under the two minutes for which a worker holds it."""

_REHEARSED = 500
_ADD_MOVING = text(
    "INSERT INTO record_moving (id, procedure_code, from_version_id, to_version_id, mapping, requested_by, "
    "requested_at) VALUES (:id, :code, :old, :new, :mapping, :person, :now)"
).bindparams(bindparam("mapping", type_=JSONB()))
_ADD_RECORDS = text(
    "INSERT INTO moved_record (id, moving_id, record_id, batch, reasons) "
    "SELECT unnest(CAST(:keys AS uuid[])), :moving, unnest(CAST(:records AS uuid[])), :batch, '[]'"
)
_WAITING = text(
    "SELECT record_id FROM moved_record WHERE moving_id = :moving AND batch = :batch AND outcome IS NULL ORDER BY id"
)
_MOVED = text(
    "SELECT record_id, before, record_version FROM moved_record "
    "WHERE moving_id = :moving AND batch = :batch AND outcome = 'moved' ORDER BY id"
)
_BATCHES = text(
    "SELECT DISTINCT batch FROM moved_record WHERE moving_id = :moving AND outcome = 'moved' ORDER BY batch"
)
_RUNNING = text(
    "SELECT 1 FROM moved_record JOIN record_moving ON record_moving.id = moving_id "
    "WHERE procedure_code = :code AND outcome IS NULL LIMIT 1"
)
_REVERTING = text("UPDATE record_moving SET reverted_at = :now WHERE id = :moving AND reverted_at IS NULL RETURNING id")


def _in_parts(record_ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    return (record_ids[start : start + size] for start in range(0, len(record_ids), size))


def checked(old: PublishedProcedure, new: PublishedProcedure, mapping: VersionMapping) -> VersionMapping:
    """The mapping, when it fits both versions. Raises MappingError."""
    if (old.procedure_id, old.version_id) == (new.procedure_id, new.version_id) or old.procedure_id != new.procedure_id:
        raise MappingError(["Records move between two versions of one procedure."])
    found = mappings.faults(old.procedure, new.procedure, mapping)
    if found:
        raise MappingError(found)
    return mapping


def rehearse(
    session: Session, old: PublishedProcedure, new: PublishedProcedure, mapping: VersionMapping, *, now: datetime
) -> tuple[int, tuple[Refusal, ...]]:
    """How many records would be moved, and each that would not be, with why. Changes nothing. Raises MappingError."""
    checked(old, new, mapping)
    possible = situations_of(new.version_id, new.procedure.process)
    count, refusals = 0, []
    for record_ids in _in_parts(find_open_records(session, old.version_id), _REHEARSED):
        for standing in standings(session, record_ids):
            found = plan(
                standing, old.procedure, new.procedure, mapping, situations=possible, today=clock.local_day(now)
            )
            if isinstance(found, Refused):
                refusals.append(Refusal(standing.record.code, found.reasons))
            else:
                count += 1
    return count, tuple(refusals)


def start_moving(
    session: Session,
    old: PublishedProcedure,
    new: PublishedProcedure,
    mapping: VersionMapping,
    *,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Owe the move of every open record of the old version; gives its key. Raises MappingError and Conflict."""
    checked(old, new, mapping)
    code = old.procedure.code
    if session.execute(_RUNNING, {"code": code}).first() is not None:
        raise Conflict("Một lần chuyển hồ sơ của thủ tục này đang chạy. Đợi xong rồi chuyển tiếp.")
    moving_id = new_id()
    session.execute(
        _ADD_MOVING,
        {
            "id": moving_id,
            "code": code,
            "old": old.version_id,
            "new": new.version_id,
            "mapping": mapping.stored(),
            "person": actor.person_id,
            "now": now,
        },
    )
    record_ids = find_open_records(session, old.version_id)
    for batch, part in enumerate(_in_parts(record_ids, BATCH)):
        rows = {"moving": moving_id, "batch": batch, "records": list(part), "keys": [new_id() for _ in part]}
        session.execute(_ADD_RECORDS, rows)
        _owe(session, "move_records", moving_id, batch, now=now)
    audit.note(
        session,
        "records_moving",
        actor=actor,
        now=now,
        code=code,
        old=old.number,
        new=new.number,
        count=len(record_ids),
    )
    return moving_id


def revert_moving(session: Session, moving_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Owe the way back of every record that has not gone on since. Raises NotFound and Conflict."""
    moving = get_moving(session, moving_id)
    if session.execute(_REVERTING, {"moving": moving_id, "now": now}).first() is None:
        raise Conflict("Lần chuyển này đã được chuyển lại.")
    for batch in session.execute(_BATCHES, {"moving": moving_id}).scalars().all():
        _owe(session, "restore_records", moving_id, batch, now=now)
    code = moving.old.code
    audit.note(
        session, "records_restoring", actor=actor, now=now, code=code, old=moving.from_number, new=moving.to_number
    )


def move_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The job: move what waits in one batch. Running it again goes on where it stopped."""
    moving, record_ids = _batch(arguments, _WAITING)
    for (record_id,) in record_ids:
        with unit_of_work(SYSTEM) as session:
            _move(session, moving, record_id, now=now)


def restore_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The job: lead back what was moved in one batch."""
    moving, rows = _batch(arguments, _MOVED)
    for record_id, before, record_version in rows:
        with unit_of_work(SYSTEM) as session:
            _restore(session, moving, record_id, before, record_version, now=now)


def _batch(arguments: Mapping[str, str], question: Any) -> tuple[Moving, list[Any]]:
    moving_id, batch = UUID(arguments["moving_id"]), int(arguments["batch"])
    with reading(SYSTEM) as session:
        moving = get_moving(session, moving_id)
        return moving, list(session.execute(question, {"moving": moving_id, "batch": batch}))


def _move(session: Session, moving: Moving, record_id: UUID, *, now: datetime) -> None:
    standing = _standing(session, record_id)
    if standing is None or standing.record.closed_at or standing.record.version_id != moving.from_version_id:
        session.execute(writes.NOTE, writes.noted(moving.id, record_id, "gone", now=now))
        return
    possible = situations_of(moving.to_version_id, moving.new.process)
    today = clock.local_day(now)
    found = plan(standing, moving.old, moving.new, moving.mapping, situations=possible, today=today)
    if isinstance(found, Refused):
        session.execute(writes.NOTE, writes.noted(moving.id, record_id, "refused", reasons=found.reasons, now=now))
        return
    calendar = calendars.working_calendar(session, now=now)
    with in_one_trip(session) as send:
        for statement, values in writes.moved(moving, standing, found, calendar=calendar, now=now):
            send(statement, values)


def _restore(
    session: Session, moving: Moving, record_id: UUID, before: Mapping[str, Any], record_version: int, *, now: datetime
) -> None:
    standing = _standing(session, record_id)
    if standing is None or (standing.record.version, standing.record.version_id) != (
        record_version,
        moving.to_version_id,
    ):
        session.execute(writes.NOTE, writes.noted(moving.id, record_id, "kept", reasons=(writes.WENT_ON,), now=now))
        return
    calendar = calendars.working_calendar(session, now=now)
    with in_one_trip(session) as send:
        for statement, values in writes.restored(moving, standing, before, calendar=calendar, now=now):
            send(statement, values)


def _standing(session: Session, record_id: UUID) -> Standing | None:
    return next(iter(standings(session, [record_id], locked=True)), None)


def _owe(session: Session, kind: str, moving_id: UUID, batch: int, *, now: datetime) -> None:
    arguments = {"moving_id": str(moving_id), "batch": str(batch)}
    jobs.owe(session, kind, arguments=arguments, now=now, natural_key=f"{moving_id}:{batch}")


KINDS = {"move_records": move_records, "restore_records": restore_records}
