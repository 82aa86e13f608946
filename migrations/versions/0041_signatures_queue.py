"""Batches that sign have a queue of their own."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("COMMENT ON COLUMN job.queue IS 'messages, documents, signatures'")


def downgrade() -> None:
    op.execute("COMMENT ON COLUMN job.queue IS 'messages, documents'")
