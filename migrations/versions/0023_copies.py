"""Results for each row, copies of documents for other agencies, and corrections after the end."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = """
ALTER TABLE document ADD COLUMN row integer;
COMMENT ON COLUMN document.row IS 'which row of a repeating answer it is about, from 0; none: all of the record';

CREATE TABLE document_copy (
  id uuid CONSTRAINT pk_document_copy PRIMARY KEY,
  document_id uuid NOT NULL CONSTRAINT fk_document_copy_document_id_document REFERENCES document (id),
  record_id uuid NOT NULL CONSTRAINT fk_document_copy_record_id_record REFERENCES record (id),
  owner_id uuid NOT NULL,
  unit_id uuid CONSTRAINT fk_document_copy_unit_id_unit REFERENCES unit (id),
  body text NOT NULL,
  body_en text NOT NULL,
  sender_id uuid NOT NULL CONSTRAINT fk_document_copy_sender_id_unit REFERENCES unit (id),
  purpose text NOT NULL CONSTRAINT ck_document_copy_purpose CHECK (purpose IN ('copy', 'report')),
  record_code text NOT NULL,
  applicant_name text NOT NULL,
  subject text NOT NULL,
  version_id uuid NOT NULL CONSTRAINT fk_document_copy_version_id_procedure_version REFERENCES procedure_version (id),
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  sent_by_name text NOT NULL,
  sent_how text NOT NULL,
  read_at timestamptz,
  read_by_name text NOT NULL,
  CONSTRAINT ck_document_copy_receiver CHECK ((unit_id IS NULL) = (body <> '')),
  CONSTRAINT ck_document_copy_sent CHECK (unit_id IS NULL OR sent_at IS NOT NULL)
);
COMMENT ON COLUMN document_copy.unit_id IS 'who receives it; none: a body without accounts';
COMMENT ON COLUMN document_copy.body IS 'the name of a body without accounts';
COMMENT ON COLUMN document_copy.sender_id IS 'whose clerk sends it to a body without accounts';
COMMENT ON COLUMN document_copy.purpose IS 'copy: for information; report: to the superior body';
COMMENT ON COLUMN document_copy.sent_at IS 'when it was there to be read, or was posted; none: waits for the clerk';
COMMENT ON COLUMN document_copy.sent_how IS 'of a posted copy: the number of the item';
CREATE INDEX ix_document_copy_document_id ON document_copy (document_id);
CREATE INDEX ix_document_copy_record_id ON document_copy (record_id);
CREATE INDEX ix_document_copy_unit_id ON document_copy (unit_id, created_at);
CREATE INDEX ix_document_copy_sender_id ON document_copy (sender_id) WHERE sent_at IS NULL;
"""

PROTECTION = """
GRANT SELECT, INSERT, UPDATE ON document_copy TO portal_app;
ALTER TABLE document_copy ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_copy FORCE ROW LEVEL SECURITY;
CREATE POLICY document_copy_owner ON document_copy TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY document_copy_read ON document_copy FOR SELECT TO portal_app USING (unit_id = ANY (((SELECT app.units())::uuid[])) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY document_copy_insert ON document_copy FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY document_copy_update ON document_copy FOR UPDATE TO portal_app USING (unit_id = ANY (((SELECT app.units())::uuid[])) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
DROP POLICY document_read ON document;
CREATE POLICY document_read ON document FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id) OR EXISTS (SELECT FROM document_copy AS copy WHERE copy.document_id = document.id AND copy.record_id = document.record_id AND copy.unit_id = ANY (((SELECT app.units())::uuid[]))));
"""

BEFORE = """
DROP POLICY document_read ON document;
CREATE POLICY document_read ON document FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(PROTECTION)


def downgrade() -> None:
    op.execute(BEFORE)
    op.drop_table("document_copy")
    op.drop_column("document", "row")
