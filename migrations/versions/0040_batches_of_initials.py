"""Initialling many documents is a batch too."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

PURPOSE = """
-- squawk-ignore ban-drop-constraint
ALTER TABLE batch DROP CONSTRAINT ck_batch_purpose;
ALTER TABLE batch ADD CONSTRAINT ck_batch_purpose CHECK (purpose IN ({purposes})) NOT VALID;
COMMENT ON COLUMN batch.purpose IS '{said}';
"""
BEFORE = ("sign", "issue", "list")


def upgrade() -> None:
    _purposes("initial", *BEFORE)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE batch VALIDATE CONSTRAINT ck_batch_purpose")


def downgrade() -> None:
    _purposes(*BEFORE)


def _purposes(*names: str) -> None:
    op.execute(PURPOSE.format(purposes=", ".join(f"'{name}'" for name in names), said=", ".join(names)))
