"""Books of an office that are drawn as PDF by the worker."""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE book_print (
  person_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  book text NOT NULL,
  kind text NOT NULL,
  first_day date NOT NULL,
  last_day date NOT NULL,
  requested_at timestamptz NOT NULL,
  drawn_at timestamptz,
  file_digest text,
  id uuid NOT NULL,
  CONSTRAINT pk_book_print PRIMARY KEY (id),
  CONSTRAINT ck_book_print_book CHECK (book IN ('records', 'certifications')),
  CONSTRAINT ck_book_print_drawn CHECK ((file_digest IS NULL) = (drawn_at IS NULL)),
  CONSTRAINT fk_book_print_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_book_print_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT fk_book_print_file_digest_file FOREIGN KEY(file_digest) REFERENCES file (digest)
);
COMMENT ON COLUMN book_print.unit_id IS 'whose book it is';
COMMENT ON COLUMN book_print.book IS 'records, certifications';
COMMENT ON COLUMN book_print.kind IS 'which of the unit''s books of that name';
CREATE INDEX ix_book_print_person_id ON book_print (person_id, requested_at);
GRANT SELECT, INSERT, UPDATE ON book_print TO portal_app;
ALTER TABLE book_print ENABLE ROW LEVEL SECURITY;
ALTER TABLE book_print FORCE ROW LEVEL SECURITY;
CREATE POLICY book_print_owner ON book_print TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY book_print_read ON book_print FOR SELECT TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY book_print_insert ON book_print FOR INSERT TO portal_app WITH CHECK (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY book_print_update ON book_print FOR UPDATE TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE book_print")
