"""A look-up that is opened again is told whether anything has changed, and all of it only when something has.

`stamp` is what the page depends on: the record's row (every act writes it and raises its version), what is unpaid
(a payment is noted before the record knows), and the units' names. Both ways in answer json: nobody asks it anything
in the database, so it need not be made ready for questions.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_BODY = """
  SELECT {json}_build_object(
    'directory_version', (SELECT version FROM directory_version),
    'is_mine', coalesce(found.owner_id = app.person(), false),
    'record', {json}_build_object(
      'id', found.id, 'code', found.code, 'subject', found.subject, 'procedure_name', found.procedure_name,
      'applicant_name', found.applicant_name, 'version_id', found.version_id, 'place', found.place,
      'received_unit_id', found.received_unit_id, 'return_unit_id', found.return_unit_id, 'return_by', found.return_by,
      'state', found.state, 'outcome', found.outcome, 'submitted_at', found.submitted_at,
      'reception_due_at', found.reception_due_at, 'accepted_at', found.accepted_at, 'due_at', found.due_at,
      'pauses', found.pauses, 'due_changes', found.due_changes, 'finished_at', found.finished_at, 'closed_at', found.closed_at,
      'secret_version', found.secret_version),
    'tasks', coalesce((
      SELECT {json}_agg({json}_build_object(
        'id', id, 'step', step, 'step_name', step_name, 'unit_id', unit_id, 'function', function, 'role', role,
        'split', split, 'origin', origin, 'consultation', consultation, 'version', version, 'opened_at', opened_at,
        'anchored_at', anchored_at, 'due_at', due_at, 'closed_at', closed_at, 'outcome', outcome)
        ORDER BY opened_at, id)
      FROM task WHERE record_id = found.id), '[]'),
    'events', coalesce((
      SELECT {json}_agg({json}_build_object(
        'number', number, 'at', at, 'kind', kind, 'unit_id', unit_id, 'unit_name', unit_name, 'step', step,
        'step_name', step_name, 'action', action, 'state_before', state_before, 'state_after', state_after,
        'due_at', details -> 'due_at')
        ORDER BY number)
      FROM record_event WHERE record_id = found.id AND for_applicant), '[]'),
    'opinions', coalesce((
      SELECT {json}_agg({json}_build_object('consultation', consultation, 'verdict', verdict, 'given_at', given_at)
        ORDER BY given_at, id)
      FROM opinion WHERE record_id = found.id AND final_at IS NOT NULL), '[]'),
    'unpaid', (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE record_id = found.id AND paid_at IS NULL),
    'supplement', (
      SELECT {json}_build_object('unit_id', unit_id, 'items', items, 'answer_by', answer_by)
      FROM supplement
      WHERE record_id = found.id AND sent_at IS NOT NULL AND answered_at IS NULL AND cancelled_at IS NULL
      ORDER BY sheet DESC LIMIT 1))
"""

_FUNCTIONS = """
CREATE FUNCTION app.lookup_view(found public.record) RETURNS {json} LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
{body}
$$;

CREATE FUNCTION app.find_by_receipt(wanted text, digest text) RETURNS {json} LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT app.lookup_view(record) FROM public.record WHERE record.code = wanted AND record.receipt_digest = digest $$;

REVOKE ALL ON FUNCTION app.lookup_view(public.record), app.find_by_receipt(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_by_receipt(text, text) TO portal_app;
"""

_AGAIN = """
CREATE FUNCTION app.find_by_token(wanted uuid, digest text, seen text) RETURNS TABLE (stamp text, words json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT now.stamp, CASE WHEN now.stamp IS DISTINCT FROM seen THEN app.lookup_view(record) END
  FROM public.record, LATERAL (
    SELECT concat_ws(' ', record.version, record.xmin,
      (SELECT sum(amount) FROM fee_line WHERE record_id = record.id AND paid_at IS NULL),
      (SELECT version FROM directory_version)) AS stamp) AS now
  WHERE record.id = wanted AND record.token_digest = digest
$$;

REVOKE ALL ON FUNCTION app.find_by_token(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_by_token(uuid, text, text) TO portal_app;
"""

_ONCE = """
CREATE FUNCTION app.find_by_token(wanted uuid, digest text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT app.lookup_view(record) FROM public.record WHERE record.id = wanted AND record.token_digest = digest $$;

REVOKE ALL ON FUNCTION app.find_by_token(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_by_token(uuid, text) TO portal_app;
"""

_DROP = """
-- squawk-ignore ban-drop-function
DROP FUNCTION {other};
-- squawk-ignore ban-drop-function
DROP FUNCTION app.find_by_receipt(text, text);
-- squawk-ignore ban-drop-function
DROP FUNCTION app.lookup_view(public.record);
"""


def _functions(json: str) -> str:
    return _FUNCTIONS.format(json=json, body=_BODY.format(json=json))


def upgrade() -> None:
    op.execute(_DROP.format(other="app.find_by_token(uuid, text)"))
    op.execute(_functions("json"))
    op.execute(_AGAIN)


def downgrade() -> None:
    op.execute(_DROP.format(other="app.find_by_token(uuid, text, text)"))
    op.execute(_functions("jsonb"))
    op.execute(_ONCE)
