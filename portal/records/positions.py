"""Lock, then read. An action locks the record row alone, by key, and reads tasks and posts in the *next* statement:
in READ COMMITTED each statement has its own snapshot, and a joined lock query would mix old and new rows.

The key itself stays free (NO KEY): else whoever has locked a fee or a parcel and writes down what came of it would wait
for an action that waits for that very row.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.text import marked
from portal.core.unit_of_work import asked_in_one_trip
from portal.records.due_changes import due_changes_of
from portal.records.pauses import pauses_of
from portal.records.types import HeldPost, LockedRecord, Position, TaskRow

UNSEEN = marked("Không thấy việc này. Có thể việc đã chuyển sang cơ quan khác.")

_LOCK = """
SELECT id, code, version_id, procedure_code, procedure_name, subject, subject_en, applicant_name, owner_id, place,
  channel, received_unit_id, return_unit_id, return_by, unit_ids, answers, state, outcome, version, submitted_at,
  accepted_at, due_at, pauses, due_changes, finished_at, closed_at, supplements
FROM record WHERE id = ({wanted}) FOR NO KEY UPDATE OF record
"""
_BY_KEY, _BY_TASK = "%(key)s", "SELECT record_id FROM task WHERE id = %(key)s"
_LOCK_RECORD, _LOCK_TASKS_RECORD = _LOCK.format(wanted=_BY_KEY), _LOCK.format(wanted=_BY_TASK)
_OF_RECORD = "SELECT * FROM app.position_of(%(key)s, NULL, %(today)s) ORDER BY opened_at, id"
_OF_TASK = "SELECT * FROM app.position_of(NULL, %(key)s, %(today)s) ORDER BY opened_at, id"
# What stands beside each task is the same for all: asked once, and read as JSON from one row only.
_TASK_FIELDS = 21


def lock_task(session: Session, task_id: UUID, *, now: datetime) -> tuple[LockedRecord, Position]:
    """Lock the record that the task belongs to, then read where it stands: two statements in one trip.

    NotFound when the actor may not see it.
    """
    return _locked(session, _LOCK_TASKS_RECORD, _OF_TASK, task_id, now=now)


def lock_record(session: Session, record_id: UUID, *, now: datetime) -> tuple[LockedRecord, Position]:
    """Lock the record, then read where it stands. NotFound when the actor may not see it."""
    return _locked(session, _LOCK_RECORD, _OF_RECORD, record_id, now=now)


def _locked(
    session: Session, lock: str, position_of: str, key: UUID, *, now: datetime
) -> tuple[LockedRecord, Position]:
    asked = {"key": key, "today": clock.local_day(now)}
    records, tasks = asked_in_one_trip(session, (lock, asked), (position_of, asked))
    if not records or not tasks:
        raise NotFound(UNSEEN)
    posts, result_id, supplement, sheets, unpaid, directory_version = json.loads(tasks[0].around)
    supplement_id, is_sent = supplement or (None, False)
    position = Position(
        tasks=tuple(TaskRow(*row[:_TASK_FIELDS]) for row in tasks),
        posts=tuple(HeldPost(UUID(unit_id), role, function) for unit_id, role, function in posts),
        result_id=UUID(result_id) if result_id else None,
        supplement_id=UUID(supplement_id) if supplement_id else None,
        supplement_is_sent=is_sent,
        sheets=sheets,
    )
    return _record(records[0], unpaid=unpaid, directory_version=directory_version), position


def _record(row: Any, **beside: Any) -> LockedRecord:
    values = row._asdict() | beside
    values["unit_ids"] = tuple(values["unit_ids"])
    values["pauses"] = pauses_of(values["pauses"])
    values["due_changes"] = due_changes_of(values["due_changes"])
    return LockedRecord(**values)
