"""Documents are signed electronically: who confirmed to sign, until when; which signature stands on which document."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE signing_session (
  person_id uuid NOT NULL,
  sign_in_id uuid NOT NULL,
  stepped_up_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_signing_session PRIMARY KEY (id),
  CONSTRAINT ck_signing_session_expires CHECK (expires_at > stepped_up_at),
  CONSTRAINT fk_signing_session_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_signing_session_sign_in_id_sign_in FOREIGN KEY (sign_in_id) REFERENCES sign_in (id)
);
CREATE INDEX ix_signing_session_sign_in_id ON signing_session (sign_in_id);
GRANT SELECT, INSERT ON signing_session TO portal_app;
ALTER TABLE signing_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_session FORCE ROW LEVEL SECURITY;
CREATE POLICY signing_session_owner ON signing_session TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY signing_session_read ON signing_session FOR SELECT TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY signing_session_insert ON signing_session FOR INSERT TO portal_app WITH CHECK (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE TABLE document_signature (
  document_id uuid NOT NULL,
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  kind text NOT NULL,
  field text NOT NULL,
  person_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  signing_session_id uuid NOT NULL,
  certificate_serial text NOT NULL,
  subject text NOT NULL,
  shown_digest text NOT NULL,
  file_digest text NOT NULL,
  signed_at timestamptz NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_document_signature PRIMARY KEY (id),
  CONSTRAINT ck_document_signature_kind CHECK (kind IN ('person', 'agency')),
  CONSTRAINT fk_document_signature_document_id_document FOREIGN KEY (document_id) REFERENCES document (id),
  CONSTRAINT fk_document_signature_record_id_record FOREIGN KEY (record_id) REFERENCES record (id),
  CONSTRAINT fk_document_signature_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_document_signature_signing_session_id_signing_session FOREIGN KEY (signing_session_id) REFERENCES signing_session (id)
);
CREATE INDEX ix_document_signature_document_id ON document_signature (document_id);
CREATE INDEX ix_document_signature_file_digest ON document_signature (file_digest);
COMMENT ON COLUMN document_signature.kind IS 'person, agency';
COMMENT ON COLUMN document_signature.person_id IS 'who acted: the signer, or the clerk who sealed';
COMMENT ON COLUMN document_signature.unit_id IS 'whose document it is';
COMMENT ON COLUMN document_signature.shown_digest IS 'SHA-256 of the file that was signed, as it was shown';
COMMENT ON COLUMN document_signature.file_digest IS 'SHA-256 of the file with the signature';
GRANT SELECT, INSERT ON document_signature TO portal_app;
ALTER TABLE document_signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_signature FORCE ROW LEVEL SECURITY;
CREATE POLICY document_signature_owner ON document_signature TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY document_signature_read ON document_signature FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY document_signature_insert ON document_signature FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
"""

COLUMNS = """
ALTER TABLE batch ADD COLUMN signing_session_id uuid;
COMMENT ON COLUMN batch.signing_session_id IS 'the authority to use keys; none: nothing is signed electronically';
ALTER TABLE batch ADD CONSTRAINT fk_batch_signing_session_id_signing_session
  FOREIGN KEY (signing_session_id) REFERENCES signing_session (id) NOT VALID;
ALTER TABLE batched_task ADD COLUMN shown_digest text;
COMMENT ON COLUMN batched_task.shown_digest IS 'SHA-256 of the document that was shown to be signed';
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(COLUMNS)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE batch VALIDATE CONSTRAINT fk_batch_signing_session_id_signing_session")


def downgrade() -> None:
    op.execute("ALTER TABLE batched_task DROP COLUMN shown_digest")
    op.execute("ALTER TABLE batch DROP COLUMN signing_session_id")
    op.execute("DROP TABLE document_signature")
    op.execute("DROP TABLE signing_session")
