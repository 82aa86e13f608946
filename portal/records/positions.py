"""Lock, then read. An action locks the record row alone, by key, and reads tasks and posts in the *next* statement:
in READ COMMITTED each statement has its own snapshot, and a joined lock query would mix old and new rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import NotFound
from portal.records.types import HeldPost, LockedRecord, Position, TaskRow

UNSEEN = "Không thấy việc này. Có thể việc đã chuyển sang cơ quan khác."

_COLUMNS = """
  id, code, version_id, procedure_code, procedure_name, subject, applicant_name, owner_id, place, channel,
  received_unit_id, return_unit_id, return_by, unit_ids, answers, state, outcome, version, submitted_at, accepted_at,
  due_at, pauses, finished_at, closed_at, supplements,
  (SELECT version FROM directory_version) AS directory_version
"""
_LOCK = text(f"SELECT {_COLUMNS} FROM record WHERE id = :wanted FOR UPDATE OF record")  # noqa: S608 - our own words
_LOCK_BY_TASK = text(_LOCK.text.replace("= :wanted", "= (SELECT record_id FROM task WHERE id = :wanted)"))

_POSITION = text("""
SELECT id, step, step_name, unit_id, function, role, split, origin, consultation, version, opened_at, anchored_at,
  due_at, assignee_id, assignee_name, closed_at, closed_by, closed_by_name, outcome,
  (SELECT coalesce(json_agg(json_build_array(unit_id, role, function)), '[]') FROM post
    WHERE person_id = (SELECT app.person()) AND valid_from <= :today
      AND (valid_to IS NULL OR valid_to >= :today)) AS posts,
  (SELECT document.id FROM document WHERE document.record_id = :wanted AND kind = 'result' AND issued_at IS NULL
    ORDER BY created_at DESC LIMIT 1) AS result_id,
  (SELECT json_build_array(supplement.id, supplement.sent_at IS NOT NULL) FROM supplement
    WHERE supplement.record_id = :wanted AND answered_at IS NULL AND cancelled_at IS NULL
    ORDER BY sheet DESC LIMIT 1) AS supplement,
  (SELECT coalesce(max(sheet), 0) FROM supplement WHERE supplement.record_id = :wanted) AS sheets
FROM app.tasks_of(:wanted) AS task
""")

_TASK_FIELDS = 19


def lock_record_of_task(session: Session, task_id: UUID) -> LockedRecord:
    """Lock the record that the task belongs to. NotFound when the actor may not see it."""
    return _locked(session, _LOCK_BY_TASK, task_id)


def lock_record(session: Session, record_id: UUID) -> LockedRecord:
    """Lock the record. NotFound when the actor may not see it."""
    return _locked(session, _LOCK, record_id)


def position_of(session: Session, record_id: UUID, *, now: datetime) -> Position:
    """Tasks of the record and posts of the actor: to be asked after the lock is held, as a statement of its own."""
    rows = session.connection().execute(_POSITION, {"wanted": record_id, "today": clock.local_day(now)}).all()
    if not rows:
        raise NotFound(UNSEEN)
    first = rows[0]
    supplement_id, sent = first.supplement or (None, False)
    return Position(
        tasks=tuple(TaskRow(*row[:_TASK_FIELDS]) for row in rows),
        posts=tuple(HeldPost(UUID(unit_id), role, function) for unit_id, role, function in first.posts),
        result_id=first.result_id,
        supplement_id=UUID(supplement_id) if supplement_id else None,
        supplement_is_sent=sent,
        sheets=first.sheets,
    )


def _locked(session: Session, statement: Any, wanted: UUID) -> LockedRecord:
    row = session.connection().execute(statement, {"wanted": wanted}).one_or_none()
    if row is None:
        raise NotFound(UNSEEN)
    values = row._asdict()
    values["unit_ids"] = tuple(values["unit_ids"])
    values["pauses"] = tuple((_moment(paused), _moment(resumed)) for paused, resumed in values["pauses"])
    return LockedRecord(**values)


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
