"""Documents of further rows are drafted and signed with the result: the result of a record is the first of them, and
drafts that a record does not ask for any more are ended. Letters that have their number wait for the signature of their
agency, and are signed in batches as results are.
"""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FIRST = """
          AND coalesce(document.row, 0) = 0 AND document.ended_at IS NULL"""
POSITION = """
CREATE OR REPLACE FUNCTION app.position_of(wanted uuid, beside uuid, today date)
RETURNS TABLE (id uuid, step text, step_name text, unit_id uuid, function text, role text, split text, origin text,
  consultation text, version integer, opened_at timestamptz, anchored_at timestamptz, due_at timestamptz,
  assignee_id uuid, assignee_name text, closed_at timestamptz, closed_by uuid, closed_by_name text, outcome text,
  times integer, said text, around text)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  WITH seen AS MATERIALIZED (
    SELECT record.id FROM record
    WHERE record.id = coalesce(wanted, (SELECT task.record_id FROM task WHERE task.id = beside))
      AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())),
  hanging AS MATERIALIZED (
    SELECT json_build_array(
      (SELECT coalesce(json_agg(json_build_array(post.unit_id, post.role, post.function)), '[]') FROM post
        WHERE post.person_id = app.person() AND post.valid_from <= today
          AND (post.valid_to IS NULL OR post.valid_to >= today)),
      (SELECT document.id FROM document
        WHERE document.record_id = seen.id AND document.kind = 'result' AND document.issued_at IS NULL{first}
        ORDER BY document.created_at DESC LIMIT 1),
      (SELECT json_build_array(supplement.id, supplement.sent_at IS NOT NULL) FROM supplement
        WHERE supplement.record_id = seen.id AND supplement.answered_at IS NULL AND supplement.cancelled_at IS NULL
        ORDER BY supplement.sheet DESC LIMIT 1),
      (SELECT coalesce(max(supplement.sheet), 0) FROM supplement WHERE supplement.record_id = seen.id),
      EXISTS (SELECT FROM fee_line
        WHERE fee_line.record_id = seen.id AND fee_line.amount > 0 AND fee_line.paid_at IS NULL
          AND fee_line.moment <> 'return'),
      (SELECT directory_version.version FROM directory_version))::text AS around
    FROM seen)
  SELECT task.id, task.step, task.step_name, task.unit_id, task.function, task.role, task.split, task.origin,
    task.consultation, task.version, task.opened_at, task.anchored_at, task.due_at, task.assignee_id,
    task.assignee_name, task.closed_at, task.closed_by, task.closed_by_name, task.outcome, task.times,
    CASE WHEN task.consultation IS NOT NULL AND task.closed_at IS NOT NULL THEN (
      SELECT CASE opinion.verdict WHEN 'silent' THEN opinion.text ELSE opinion.verdict END FROM opinion
      WHERE opinion.record_id = seen.id AND opinion.consultation = task.consultation
        AND opinion.final_at >= task.anchored_at AND (opinion.unit_id IS NULL OR opinion.unit_id = task.unit_id)
      ORDER BY opinion.final_at, opinion.given_at DESC LIMIT 1) END AS said,
    (SELECT hanging.around FROM hanging)
  FROM seen JOIN task ON task.record_id = seen.id AND task.standing
  UNION ALL
  SELECT task.id, task.step, task.step_name, task.unit_id, task.function, task.role, task.split, task.origin,
    task.consultation, task.version, task.opened_at, task.anchored_at, task.due_at, task.assignee_id,
    task.assignee_name, task.closed_at, task.closed_by, task.closed_by_name, task.outcome, task.times,
    CASE WHEN task.consultation IS NOT NULL AND task.closed_at IS NOT NULL THEN (
      SELECT CASE opinion.verdict WHEN 'silent' THEN opinion.text ELSE opinion.verdict END FROM opinion
      WHERE opinion.record_id = seen.id AND opinion.consultation = task.consultation
        AND opinion.final_at >= task.anchored_at AND (opinion.unit_id IS NULL OR opinion.unit_id = task.unit_id)
      ORDER BY opinion.final_at, opinion.given_at DESC LIMIT 1) END AS said,
    (SELECT hanging.around FROM hanging)
  FROM seen JOIN task ON task.id = beside AND task.record_id = seen.id AND NOT task.standing;
END;
"""

LETTERS = """
ALTER TABLE document ADD COLUMN awaits_signature_since timestamptz;
COMMENT ON COLUMN document.awaits_signature_since IS
  'of a letter with its number: since when it is printed to be signed electronically, and is not yet';
ALTER TABLE batched_task ADD COLUMN document_id uuid;
-- Processes of the version before meet no row without a task: they show no letters to be signed.
-- squawk-ignore ban-drop-not-null
ALTER TABLE batched_task ALTER COLUMN task_id DROP NOT NULL;
COMMENT ON COLUMN batched_task.document_id IS 'a letter that is signed, in place of a task';
ALTER TABLE batched_task
  ADD CONSTRAINT fk_batched_task_document_id_document FOREIGN KEY (document_id) REFERENCES document (id) NOT VALID,
  ADD CONSTRAINT ck_batched_task_subject CHECK ((task_id IS NULL) <> (document_id IS NULL)) NOT VALID;
"""
CHECKED = """
ALTER TABLE batched_task VALIDATE CONSTRAINT fk_batched_task_document_id_document;
ALTER TABLE batched_task VALIDATE CONSTRAINT ck_batched_task_subject;
"""
INDEXES = {
    "ix_document_awaits_signature": "INDEX CONCURRENTLY {name} ON document (unit_id, awaits_signature_since) "
    "WHERE awaits_signature_since IS NOT NULL",
    "uq_batched_task_waiting_letter": "UNIQUE INDEX CONCURRENTLY {name} ON batched_task (document_id) "
    "WHERE outcome IS NULL",
}
SHOWN = "COMMENT ON COLUMN batched_task.shown_digest IS '{said}'"


def upgrade() -> None:
    op.execute(POSITION.format(first=FIRST))
    op.execute(SHOWN.format(said="SHA-256 of each document that was shown to be signed, apart by spaces"))
    op.execute(LETTERS)
    with op.get_context().autocommit_block():
        op.execute(CHECKED)
        for name, index in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what an interrupted attempt left
            op.execute(f"CREATE {index.format(name=name)}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.execute("""
DELETE FROM batched_task WHERE task_id IS NULL;
ALTER TABLE batched_task ALTER COLUMN task_id SET NOT NULL, DROP COLUMN document_id;
ALTER TABLE document DROP COLUMN awaits_signature_since;
""")
    op.execute(SHOWN.format(said="SHA-256 of the document that was shown to be signed"))
    op.execute(POSITION.format(first=""))
