"""Moves of records are rehearsed and started by administrators, one at a time for each procedure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE record_moving ADD COLUMN purpose text NOT NULL DEFAULT 'move';
COMMENT ON COLUMN record_moving.purpose IS 'rehearsal, move';
ALTER TABLE record_moving ADD CONSTRAINT ck_record_moving_purpose CHECK (purpose IN ('rehearsal', 'move')) NOT VALID;
ALTER TABLE record_moving ADD COLUMN requested_by_name text NOT NULL DEFAULT '';
ALTER TABLE record_moving ADD COLUMN batches integer;
COMMENT ON COLUMN record_moving.batches IS 'none: the records have not been looked for yet';
ALTER TABLE record_moving ADD COLUMN finished_at timestamptz;
COMMENT ON COLUMN record_moving.finished_at IS 'none: it runs, there or back';
ALTER TABLE record_moving ADD COLUMN reverted_by_name text NOT NULL DEFAULT '';
COMMENT ON COLUMN moved_record.outcome IS 'fits, moved, refused, gone, reverted, kept; none: waits';
UPDATE record_moving SET
  batches = (SELECT coalesce(max(batch) + 1, 0) FROM moved_record WHERE moving_id = record_moving.id),
  finished_at = CASE
    WHEN NOT EXISTS (SELECT FROM moved_record WHERE moving_id = record_moving.id AND outcome IS NULL)
      THEN coalesce(reverted_at, requested_at)
    END;
"""

OPEN_TO_ADMINISTRATORS = """
DROP POLICY record_moving_read ON record_moving;
DROP POLICY record_moving_insert ON record_moving;
DROP POLICY record_moving_update ON record_moving;
CREATE POLICY record_moving_read ON record_moving FOR SELECT TO portal_app USING ((SELECT app.is_administrator()) OR (SELECT app.is_system()));
CREATE POLICY record_moving_insert ON record_moving FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_administrator()) OR (SELECT app.is_system()));
CREATE POLICY record_moving_update ON record_moving FOR UPDATE TO portal_app USING ((SELECT app.is_administrator()) OR (SELECT app.is_system())) WITH CHECK (true);
"""

CLOSED_TO_ADMINISTRATORS = """
DROP POLICY record_moving_read ON record_moving;
DROP POLICY record_moving_insert ON record_moving;
DROP POLICY record_moving_update ON record_moving;
CREATE POLICY record_moving_read ON record_moving FOR SELECT TO portal_app USING ((SELECT app.is_system()));
CREATE POLICY record_moving_insert ON record_moving FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY record_moving_update ON record_moving FOR UPDATE TO portal_app USING ((SELECT app.is_system()))
  WITH CHECK (true);
"""

FUNCTIONS = """
CREATE FUNCTION app.step_loads(wanted text) RETURNS TABLE (version_id uuid, step text, records bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT record.version_id, task.step, count(DISTINCT record.id)
  FROM record JOIN task ON task.record_id = record.id AND task.closed_at IS NULL
  WHERE record.procedure_code = wanted AND record.closed_at IS NULL AND (app.is_administrator() OR app.is_system())
  GROUP BY record.version_id, task.step
$$;

CREATE FUNCTION app.moving_counts(wanted uuid) RETURNS TABLE (outcome text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT moved_record.outcome, count(*) FROM moved_record
  WHERE moved_record.moving_id = wanted AND (app.is_administrator() OR app.is_system())
  GROUP BY moved_record.outcome
$$;

CREATE FUNCTION app.moving_reasons(wanted uuid) RETURNS TABLE (reason jsonb, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT said.reason, count(*) FROM moved_record, jsonb_array_elements(moved_record.reasons) AS said (reason)
  WHERE moved_record.moving_id = wanted AND (app.is_administrator() OR app.is_system())
  GROUP BY said.reason
$$;

CREATE FUNCTION app.moving_records(wanted uuid, outcomes text[], most integer, passed integer)
RETURNS TABLE (code text, outcome text, reasons jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT record.code, moved_record.outcome, moved_record.reasons
  FROM moved_record JOIN record ON record.id = moved_record.record_id
  WHERE moved_record.moving_id = wanted AND moved_record.outcome = ANY (outcomes)
    AND (app.is_administrator() OR app.is_system())
  ORDER BY record.code LIMIT most OFFSET passed
$$;

CREATE FUNCTION app.moving_gone_on(wanted uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT count(*) FROM moved_record JOIN record ON record.id = moved_record.record_id
  WHERE moved_record.moving_id = wanted AND moved_record.outcome = 'moved'
    AND record.version <> moved_record.record_version AND (app.is_administrator() OR app.is_system())
$$;

REVOKE ALL ON FUNCTION app.step_loads(text), app.moving_counts(uuid), app.moving_reasons(uuid),
  app.moving_records(uuid, text[], integer, integer), app.moving_gone_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.step_loads(text), app.moving_counts(uuid), app.moving_reasons(uuid),
  app.moving_records(uuid, text[], integer, integer), app.moving_gone_on(uuid) TO portal_app;
"""

DROPPED = (
    "moving_gone_on(uuid)",
    "moving_records(uuid, text[], integer, integer)",
    "moving_reasons(uuid)",
    "moving_counts(uuid)",
    "step_loads(text)",
)


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(OPEN_TO_ADMINISTRATORS)
    op.execute(FUNCTIONS)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE record_moving VALIDATE CONSTRAINT ck_record_moving_purpose")
        op.create_index(
            "uq_record_moving_running",
            "record_moving",
            ["procedure_code"],
            unique=True,
            postgresql_where=sa.text("purpose = 'move' AND finished_at IS NULL"),
            postgresql_concurrently=True,
        )
        op.execute("SET statement_timeout = 0")  # a million records take some seconds, and hold nobody up
        op.create_index(
            "ix_record_version_id",
            "record",
            ["version_id", "id"],
            postgresql_where=sa.text("closed_at IS NULL"),
            postgresql_concurrently=True,
        )
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.drop_index("ix_record_version_id", "record")
    for function in DROPPED:
        op.execute(f"DROP FUNCTION app.{function}")
    op.execute(CLOSED_TO_ADMINISTRATORS)
    op.drop_index("uq_record_moving_running", "record_moving")
    op.drop_constraint("ck_record_moving_purpose", "record_moving")
    for column in ("reverted_by_name", "finished_at", "batches", "requested_by_name", "purpose"):
        op.drop_column("record_moving", column)
