"""Definitions of procedures are written, sent to a second administrator and published in the browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION app.is_administrator() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) today
    WHERE post.person_id = app.person() AND post.role = 'administrator'
      AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day))
$$;

CREATE FUNCTION app.official_accounts()
RETURNS TABLE (person_id uuid, login text, full_name text, sort_key text, disabled_at timestamptz, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT person.id, person.login, person.full_name, person.sort_key, person.disabled_at,
         (SELECT max(sign_in.created_at) FROM sign_in WHERE sign_in.person_id = person.id)
  FROM person
  WHERE (app.is_administrator() OR app.is_system()) AND EXISTS (SELECT FROM post WHERE post.person_id = person.id)
$$;

CREATE FUNCTION app.set_account_disabled(wanted uuid, moment timestamptz, now timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  WITH changed AS (
    UPDATE person SET disabled_at = moment
    WHERE person.id = wanted AND (app.is_administrator() AND person.id <> app.person() OR app.is_system())
      AND EXISTS (SELECT FROM post WHERE post.person_id = person.id)
      AND (person.disabled_at IS NULL) = (moment IS NOT NULL)
    RETURNING person.id),
  ended AS (
    UPDATE sign_in SET revoked_at = now FROM changed
    WHERE sign_in.person_id = changed.id AND sign_in.revoked_at IS NULL AND moment IS NOT NULL
    RETURNING sign_in.id)
  SELECT EXISTS (SELECT FROM changed)
$$;

CREATE FUNCTION app.version_loads() RETURNS TABLE (version_id uuid, records bigint, drafts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT version.id,
         (SELECT count(*) FROM record WHERE record.version_id = version.id AND record.closed_at IS NULL),
         (SELECT count(*) FROM draft WHERE draft.version_id = version.id AND draft.submitted_at IS NULL)
  FROM procedure_version version
  WHERE app.is_administrator() OR app.is_system()
$$;

CREATE FUNCTION app.record_codes(wanted uuid[], codes text[]) RETURNS TABLE (id uuid, code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT record.id, record.code FROM record
  WHERE (record.id = ANY (wanted) OR record.code = ANY (codes)) AND (app.is_administrator() OR app.is_system())
$$;

REVOKE ALL ON FUNCTION app.is_administrator(), app.official_accounts(),
  app.set_account_disabled(uuid, timestamptz, timestamptz), app.version_loads(), app.record_codes(uuid[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.is_administrator(), app.official_accounts(),
  app.set_account_disabled(uuid, timestamptz, timestamptz), app.version_loads(), app.record_codes(uuid[], text[]) TO portal_app;
"""

PROTECTION = """
GRANT SELECT, INSERT, UPDATE ON definition_draft TO portal_app;
ALTER TABLE definition_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE definition_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY definition_draft_owner ON definition_draft TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY definition_draft_read ON definition_draft FOR SELECT TO portal_app USING ((SELECT app.is_administrator()) OR (SELECT app.is_system()));
CREATE POLICY definition_draft_insert ON definition_draft FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_administrator()) OR (SELECT app.is_system()));
CREATE POLICY definition_draft_update ON definition_draft FOR UPDATE TO portal_app USING ((SELECT app.is_administrator()) OR (SELECT app.is_system())) WITH CHECK (true);
"""

DROPPED = (
    "record_codes(uuid[], text[])",
    "version_loads()",
    "set_account_disabled(uuid, timestamptz, timestamptz)",
    "official_accounts()",
    "is_administrator()",
)


def upgrade() -> None:
    op.add_column(
        "procedure",
        sa.Column("replaced_by", sa.Text(), nullable=True, comment="code of the procedure that takes its place"),
    )
    op.add_column("procedure", sa.Column("withdrawal", sa.Text(), nullable=True, comment="why it is withdrawn"))
    op.create_table(
        "definition_draft",
        sa.Column("code", sa.Text(), nullable=True, comment="of the procedure, as far as the text can be read"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mistakes", sa.Integer(), nullable=False, comment="found when it was last saved"),
        sa.Column(
            "based_on",
            sa.Integer(),
            nullable=False,
            comment="number of the version in force when it was last saved; 0 is none",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="raised by each change: what was seen is what is decided on",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_by_name", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was returned"),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('written', 'sent', 'returned', 'published', 'discarded')", name=op.f("ck_definition_draft_state")
        ),
        sa.CheckConstraint("decided_by <> written_by", name=op.f("ck_definition_draft_four_eyes")),
        sa.CheckConstraint(
            "(state = 'published') = (version_id IS NOT NULL)", name=op.f("ck_definition_draft_published")
        ),
        sa.CheckConstraint("state <> 'sent' OR mistakes = 0", name=op.f("ck_definition_draft_sent_without_mistakes")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_definition_draft_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk_definition_draft_version_id_procedure_version")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_definition_draft_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft")),
    )
    op.execute(FUNCTIONS)
    op.execute(PROTECTION)


def downgrade() -> None:
    op.drop_table("definition_draft")
    for function in DROPPED:
        op.execute(f"DROP FUNCTION app.{function}")
    op.drop_column("procedure", "withdrawal")
    op.drop_column("procedure", "replaced_by")
