"""The legal clock: decisions about the calendar that can be read as they were known, new promises, apologies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LONG_KNOWN = sa.text("'2000-01-01 00:00:00+00'")
"""Rows that were there before decisions were dated count as known from the beginning."""

PROTECTION = """
REVOKE DELETE ON calendar_exception, office_hours FROM portal_app;
GRANT SELECT, INSERT, UPDATE ON apology TO portal_app;
ALTER TABLE apology ENABLE ROW LEVEL SECURITY;
ALTER TABLE apology FORCE ROW LEVEL SECURITY;
CREATE POLICY apology_owner ON apology TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY apology_read ON apology FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY apology_insert ON apology FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY apology_update ON apology FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
"""


def upgrade() -> None:
    for table in ("calendar_exception", "office_hours"):
        op.add_column(
            table, sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=LONG_KNOWN, nullable=False)
        )
        op.add_column(table, sa.Column("recorded_by", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
        _check(table, "withdrawn", "withdrawn_at >= recorded_at")
    _days()
    _hours()
    op.add_column(
        "record",
        sa.Column(
            "due_changes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="[{kind: extended|appointed, at, …}]: what moved the due date beside pauses",
        ),
    )
    _apologies()
    op.execute(PROTECTION)


def _days() -> None:
    table = "calendar_exception"
    op.add_column(
        table,
        sa.Column(
            "hours",
            sa.Text(),
            server_default="statutory",
            nullable=False,
            comment="statutory: terms count by it; counter: only the doors follow it",
        ),
    )
    _check(table, "hours", "hours IN ('statutory', 'counter')")
    op.add_column(table, sa.Column("name_en", sa.Text(), server_default="", nullable=False))
    op.add_column(
        table,
        sa.Column("swap_id", sa.Uuid(), nullable=True, comment="shared by a day off and the day worked for it"),
    )


def _hours() -> None:
    table = "office_hours"
    op.add_column(
        table,
        sa.Column(
            "source",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="number and date of the document that orders it",
        ),
    )
    _check(table, "dates", "valid_to >= valid_from")


def _apologies() -> None:
    op.create_table(
        "apology",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False, comment="the agency that decides, and apologises"),
        sa.Column("role", sa.Text(), nullable=False, comment="who signs there"),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("was_due_at", sa.DateTime(timezone=True), nullable=False, comment="the date that will not be kept"),
        sa.Column("proposed_day", sa.Date(), nullable=False, comment="worked out from the steps that are left"),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("new_day", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "dropped_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the result came in time, or the record ended",
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("signed_at IS NULL OR dropped_at IS NULL", name=op.f("ck_apology_signed_or_dropped")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_apology_document_id_document")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_apology_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_apology_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apology")),
    )
    op.create_index("uq_apology_record_id", "apology", ["record_id"], unique=True)
    op.create_index(
        "ix_apology_unit_id",
        "apology",
        ["unit_id"],
        postgresql_where=sa.text("signed_at IS NULL AND dropped_at IS NULL"),
    )


def _check(table: str, name: str, condition: str) -> None:
    """Holds for new rows at once; the next migration looks at the old ones without keeping anybody out."""
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID")


def downgrade() -> None:
    op.drop_table("apology")
    op.drop_column("record", "due_changes")
    op.drop_constraint(op.f("ck_office_hours_dates"), "office_hours", type_="check")
    op.drop_column("office_hours", "source")
    op.execute("DELETE FROM calendar_exception WHERE withdrawn_at IS NOT NULL OR hours = 'counter'")
    op.execute("DELETE FROM office_hours WHERE withdrawn_at IS NOT NULL")
    for column in ("swap_id", "name_en", "hours"):
        op.drop_column("calendar_exception", column)
    for table in ("calendar_exception", "office_hours"):
        for column in ("withdrawn_by", "withdrawn_at", "recorded_by", "recorded_at"):
            op.drop_column(table, column)
    op.execute("GRANT DELETE ON calendar_exception, office_hours TO portal_app")
