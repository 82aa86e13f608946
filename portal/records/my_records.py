"""The records of one applicant, each with where it is now: one statement for the whole list."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.records.record_view import RecordView, view_of_answer

MOST = 200
"""Rows on the page. What has ended longest ago falls off; every record still opens by its code."""

_MINE = text("""
SELECT jsonb_build_object(
  'record', to_jsonb(record) - '{answers,unit_ids,receipt_digest,token_digest}'::text[],
  'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE fee_line.record_id = record.id AND paid_at IS NULL),
  'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(task) ORDER BY task.opened_at, task.id), '[]')
    FROM task WHERE task.record_id = record.id AND task.closed_at IS NULL),
  'events', '[]'::jsonb,
  'supplement', (SELECT jsonb_build_object('unit_id', unit_id, 'items', items, 'answer_by', answer_by)
    FROM supplement WHERE supplement.record_id = record.id
      AND sent_at IS NOT NULL AND answered_at IS NULL AND cancelled_at IS NULL ORDER BY sheet DESC LIMIT 1))
FROM record WHERE record.owner_id = :person
ORDER BY record.closed_at IS NOT NULL, coalesce(record.closed_at, record.submitted_at) DESC, record.id
LIMIT :most
""")


def list_my_records(session: Session, *, actor: Actor) -> list[RecordView]:
    """The actor's own records with their open tasks but without their past: those under way first, then the newest."""
    rows = session.execute(_MINE, {"person": actor.person_id, "most": MOST}).scalars()
    return [view_of_answer(row) for row in rows]
