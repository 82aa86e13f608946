"""The look-up tells how the result was to be received before, where it tells of the change."""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_WAY = """,
        'way', CASE WHEN kind = 'way_changed' THEN json_build_object(
          'from', details -> 'from', 'to', details -> 'to',
          'from_unit', details -> 'from_unit', 'to_unit', details -> 'to_unit') END"""

_VIEW = """
CREATE OR REPLACE FUNCTION app.lookup_view(found public.record) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT json_build_object(
    'directory_version', (SELECT version FROM directory_version),
    'is_mine', coalesce(found.owner_id = app.person(), false),
    'record', json_build_object(
      'id', found.id, 'code', found.code, 'subject', found.subject, 'procedure_name', found.procedure_name,
      'applicant_name', found.applicant_name, 'version_id', found.version_id, 'place', found.place,
      'received_unit_id', found.received_unit_id, 'return_unit_id', found.return_unit_id, 'return_by', found.return_by,
      'state', found.state, 'outcome', found.outcome, 'submitted_at', found.submitted_at,
      'reception_due_at', found.reception_due_at, 'accepted_at', found.accepted_at, 'due_at', found.due_at,
      'pauses', found.pauses, 'due_changes', found.due_changes, 'finished_at', found.finished_at, 'closed_at', found.closed_at,
      'secret_version', found.secret_version),
    'tasks', coalesce((
      SELECT json_agg(json_build_object(
        'id', id, 'step', step, 'step_name', step_name, 'unit_id', unit_id, 'function', function, 'role', role,
        'split', split, 'origin', origin, 'consultation', consultation, 'version', version, 'opened_at', opened_at,
        'anchored_at', anchored_at, 'due_at', due_at, 'closed_at', closed_at, 'outcome', outcome)
        ORDER BY opened_at, id)
      FROM task WHERE record_id = found.id), '[]'),
    'events', coalesce((
      SELECT json_agg(json_build_object(
        'number', number, 'at', at, 'kind', kind, 'unit_id', unit_id, 'unit_name', unit_name, 'step', step,
        'step_name', step_name, 'action', action, 'state_before', state_before, 'state_after', state_after,
        'due_at', details -> 'due_at'{way})
        ORDER BY number)
      FROM record_event WHERE record_id = found.id AND for_applicant), '[]'),
    'opinions', coalesce((
      SELECT json_agg(json_build_object('consultation', consultation, 'verdict', verdict, 'given_at', given_at)
        ORDER BY given_at, id)
      FROM opinion WHERE record_id = found.id AND final_at IS NOT NULL), '[]'),
    'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE record_id = found.id AND paid_at IS NULL),
    'supplement', (
      SELECT json_build_object('unit_id', unit_id, 'items', items, 'answer_by', answer_by)
      FROM supplement
      WHERE record_id = found.id AND sent_at IS NOT NULL AND answered_at IS NULL AND cancelled_at IS NULL
      ORDER BY sheet DESC LIMIT 1),
    'parcel', (
      SELECT json_build_object('state', state, 'number', number, 'fee', fee, 'failure', '', 'events', coalesce((
        SELECT json_agg(json_build_object('kind', kind, 'at', at, 'office', office, 'reason', '') ORDER BY at, parcel_event.number)
        FROM parcel_event WHERE parcel_id = parcel.id), '[]'))
      FROM parcel WHERE record_id = found.id AND (ended_at IS NULL OR ordered_at IS NOT NULL)
      ORDER BY ended_at DESC NULLS FIRST, wanted_at DESC, id DESC LIMIT 1))
$$;
"""


def upgrade() -> None:
    op.execute(_VIEW.format(way=_WAY))


def downgrade() -> None:
    op.execute(_VIEW.format(way=""))
