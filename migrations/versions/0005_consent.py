"""Titles in English, the applicant's consent to registers, former names of places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CONSENT = "when the applicant let registers be asked; or never"


def upgrade() -> None:
    op.add_column(
        "record",
        sa.Column(
            "subject_en",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the same in English, where the definition has it",
        ),
    )
    for table in ("draft", "record"):
        op.add_column(table, sa.Column("consented_at", sa.TIMESTAMP(timezone=True), nullable=True, comment=CONSENT))
    op.add_column(
        "place",
        sa.Column(
            "former_names",
            JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="[{name, until}]: what people still call it, or a part of it",
        ),
    )


def downgrade() -> None:
    op.drop_column("place", "former_names")
    for table in ("record", "draft"):
        op.drop_column(table, "consented_at")
    op.drop_column("record", "subject_en")
