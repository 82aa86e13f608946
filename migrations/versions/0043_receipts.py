"""Receipts for fees bear the tax code of who collects, the seal of the agency and their data as XML."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE unit ADD COLUMN tax_code text NOT NULL DEFAULT '';
COMMENT ON COLUMN unit.tax_code IS 'mã số thuế, of a unit that collects fees; empty: it is not known';
ALTER TABLE document ADD COLUMN data_digest text;
COMMENT ON COLUMN document.data_digest IS 'of a fee receipt: its data as XML, beside the PDF';
ALTER TABLE document ADD CONSTRAINT fk_document_data_digest_file FOREIGN KEY (data_digest) REFERENCES file (digest) NOT VALID;
"""

SEALED_ALONE = """
-- nothing reads these columns back: they are kept for who asks later
-- squawk-ignore ban-drop-not-null
ALTER TABLE document_signature ALTER COLUMN person_id DROP NOT NULL;
-- squawk-ignore ban-drop-not-null
ALTER TABLE document_signature ALTER COLUMN signing_session_id DROP NOT NULL;
ALTER TABLE document_signature ADD CONSTRAINT ck_document_signature_actor CHECK ((person_id IS NULL) = (signing_session_id IS NULL)) NOT VALID;
ALTER TABLE document_signature ADD CONSTRAINT ck_document_signature_person CHECK (kind = 'agency' OR person_id IS NOT NULL) NOT VALID;
COMMENT ON COLUMN document_signature.person_id IS 'who acted: the signer, or the clerk who sealed; none: the portal, on a fee receipt';
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(SEALED_ALONE)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE document VALIDATE CONSTRAINT fk_document_data_digest_file")
        op.execute("ALTER TABLE document_signature VALIDATE CONSTRAINT ck_document_signature_actor")
        op.execute("ALTER TABLE document_signature VALIDATE CONSTRAINT ck_document_signature_person")


def downgrade() -> None:
    op.execute("DELETE FROM document_signature WHERE person_id IS NULL")
    op.execute("ALTER TABLE document_signature DROP CONSTRAINT ck_document_signature_person")
    op.execute("ALTER TABLE document_signature DROP CONSTRAINT ck_document_signature_actor")
    op.execute("ALTER TABLE document_signature ALTER COLUMN signing_session_id SET NOT NULL")
    op.execute("ALTER TABLE document_signature ALTER COLUMN person_id SET NOT NULL")
    op.execute("ALTER TABLE document DROP COLUMN data_digest")
    op.execute("ALTER TABLE unit DROP COLUMN tax_code")
