"""The records of one applicant, each with where it is now: one statement for the whole list. Of the past it knows only
the event by which a record expired: it says what was waited for."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.records.record_view import RecordView, view_of_answer

MOST = 200
"""Rows on the page. What has ended longest ago falls off; every record still opens by its code."""

_SHOWN = """
SELECT jsonb_build_object(
  'record', to_jsonb(record) - '{answers,unit_ids,receipt_digest,token_digest}'::text[],
  'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE fee_line.record_id = record.id AND paid_at IS NULL),
  'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(task) ORDER BY task.opened_at, task.id), '[]')
    FROM task WHERE task.record_id = record.id AND task.closed_at IS NULL),
  'events', CASE WHEN record.state = 'expired' THEN (
    SELECT coalesce(jsonb_agg(to_jsonb(event) || '{"due_at": null}'), '[]') FROM record_event event
    WHERE event.record_id = record.id AND state_after = 'expired' AND state_before <> 'expired') ELSE '[]' END,
  'opinions', '[]'::jsonb,
  'supplement', (SELECT jsonb_build_object('unit_id', unit_id, 'items', items, 'answer_by', answer_by)
    FROM supplement WHERE supplement.record_id = record.id
      AND sent_at IS NOT NULL AND answered_at IS NULL AND cancelled_at IS NULL ORDER BY sheet DESC LIMIT 1))
FROM record WHERE record.owner_id = :person
"""
_MINE = text(f"""{_SHOWN}
ORDER BY record.closed_at IS NOT NULL, coalesce(record.closed_at, record.submitted_at) DESC, record.id
LIMIT :most
""")
_MOST_URGENT = text(f"""
SELECT shown, (SELECT version FROM directory_version) AS directory_version FROM ({_SHOWN} AND closed_at IS NULL)
  AS mine (shown)
WHERE shown -> 'supplement' <> 'null' OR (shown ->> 'unpaid')::bigint > 0
ORDER BY shown -> 'supplement' ->> 'answer_by', shown -> 'record' ->> 'submitted_at'
LIMIT 1
""")  # noqa: S608 - our own words


def list_my_records(session: Session, *, actor: Actor) -> list[RecordView]:
    """The actor's own records with their open tasks but without their past: those under way first, then the newest."""
    rows = session.execute(_MINE, {"person": actor.person_id, "most": MOST}).scalars()
    return [view_of_answer(row) for row in rows]


def most_urgent(session: Session, *, actor: Actor) -> tuple[RecordView, int] | None:
    """The actor's record whose supplement ends first, else the oldest with something to pay; and the version of the
    directory, so that its units cost no further statement."""
    row = session.execute(_MOST_URGENT, {"person": actor.person_id}).one_or_none()
    return (view_of_answer(row.shown), row.directory_version) if row else None
