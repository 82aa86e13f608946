"""An action reads the open tasks and, of the closed ones, the last of each kind, by an index that has only these.

Whoever closes a task a second time in the same way notes for how many it stands (`times`) and takes its forerunner out
of the index (`standing`), so nothing is counted when it is read. What hangs on the record beside its tasks comes in one
value with them: whether the record may be seen is asked once. `app.standing_tasks` stays for processes that are still
of the version before; the next migration may drop it.
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE task
  ADD COLUMN IF NOT EXISTS times integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS standing boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN task.times IS 'how often the record has seen a task end so, this one included';
COMMENT ON COLUMN task.standing IS 'false when a later one that ended in the same way stands for it';

WITH numbered AS (
  SELECT id, row_number() OVER alike AS times, lead(id) OVER alike IS NULL AS standing
  FROM task WHERE closed_at IS NOT NULL
  WINDOW alike AS (
    PARTITION BY record_id, step, outcome, unit_id, function, role, split, consultation, closed_by IS NULL
    ORDER BY closed_at, id))
UPDATE task SET times = numbered.times, standing = numbered.standing
FROM numbered WHERE numbered.id = task.id AND (numbered.times > 1 OR NOT numbered.standing);
"""
POSITION = """
CREATE OR REPLACE FUNCTION app.position_of(wanted uuid, beside uuid, today date)
RETURNS TABLE (id uuid, step text, step_name text, unit_id uuid, function text, role text, split text, origin text,
  consultation text, version integer, opened_at timestamptz, anchored_at timestamptz, due_at timestamptz,
  assignee_id uuid, assignee_name text, closed_at timestamptz, closed_by uuid, closed_by_name text, outcome text,
  times integer, said text, around text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  WITH seen AS MATERIALIZED (
    SELECT record.id FROM record
    WHERE record.id = coalesce(wanted, (SELECT task.record_id FROM task WHERE task.id = beside))
      AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())),
  hanging AS MATERIALIZED (
    SELECT json_build_array(
      (SELECT coalesce(json_agg(json_build_array(post.unit_id, post.role, post.function)), '[]') FROM post
        WHERE post.person_id = app.person() AND post.valid_from <= today
          AND (post.valid_to IS NULL OR post.valid_to >= today)),
      (SELECT document.id FROM document
        WHERE document.record_id = seen.id AND document.kind = 'result' AND document.issued_at IS NULL
        ORDER BY document.created_at DESC LIMIT 1),
      (SELECT json_build_array(supplement.id, supplement.sent_at IS NOT NULL) FROM supplement
        WHERE supplement.record_id = seen.id AND supplement.answered_at IS NULL AND supplement.cancelled_at IS NULL
        ORDER BY supplement.sheet DESC LIMIT 1),
      (SELECT coalesce(max(supplement.sheet), 0) FROM supplement WHERE supplement.record_id = seen.id),
      EXISTS (SELECT FROM fee_line
        WHERE fee_line.record_id = seen.id AND fee_line.amount > 0 AND fee_line.paid_at IS NULL
          AND fee_line.moment <> 'return'),
      (SELECT directory_version.version FROM directory_version))::text AS around
    FROM seen)
  SELECT task.id, task.step, task.step_name, task.unit_id, task.function, task.role, task.split, task.origin,
    task.consultation, task.version, task.opened_at, task.anchored_at, task.due_at, task.assignee_id,
    task.assignee_name, task.closed_at, task.closed_by, task.closed_by_name, task.outcome, task.times,
    CASE WHEN task.consultation IS NOT NULL AND task.closed_at IS NOT NULL THEN (
      SELECT CASE opinion.verdict WHEN 'silent' THEN opinion.text ELSE opinion.verdict END FROM opinion
      WHERE opinion.record_id = seen.id AND opinion.consultation = task.consultation
        AND opinion.final_at >= task.anchored_at AND (opinion.unit_id IS NULL OR opinion.unit_id = task.unit_id)
      ORDER BY opinion.final_at, opinion.given_at DESC LIMIT 1) END AS said,
    (SELECT hanging.around FROM hanging)
  FROM seen JOIN task ON task.record_id = seen.id AND task.standing
  UNION ALL
  SELECT task.id, task.step, task.step_name, task.unit_id, task.function, task.role, task.split, task.origin,
    task.consultation, task.version, task.opened_at, task.anchored_at, task.due_at, task.assignee_id,
    task.assignee_name, task.closed_at, task.closed_by, task.closed_by_name, task.outcome, task.times,
    CASE WHEN task.consultation IS NOT NULL AND task.closed_at IS NOT NULL THEN (
      SELECT CASE opinion.verdict WHEN 'silent' THEN opinion.text ELSE opinion.verdict END FROM opinion
      WHERE opinion.record_id = seen.id AND opinion.consultation = task.consultation
        AND opinion.final_at >= task.anchored_at AND (opinion.unit_id IS NULL OR opinion.unit_id = task.unit_id)
      ORDER BY opinion.final_at, opinion.given_at DESC LIMIT 1) END AS said,
    (SELECT hanging.around FROM hanging)
  FROM seen JOIN task ON task.id = beside AND task.record_id = seen.id AND NOT task.standing;
END;

REVOKE ALL ON FUNCTION app.position_of(uuid, uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.position_of(uuid, uuid, date) TO portal_app;
"""

UNDO = """
CREATE OR REPLACE FUNCTION app.undo_tasks(wanted uuid, moment timestamptz, opened uuid[], again uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  {forerunner}UPDATE task SET
    closed_at = CASE WHEN task.id = again THEN NULL ELSE moment END,
    closed_by = NULL,
    closed_by_name = '',
    outcome = CASE WHEN task.id = again THEN NULL ELSE 'undone' END,
    assignee_id = CASE WHEN task.id = again THEN app.person() ELSE task.assignee_id END,
    assignee_name = CASE WHEN task.id = again THEN task.closed_by_name ELSE task.assignee_name END,
    version = task.version + 1{once}
  FROM record
  WHERE record.id = task.record_id AND task.record_id = wanted
    AND (task.id = again AND task.closed_by = app.person()
      OR task.id = ANY (opened) AND (task.closed_at IS NULL OR task.outcome = 'skipped'))
    AND record.unit_ids && app.units()
$$;
"""
FORERUNNER = """UPDATE task SET standing = true
  WHERE task.id = (
    SELECT before.id FROM task AS before, task AS later, record
    WHERE later.id = again AND later.record_id = wanted AND later.closed_by = app.person() AND later.times > 1
      AND record.id = wanted AND record.unit_ids && app.units()
      AND before.record_id = wanted AND NOT before.standing AND before.times = later.times - 1
      AND (before.step, before.outcome, before.split) = (later.step, later.outcome, later.split)
      AND before.unit_id IS NOT DISTINCT FROM later.unit_id
    ORDER BY before.closed_at DESC LIMIT 1);

  """


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(POSITION)
    op.execute(UNDO.format(forerunner=FORERUNNER, once=",\n    times = 1"))
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_task_standing")  # what an interrupted attempt left
        op.execute("CREATE INDEX CONCURRENTLY ix_task_standing ON task (record_id) WHERE standing")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_task_standing")
    op.execute(UNDO.format(forerunner="", once=""))
    op.execute("""
DROP FUNCTION app.position_of(uuid, uuid, date);
ALTER TABLE task DROP COLUMN times, DROP COLUMN standing;
""")
