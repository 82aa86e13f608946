"""Results that go by post: parcels, what the operator says of them, and that in the public look-up.

The look-up tells neither who receives a parcel nor where, nor the operator's free words.
"""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE parcel (
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  request text NOT NULL,
  receiver_name text NOT NULL,
  receiver_phone text NOT NULL,
  address text NOT NULL,
  place text NOT NULL,
  locality text NOT NULL,
  state text NOT NULL,
  number text,
  fee integer,
  failure text DEFAULT '' NOT NULL,
  wanted_at timestamptz NOT NULL,
  ordered_at timestamptz,
  handed_at timestamptz,
  handed_by_name text DEFAULT '' NOT NULL,
  ended_at timestamptz,
  id uuid NOT NULL,
  CONSTRAINT pk_parcel PRIMARY KEY (id),
  CONSTRAINT ck_parcel_state CHECK (state IN (
    'wanted', 'ordered', 'ready', 'sent', 'out', 'failed', 'returning', 'delivered', 'back', 'refused', 'cancelled',
    'lost')),
  CONSTRAINT ck_parcel_ended CHECK (
    (ended_at IS NOT NULL) = (state IN ('delivered', 'back', 'refused', 'cancelled', 'lost'))),
  CONSTRAINT ck_parcel_ordered CHECK (state = 'wanted' OR ended_at IS NOT NULL OR ordered_at IS NOT NULL),
  CONSTRAINT ck_parcel_fee CHECK (fee IS NULL OR fee BETWEEN 0 AND 10000000),
  CONSTRAINT fk_parcel_record_id_record FOREIGN KEY(record_id) REFERENCES record (id),
  CONSTRAINT fk_parcel_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id)
);
COMMENT ON COLUMN parcel.unit_id IS 'the counter that sends it';
COMMENT ON COLUMN parcel.request IS 'ours: the same order, however often it is sent';
COMMENT ON COLUMN parcel.address IS 'number and street or hamlet';
COMMENT ON COLUMN parcel.place IS 'code of a commune of the city; empty elsewhere';
COMMENT ON COLUMN parcel.locality IS 'commune, district and province in words';
COMMENT ON COLUMN parcel.number IS 'the operator''s, by which it is tracked';
COMMENT ON COLUMN parcel.fee IS 'VND that the receiver pays to the postman';
COMMENT ON COLUMN parcel.failure IS 'why it was refused, came back or was lost';
COMMENT ON COLUMN parcel.handed_at IS 'when the post took it';
CREATE INDEX ix_parcel_record_id ON parcel (record_id, wanted_at);
CREATE INDEX ix_parcel_unit_id ON parcel (unit_id, state) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_parcel_live ON parcel (record_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_parcel_request ON parcel (request);
GRANT SELECT, INSERT, UPDATE ON parcel TO portal_app;
ALTER TABLE parcel ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel FORCE ROW LEVEL SECURITY;
CREATE POLICY parcel_owner ON parcel TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY parcel_read ON parcel FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY parcel_insert ON parcel FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY parcel_update ON parcel FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
CREATE TABLE parcel_event (
  parcel_id uuid NOT NULL,
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  number text NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  office text NOT NULL,
  reason text NOT NULL,
  heard text NOT NULL,
  received_at timestamptz NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_parcel_event PRIMARY KEY (id),
  CONSTRAINT ck_parcel_event_kind CHECK (kind IN (
    'collected', 'arrived', 'out', 'failed', 'returning', 'returned', 'delivered', 'lost')),
  CONSTRAINT fk_parcel_event_parcel_id_parcel FOREIGN KEY(parcel_id) REFERENCES parcel (id),
  CONSTRAINT fk_parcel_event_record_id_record FOREIGN KEY(record_id) REFERENCES record (id)
);
COMMENT ON COLUMN parcel_event.number IS 'the operator''s own, once for each event';
COMMENT ON COLUMN parcel_event.at IS 'when it happened, as the operator says';
COMMENT ON COLUMN parcel_event.heard IS 'callback, question';
CREATE INDEX ix_parcel_event_record_id ON parcel_event (record_id);
CREATE UNIQUE INDEX uq_parcel_event_number ON parcel_event (parcel_id, number);
GRANT SELECT, INSERT ON parcel_event TO portal_app;
ALTER TABLE parcel_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE parcel_event FORCE ROW LEVEL SECURITY;
CREATE POLICY parcel_event_owner ON parcel_event TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY parcel_event_read ON parcel_event FOR SELECT TO portal_app USING ((SELECT app.is_system()) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY parcel_event_insert ON parcel_event FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
"""

_PARCEL = """,
    'parcel', (
      SELECT json_build_object('state', state, 'number', number, 'fee', fee, 'failure', '', 'events', coalesce((
        SELECT json_agg(json_build_object('kind', kind, 'at', at, 'office', office, 'reason', '') ORDER BY at, parcel_event.number)
        FROM parcel_event WHERE parcel_id = parcel.id), '[]'))
      FROM parcel WHERE record_id = found.id AND (ended_at IS NULL OR ordered_at IS NOT NULL)
      ORDER BY ended_at DESC NULLS FIRST, wanted_at DESC, id DESC LIMIT 1)"""

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
        'due_at', details -> 'due_at')
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
      ORDER BY sheet DESC LIMIT 1){parcel})
$$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(_VIEW.format(parcel=_PARCEL))


def downgrade() -> None:
    op.execute(_VIEW.format(parcel=""))
    op.execute("DROP TABLE parcel_event")
    op.execute("DROP TABLE parcel")
