"""The register of a unit is read by the days on which records were handed in."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each statement may be repeated: what is built concurrently is not taken back when a later one fails."""
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")  # a million records take some seconds, and hold nobody up
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_received_unit_id")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_record_received_unit_id ON record USING btree (received_unit_id, submitted_at)"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_submitted_at")
        op.execute("CREATE INDEX CONCURRENTLY ix_record_submitted_at ON record USING brin (submitted_at)")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_submitted_at")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_received_unit_id")
