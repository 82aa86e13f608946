"""Since when a job has been owed: lateness counts from there, also of what was due before."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE job ADD COLUMN owed_at timestamptz NOT NULL DEFAULT now()")
    op.execute(
        "COMMENT ON COLUMN job.owed_at IS 'since when anybody could do it: what is told of the past is due before'"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE job DROP COLUMN owed_at")
