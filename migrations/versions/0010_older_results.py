"""Results that change an older one, and fees that are given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE document ADD COLUMN registered_no text;
COMMENT ON COLUMN document.registered_no IS 'under which a result is found: its number, or a code from outside';
ALTER TABLE document ADD COLUMN changes_id uuid;
ALTER TABLE document ADD CONSTRAINT fk_document_changes_id_document FOREIGN KEY (changes_id) REFERENCES document (id)
  NOT VALID;
COMMENT ON COLUMN document.changes_id IS 'the older result that this one amends, replaces or revokes';
ALTER TABLE document ADD COLUMN ended_at timestamptz;
COMMENT ON COLUMN document.ended_at IS 'since when another result has replaced or revoked this one';
UPDATE document SET registered_no = number || '/' || series WHERE kind = 'result' AND number IS NOT NULL;
ALTER TABLE fee_line ADD COLUMN refund_due_at timestamptz;
COMMENT ON COLUMN fee_line.refund_due_at IS 'since when what was paid has to be given back';
"""

FUNCTIONS = """
CREATE FUNCTION app.result_named(wanted text, issued_on date, at_place text, beside uuid DEFAULT NULL)
RETURNS TABLE (id uuid, content jsonb, issued_at timestamptz, valid_until date, ended_at timestamptz, amended bigint,
               registered_no text, title text, title_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT document.id, document.content, document.issued_at, document.valid_until, document.ended_at,
    (SELECT count(*) FROM document AS later WHERE later.changes_id = document.id AND later.number IS NOT NULL),
    document.registered_no, document.title, document.title_en
  FROM document JOIN record ON record.id = document.record_id
  WHERE document.registered_no = wanted AND document.kind = 'result' AND document.number IS NOT NULL
    AND document.template <> 'rejection'
    AND (result_named.issued_on IS NULL
      OR (document.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = result_named.issued_on)
    AND (at_place IS NULL OR record.place = at_place)
    AND document.id IS DISTINCT FROM beside
  ORDER BY document.ended_at IS NOT NULL, document.issued_at DESC LIMIT 1
$$;

CREATE FUNCTION app.change_result(
  newer uuid, wanted text, issued_on date, at_place text, ends boolean, months integer, moment timestamptz
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  older uuid := (SELECT named.id FROM app.result_named(wanted, issued_on, at_place, newer) AS named);
  until date;
BEGIN
  IF older IS NULL OR NOT EXISTS (
    SELECT 1 FROM document JOIN record ON record.id = document.record_id
    WHERE document.id = newer AND (record.unit_ids && app.units() OR app.is_system())
  ) THEN
    RETURN;
  END IF;
  UPDATE document SET valid_until = (valid_until + make_interval(months => change_result.months))::date
  WHERE id = older AND change_result.months IS NOT NULL AND NOT ends RETURNING valid_until INTO until;
  UPDATE document SET ended_at = moment WHERE id = older AND ends AND ended_at IS NULL;
  UPDATE document SET changes_id = older, valid_until = coalesce(until, valid_until) WHERE id = newer;
END
$$;

REVOKE ALL ON FUNCTION app.result_named(text, date, text, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.change_result(uuid, text, date, text, boolean, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.result_named(text, date, text, uuid),
  app.change_result(uuid, text, date, text, boolean, integer, timestamptz) TO portal_app;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(FUNCTIONS)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE document VALIDATE CONSTRAINT fk_document_changes_id_document")
        op.create_index(
            "ix_document_registered_no",
            "document",
            ["registered_no"],
            postgresql_where=sa.text("kind = 'result' AND number IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_document_changes_id",
            "document",
            ["changes_id"],
            postgresql_where=sa.text("changes_id IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION app.change_result(uuid, text, date, text, boolean, integer, timestamptz)")
    op.execute("DROP FUNCTION app.result_named(text, date, text, uuid)")
    op.execute("ALTER TABLE fee_line DROP COLUMN refund_due_at")
    op.execute("ALTER TABLE document DROP COLUMN ended_at, DROP COLUMN changes_id, DROP COLUMN registered_no")
