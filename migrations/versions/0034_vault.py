"""What is known of a paper when it is handed in, and the papers that a person keeps."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("draft_paper", "record_paper")

COLUMNS = """
ALTER TABLE {table} ADD COLUMN signatures jsonb;
ALTER TABLE {table} ADD COLUMN document_id uuid;
ALTER TABLE {table} ADD COLUMN from_vault boolean NOT NULL DEFAULT false;
ALTER TABLE {table} ADD CONSTRAINT fk_{table}_document_id_document FOREIGN KEY (document_id) REFERENCES document (id) NOT VALID;
COMMENT ON COLUMN {table}.signatures IS 'what its signatures said when it was uploaded; none: it has none';
COMMENT ON COLUMN {table}.document_id IS 'the issued result that the file is, byte for byte';
COMMENT ON COLUMN {table}.from_vault IS 'taken from the applicant''s own store instead of uploaded';
"""

VAULT = """
CREATE TABLE vault_paper (
  owner_id uuid NOT NULL,
  name text NOT NULL,
  number text NOT NULL,
  issuer text NOT NULL,
  issued_on date,
  expires_on date,
  file_digest text NOT NULL,
  file_name text NOT NULL,
  signatures jsonb,
  document_id uuid,
  about text NOT NULL,
  about_en text NOT NULL,
  kept_at timestamptz NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_vault_paper PRIMARY KEY (id),
  CONSTRAINT ck_vault_paper_expires_on CHECK (expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on),
  CONSTRAINT fk_vault_paper_owner_id_person FOREIGN KEY (owner_id) REFERENCES person (id),
  CONSTRAINT fk_vault_paper_file_digest_file FOREIGN KEY (file_digest) REFERENCES file (digest),
  CONSTRAINT fk_vault_paper_document_id_document FOREIGN KEY (document_id) REFERENCES document (id)
);
COMMENT ON COLUMN vault_paper.expires_on IS 'the last day of validity';
COMMENT ON COLUMN vault_paper.signatures IS 'what its signatures said when it was kept; none: it has none';
COMMENT ON COLUMN vault_paper.about IS 'the subject of the record that it was handed in with; empty: none';
COMMENT ON COLUMN vault_paper.document_id IS 'the issued result that the file is, byte for byte';
CREATE UNIQUE INDEX uq_vault_paper_owner_id_file_digest ON vault_paper (owner_id, file_digest);
"""

PROTECTION = """
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_paper TO portal_app;
ALTER TABLE vault_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_paper FORCE ROW LEVEL SECURITY;
CREATE POLICY vault_paper_owner ON vault_paper TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY vault_paper_read ON vault_paper FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY vault_paper_insert ON vault_paper FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY vault_paper_update ON vault_paper FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
CREATE POLICY vault_paper_delete ON vault_paper FOR DELETE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(COLUMNS.format(table=table))
    op.execute(VAULT)
    op.execute(PROTECTION)
    with op.get_context().autocommit_block():
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_document_id_document")


def downgrade() -> None:
    op.execute("DROP TABLE vault_paper")
    for table in TABLES:
        for column in ("from_vault", "document_id", "signatures"):
            op.drop_column(table, column)
