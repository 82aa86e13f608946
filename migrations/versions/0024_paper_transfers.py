"""Results that nobody collects go to the archive; the paper of a record follows it from desk to desk."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = """
-- squawk-ignore ban-drop-constraint
ALTER TABLE record DROP CONSTRAINT ck_record_state;
ALTER TABLE record ADD CONSTRAINT ck_record_state CHECK (state IN ({states})) NOT VALID;
"""
BEFORE = (
    "'submitted', 'supplement_before_acceptance', 'refused', 'accepted', 'in_progress', 'consulting', "
    "'applicant_confirms', 'supplement', 'fee_due', 'stopped', 'granted', 'not_granted', 'returned', 'withdrawn', "
    "'expired'"
)
AFTER = BEFORE.replace("'returned', ", "'returned', 'archived', ")

TRANSFERS = """
CREATE TABLE paper_transfer (
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  task_id uuid NOT NULL,
  from_unit_id uuid NOT NULL,
  to_unit_id uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  sent_by_name text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL,
  arrived_at timestamptz,
  arrived_by_name text NOT NULL DEFAULT '',
  dropped_at timestamptz,
  id uuid NOT NULL,
  CONSTRAINT pk_paper_transfer PRIMARY KEY (id),
  CONSTRAINT ck_paper_transfer_arrived_or_dropped CHECK (arrived_at IS NULL OR dropped_at IS NULL),
  CONSTRAINT fk_paper_transfer_record_id_record FOREIGN KEY (record_id) REFERENCES record (id),
  CONSTRAINT fk_paper_transfer_from_unit_id_unit FOREIGN KEY (from_unit_id) REFERENCES unit (id),
  CONSTRAINT fk_paper_transfer_to_unit_id_unit FOREIGN KEY (to_unit_id) REFERENCES unit (id)
);
COMMENT ON COLUMN paper_transfer.task_id IS 'the task that was closed by handing over';
COMMENT ON COLUMN paper_transfer.due_at IS 'until when the paper must have arrived';
COMMENT ON COLUMN paper_transfer.dropped_at IS 'the hand-over was taken back, or there is no paper';
CREATE INDEX ix_paper_transfer_record_id ON paper_transfer (record_id);
CREATE INDEX ix_paper_transfer_task_id ON paper_transfer (task_id);
CREATE INDEX ix_paper_transfer_to ON paper_transfer (to_unit_id, due_at) WHERE arrived_at IS NULL AND dropped_at IS NULL;
CREATE INDEX ix_paper_transfer_from ON paper_transfer (from_unit_id, due_at)
  WHERE arrived_at IS NULL AND dropped_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON paper_transfer TO portal_app;
ALTER TABLE paper_transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE paper_transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY paper_transfer_owner ON paper_transfer TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY paper_transfer_read ON paper_transfer FOR SELECT TO portal_app USING (VISIBLE);
CREATE POLICY paper_transfer_insert ON paper_transfer FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY paper_transfer_update ON paper_transfer FOR UPDATE TO portal_app USING (VISIBLE) WITH CHECK (true);
""".replace(
    "VISIBLE",
    "owner_id = (SELECT app.person()) OR (SELECT app.is_system()) "
    "OR EXISTS (SELECT FROM record WHERE record.id = record_id)",
)


def upgrade() -> None:
    op.execute(STATES.format(states=AFTER))
    op.execute(TRANSFERS)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE record VALIDATE CONSTRAINT ck_record_state")


def downgrade() -> None:
    op.execute("DROP TABLE paper_transfer")
    op.execute(STATES.format(states=BEFORE))
