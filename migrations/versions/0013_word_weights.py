"""Weights of words on the scale that tells short phrases from long ones."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE procedure_word SET weight = weight * 10")


def downgrade() -> None:
    op.execute("UPDATE procedure_word SET weight = weight / 10")
