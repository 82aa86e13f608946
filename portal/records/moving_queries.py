"""What bulk moves read: where records stand, and how far a move has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.mapping import VersionMapping
from portal.catalogue.types import Procedure
from portal.core.errors import NotFound
from portal.core.unit_of_work import asked_in_one_trip
from portal.records.moving_plan import MovingRecord, Standing
from portal.records.types import TaskRow
from portal.workflow.definition import Process, Text
from portal.workflow.soundness import Situation, situations

_RECORDS = """
SELECT id, code, owner_id, version_id, procedure_name, answers, state, outcome, version, closed_at
FROM record WHERE id = ANY (%(ids)s::uuid[])
"""
_LOCKED = _RECORDS + "FOR UPDATE OF record"
_TASKS = """
SELECT record_id, id, step, step_name, unit_id, function, role, split, origin, consultation, version, opened_at,
  anchored_at, due_at, assignee_id, assignee_name, closed_at, closed_by, closed_by_name, outcome
FROM task WHERE record_id = ANY (%(ids)s::uuid[]) ORDER BY opened_at, id
"""
_SLOTS = """
SELECT record_id, array_agg(DISTINCT slot) AS slots FROM record_paper
WHERE record_id = ANY (%(ids)s::uuid[]) AND replaced_at IS NULL GROUP BY record_id
"""
_ASKED = """
SELECT record_id, items FROM supplement
WHERE record_id = ANY (%(ids)s::uuid[]) AND answered_at IS NULL AND cancelled_at IS NULL
"""
_DRAFTED = """
SELECT DISTINCT record_id FROM document
WHERE record_id = ANY (%(ids)s::uuid[]) AND kind = 'result' AND issued_at IS NULL
"""
_MOVINGS = """
SELECT record_id, array_agg(moving_id) AS movings FROM moved_record
WHERE record_id = ANY (%(ids)s::uuid[]) AND record_version IS NOT NULL GROUP BY record_id
"""
_OPEN = text("SELECT id FROM record WHERE version_id = :version AND closed_at IS NULL ORDER BY id")
_MOVING = text("SELECT * FROM record_moving WHERE id = :wanted")
_COUNTS = text("SELECT outcome, count(*) AS number FROM moved_record WHERE moving_id = :wanted GROUP BY outcome")
_REFUSED = text(
    "SELECT record.code, moved_record.outcome, moved_record.reasons FROM moved_record "
    "JOIN record ON record.id = moved_record.record_id "
    "WHERE moving_id = :wanted AND moved_record.outcome IN ('refused', 'kept') ORDER BY record.code LIMIT :most"
)
_situations: dict[UUID, frozenset[Situation]] = {}


@dataclass(frozen=True)
class Moving:
    """A bulk move with both versions at hand."""

    id: UUID
    old: Procedure
    new: Procedure
    from_number: int
    to_number: int
    from_version_id: UUID
    to_version_id: UUID
    mapping: VersionMapping
    requested_at: datetime
    reverted_at: datetime | None


@dataclass(frozen=True)
class Refusal:
    """A record that stays, and why."""

    code: str
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class MovingReport:
    """How far a move has come. `kept`: records that went on after the move and cannot be led back."""

    total: int
    waiting: int
    moved: int
    refused: int
    gone: int
    reverted: int
    kept: int
    refusals: tuple[Refusal, ...]


def find_open_records(session: Session, version_id: UUID) -> list[UUID]:
    """The keys of the records in flight that were begun under this version, or moved to it."""
    return list(session.execute(_OPEN, {"version": version_id}).scalars())


def standings(session: Session, record_ids: Sequence[UUID], *, locked: bool = False) -> list[Standing]:
    """Where these records stand, in one trip. `locked` takes their rows first: an action waits, and is seen."""
    asked = {"ids": list(record_ids)}
    records, tasks, slots, items, drafted, movings = asked_in_one_trip(
        session,
        (_LOCKED if locked else _RECORDS, asked),
        (_TASKS, asked),
        (_SLOTS, asked),
        (_ASKED, asked),
        (_DRAFTED, asked),
        (_MOVINGS, asked),
    )
    tasks_of: dict[UUID, list[TaskRow]] = {}
    for task in tasks:
        tasks_of.setdefault(task[0], []).append(TaskRow(*task[1:]))
    slots_of = {row.record_id: frozenset(row.slots) for row in slots}
    items_of = {row.record_id: tuple((item["kind"], item["id"], item["label"]) for item in row.items) for row in items}
    with_draft = {row.record_id for row in drafted}
    movings_of = {row.record_id: tuple(row.movings) for row in movings}
    return [
        Standing(
            MovingRecord(*row),
            tuple(tasks_of.get(row.id, ())),
            slots_of.get(row.id, frozenset()),
            items_of.get(row.id, ()),
            row.id in with_draft,
            movings_of.get(row.id, ()),
        )
        for row in records
    ]


def get_moving(session: Session, moving_id: UUID) -> Moving:
    """Raises NotFound."""
    row = session.execute(_MOVING, {"wanted": moving_id}).one_or_none()
    if row is None:
        raise NotFound("Không có lần chuyển hồ sơ này.")
    old, new = (catalogue.version(session, key) for key in (row.from_version_id, row.to_version_id))
    return Moving(
        id=row.id,
        old=old.procedure,
        new=new.procedure,
        from_number=old.number,
        to_number=new.number,
        from_version_id=old.version_id,
        to_version_id=new.version_id,
        mapping=VersionMapping(**row.mapping),
        requested_at=row.requested_at,
        reverted_at=row.reverted_at,
    )


def get_report(session: Session, moving_id: UUID, *, most: int = 100) -> MovingReport:
    """How far the move has come, with the first `most` records that stay. Raises NotFound."""
    get_moving(session, moving_id)
    counts: Mapping[Any, int] = {row.outcome: row.number for row in session.execute(_COUNTS, {"wanted": moving_id})}
    refused = session.execute(_REFUSED, {"wanted": moving_id, "most": most})
    return MovingReport(
        total=sum(counts.values()),
        waiting=counts.get(None, 0),
        **{name: counts.get(name, 0) for name in ("moved", "refused", "gone", "reverted", "kept")},
        refusals=tuple(Refusal(row.code, tuple(Text(**reason) for reason in row.reasons)) for row in refused),
    )


def situations_of(version_id: UUID, process: Process) -> frozenset[Situation]:
    """Every situation of a version's process; found once in a process, for a version never changes."""
    if version_id not in _situations:
        _situations[version_id] = situations(process)
    return _situations[version_id]
