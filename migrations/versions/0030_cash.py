"""Cash at the counter, money in suspense that pays a fee by hand, and a receipt for each capture."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE capture ADD COLUMN taken_by uuid;
ALTER TABLE capture ADD COLUMN taken_by_name text NOT NULL DEFAULT '';
-- squawk-ignore ban-drop-default
ALTER TABLE capture ALTER COLUMN taken_by_name DROP DEFAULT;
ALTER TABLE capture ADD COLUMN taken_unit_id uuid;
ALTER TABLE capture ADD CONSTRAINT fk_capture_taken_unit_id_unit FOREIGN KEY (taken_unit_id) REFERENCES unit (id) NOT VALID;
ALTER TABLE capture ADD CONSTRAINT ck_capture_taken_by CHECK ((gateway = 'cash') = (taken_by IS NOT NULL)) NOT VALID;
ALTER TABLE capture ADD CONSTRAINT ck_capture_taken_unit_id CHECK ((taken_by IS NULL) = (taken_unit_id IS NULL)) NOT VALID;
COMMENT ON COLUMN capture.heard_by IS 'notification, question, daily_file, counter';
COMMENT ON COLUMN capture.taken_by IS 'of cash: the official who took it';
COMMENT ON COLUMN capture.taken_unit_id IS 'of cash: at whose counter';
ALTER TABLE refund ADD COLUMN match_record_id uuid;
ALTER TABLE refund ADD CONSTRAINT fk_refund_match_record_id_record FOREIGN KEY (match_record_id) REFERENCES record (id) NOT VALID;
ALTER TABLE refund ADD CONSTRAINT ck_refund_match_record_id CHECK (match_record_id IS NULL OR fee_line_id IS NULL) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE refund DROP CONSTRAINT ck_refund_state;
ALTER TABLE refund ADD CONSTRAINT ck_refund_state CHECK (state IN ('due', 'proposed', 'approved', 'done', 'refused', 'matched')) NOT VALID;
COMMENT ON COLUMN refund.match_record_id IS 'the money does not go back: it pays the fees of this record';
ALTER TABLE document ADD COLUMN capture_id uuid;
ALTER TABLE document ADD CONSTRAINT fk_document_capture_id_capture FOREIGN KEY (capture_id) REFERENCES capture (id) NOT VALID;
COMMENT ON COLUMN document.capture_id IS 'of a fee receipt: the money that it receipts';
"""

VALIDATED = (
    ("capture", "fk_capture_taken_unit_id_unit"),
    ("capture", "ck_capture_taken_by"),
    ("capture", "ck_capture_taken_unit_id"),
    ("refund", "fk_refund_match_record_id_record"),
    ("refund", "ck_refund_match_record_id"),
    ("refund", "ck_refund_state"),
    ("document", "fk_document_capture_id_capture"),
)

PROTECTION = """
DROP POLICY payment_insert ON payment;
CREATE POLICY payment_insert ON payment FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR (gateway = 'cash' AND EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[]))));
DROP POLICY capture_read ON capture;
DROP POLICY capture_insert ON capture;
CREATE POLICY capture_read ON capture FOR SELECT TO portal_app USING ((SELECT app.is_system()) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id) OR (SELECT app.keeps_accounts()));
CREATE POLICY capture_insert ON capture FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR (gateway = 'cash' AND taken_by = (SELECT app.person()) AND taken_unit_id = ANY (((SELECT app.units())::uuid[])) AND EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[]))));
CREATE POLICY capture_update ON capture FOR UPDATE TO portal_app USING ((SELECT app.is_system())) WITH CHECK (true);
GRANT UPDATE ON capture TO portal_app;
DROP POLICY fee_line_read ON fee_line;
CREATE POLICY fee_line_read ON fee_line FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id) OR (SELECT app.keeps_accounts()));
"""

BEFORE = """
DROP POLICY payment_insert ON payment;
CREATE POLICY payment_insert ON payment FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
REVOKE UPDATE ON capture FROM portal_app;
DROP POLICY capture_update ON capture;
DROP POLICY capture_read ON capture;
DROP POLICY capture_insert ON capture;
CREATE POLICY capture_read ON capture FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id) OR (SELECT app.keeps_accounts()));
CREATE POLICY capture_insert ON capture FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
DROP POLICY fee_line_read ON fee_line;
CREATE POLICY fee_line_read ON fee_line FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
DROP INDEX uq_document_capture_id;
DROP INDEX ix_capture_captured_at;
ALTER TABLE document DROP COLUMN capture_id;
ALTER TABLE refund DROP CONSTRAINT ck_refund_state;
ALTER TABLE refund ADD CONSTRAINT ck_refund_state CHECK (state IN ('due', 'proposed', 'approved', 'done', 'refused'));
ALTER TABLE refund DROP COLUMN match_record_id;
ALTER TABLE capture DROP COLUMN taken_by, DROP COLUMN taken_by_name, DROP COLUMN taken_unit_id;
COMMENT ON COLUMN capture.heard_by IS 'notification, question, daily_file';
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(PROTECTION)
    with op.get_context().autocommit_block():
        for table, constraint in VALIDATED:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")
        op.execute("CREATE INDEX CONCURRENTLY ix_capture_captured_at ON capture (captured_at)")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_document_capture_id ON document (capture_id) "
            "WHERE capture_id IS NOT NULL AND ended_at IS NULL"
        )


def downgrade() -> None:
    op.execute(BEFORE)
