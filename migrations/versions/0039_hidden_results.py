"""Results that their owner leaves out of the list of the personal document store."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE hidden_result (
  owner_id uuid NOT NULL,
  document_id uuid NOT NULL,
  hidden_at timestamptz NOT NULL,
  CONSTRAINT pk_hidden_result PRIMARY KEY (owner_id, document_id),
  CONSTRAINT fk_hidden_result_owner_id_person FOREIGN KEY (owner_id) REFERENCES person (id),
  CONSTRAINT fk_hidden_result_document_id_document FOREIGN KEY (document_id) REFERENCES document (id)
);
GRANT SELECT, INSERT, DELETE ON hidden_result TO portal_app;
ALTER TABLE hidden_result ENABLE ROW LEVEL SECURITY;
ALTER TABLE hidden_result FORCE ROW LEVEL SECURITY;
CREATE POLICY hidden_result_owner ON hidden_result TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY hidden_result_read ON hidden_result FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY hidden_result_insert ON hidden_result FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY hidden_result_delete ON hidden_result FOR DELETE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE hidden_result")
