"""Moving records in flight to another version of their procedure, in bulk: in the background, stopped, and back.

What is asked for here is one row; the jobs of `moving_jobs` look for the records and do the work. One move of a
procedure runs at a time, there or back: the table itself refuses a second. Rehearsals, and who may start what was
rehearsed, are in `moving_approval`.
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
from portal.catalogue import mapping as mappings
from portal.catalogue.mapping import MappingError
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import Conflict, NotAllowed
from portal.core.references import new_id
from portal.jobs import service as jobs
from portal.records.moving_plan import Refused, Versions, plan
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
    "requested_by_name, requested_at, approved_by_name) "
    "VALUES (:id, :purpose, :code, :old, :new, :mapping, :person, :person_name, :now, :approved) "
    "ON CONFLICT (procedure_code) WHERE purpose = 'move' AND finished_at IS NULL DO NOTHING RETURNING id"
).bindparams(bindparam("mapping", type_=JSONB()))
_RUNNING = text(
    "SELECT coalesce(nullif(approved_by_name, ''), requested_by_name) AS started_by_name, requested_at, "
    "reverted_by_name, reverted_at FROM record_moving "
    "WHERE procedure_code = :code AND purpose = 'move' AND finished_at IS NULL"
)
_REVERTING = text(
    "UPDATE record_moving SET reverted_at = :now, reverted_by_name = :person_name, "
    "finished_at = CASE WHEN batches = 0 THEN finished_at END WHERE id = :moving AND purpose = 'move' "
    "AND (reverted_at IS NULL OR stopped_at > reverted_at) AND finished_at IS NOT NULL RETURNING id"
)
_STOPPING = text(
    "UPDATE record_moving SET stopped_at = :now, stopped_by_name = :person_name, finished_at = :now, "
    "batches = coalesce(batches, 0) WHERE id = :moving AND finished_at IS NULL RETURNING id"
)
ALONE_WITH_IT = text("SELECT pg_advisory_xact_lock(hashtextextended(:moving, 0))")
BESIDE_OTHERS = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:moving, 0))")
"""Who moves records of a move holds it with others; who stops it waits for them, and nobody begins meanwhile."""
_LOADS = text("SELECT records FROM app.version_loads() WHERE version_id = :version")


def check(versions: Versions) -> None:
    """Raises MappingError when the mapping does not fit both versions."""
    old, new = versions.old, versions.new
    if old.version_id == new.version_id or old.procedure_id != new.procedure_id:
        raise MappingError(["Records move between two versions of one procedure."])
    found = mappings.faults(old.procedure, new.procedure, versions.mapping)
    if found:
        raise MappingError([], faults=found)


def rehearse(session: Session, versions: Versions, *, now: datetime) -> tuple[int, tuple[Refusal, ...]]:
    """How many records would be moved, and each that would not be, with why. Changes nothing. Raises MappingError."""
    check(versions)
    possible = situations_of(versions.new.version_id, versions.new.procedure.process)
    today = clock.local_day(now)
    count, refusals = 0, []
    for record_ids in in_parts(find_open_records(session, versions.old.version_id), REHEARSED):
        for standing in standings(session, record_ids):
            found = plan(standing, versions, situations=possible, today=today)
            if isinstance(found, Refused):
                refusals.append(Refusal(standing.record.code, found.reasons))
            else:
                count += 1
    return count, tuple(refusals)


def start_moving(
    session: Session, versions: Versions, *, actor: Actor, now: datetime, approved_by: Actor | None = None
) -> UUID:
    """Owe the move of every open record of the old version; gives its key. Raises MappingError and Conflict.

    `actor` asks for it, and `approved_by` was the second person where one was needed (see `moving_approval`).
    """
    require_administrator(approved_by or actor)
    check(versions)
    old = versions.old
    count = count_open(session, versions)
    if not count:
        raise Conflict("Không còn hồ sơ nào đang giải quyết theo bản %(number)s.", number=old.number)
    moving_id = ask(session, "move", versions, actor=actor, now=now, approved_by=approved_by)
    audit.note(
        session,
        "records_moving",
        actor=approved_by or actor,
        now=now,
        code=old.procedure.code,
        old=old.number,
        new=versions.new.number,
        count=count,
    )
    return moving_id


def count_open(session: Session, versions: Versions) -> int:
    """How many open records the older version has now."""
    return session.execute(_LOADS, {"version": versions.old.version_id}).scalar() or 0


def stop_moving(session: Session, moving_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Move nothing more, there or back: what was moved stays so, and may be led back or moved on afterwards.

    Waits for the records that are being written at this moment. Raises NotFound, NotAllowed, and Conflict when there is
    nothing left to stop.
    """
    require_administrator(actor)
    moving = get_moving(session, moving_id)
    session.execute(ALONE_WITH_IT, {"moving": str(moving_id)})
    asked = {"moving": moving_id, "person_name": actor.name, "now": now}
    if session.execute(_STOPPING, asked).first() is None:
        raise Conflict("Việc này đã xong trước khi dừng. Xem kết quả dưới đây.")
    code = moving.old.procedure.code
    audit.note(
        session, "records_stopped", actor=actor, now=now, code=code, old=moving.old.number, new=moving.new.number
    )


def revert_moving(session: Session, moving_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Owe the way back of every record that has not gone on since. Raises NotFound, NotAllowed and Conflict."""
    require_administrator(actor)
    moving = get_moving(session, moving_id)
    code = moving.old.procedure.code
    if moving.finished_at is not None and session.execute(_RUNNING, {"code": code}).first() is not None:
        _refuse_second(session, code)
    asked = {"moving": moving_id, "person_name": actor.name, "now": now}
    if session.execute(_REVERTING, asked).first() is None:
        _refuse_way_back(get_moving(session, moving_id))
    for batch in range(moving.batches or 0):
        owe_batch(session, "restore_records", moving_id, batch, since=now, now=now)
    audit.note(
        session, "records_restoring", actor=actor, now=now, code=code, old=moving.old.number, new=moving.new.number
    )


def in_parts(record_ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    return (record_ids[start : start + size] for start in range(0, len(record_ids), size))


def owe_batch(
    session: Session, kind: str, moving_id: UUID, batch: int, *, since: datetime | None = None, now: datetime
) -> None:
    """Owe one batch of a move to the workers; of a way back `since` is when it began."""
    arguments = {"moving_id": str(moving_id), "batch": str(batch)}
    jobs.owe(session, kind, arguments=arguments, now=now, natural_key=batch_key(moving_id, batch, since=since))


def batch_key(moving_id: UUID, batch: int, *, since: datetime | None) -> str:
    """The natural key of a batch: the way back may begin again after it was stopped."""
    return f"{moving_id}:{batch}" + (f":{since.timestamp():.6f}" if since else "")


def ask(
    session: Session,
    purpose: str,
    versions: Versions,
    *,
    actor: Actor,
    now: datetime,
    approved_by: Actor | None = None,
) -> UUID:
    """The row of a move or rehearsal, and the job that looks for its records. Raises Conflict beside another move."""
    moving_id, code = new_id(), versions.old.procedure.code
    row = {
        "id": moving_id,
        "purpose": purpose,
        "code": code,
        "old": versions.old.version_id,
        "new": versions.new.version_id,
        "mapping": versions.mapping.stored(),
        "person": actor.person_id,
        "person_name": actor.name,
        "approved": approved_by.name if approved_by else "",
        "now": now,
    }
    if session.execute(_ADD_MOVING, row).first() is None:
        _refuse_second(session, code)
    arguments = {"moving_id": str(moving_id)}
    jobs.owe(session, "collect_records", arguments=arguments, now=now, natural_key=str(moving_id))
    return moving_id


def require_administrator(actor: Actor) -> None:
    """Raises NotAllowed."""
    if actor.kind is not ActorKind.SYSTEM and not actor.has_role("administrator"):
        raise NotAllowed("Chỉ người quản trị chuyển hồ sơ sang bản khác.")


def _refuse_second(session: Session, code: str) -> NoReturn:
    running = session.execute(_RUNNING, {"code": code}).first()
    if running is None:  # it has come to its end in this very moment
        raise Conflict("Lần chuyển trước vừa xong. Mở lại trang rồi làm tiếp.")
    name = running.reverted_by_name or running.started_by_name or SYSTEM.name
    time = f"{clock.local(running.reverted_at or running.requested_at):%H:%M}"
    raise Conflict(
        "%(name)s đang chuyển hồ sơ của thủ tục này từ %(time)s. Đợi xong rồi làm tiếp.", name=name, time=time
    )


def _refuse_way_back(moving: Moving) -> NoReturn:
    if moving.reverted_at is not None and moving.finished_at is not None:
        time = f"{clock.local(moving.reverted_at):%H:%M}"
        name = moving.reverted_by_name or SYSTEM.name
        raise Conflict("%(name)s đã chuyển lại lần chuyển này lúc %(time)s.", name=name, time=time)
    raise Conflict("Lần chuyển này chưa xong. Đợi xong rồi chuyển lại.")
