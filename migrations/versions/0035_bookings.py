"""Visits to a counter by booking, and scans of originals for electronic certified copies."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE booking_plan (
  unit_id uuid NOT NULL,
  minutes integer NOT NULL,
  places integer NOT NULL,
  days_ahead integer NOT NULL,
  changed_by uuid NOT NULL,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT pk_booking_plan PRIMARY KEY (unit_id),
  CONSTRAINT ck_booking_plan_minutes CHECK (minutes BETWEEN 10 AND 120),
  CONSTRAINT ck_booking_plan_places CHECK (places BETWEEN 1 AND 50),
  CONSTRAINT ck_booking_plan_days_ahead CHECK (days_ahead BETWEEN 1 AND 60),
  CONSTRAINT fk_booking_plan_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id)
);
COMMENT ON COLUMN booking_plan.minutes IS 'length of a slot';
COMMENT ON COLUMN booking_plan.places IS 'visitors in one slot';
COMMENT ON COLUMN booking_plan.days_ahead IS 'calendar days that may be booked, today included';
GRANT SELECT, INSERT, UPDATE ON booking_plan TO portal_app;
CREATE TABLE booking_slot (
  unit_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  taken integer NOT NULL,
  CONSTRAINT pk_booking_slot PRIMARY KEY (unit_id, starts_at),
  CONSTRAINT ck_booking_slot_taken CHECK (taken >= 0),
  CONSTRAINT fk_booking_slot_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id)
);
GRANT SELECT, INSERT, UPDATE ON booking_slot TO portal_app;
CREATE TABLE booking (
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  booked_at timestamptz NOT NULL,
  settled_at timestamptz,
  id uuid NOT NULL,
  CONSTRAINT pk_booking PRIMARY KEY (id),
  CONSTRAINT ck_booking_state CHECK (state IN ('booked', 'came', 'missed', 'cancelled', 'moved')),
  CONSTRAINT ck_booking_settled CHECK ((state = 'booked') = (settled_at IS NULL)),
  CONSTRAINT ck_booking_length CHECK (starts_at < ends_at),
  CONSTRAINT fk_booking_record_id_record FOREIGN KEY(record_id) REFERENCES record (id),
  CONSTRAINT fk_booking_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id)
);
COMMENT ON COLUMN booking.unit_id IS 'at whose counter';
COMMENT ON COLUMN booking.state IS 'booked, came, missed, cancelled, moved';
COMMENT ON COLUMN booking.settled_at IS 'when somebody came, or it was given up';
CREATE INDEX ix_booking_record_id ON booking (record_id, booked_at);
CREATE INDEX ix_booking_unit_id ON booking (unit_id, starts_at);
CREATE UNIQUE INDEX uq_booking_open ON booking (record_id) WHERE state = 'booked';
GRANT SELECT, INSERT, UPDATE ON booking TO portal_app;
ALTER TABLE booking ENABLE ROW LEVEL SECURITY;
ALTER TABLE booking FORCE ROW LEVEL SECURITY;
CREATE POLICY booking_owner ON booking TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY booking_read ON booking FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY booking_insert ON booking FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id));
CREATE POLICY booking_update ON booking FOR UPDATE TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id)) WITH CHECK (true);
CREATE TABLE record_scan (
  record_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  row integer NOT NULL,
  file_digest text NOT NULL,
  file_name text NOT NULL,
  pages integer NOT NULL,
  scanned_by uuid NOT NULL,
  scanned_by_name text NOT NULL,
  scanned_at timestamptz NOT NULL,
  compared_by uuid,
  compared_by_name text DEFAULT '' NOT NULL,
  compared_at timestamptz,
  replaced_at timestamptz,
  id uuid NOT NULL,
  CONSTRAINT pk_record_scan PRIMARY KEY (id),
  CONSTRAINT ck_record_scan_compared CHECK ((compared_at IS NULL) = (compared_by IS NULL)),
  CONSTRAINT ck_record_scan_pages CHECK (pages > 0),
  CONSTRAINT fk_record_scan_record_id_record FOREIGN KEY(record_id) REFERENCES record (id),
  CONSTRAINT fk_record_scan_file_digest_file FOREIGN KEY(file_digest) REFERENCES file (digest)
);
COMMENT ON COLUMN record_scan.row IS 'which of the papers, from 0';
CREATE INDEX ix_record_scan_record_id ON record_scan (record_id);
CREATE UNIQUE INDEX uq_record_scan_in_force ON record_scan (record_id, row) WHERE replaced_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON record_scan TO portal_app;
ALTER TABLE record_scan ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_scan FORCE ROW LEVEL SECURITY;
CREATE POLICY record_scan_owner ON record_scan TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY record_scan_read ON record_scan FOR SELECT TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[])));
CREATE POLICY record_scan_insert ON record_scan FOR INSERT TO portal_app WITH CHECK ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[])));
CREATE POLICY record_scan_update ON record_scan FOR UPDATE TO portal_app USING ((SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id AND record.unit_ids && ((SELECT app.units())::uuid[]))) WITH CHECK (true);
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    for table in ("record_scan", "booking", "booking_slot", "booking_plan"):
        op.execute(f"DROP TABLE {table}")
