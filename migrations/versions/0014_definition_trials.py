"""Trials of definitions: what one administrator has done with a draft, apart from all records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PROTECTION = """
GRANT SELECT, INSERT, UPDATE, DELETE ON definition_trial TO portal_app;
ALTER TABLE definition_trial ENABLE ROW LEVEL SECURITY;
ALTER TABLE definition_trial FORCE ROW LEVEL SECURITY;
CREATE POLICY definition_trial_owner ON definition_trial TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY definition_trial_read ON definition_trial FOR SELECT TO portal_app USING ((person_id = (SELECT app.person()) AND (SELECT app.is_administrator())) OR (SELECT app.is_system()));
CREATE POLICY definition_trial_insert ON definition_trial FOR INSERT TO portal_app WITH CHECK ((person_id = (SELECT app.person()) AND (SELECT app.is_administrator())) OR (SELECT app.is_system()));
CREATE POLICY definition_trial_update ON definition_trial FOR UPDATE TO portal_app USING ((person_id = (SELECT app.person()) AND (SELECT app.is_administrator())) OR (SELECT app.is_system())) WITH CHECK (true);
CREATE POLICY definition_trial_delete ON definition_trial FOR DELETE TO portal_app USING ((person_id = (SELECT app.person()) AND (SELECT app.is_administrator())) OR (SELECT app.is_system()));
"""


def upgrade() -> None:
    op.create_table(
        "definition_trial",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "start",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="place, counter, time, answers",
        ),
        sa.Column(
            "moves",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="what was done, in order; played anew each time",
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name=op.f("fk_definition_trial_draft_id_definition_draft")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_definition_trial_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_trial")),
    )
    op.create_index(
        "uq_definition_trial_draft_id_person_id", "definition_trial", ["draft_id", "person_id"], unique=True
    )
    op.execute(PROTECTION)


def downgrade() -> None:
    op.drop_table("definition_trial")
