"""Find a record by the words of its applicant's name and of its code, through an index.

Row-level security keeps conditions that are not leakproof away from indexes, so the search is a function with the
owner's rights that looks only among the records of the caller's own units.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = r"""
CREATE OR REPLACE FUNCTION app.search_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(array_remove(regexp_split_to_array(
  lower(regexp_replace(normalize(translate(said, 'Đđ', 'Dd'), NFD), '[\u0300-\u036f]', '', 'g')),
  '[^0-9a-z]+'), ''));
"""

FUNCTION = """
CREATE OR REPLACE FUNCTION app.find_records(words tsquery, most integer)
RETURNS TABLE (code text, applicant_name text, version_id uuid, state text, submitted_at timestamptz,
               due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT record.code, record.applicant_name, record.version_id, record.state, record.submitted_at, record.due_at
  FROM record
  WHERE record.unit_ids && (SELECT app.units())
    AND app.search_words(record.applicant_name || ' ' || record.code) @@ words
  ORDER BY record.submitted_at DESC, record.id LIMIT most
$$;

REVOKE ALL ON FUNCTION app.search_words(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.search_words(text) TO portal_app;
REVOKE ALL ON FUNCTION app.find_records(tsquery, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_records(tsquery, integer) TO portal_app;
"""


def upgrade() -> None:
    """Every statement may be repeated: what is built concurrently is not taken back when a later one fails."""
    op.execute(WORDS)
    op.execute(FUNCTION)
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")  # a million records take a minute, and hold nobody up
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_found_by")
        op.execute("""
            CREATE INDEX CONCURRENTLY ix_record_found_by ON record
            USING gin (unit_ids, app.search_words(applicant_name || ' ' || code))
        """)
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_unit_ids")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_record_unit_ids ON record USING gin (unit_ids)")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_record_found_by")
    op.execute("DROP FUNCTION IF EXISTS app.find_records(tsquery, integer)")
    op.execute("DROP FUNCTION IF EXISTS app.search_words(text)")
