"""Records in flight move from one version of their procedure to another, in bulk, and back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PROTECTION = """
GRANT SELECT, INSERT, UPDATE ON record_moving TO portal_app;
ALTER TABLE record_moving ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_moving FORCE ROW LEVEL SECURITY;
CREATE POLICY record_moving_owner ON record_moving TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY record_moving_read ON record_moving FOR SELECT TO portal_app USING ((SELECT app.is_system()));
CREATE POLICY record_moving_insert ON record_moving FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY record_moving_update ON record_moving FOR UPDATE TO portal_app USING ((SELECT app.is_system()))
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON moved_record TO portal_app;
ALTER TABLE moved_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE moved_record FORCE ROW LEVEL SECURITY;
CREATE POLICY moved_record_owner ON moved_record TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY moved_record_read ON moved_record FOR SELECT TO portal_app USING ((SELECT app.is_system()));
CREATE POLICY moved_record_insert ON moved_record FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY moved_record_update ON moved_record FOR UPDATE TO portal_app USING ((SELECT app.is_system()))
  WITH CHECK (true);
"""


def upgrade() -> None:
    op.create_table(
        "record_moving",
        sa.Column("procedure_code", sa.Text(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["procedure_version.id"],
            name=op.f("fk_record_moving_from_version_id_procedure_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["procedure_version.id"], name=op.f("fk_record_moving_to_version_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_moving")),
    )
    op.create_table(
        "moved_record",
        sa.Column("moving_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="moved, refused, gone, reverted, kept; none: waits"),
        sa.Column(
            "reasons",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="[{vi, en}]: why it stays",
        ),
        sa.Column(
            "before",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="what the way back restores",
        ),
        sa.Column("record_version", sa.Integer(), nullable=True, comment="number of the event that moved it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["moving_id"], ["record_moving.id"], name=op.f("fk_moved_record_moving_id_record_moving")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_moved_record_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_record")),
    )
    op.create_index("uq_moved_record_record_id_moving_id", "moved_record", ["record_id", "moving_id"], unique=True)
    op.create_index("ix_moved_record_moving_id", "moved_record", ["moving_id", "batch"])
    op.execute(PROTECTION)


def downgrade() -> None:
    op.drop_table("moved_record")
    op.drop_table("record_moving")
