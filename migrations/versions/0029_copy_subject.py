"""A copy received for information says in English too what it is about: who receives it does not see the record."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMN = """
ALTER TABLE document_copy ADD COLUMN subject_en text NOT NULL DEFAULT '';
COMMENT ON COLUMN document_copy.subject_en IS 'the same in English, where the definition has it';
"""
FILLED = """
UPDATE document_copy SET subject_en = record.subject_en FROM record
WHERE record.id = document_copy.record_id AND record.subject_en <> '';
"""


def upgrade() -> None:
    op.execute(COLUMN)
    op.execute(FILLED)


def downgrade() -> None:
    op.execute("ALTER TABLE document_copy DROP COLUMN subject_en")
