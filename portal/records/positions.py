"""Lock, then read. An action locks the record row alone, by key, and reads tasks and posts in the *next* statement:
in READ COMMITTED each statement has its own snapshot, and a joined lock query would mix old and new rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.text import marked
from portal.core.unit_of_work import asked_in_one_trip
from portal.records.due_changes import due_changes_of
from portal.records.opinions import SAID
from portal.records.pauses import pauses_of
from portal.records.types import HeldPost, LockedRecord, Position, TaskRow

UNSEEN = marked("Không thấy việc này. Có thể việc đã chuyển sang cơ quan khác.")

_COLUMNS = """
  id, code, version_id, procedure_code, procedure_name, subject, applicant_name, owner_id, place, channel,
  received_unit_id, return_unit_id, return_by, unit_ids, answers, state, outcome, version, submitted_at, accepted_at,
  due_at, pauses, due_changes, finished_at, closed_at, supplements,
  EXISTS (SELECT 1 FROM fee_line WHERE fee_line.record_id = record.id AND fee_line.amount > 0
    AND fee_line.paid_at IS NULL AND fee_line.moment <> 'return') AS unpaid,
  (SELECT version FROM directory_version) AS directory_version
"""
_LOCK = f"SELECT {_COLUMNS} FROM record WHERE id = ({{wanted}}) FOR UPDATE OF record"  # noqa: S608 - our own words
_POSITION = """
WITH wanted AS (SELECT ({wanted}) AS id)
SELECT task.id, step, step_name, task.unit_id, task.function, task.role, split, origin, consultation, version,
  opened_at, anchored_at, due_at, assignee_id, assignee_name, closed_at, closed_by, closed_by_name, outcome,
  times, {said} AS said,
  (SELECT coalesce(json_agg(json_build_array(unit_id, role, function)), '[]')::text FROM post
    WHERE person_id = (SELECT app.person()) AND valid_from <= %(today)s
      AND (valid_to IS NULL OR valid_to >= %(today)s)) AS posts,
  (SELECT document.id FROM document WHERE document.record_id = (TABLE wanted) AND kind = 'result' AND issued_at IS NULL
    ORDER BY created_at DESC LIMIT 1) AS result_id,
  (SELECT json_build_array(supplement.id, supplement.sent_at IS NOT NULL)::text FROM supplement
    WHERE supplement.record_id = (TABLE wanted) AND answered_at IS NULL AND cancelled_at IS NULL
    ORDER BY sheet DESC LIMIT 1) AS supplement,
  (SELECT coalesce(max(sheet), 0) FROM supplement WHERE supplement.record_id = (TABLE wanted)) AS sheets
FROM app.standing_tasks((TABLE wanted), %(key)s) AS task ORDER BY task.opened_at, task.id
"""
# What stands beside each task is the same for all: asked once in the statement, and read as JSON from one row only.
_SAID = SAID.format(record="(TABLE wanted)")
_BY_KEY = "%(key)s::uuid"
_BY_TASK = "SELECT record_id FROM task WHERE id = %(key)s"
_TASK_FIELDS = 21


def lock_task(session: Session, task_id: UUID, *, now: datetime) -> tuple[LockedRecord, Position]:
    """Lock the record that the task belongs to, then read where it stands: two statements in one trip.

    NotFound when the actor may not see it.
    """
    return _locked(session, _BY_TASK, task_id, now=now)


def lock_record(session: Session, record_id: UUID, *, now: datetime) -> tuple[LockedRecord, Position]:
    """Lock the record, then read where it stands. NotFound when the actor may not see it."""
    return _locked(session, _BY_KEY, record_id, now=now)


def _locked(session: Session, which: str, key: UUID, *, now: datetime) -> tuple[LockedRecord, Position]:
    asked = {"key": key, "today": clock.local_day(now)}
    records, tasks = asked_in_one_trip(
        session, (_LOCK.format(wanted=which), asked), (_POSITION.format(wanted=which, said=_SAID), asked)
    )
    if not records or not tasks:
        raise NotFound(UNSEEN)
    return _record(records[0]), _position(tasks)


def _record(row: Any) -> LockedRecord:
    values = row._asdict()
    values["unit_ids"] = tuple(values["unit_ids"])
    values["pauses"] = pauses_of(values["pauses"])
    values["due_changes"] = due_changes_of(values["due_changes"])
    return LockedRecord(**values)


def _position(rows: Sequence[Any]) -> Position:
    first = rows[0]
    supplement_id, sent = json.loads(first.supplement) if first.supplement else (None, False)
    return Position(
        tasks=tuple(TaskRow(*row[:_TASK_FIELDS]) for row in rows),
        posts=tuple(HeldPost(UUID(unit_id), role, function) for unit_id, role, function in json.loads(first.posts)),
        result_id=first.result_id,
        supplement_id=UUID(supplement_id) if supplement_id else None,
        supplement_is_sent=sent,
        sheets=first.sheets,
    )
