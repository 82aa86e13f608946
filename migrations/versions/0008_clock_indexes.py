"""Indexes and checks of the legal clock, made while the portal works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHECKS = (
    ("calendar_exception", "withdrawn"),
    ("calendar_exception", "hours"),
    ("office_hours", "withdrawn"),
    ("office_hours", "dates"),
)
IN_FORCE = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    for table, name in CHECKS:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
    with op.get_context().autocommit_block():
        op.create_index(
            "uq_calendar_exception_day_unit_id_hours",
            "calendar_exception",
            ["day", "unit_id", "hours"],
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=IN_FORCE,
            postgresql_concurrently=True,
        )
        op.drop_index(
            "uq_calendar_exception_day_unit_id", table_name="calendar_exception", postgresql_concurrently=True
        )
        op.create_index(
            "uq_office_hours_session",
            "office_hours",
            ["unit_id", "kind", "weekday", "starts", "valid_from"],
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=IN_FORCE,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_record_due_at",
            "record",
            ["due_at"],
            postgresql_where=sa.text("finished_at IS NULL AND closed_at IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_record_due_at", table_name="record")
    op.drop_index("uq_office_hours_session", table_name="office_hours", postgresql_nulls_not_distinct=True)
    op.create_index(
        "uq_calendar_exception_day_unit_id",
        "calendar_exception",
        ["day", "unit_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND hours = 'statutory'"),
    )
    op.drop_index(
        "uq_calendar_exception_day_unit_id_hours",
        table_name="calendar_exception",
        postgresql_nulls_not_distinct=True,
    )
