"""A question to another agency is taken back by the office that asked; a late opinion is news at the desks that go on;
what was skipped goes with the action that is undone."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION app.recall_task(wanted uuid, moment timestamptz, by_person uuid, by_name text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE task SET closed_at = moment, closed_by = by_person, closed_by_name = by_name, outcome = 'recalled'
  FROM record
  WHERE record.id = task.record_id AND task.id = wanted AND task.closed_at IS NULL AND task.consultation IS NOT NULL
    AND (app.is_system() OR EXISTS (
      SELECT FROM task AS asking
      WHERE asking.record_id = record.id AND asking.unit_id = ANY (app.units()) AND asking.consultation IS NULL
        AND asking.closed_at IS NOT NULL))
$$;

CREATE FUNCTION app.tell_opinion(wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE task SET news = 'opinion'
  FROM record
  WHERE record.id = task.record_id AND task.record_id = wanted AND task.closed_at IS NULL
    AND task.consultation IS NULL AND task.unit_id IS NOT NULL
    AND (record.unit_ids && app.units() OR app.is_system())
$$;

REVOKE ALL ON FUNCTION app.recall_task(uuid, timestamptz, uuid, text), app.tell_opinion(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.recall_task(uuid, timestamptz, uuid, text), app.tell_opinion(uuid) TO portal_app;
"""

UNDO = """
CREATE OR REPLACE FUNCTION app.undo_tasks(wanted uuid, moment timestamptz, opened uuid[], again uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE task SET
    closed_at = CASE WHEN task.id = again THEN NULL ELSE moment END,
    closed_by = NULL,
    closed_by_name = '',
    outcome = CASE WHEN task.id = again THEN NULL ELSE 'undone' END,
    assignee_id = CASE WHEN task.id = again THEN app.person() ELSE task.assignee_id END,
    assignee_name = CASE WHEN task.id = again THEN task.closed_by_name ELSE task.assignee_name END,
    version = task.version + 1
  FROM record
  WHERE record.id = task.record_id AND task.record_id = wanted
    AND (task.id = again AND task.closed_by = app.person()
      OR task.id = ANY (opened) AND {closed})
    AND record.unit_ids && app.units()
$$;
"""
SKIPPED_TOO = "(task.closed_at IS NULL OR task.outcome = 'skipped')"
OPEN_ONLY = "task.closed_at IS NULL"


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(UNDO.format(closed=SKIPPED_TOO))


def downgrade() -> None:
    op.execute(UNDO.format(closed=OPEN_ONLY))
    op.execute("DROP FUNCTION app.recall_task(uuid, timestamptz, uuid, text), app.tell_opinion(uuid)")
