"""Who acts and whether he is the portal itself: expressions that the planner takes into the statement.

Every policy asks for them, several times in each statement, and a function that it cannot look into cost as much as
finding the row. Bodies of the standard's form are bound when they are written, so no search path can change what they
mean, and none of the three reads what the application may not read.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.person', true), '')::uuid;

CREATE OR REPLACE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.kind', true), '') = 'system';

CREATE OR REPLACE FUNCTION app.units() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT ARRAY(
    SELECT post.unit_id
    FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) AS today
    WHERE post.person_id = app.person()
      AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day));
END;
""")


def downgrade() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$ SELECT coalesce(current_setting('app.kind', true), '') = 'system' $$;

CREATE OR REPLACE FUNCTION app.units() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = public, pg_temp
AS $$
  SELECT coalesce(array_agg(DISTINCT post.unit_id), '{}')
  FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) today
  WHERE post.person_id = app.person()
    AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day)
$$;
""")
