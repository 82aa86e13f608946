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
from portal.core.errors import NotFound
from portal.core.unit_of_work import asked_in_one_trip
from portal.records.moving_plan import MovingRecord, Standing, Versions
from portal.records.types import TaskRow
from portal.workflow.definition import Process, Text
from portal.workflow.soundness import Situation, situations

_RECORDS = """
SELECT id, code, owner_id, version_id, procedure_name, answers, state, outcome, version, closed_at
FROM record WHERE id = ANY (%(ids)s::uuid[])
"""
_LOCKED = _RECORDS + "FOR NO KEY UPDATE OF record"
_FREE = _LOCKED + " SKIP LOCKED"
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
WHERE record_id = ANY (%(ids)s::uuid[]) AND kind = 'result' AND issued_at IS NULL AND ended_at IS NULL
"""
_MOVINGS = """
SELECT record_id, array_agg(moving_id) AS movings FROM moved_record
WHERE record_id = ANY (%(ids)s::uuid[]) AND record_version IS NOT NULL GROUP BY record_id
"""
_OPEN = text("SELECT id FROM record WHERE version_id = :version AND closed_at IS NULL ORDER BY id")
_MOVING = text("SELECT * FROM record_moving WHERE id = :wanted")
_ALL_MOVINGS = text(
    "SELECT * FROM record_moving WHERE procedure_code = :code AND (purpose = 'move' OR sent_at IS NOT NULL) "
    "ORDER BY requested_at DESC, id DESC"
)
_SENT = text("SELECT * FROM record_moving WHERE sent_at IS NOT NULL ORDER BY sent_at, id")
_COUNTS = text("SELECT outcome, number FROM app.moving_counts(:wanted)")
_STAYING = text(
    "SELECT code, outcome, reasons FROM app.moving_records(:wanted, CAST(:outcomes AS text[]), :most, :passed)"
)
_REASONS = text("SELECT reason, number FROM app.moving_reasons(:wanted) ORDER BY number DESC, reason ->> 'vi'")
_GONE_ON = text("SELECT app.moving_gone_on(:wanted)")
_LOADS = text("SELECT version_id, step, records FROM app.step_loads(:code)")
STAYS = ("refused", "kept")
"""Outcomes of records that stay where they are, each with its reasons."""

_situations: dict[UUID, frozenset[Situation]] = {}


@dataclass(frozen=True)
class Moving(Versions):
    """A bulk move, or its rehearsal. `sent_at`: a rehearsal that a second administrator is asked to decide about."""

    id: UUID
    purpose: str
    requested_by: UUID | None
    requested_by_name: str
    requested_at: datetime
    batches: int | None
    finished_at: datetime | None
    reverted_at: datetime | None
    reverted_by_name: str
    stopped_at: datetime | None
    stopped_by_name: str
    sent_at: datetime | None
    returned_by_name: str
    return_reason: str
    approved_by_name: str

    @property
    def is_rehearsal(self) -> bool:
        return self.purpose == "rehearsal"

    @property
    def is_stopped(self) -> bool:
        """It was stopped, and has not gone on since."""
        return self.stopped_at is not None and (self.reverted_at is None or self.stopped_at > self.reverted_at)

    @property
    def may_be_reverted(self) -> bool:
        """Once, or again where the way back was stopped."""
        if self.is_rehearsal or self.finished_at is None:
            return False
        return self.reverted_at is None or self.is_stopped


@dataclass(frozen=True)
class Refusal:
    """A record that stays, and why."""

    code: str
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class MovingReport:
    """How far a move has come. `fits`: records that a rehearsal would move. `kept`: records that went on after the move
    and cannot be led back."""

    total: int
    waiting: int
    fits: int
    moved: int
    refused: int
    gone: int
    reverted: int
    kept: int
    refusals: tuple[Refusal, ...]


def find_open_records(session: Session, version_id: UUID) -> list[UUID]:
    """The keys of the records in flight that were begun under this version, or moved to it."""
    return list(session.execute(_OPEN, {"version": version_id}).scalars())


def standings(
    session: Session, record_ids: Sequence[UUID], *, locked: bool = False, free: bool = False
) -> list[Standing]:
    """Where these records stand, in one trip. `locked` takes their rows first: an action waits, and is seen. `free`
    takes those alone that nobody else holds, so that holding many never waits for one."""
    asked = {"ids": list(record_ids)}
    records, tasks, slots, items, drafted, movings = asked_in_one_trip(
        session,
        (_FREE if free else _LOCKED if locked else _RECORDS, asked),
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
    return _moving(session, row)


def list_movings(session: Session, code: str) -> list[Moving]:
    """The moves of a procedure's records, newest first; of rehearsals those that wait for a second administrator."""
    return [_moving(session, row) for row in session.execute(_ALL_MOVINGS, {"code": code}).all()]


def list_sent(session: Session) -> list[Moving]:
    """The rehearsals of all procedures that wait for a second administrator, the oldest first."""
    return [_moving(session, row) for row in session.execute(_SENT).all()]


def get_report(session: Session, moving_id: UUID, *, most: int | None = 100, passed: int = 0) -> MovingReport:
    """How far the move has come, with `most` of the records that stay, the first `passed` left out. Raises NotFound."""
    get_moving(session, moving_id)
    counts: Mapping[Any, int] = {row.outcome: row.number for row in session.execute(_COUNTS, {"wanted": moving_id})}
    return MovingReport(
        total=sum(counts.values()),
        waiting=counts.get(None, 0),
        **{name: counts.get(name, 0) for name in ("fits", "moved", "refused", "gone", "reverted", "kept")},
        refusals=tuple(
            Refusal(code, tuple(Text(**reason) for reason in reasons))
            for code, _outcome, reasons in list_outcomes(session, moving_id, STAYS, most=most, passed=passed)
        ),
    )


def list_outcomes(
    session: Session, moving_id: UUID, outcomes: Sequence[str], *, most: int | None = None, passed: int = 0
) -> list[tuple[str, str, list[dict[str, str]]]]:
    """Code, outcome and reasons of each record, by code."""
    asked = {"wanted": moving_id, "outcomes": list(outcomes), "most": most, "passed": passed}
    return [(row.code, row.outcome, row.reasons) for row in session.execute(_STAYING, asked)]


def count_reasons(session: Session, moving_id: UUID) -> list[tuple[Text, int]]:
    """Why records stay, and how many for each reason, the commonest first."""
    return [(Text(**row.reason), row.number) for row in session.execute(_REASONS, {"wanted": moving_id})]


def count_gone_on(session: Session, moving_id: UUID) -> int:
    """How many of the moved records have gone on since: they cannot be led back."""
    return int(session.execute(_GONE_ON, {"wanted": moving_id}).scalar_one() or 0)


def step_loads(session: Session, code: str) -> dict[UUID, dict[str, int]]:
    """By version and step, how many open records stand there; one with parallel tasks stands at several steps."""
    found: dict[UUID, dict[str, int]] = {}
    for row in session.execute(_LOADS, {"code": code}):
        found.setdefault(row.version_id, {})[row.step] = row.records
    return found


def situations_of(version_id: UUID, process: Process) -> frozenset[Situation]:
    """Every situation of a version's process; found once in a process, for a version never changes."""
    if version_id not in _situations:
        _situations[version_id] = situations(process)
    return _situations[version_id]


def _moving(session: Session, row: Any) -> Moving:
    kept = {name: getattr(row, name) for name in Moving.__dataclass_fields__ if name not in ("old", "new", "mapping")}
    old, new = (catalogue.version(session, key) for key in (row.from_version_id, row.to_version_id))
    return Moving(old=old, new=new, mapping=VersionMapping(**row.mapping), **kept)
