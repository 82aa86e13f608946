"""Many tasks acted on at once: what was ticked, what came of each, and one list for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PROTECTION = """
GRANT SELECT, INSERT, UPDATE ON batch TO portal_app;
ALTER TABLE batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch FORCE ROW LEVEL SECURITY;
CREATE POLICY batch_owner ON batch TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY batch_read ON batch FOR SELECT TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY batch_insert ON batch FOR INSERT TO portal_app WITH CHECK (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY batch_update ON batch FOR UPDATE TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON batched_task TO portal_app;
ALTER TABLE batched_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE batched_task FORCE ROW LEVEL SECURITY;
CREATE POLICY batched_task_owner ON batched_task TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY batched_task_read ON batched_task FOR SELECT TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM batch WHERE batch.id = batch_id));
CREATE POLICY batched_task_insert ON batched_task FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM batch WHERE batch.id = batch_id));
CREATE POLICY batched_task_update ON batched_task FOR UPDATE TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM batch WHERE batch.id = batch_id)) WITH CHECK (true);
"""

NUMBERS = "uq_document_unit_id_series_year_number"
NUMBERED = ["unit_id", "series", "year", "number"]


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("purpose", sa.Text(), nullable=False, comment="sign, issue, list"),
        sa.Column("title", sa.Text(), nullable=False, comment="the label of the action, when it is one for all"),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True, comment="none: the portal itself"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("purpose IN ('sign', 'issue', 'list')", name=op.f("ck_batch_purpose")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_person_id", "batch", ["person_id", "requested_at"])
    op.create_table(
        "batched_task",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="its place on the page, from 1"),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="done, refused; none: waits"),
        sa.Column(
            "reason",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="sentence and details of a refusal",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_batched_task_outcome")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batched_task_batch_id_batch")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_batched_task_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batched_task")),
    )
    op.create_index("ix_batched_task_batch_id", "batched_task", ["batch_id", "number"])
    op.create_index(
        "uq_batched_task_waiting",
        "batched_task",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.execute(PROTECTION)
    op.execute("ALTER TABLE document ADD COLUMN batch_id uuid")
    op.execute(
        "COMMENT ON COLUMN document.batch_id IS 'the list of a batch hangs on each of its records, under one number'"
    )
    op.execute(
        "ALTER TABLE document ADD CONSTRAINT fk_document_batch_id_batch FOREIGN KEY (batch_id) REFERENCES batch (id) "
        "NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")  # a million documents take some seconds, and hold nobody up
        op.execute("ALTER TABLE document VALIDATE CONSTRAINT fk_document_batch_id_batch")
        op.create_index(
            "ix_document_batch_id",
            "document",
            ["batch_id"],
            postgresql_where=sa.text("batch_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            f"{NUMBERS}_new",
            "document",
            NUMBERED,
            unique=True,
            postgresql_where=sa.text("number IS NOT NULL AND batch_id IS NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(NUMBERS, "document", postgresql_concurrently=True)
        op.execute(f"-- squawk-ignore renaming-object\nALTER INDEX {NUMBERS}_new RENAME TO {NUMBERS}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.execute("UPDATE document SET number = NULL, issued_at = NULL WHERE batch_id IS NOT NULL")
    op.drop_index(NUMBERS, "document")
    op.create_index(NUMBERS, "document", NUMBERED, unique=True, postgresql_where=sa.text("number IS NOT NULL"))
    op.drop_index("ix_document_batch_id", "document")
    op.drop_column("document", "batch_id")
    op.drop_table("batched_task")
    op.drop_table("batch")
