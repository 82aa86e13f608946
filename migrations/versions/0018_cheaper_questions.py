"""What every statement asks is asked cheaply: who acts, and where a record stands that has seen much.

Every policy asks who acts, several times in each statement, and a function that the planner cannot look into cost as
much as finding the row. Bodies of the standard's form are bound when they are written, so no search path can change
what they mean, and none of the three reads what the application may not read.

Whether a record may be seen is asked once and not for each of its tasks. An action decides on the open tasks and the
last closed one of each kind, so it reads no others: `times` says for how many it stands.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.person', true), '')::uuid;

CREATE OR REPLACE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.kind', true), '') = 'system';

CREATE OR REPLACE FUNCTION app.units() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT ARRAY(
    SELECT post.unit_id
    FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) AS today
    WHERE post.person_id = app.person()
      AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day));
END;

CREATE OR REPLACE FUNCTION app.tasks_of(wanted uuid) RETURNS SETOF task LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT task.* FROM task
  WHERE task.record_id = wanted
    AND EXISTS (SELECT FROM record WHERE record.id = wanted
      AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system()))
  ORDER BY task.opened_at, task.id
$$;

CREATE FUNCTION app.standing_tasks(wanted uuid, beside uuid)
RETURNS TABLE (id uuid, step text, step_name text, unit_id uuid, function text, role text, split text, origin text,
  consultation text, version integer, opened_at timestamptz, anchored_at timestamptz, due_at timestamptz,
  assignee_id uuid, assignee_name text, closed_at timestamptz, closed_by uuid, closed_by_name text, outcome text,
  times bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  WITH alike AS MATERIALIZED (
    SELECT closed.step, closed.outcome, closed.unit_id, closed.split, closed.closed_by IS NULL AS by_nobody,
      max(closed.closed_at) AS last, count(*) AS times
    FROM task AS closed
    WHERE closed.record_id = wanted AND closed.closed_at IS NOT NULL
    GROUP BY closed.step, closed.outcome, closed.unit_id, closed.split, closed.closed_by IS NULL)
  SELECT task.id, task.step, task.step_name, task.unit_id, task.function, task.role, task.split, task.origin,
    task.consultation, task.version, task.opened_at, task.anchored_at, task.due_at, task.assignee_id,
    task.assignee_name, task.closed_at, task.closed_by, task.closed_by_name, task.outcome,
    coalesce((SELECT alike.times FROM alike
      WHERE (alike.step, alike.outcome, alike.split, alike.by_nobody, alike.last)
          = (task.step, task.outcome, task.split, task.closed_by IS NULL, task.closed_at)
        AND alike.unit_id IS NOT DISTINCT FROM task.unit_id), 0)
  FROM task
  WHERE task.record_id = wanted
    AND (task.closed_at IS NULL OR task.id = beside OR task.closed_at IN (SELECT alike.last FROM alike))
    AND EXISTS (SELECT FROM record WHERE record.id = wanted
      AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system()))
$$;

REVOKE ALL ON FUNCTION app.standing_tasks(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.standing_tasks(uuid, uuid) TO portal_app;
""")


def downgrade() -> None:
    op.execute("""
DROP FUNCTION app.standing_tasks(uuid, uuid);

CREATE OR REPLACE FUNCTION app.tasks_of(wanted uuid) RETURNS SETOF task LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT task.* FROM task JOIN record ON record.id = task.record_id
  WHERE task.record_id = wanted
    AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())
  ORDER BY task.opened_at, task.id
$$;

CREATE OR REPLACE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$ SELECT coalesce(current_setting('app.kind', true), '') = 'system' $$;

CREATE OR REPLACE FUNCTION app.units() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$
  SELECT coalesce(array_agg(DISTINCT post.unit_id), '{}')
  FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) today
  WHERE post.person_id = app.person()
    AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day)
$$;
""")
