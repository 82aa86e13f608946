"""Functions that tell who acts, grants, row-level security."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO portal_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;

CREATE FUNCTION app.is_system() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT coalesce(current_setting('app.kind', true), '') = 'system' $$;

CREATE FUNCTION app.units() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT coalesce(array_agg(DISTINCT post.unit_id), '{}')
  FROM post, (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) today
  WHERE post.person_id = app.person()
    AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day)
$$;

CREATE FUNCTION app.tasks_of(wanted uuid) RETURNS SETOF task LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT task.* FROM task JOIN record ON record.id = task.record_id
  WHERE task.record_id = wanted
    AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())
  ORDER BY task.opened_at, task.id
$$;

CREATE FUNCTION app.cancel_tasks(wanted uuid, moment timestamptz, by_person uuid, by_name text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE task SET closed_at = moment, closed_by = by_person, closed_by_name = by_name, outcome = 'cancelled'
  FROM record
  WHERE record.id = task.record_id AND task.record_id = wanted AND task.closed_at IS NULL
    AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())
$$;

CREATE FUNCTION app.tell_tasks(wanted uuid, promised timestamptz, stands_still boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE task SET record_due_at = promised, paused = stands_still
  FROM record
  WHERE record.id = task.record_id AND task.record_id = wanted AND task.closed_at IS NULL
    AND (record.owner_id = app.person() OR record.unit_ids && app.units() OR app.is_system())
$$;

CREATE FUNCTION app.lookup_view(found public.record) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
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

CREATE FUNCTION app.find_by_receipt(wanted text, digest text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT app.lookup_view(record) FROM public.record WHERE record.code = wanted AND record.receipt_digest = digest $$;

CREATE FUNCTION app.find_by_token(wanted uuid, digest text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT app.lookup_view(record) FROM public.record WHERE record.id = wanted AND record.token_digest = digest $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.person(), app.is_system(), app.units(), app.tasks_of(uuid),
  app.cancel_tasks(uuid, timestamptz, uuid, text), app.tell_tasks(uuid, timestamptz, boolean),
  app.find_by_receipt(text, text), app.find_by_token(uuid, text)
  TO portal_app;
GRANT USAGE ON SCHEMA public TO portal_app;
"""

PROTECTION = """
GRANT SELECT, INSERT, UPDATE ON person TO portal_app;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY person_owner ON person TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY person_read ON person FOR SELECT TO portal_app USING (id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY person_insert ON person FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY person_update ON person FOR UPDATE TO portal_app USING (id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON sign_in TO portal_app;
ALTER TABLE sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_owner ON sign_in TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY sign_in_read ON sign_in FOR SELECT TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY sign_in_insert ON sign_in FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY sign_in_update ON sign_in FOR UPDATE TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON membership TO portal_app;
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_owner ON membership TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY membership_read ON membership FOR SELECT TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY membership_insert ON membership FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()));
CREATE POLICY membership_update ON membership FOR UPDATE TO portal_app USING (person_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO portal_app;
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
CREATE POLICY draft_owner ON draft TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY draft_read ON draft FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY draft_insert ON draft FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY draft_update ON draft FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
CREATE POLICY draft_delete ON draft FOR DELETE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
GRANT SELECT, INSERT, UPDATE, DELETE ON draft_paper TO portal_app;
ALTER TABLE draft_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE draft_paper FORCE ROW LEVEL SECURITY;
CREATE POLICY draft_paper_owner ON draft_paper TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY draft_paper_read ON draft_paper FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY draft_paper_insert ON draft_paper FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY draft_paper_update ON draft_paper FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
CREATE POLICY draft_paper_delete ON draft_paper FOR DELETE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
GRANT SELECT, INSERT, UPDATE ON record TO portal_app;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
CREATE POLICY record_owner ON record TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY record_read ON record FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR unit_ids && ((SELECT app.units())::uuid[]));
CREATE POLICY record_insert ON record FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY record_update ON record FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR unit_ids && ((SELECT app.units())::uuid[])) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON task TO portal_app;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE task FORCE ROW LEVEL SECURITY;
CREATE POLICY task_owner ON task TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY task_read ON task FOR SELECT TO portal_app USING (unit_id = ANY (((SELECT app.units())::uuid[])) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY task_insert ON task FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY task_update ON task FOR UPDATE TO portal_app USING (unit_id = ANY (((SELECT app.units())::uuid[])) OR owner_id = (SELECT app.person()) OR (SELECT app.is_system())) WITH CHECK (true);
GRANT SELECT, INSERT ON record_event TO portal_app;
ALTER TABLE record_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_event FORCE ROW LEVEL SECURITY;
CREATE POLICY record_event_owner ON record_event TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY record_event_read ON record_event FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY record_event_insert ON record_event FOR INSERT TO portal_app WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON record_paper TO portal_app;
ALTER TABLE record_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_paper FORCE ROW LEVEL SECURITY;
CREATE POLICY record_paper_owner ON record_paper TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY record_paper_read ON record_paper FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY record_paper_insert ON record_paper FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY record_paper_update ON record_paper FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON supplement TO portal_app;
ALTER TABLE supplement ENABLE ROW LEVEL SECURITY;
ALTER TABLE supplement FORCE ROW LEVEL SECURITY;
CREATE POLICY supplement_owner ON supplement TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY supplement_read ON supplement FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY supplement_insert ON supplement FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY supplement_update ON supplement FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON opinion TO portal_app;
ALTER TABLE opinion ENABLE ROW LEVEL SECURITY;
ALTER TABLE opinion FORCE ROW LEVEL SECURITY;
CREATE POLICY opinion_owner ON opinion TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY opinion_read ON opinion FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY opinion_insert ON opinion FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY opinion_update ON opinion FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON document TO portal_app;
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY document_owner ON document TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY document_read ON document FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY document_insert ON document FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY document_update ON document FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON fee_line TO portal_app;
ALTER TABLE fee_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE fee_line FORCE ROW LEVEL SECURITY;
CREATE POLICY fee_line_owner ON fee_line TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY fee_line_read ON fee_line FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY fee_line_insert ON fee_line FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY fee_line_update ON fee_line FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON payment TO portal_app;
ALTER TABLE payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment FORCE ROW LEVEL SECURITY;
CREATE POLICY payment_owner ON payment TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY payment_read ON payment FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY payment_insert ON payment FOR INSERT TO portal_app WITH CHECK (owner_id = (SELECT app.person()) OR (SELECT app.is_system()));
CREATE POLICY payment_update ON payment FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON message TO portal_app;
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY message_owner ON message TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY message_read ON message FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY message_insert ON message FOR INSERT TO portal_app WITH CHECK (true);
CREATE POLICY message_update ON message FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
GRANT SELECT ON alembic_version TO portal_app;
GRANT SELECT, INSERT, UPDATE ON unit TO portal_app;
GRANT SELECT, INSERT, UPDATE ON unit_function TO portal_app;
GRANT SELECT, INSERT, UPDATE ON place TO portal_app;
GRANT SELECT, INSERT, UPDATE ON directory_version TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_exception TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON office_hours TO portal_app;
GRANT SELECT, INSERT, UPDATE ON organisation TO portal_app;
GRANT SELECT, INSERT, UPDATE ON post TO portal_app;
GRANT SELECT, INSERT ON file TO portal_app;
GRANT SELECT, INSERT, UPDATE ON procedure TO portal_app;
GRANT SELECT, INSERT ON procedure_version TO portal_app;
GRANT SELECT, INSERT, DELETE ON procedure_word TO portal_app;
GRANT SELECT, INSERT, UPDATE ON job TO portal_app;
GRANT SELECT, INSERT ON audit_entry TO portal_app;
GRANT SELECT, INSERT, UPDATE ON document_series TO portal_app;
GRANT SELECT, INSERT, UPDATE ON record_series TO portal_app;
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(PROTECTION)
    op.execute("INSERT INTO directory_version (singleton) VALUES (true)")


def downgrade() -> None:
    raise NotImplementedError("Protection is never taken away: restore a backup, or start with an empty database.")
