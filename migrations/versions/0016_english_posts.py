"""Who a sign-in stands for also says what the unit of a post is called in English."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FUNCTION = """
-- It is made again in the same transaction, with a column more: callers never see it missing.
-- squawk-ignore ban-drop-function
DROP FUNCTION app.actor_of(uuid, timestamptz, date);

CREATE FUNCTION app.actor_of(sign_in_id uuid, since timestamptz, today date)
RETURNS TABLE (person_id uuid, full_name text, unit_id uuid, unit_name text, level text, role text, function text,
               title text{column})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT person.id, person.full_name, post.unit_id, unit.name, unit.level, post.role, post.function, post.title{value}
  FROM sign_in
  JOIN person ON person.id = sign_in.person_id
  LEFT JOIN post ON post.person_id = person.id
    AND post.valid_from <= today AND (post.valid_to IS NULL OR post.valid_to >= today)
  LEFT JOIN unit ON unit.id = post.unit_id
  WHERE sign_in.id = actor_of.sign_in_id AND sign_in.revoked_at IS NULL AND sign_in.created_at > since
    AND person.disabled_at IS NULL
  ORDER BY post.valid_from, post.id
$$;

REVOKE ALL ON FUNCTION app.actor_of(uuid, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.actor_of(uuid, timestamptz, date) TO portal_app;
"""


def upgrade() -> None:
    op.execute(FUNCTION.format(column=", unit_name_en text", value=", unit.name_en"))


def downgrade() -> None:
    op.execute(FUNCTION.format(column="", value=""))
