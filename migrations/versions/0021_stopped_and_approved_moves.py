"""A move of records can be stopped, a large one needs a second administrator, and rehearsals are forgotten."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE record_moving ADD COLUMN sent_at timestamptz;
COMMENT ON COLUMN record_moving.sent_at IS 'of a rehearsal: a second administrator is asked to decide';
ALTER TABLE record_moving ADD COLUMN returned_by_name text NOT NULL DEFAULT '';
ALTER TABLE record_moving ADD COLUMN return_reason text NOT NULL DEFAULT '';
ALTER TABLE record_moving ADD COLUMN approved_by_name text NOT NULL DEFAULT '';
COMMENT ON COLUMN record_moving.approved_by_name IS 'of a move: the second administrator, where one was needed';
ALTER TABLE record_moving ADD COLUMN stopped_at timestamptz;
COMMENT ON COLUMN record_moving.stopped_at IS 'the last time that it was stopped, there or back';
ALTER TABLE record_moving ADD COLUMN stopped_by_name text NOT NULL DEFAULT '';
"""

FORGETTING = """
GRANT DELETE ON record_moving TO portal_app;
CREATE POLICY record_moving_delete ON record_moving FOR DELETE TO portal_app USING ((SELECT app.is_administrator()) OR (SELECT app.is_system()));
GRANT DELETE ON moved_record TO portal_app;
CREATE POLICY moved_record_delete ON moved_record FOR DELETE TO portal_app USING ((SELECT app.is_system()));
"""

REMEMBERING = """
DROP POLICY moved_record_delete ON moved_record;
REVOKE DELETE ON moved_record FROM portal_app;
DROP POLICY record_moving_delete ON record_moving;
REVOKE DELETE ON record_moving FROM portal_app;
"""

NAMES = ("stopped_by_name", "stopped_at", "approved_by_name", "return_reason", "returned_by_name", "sent_at")


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(FORGETTING)


def downgrade() -> None:
    op.execute(REMEMBERING)
    for column in NAMES:
        op.drop_column("record_moving", column)
