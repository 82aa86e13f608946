"""Moving records in flight to another version of their procedure, in bulk: rehearsed, in the background, and back.

What is asked for here is one row; the jobs of `moving_jobs` look for the records and do the work. One move of a
procedure runs at a time, there or back: the table itself refuses a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.catalogue import administration
from portal.catalogue import mapping as mappings
from portal.catalogue.mapping import MappingError, VersionMapping
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import Conflict, NotAllowed
from portal.core.references import new_id
from portal.jobs import service as jobs
from portal.records.moving_plan import Refused, plan
from portal.records.moving_queries import (
    Moving,
    Refusal,
    find_open_records,
    get_moving,
    situations_of,
    standings,
)

REHEARSED = 500
"""Records that are looked at together without being held."""

_ADD_MOVING = text(
    "INSERT INTO record_moving (id, purpose, procedure_code, from_version_id, to_version_id, mapping, requested_by, "
    "requested_by_name, requested_at) "
    "VALUES (:id, :purpose, :code, :old, :new, :mapping, :person, :person_name, :now) "
    "ON CONFLICT (procedure_code) WHERE purpose = 'move' AND finished_at IS NULL DO NOTHING RETURNING id"
).bindparams(bindparam("mapping", type_=JSONB()))
_RUNNING = text(
    "SELECT requested_by_name, requested_at, reverted_by_name, reverted_at FROM record_moving "
    "WHERE procedure_code = :code AND purpose = 'move' AND finished_at IS NULL"
)
_REVERTING = text(
    "UPDATE record_moving SET reverted_at = :now, reverted_by_name = :person_name, "
    "finished_at = CASE WHEN batches = 0 THEN finished_at END "
    "WHERE id = :moving AND purpose = 'move' AND reverted_at IS NULL AND finished_at IS NOT NULL RETURNING id"
)
_LOADS = text("SELECT records FROM app.version_loads() WHERE version_id = :version")


def checked(old: PublishedProcedure, new: PublishedProcedure, mapping: VersionMapping) -> VersionMapping:
    """The mapping, when it fits both versions. Raises MappingError."""
    if (old.procedure_id, old.version_id) == (new.procedure_id, new.version_id) or old.procedure_id != new.procedure_id:
        raise MappingError(["Records move between two versions of one procedure."])
    found = mappings.faults(old.procedure, new.procedure, mapping)
    if found:
        raise MappingError([], faults=found)
    return mapping


def rehearse(
    session: Session, old: PublishedProcedure, new: PublishedProcedure, mapping: VersionMapping, *, now: datetime
) -> tuple[int, tuple[Refusal, ...]]:
    """How many records would be moved, and each that would not be, with why. Changes nothing. Raises MappingError."""
    checked(old, new, mapping)
    possible = situations_of(new.version_id, new.procedure.process)
    today = clock.local_day(now)
    count, refusals = 0, []
    for record_ids in in_parts(find_open_records(session, old.version_id), REHEARSED):
        for standing in standings(session, record_ids):
            found = plan(standing, old.procedure, new.procedure, mapping, situations=possible, today=today)
            if isinstance(found, Refused):
                refusals.append(Refusal(standing.record.code, found.reasons))
            else:
                count += 1
    return count, tuple(refusals)


def ask_rehearsal(
    session: Session,
    old: PublishedProcedure,
    new: PublishedProcedure,
    mapping: VersionMapping,
    *,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Owe a rehearsal in the background; gives its key. Raises MappingError, Conflict and NotAllowed."""
    _require_administrator(actor)
    checked(old, new, mapping)
    _require_newest(session, new.procedure.code, new.version_id)
    return _ask(session, "rehearsal", old, new, mapping, actor=actor, now=now)


def start_rehearsed(session: Session, rehearsal_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Owe the move that was rehearsed; gives its key. Raises NotFound, NotAllowed, and Conflict when the rehearsal is
    not done, a newer version is in force by now, no record is left, or a move of this procedure runs."""
    _require_administrator(actor)
    rehearsal = get_moving(session, rehearsal_id)
    if not rehearsal.is_rehearsal or rehearsal.finished_at is None:
        raise Conflict("Lần thử này chưa xong. Đợi xong rồi chuyển.")
    _require_newest(session, rehearsal.new.code, rehearsal.to_version_id)
    old, new = (
        administration.get_version(session, rehearsal.new.code, number)[0]
        for number in (rehearsal.from_number, rehearsal.to_number)
    )
    return start_moving(session, old, new, rehearsal.mapping, actor=actor, now=now)


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
    _require_administrator(actor)
    checked(old, new, mapping)
    count = session.execute(_LOADS, {"version": old.version_id}).scalar() or 0
    if not count:
        raise Conflict("Không còn hồ sơ nào đang giải quyết theo bản %(number)s.", number=old.number)
    moving_id = _ask(session, "move", old, new, mapping, actor=actor, now=now)
    audit.note(
        session,
        "records_moving",
        actor=actor,
        now=now,
        code=old.procedure.code,
        old=old.number,
        new=new.number,
        count=count,
    )
    return moving_id


def revert_moving(session: Session, moving_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Owe the way back of every record that has not gone on since. Raises NotFound, NotAllowed and Conflict."""
    _require_administrator(actor)
    moving = get_moving(session, moving_id)
    if moving.finished_at is not None and session.execute(_RUNNING, {"code": moving.old.code}).first() is not None:
        _refuse_second(session, moving.old.code)
    asked = {"moving": moving_id, "person_name": actor.name, "now": now}
    if session.execute(_REVERTING, asked).first() is None:
        _refuse_way_back(get_moving(session, moving_id))
    for batch in range(moving.batches or 0):
        owe_batch(session, "restore_records", moving_id, batch, now=now)
    code = moving.old.code
    audit.note(
        session, "records_restoring", actor=actor, now=now, code=code, old=moving.from_number, new=moving.to_number
    )


def in_parts(record_ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    return (record_ids[start : start + size] for start in range(0, len(record_ids), size))


def owe_batch(session: Session, kind: str, moving_id: UUID, batch: int, *, now: datetime) -> None:
    """Owe one batch of a move to the workers."""
    arguments = {"moving_id": str(moving_id), "batch": str(batch)}
    jobs.owe(session, kind, arguments=arguments, now=now, natural_key=f"{moving_id}:{batch}")


def _ask(
    session: Session,
    purpose: str,
    old: PublishedProcedure,
    new: PublishedProcedure,
    mapping: VersionMapping,
    *,
    actor: Actor,
    now: datetime,
) -> UUID:
    moving_id, code = new_id(), old.procedure.code
    row = {
        "id": moving_id,
        "purpose": purpose,
        "code": code,
        "old": old.version_id,
        "new": new.version_id,
        "mapping": mapping.stored(),
        "person": actor.person_id,
        "person_name": actor.name,
        "now": now,
    }
    if session.execute(_ADD_MOVING, row).first() is None:
        _refuse_second(session, code)
    arguments = {"moving_id": str(moving_id)}
    jobs.owe(session, "collect_records", arguments=arguments, now=now, natural_key=str(moving_id))
    return moving_id


def _refuse_second(session: Session, code: str) -> NoReturn:
    running = session.execute(_RUNNING, {"code": code}).first()
    if running is None:  # it has come to its end in this very moment
        raise Conflict("Lần chuyển trước vừa xong. Mở lại trang rồi làm tiếp.")
    name = running.reverted_by_name or running.requested_by_name or SYSTEM.name
    time = f"{clock.local(running.reverted_at or running.requested_at):%H:%M}"
    raise Conflict(
        "%(name)s đang chuyển hồ sơ của thủ tục này từ %(time)s. Đợi xong rồi làm tiếp.", name=name, time=time
    )


def _refuse_way_back(moving: Moving) -> NoReturn:
    if moving.reverted_at is not None:
        time = f"{clock.local(moving.reverted_at):%H:%M}"
        name = moving.reverted_by_name or SYSTEM.name
        raise Conflict("%(name)s đã chuyển lại lần chuyển này lúc %(time)s.", name=name, time=time)
    raise Conflict("Lần chuyển này chưa xong. Đợi xong rồi chuyển lại.")


def _require_administrator(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM and not actor.has_role("administrator"):
        raise NotAllowed("Chỉ người quản trị chuyển hồ sơ sang bản khác.")


def _require_newest(session: Session, code: str, version_id: UUID) -> None:
    newest = administration.newest_version(session, code)
    if newest is not None and newest.version_id != version_id:
        raise Conflict("Bản %(number)s vừa được công bố. Nối lại với bản đó rồi thử lại.", number=newest.number)
