"""The jobs of a bulk move: look for the records, rehearse or move them batch by batch, lead them back.

Records are moved several in one transaction, whose statements speak of all of them; each has its own event. A record
that somebody holds, or whose neighbour in the transaction fails, is moved alone afterwards. What an action, a
supplement or a payment does meanwhile waits for the record's lock or is seen after it. The promised due date never
moves. Every job may run again, and then goes on where it stopped.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.calendars import queries as calendars
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import one_message, reading, unit_of_work
from portal.records.moving import BESIDE_OTHERS, REHEARSED, in_parts, owe_batch
from portal.records.moving_approval import KEPT, forget_rehearsals
from portal.records.moving_plan import Refused, plan
from portal.records.moving_queries import Moving, find_open_records, get_moving, situations_of, standings
from portal.records.moving_writes import WENT_ON, Writes

log = logging.getLogger(__name__)

BATCH = 250
"""Records of one job: well under the two minutes for which a worker holds it."""

TOGETHER = 50
"""Records of one transaction: an official who acts on one of them waits for less than the blink of an eye."""

_LOCK = text("SELECT batches FROM record_moving WHERE id = :moving FOR UPDATE")
_ADD_RECORDS = text(
    "INSERT INTO moved_record (id, moving_id, record_id, batch, reasons) "
    "SELECT key, :moving, record, batch, '[]' "
    "FROM unnest(CAST(:keys AS uuid[]), CAST(:records AS uuid[]), CAST(:batches AS integer[])) "
    "AS found (key, record, batch)"
)
_COLLECTED = text(
    "UPDATE record_moving SET batches = CAST(:batches AS integer), "
    "finished_at = CASE WHEN CAST(:batches AS integer) = 0 THEN CAST(:now AS timestamptz) END WHERE id = :moving"
)
_WAITING = text(
    "SELECT record_id FROM moved_record WHERE moving_id = :moving AND batch = :batch AND outcome IS NULL ORDER BY id"
)
_MOVED = text(
    "SELECT record_id, before, record_version FROM moved_record "
    "WHERE moving_id = :moving AND batch = :batch AND outcome = 'moved' ORDER BY id"
)
_REHEARSED = text(
    "UPDATE moved_record SET outcome = new.outcome, reasons = new.reasons, at = :now "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (record uuid, outcome text, reasons jsonb) "
    "WHERE moving_id = :moving AND record_id = new.record AND moved_record.outcome IS NULL"
)
_RUNS = text("SELECT finished_at IS NULL AND (reverted_at IS NOT NULL) = :back FROM record_moving WHERE id = :moving")
_FINISH = text(
    "UPDATE record_moving SET finished_at = :now WHERE id = :moving AND finished_at IS NULL AND batches IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM moved_record WHERE moving_id = :moving AND "
    "CASE WHEN record_moving.reverted_at IS NULL THEN outcome IS NULL ELSE outcome = 'moved' END)"
)


class MoveSome(Protocol):
    """Moves those of the records that it gets hold of, and says which; `free`: only what nobody else holds."""

    def __call__(self, session: Session, record_ids: Sequence[UUID], *, free: bool) -> set[UUID]: ...


def collect_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Look for the open records of the older version, and owe their batches."""
    moving_id = UUID(arguments["moving_id"])
    with unit_of_work(SYSTEM) as session:
        if session.execute(_LOCK, {"moving": moving_id}).scalar_one() is not None:
            return
        moving = get_moving(session, moving_id)
        record_ids = find_open_records(session, moving.old.version_id)
        rows = {
            "moving": moving_id,
            "keys": [new_id() for _ in record_ids],
            "records": record_ids,
            "batches": [index // BATCH for index in range(len(record_ids))],
        }
        session.execute(_ADD_RECORDS, rows)
        batches = -(-len(record_ids) // BATCH)
        session.execute(_COLLECTED, {"moving": moving_id, "batches": batches, "now": now})
        kind = "rehearse_records" if moving.is_rehearsal else "move_records"
        for batch in range(batches):
            owe_batch(session, kind, moving_id, batch, now=now)


def rehearse_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Say of each record of one batch whether it would be moved, or why not."""
    moving, rows = _batch(arguments, _WAITING)
    for record_ids in in_parts([row.record_id for row in rows], REHEARSED):
        with reading(SYSTEM) as session:
            said = _rehearsed(session, moving, record_ids, now=now)
        with unit_of_work(SYSTEM) as session:
            session.execute(_REHEARSED, {"moving": moving.id, "rows": json.dumps(said), "now": now})
    _finish(moving, now=now)


def move_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Move what waits in one batch."""
    moving, rows = _batch(arguments, _WAITING)

    def move(session: Session, record_ids: Sequence[UUID], *, free: bool) -> set[UUID]:
        return _move(session, moving, record_ids, free=free, now=now)

    _some_together([row.record_id for row in rows], move)
    _finish(moving, now=now)


def restore_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Lead back what was moved in one batch."""
    moving, rows = _batch(arguments, _MOVED)
    kept = {row.record_id: (row.before, row.record_version) for row in rows}

    def restore(session: Session, record_ids: Sequence[UUID], *, free: bool) -> set[UUID]:
        return _restore(session, moving, {key: kept[key] for key in record_ids}, free=free, now=now)

    _some_together(list(kept), restore)
    _finish(moving, now=now)


def _batch(arguments: Mapping[str, str], question: Any) -> tuple[Moving, list[Any]]:
    moving_id, batch = UUID(arguments["moving_id"]), int(arguments["batch"])
    with reading(SYSTEM) as session:
        moving = get_moving(session, moving_id)
        rows = session.execute(question, {"moving": moving_id, "batch": batch}).all()
        return moving, [] if moving.finished_at else list(rows)


def _some_together(record_ids: list[UUID], move: MoveSome) -> None:
    """All of them, many in one transaction; what was held or fails then is tried alone. One that fails alone keeps its
    place for the next attempt of the job, and stops no other."""
    alone: list[UUID] = []
    for part in in_parts(record_ids, TOGETHER):
        try:
            with unit_of_work(SYSTEM) as session:
                moved = move(session, part, free=True)
        except Exception:
            log.warning("records are moved one by one", exc_info=True)
            moved = set()
        alone += [record_id for record_id in part if record_id not in moved]
    failures = []
    for record_id in alone:
        try:
            with unit_of_work(SYSTEM) as session:
                move(session, [record_id], free=False)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def _rehearsed(session: Session, moving: Moving, record_ids: Sequence[UUID], *, now: datetime) -> list[dict[str, Any]]:
    possible = situations_of(moving.new.version_id, moving.new.procedure.process)
    today = clock.local_day(now)
    said = []
    for standing in standings(session, record_ids):
        found = plan(standing, moving, situations=possible, today=today)
        reasons = found.reasons if isinstance(found, Refused) else ()
        outcome = "refused" if reasons else "fits"
        texts = [{"vi": reason.vi, "en": reason.en} for reason in reasons]
        said.append({"record": str(standing.record.id), "outcome": outcome, "reasons": texts})
    return said


def _move(session: Session, moving: Moving, record_ids: Sequence[UUID], *, free: bool, now: datetime) -> set[UUID]:
    if not _runs(session, moving, back=False):
        return set(record_ids)
    possible = situations_of(moving.new.version_id, moving.new.procedure.process)
    today = clock.local_day(now)
    writes = Writes(moving, calendar=calendars.working_calendar(session, now=now), now=now)
    found = standings(session, record_ids, locked=True, free=free)
    for standing in found:
        if standing.record.closed_at or standing.record.version_id != moving.old.version_id:
            writes.note(standing.record.id, "gone")
            continue
        planned = plan(standing, moving, situations=possible, today=today)
        if isinstance(planned, Refused):
            writes.note(standing.record.id, "refused", reasons=planned.reasons)
        else:
            writes.move(standing, planned)
    _note_missing(writes, record_ids, free=free)
    return _written(session, writes)


def _restore(
    session: Session, moving: Moving, kept: Mapping[UUID, tuple[Any, int]], *, free: bool, now: datetime
) -> set[UUID]:
    if not _runs(session, moving, back=True):
        return set(kept)
    writes = Writes(moving, calendar=calendars.working_calendar(session, now=now), now=now)
    for standing in standings(session, list(kept), locked=True, free=free):
        before, version = kept[standing.record.id]
        if (standing.record.version, standing.record.version_id) == (version, moving.new.version_id):
            writes.restore(standing, before)
        else:
            writes.note(standing.record.id, "kept", reasons=(WENT_ON,))
    _note_missing(writes, list(kept), free=free)
    return _written(session, writes)


def _runs(session: Session, moving: Moving, *, back: bool) -> bool:
    """Whether it goes on in this direction: nobody has stopped it, and nobody does until this transaction ends."""
    session.execute(BESIDE_OTHERS, {"moving": str(moving.id)})
    return bool(session.execute(_RUNS, {"moving": moving.id, "back": back}).scalar_one())


def _note_missing(writes: Writes, record_ids: Sequence[UUID], *, free: bool) -> None:
    """Who waits for a record and does not find it, finds it never."""
    for record_id in () if free else set(record_ids) - writes.records:
        writes.note(record_id, "gone")


def _written(session: Session, writes: Writes) -> set[UUID]:
    with one_message(session) as send:
        for statement, values in writes.statements():
            send(statement, values)
    return writes.records


def _finish(moving: Moving, *, now: datetime) -> None:
    """The move is done once nothing of it waits. In a transaction of its own: the batch that ends last sees all."""
    with unit_of_work(SYSTEM) as session:
        session.execute(_FINISH, {"moving": moving.id, "now": now})


def forget_old_rehearsals(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Rehearsals are forgotten after some days, those that wait for somebody too."""
    with unit_of_work(SYSTEM) as session:
        forget_rehearsals(session, before=now - KEPT)


PERIODIC = {"forget_rehearsals": timedelta(days=1)}
"""Owed again and again by the sweeper."""

KINDS = {
    "collect_records": collect_records,
    "rehearse_records": rehearse_records,
    "move_records": move_records,
    "restore_records": restore_records,
    "forget_rehearsals": forget_old_rehearsals,
}
