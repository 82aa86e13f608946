"""Results that anybody may check who holds them, and what their agency decides about them later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE document_decision (
  document_id uuid NOT NULL,
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  reference text NOT NULL,
  valid_until date,
  newer_id uuid,
  proposed_by uuid NOT NULL,
  proposed_by_name text NOT NULL,
  proposed_at timestamptz NOT NULL,
  decided_by uuid,
  decided_by_name text NOT NULL,
  decided_at timestamptz,
  agreed boolean,
  id uuid NOT NULL,
  CONSTRAINT pk_document_decision PRIMARY KEY (id),
  CONSTRAINT ck_document_decision_kind CHECK (kind IN ('revoke', 'replace', 'extend')),
  CONSTRAINT ck_document_decision_extend CHECK ((kind = 'extend') = (valid_until IS NOT NULL)),
  CONSTRAINT ck_document_decision_replace CHECK ((kind = 'replace') = (newer_id IS NOT NULL)),
  CONSTRAINT ck_document_decision_four_eyes CHECK (decided_by <> proposed_by),
  CONSTRAINT ck_document_decision_decided CHECK (
    (decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (agreed IS NULL)),
  CONSTRAINT fk_document_decision_document_id_document FOREIGN KEY (document_id) REFERENCES document (id),
  CONSTRAINT fk_document_decision_record_id_record FOREIGN KEY (record_id) REFERENCES record (id),
  CONSTRAINT fk_document_decision_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_document_decision_newer_id_document FOREIGN KEY (newer_id) REFERENCES document (id)
);
COMMENT ON COLUMN document_decision.unit_id IS 'whose document it is';
COMMENT ON COLUMN document_decision.kind IS 'revoke, replace, extend';
COMMENT ON COLUMN document_decision.reference IS 'number of the decision on paper: 12/QĐ-UBND';
COMMENT ON COLUMN document_decision.valid_until IS 'of an extension: the new last day';
COMMENT ON COLUMN document_decision.newer_id IS 'of a replacement: which document stands for it';
COMMENT ON COLUMN document_decision.agreed IS 'false: the leader sent it back';
CREATE INDEX ix_document_decision_document_id ON document_decision (document_id);
CREATE INDEX ix_document_decision_waiting ON document_decision (unit_id) WHERE decided_at IS NULL;
CREATE UNIQUE INDEX uq_document_decision_open ON document_decision (document_id) WHERE decided_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON document_decision TO portal_app;
ALTER TABLE document_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY document_decision_owner ON document_decision TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY document_decision_read ON document_decision FOR SELECT TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[])));
CREATE POLICY document_decision_insert ON document_decision FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[])));
CREATE POLICY document_decision_update ON document_decision FOR UPDATE TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[]))) WITH CHECK (true);
"""

FUNCTIONS = """
CREATE FUNCTION app.issued_under(wanted integer, of_series text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT document.id FROM document
  WHERE document.series = of_series AND document.number = wanted AND document.kind IN ('result', 'further_result')
$$;

CREATE FUNCTION app.issued_file(wanted text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT document.id FROM document
  WHERE document.file_digest = wanted AND document.number IS NOT NULL AND document.kind IN ('result', 'further_result')
  UNION
  SELECT document.id FROM document_signature AS signature JOIN document ON document.id = signature.document_id
  WHERE signature.file_digest = wanted AND document.number IS NOT NULL AND document.kind IN ('result', 'further_result')
  LIMIT 1
$$;

CREATE FUNCTION app.issued_document(wanted uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT jsonb_build_object(
    'id', document.id, 'title', document.title, 'title_en', document.title_en, 'template', document.template,
    'content', document.content, 'series', document.series, 'number', document.number, 'unit_id', document.unit_id,
    'issued_at', document.issued_at, 'valid_until', document.valid_until, 'ended_at', document.ended_at,
    'file_digest', document.file_digest,
    'agency', (SELECT jsonb_build_array(unit.name, unit.name_en) FROM unit WHERE unit.id = document.unit_id),
    'signatures', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'kind', signature.kind, 'name', signature.subject, 'at', signature.signed_at,
        'serial', signature.certificate_serial) ORDER BY signature.signed_at, signature.id)
      FROM document_signature AS signature WHERE signature.document_id = document.id), '[]'),
    'newer', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'id', later.id, 'series', later.series, 'number', later.number, 'issued_at', later.issued_at,
        'same_record', later.record_id = document.record_id, 'version_id', record.version_id) ORDER BY later.issued_at)
      FROM document AS later JOIN record ON record.id = later.record_id
      WHERE later.changes_id = document.id AND later.number IS NOT NULL), '[]'),
    'decisions', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'kind', decision.kind, 'reason', decision.reason, 'reference', decision.reference,
        'valid_until', decision.valid_until, 'decided_at', decision.decided_at, 'newer_id', decision.newer_id)
        ORDER BY decision.decided_at)
      FROM document_decision AS decision WHERE decision.document_id = document.id AND decision.agreed), '[]'))
  FROM document
  WHERE document.id = wanted AND document.number IS NOT NULL AND document.kind IN ('result', 'further_result')
$$;

REVOKE ALL ON FUNCTION app.issued_under(integer, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.issued_file(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.issued_document(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.issued_under(integer, text), app.issued_file(text), app.issued_document(uuid) TO portal_app;
"""

INDEXES: dict[str, tuple[list[str], str]] = {
    "ix_document_series_number": (["series", "number"], "number IS NOT NULL"),
    "ix_document_file_digest": (["file_digest"], "file_digest IS NOT NULL"),
    "ix_document_valid_until": (["valid_until"], "valid_until IS NOT NULL AND ended_at IS NULL"),
}


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTIONS)
    with op.get_context().autocommit_block():
        for name, (columns, where) in INDEXES.items():
            op.create_index(name, "document", columns, postgresql_where=sa.text(where), postgresql_concurrently=True)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "document")
    op.execute("DROP FUNCTION app.issued_document(uuid)")
    op.execute("DROP FUNCTION app.issued_file(text)")
    op.execute("DROP FUNCTION app.issued_under(integer, text)")
    op.execute("DROP TABLE document_decision")
