"""What a receipt opens: named column by column, so that a look-up reads and writes no more than its page says."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

VIEW = """
CREATE OR REPLACE FUNCTION app.lookup_view(found public.record) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT jsonb_build_object(
    'directory_version', (SELECT version FROM directory_version),
    'is_mine', coalesce(found.owner_id = app.person(), false),
    'record', jsonb_build_object(
      'id', found.id, 'code', found.code, 'subject', found.subject, 'procedure_name', found.procedure_name,
      'applicant_name', found.applicant_name, 'version_id', found.version_id, 'place', found.place,
      'received_unit_id', found.received_unit_id, 'return_unit_id', found.return_unit_id, 'return_by', found.return_by,
      'state', found.state, 'outcome', found.outcome, 'submitted_at', found.submitted_at,
      'reception_due_at', found.reception_due_at, 'accepted_at', found.accepted_at, 'due_at', found.due_at,
      'pauses', found.pauses, 'due_changes', found.due_changes, 'finished_at', found.finished_at, 'closed_at', found.closed_at,
      'secret_version', found.secret_version),
    'tasks', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'id', id, 'step', step, 'step_name', step_name, 'unit_id', unit_id, 'function', function, 'role', role,
        'split', split, 'origin', origin, 'consultation', consultation, 'version', version, 'opened_at', opened_at,
        'anchored_at', anchored_at, 'due_at', due_at, 'closed_at', closed_at, 'outcome', outcome)
        ORDER BY opened_at, id)
      FROM task WHERE record_id = found.id), '[]'),
    'events', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'number', number, 'at', at, 'kind', kind, 'unit_id', unit_id, 'unit_name', unit_name, 'step', step,
        'step_name', step_name, 'action', action, 'state_before', state_before, 'state_after', state_after,
        'due_at', details -> 'due_at')
        ORDER BY number)
      FROM record_event WHERE record_id = found.id AND for_applicant), '[]'),
    'opinions', coalesce((
      SELECT jsonb_agg(jsonb_build_object('consultation', consultation, 'verdict', verdict, 'given_at', given_at)
        ORDER BY given_at, id)
      FROM opinion WHERE record_id = found.id AND final_at IS NOT NULL), '[]'),
    'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE record_id = found.id AND paid_at IS NULL),
    'supplement', (
      SELECT jsonb_build_object('unit_id', unit_id, 'items', items, 'answer_by', answer_by)
      FROM supplement
      WHERE record_id = found.id AND sent_at IS NOT NULL AND answered_at IS NULL AND cancelled_at IS NULL
      ORDER BY sheet DESC LIMIT 1))
$$;
"""

VIEW_OF_0002 = """
CREATE OR REPLACE FUNCTION app.lookup_view(found public.record) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT jsonb_build_object(
    'directory_version', (SELECT version FROM directory_version),
    'is_mine', coalesce(found.owner_id = app.person(), false),
    'record', to_jsonb(found) - '{answers,unit_ids,owner_id,organisation_id,receipt_digest,token_digest,draft_id}'::text[],
    'tasks', coalesce((
      SELECT jsonb_agg(to_jsonb(task) - '{owner_id,assignee_id,assignee_name,closed_by,closed_by_name,applicant_name}'::text[]
                       ORDER BY task.opened_at, task.id)
      FROM task WHERE task.record_id = found.id), '[]'),
    'events', coalesce((
      SELECT jsonb_agg(to_jsonb(event) - '{owner_id,actor_id,actor_name,details,reason}'::text[]
                       || jsonb_build_object('due_at', event.details -> 'due_at') ORDER BY event.number)
      FROM record_event event WHERE event.record_id = found.id AND event.for_applicant), '[]'),
    'opinions', coalesce((
      SELECT jsonb_agg(jsonb_build_object('consultation', consultation, 'verdict', verdict, 'given_at', given_at)
                       ORDER BY given_at, id)
      FROM opinion WHERE opinion.record_id = found.id AND opinion.final_at IS NOT NULL), '[]'),
    'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE record_id = found.id AND paid_at IS NULL),
    'supplement', (
      SELECT to_jsonb(supplement) - '{owner_id,requested_by,contact}'::text[]
      FROM supplement WHERE supplement.record_id = found.id AND supplement.sent_at IS NOT NULL
        AND supplement.answered_at IS NULL AND supplement.cancelled_at IS NULL
      ORDER BY supplement.sheet DESC LIMIT 1))
$$;
"""


def upgrade() -> None:
    op.execute(VIEW)


def downgrade() -> None:
    op.execute(VIEW_OF_0002)
