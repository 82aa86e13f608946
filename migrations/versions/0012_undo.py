"""Taking back one's own last action: the tasks that it opened close, also in other units, and its own opens again."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION app.undo_tasks(wanted uuid, moment timestamptz, opened uuid[], again uuid) RETURNS void
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
    AND (task.id = again AND task.closed_by = app.person() OR task.id = ANY (opened) AND task.closed_at IS NULL)
    AND record.unit_ids && app.units()
$$;

REVOKE ALL ON FUNCTION app.undo_tasks(uuid, timestamptz, uuid[], uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.undo_tasks(uuid, timestamptz, uuid[], uuid) TO portal_app;
"""


def upgrade() -> None:
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.undo_tasks(uuid, timestamptz, uuid[], uuid)")
