"""Money apart from the attempts to pay: each capture once, refunds that two persons agree on, daily files compared."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CASHIERS = """
CREATE FUNCTION app.keeps_accounts() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM (SELECT (statement_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) today, post
    JOIN unit ON unit.id = post.unit_id AND unit.level = 'city'
    JOIN unit_function AS held ON held.unit_id = post.unit_id AND held.function = 'finance_planning' AND NOT held.own
    WHERE post.person_id = app.person() AND post.role IN ('specialist', 'head', 'leader')
      AND coalesce(post.function, 'finance_planning') = 'finance_planning'
      AND post.valid_from <= today.day AND (post.valid_to IS NULL OR post.valid_to >= today.day)
      AND held.valid_from <= today.day AND (held.valid_to IS NULL OR held.valid_to >= today.day))
$$;
REVOKE ALL ON FUNCTION app.keeps_accounts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.keeps_accounts() TO portal_app;
"""
CODES = """
CREATE OR REPLACE FUNCTION app.record_codes(wanted uuid[], codes text[]) RETURNS TABLE (id uuid, code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT record.id, record.code FROM record
  WHERE (record.id = ANY (wanted) OR record.code = ANY (codes)) AND ({who})
$$;
"""
BEFORE = "app.is_administrator() OR app.is_system()"
AFTER = "app.is_administrator() OR app.keeps_accounts() OR app.is_system()"

TABLES = """
CREATE TABLE capture (
  gateway text NOT NULL,
  number text NOT NULL,
  reference text NOT NULL,
  amount bigint NOT NULL,
  state text NOT NULL,
  cause text,
  payment_id uuid,
  record_id uuid,
  owner_id uuid,
  captured_at timestamptz NOT NULL,
  paid_on date,
  heard_by text NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_capture PRIMARY KEY (id),
  CONSTRAINT ck_capture_amount CHECK (amount > 0 AND amount <= 1000000000000),
  CONSTRAINT ck_capture_state CHECK (state IN ('matched', 'suspense')),
  CONSTRAINT ck_capture_cause CHECK ((state = 'suspense') = (cause IS NOT NULL)),
  CONSTRAINT ck_capture_matched CHECK (state = 'suspense' OR payment_id IS NOT NULL),
  CONSTRAINT fk_capture_payment_id_payment FOREIGN KEY (payment_id) REFERENCES payment (id),
  CONSTRAINT fk_capture_record_id_record FOREIGN KEY (record_id) REFERENCES record (id)
);
COMMENT ON COLUMN capture.number IS 'the gateway''s own';
COMMENT ON COLUMN capture.reference IS 'as the gateway told it';
COMMENT ON COLUMN capture.amount IS 'VND';
COMMENT ON COLUMN capture.cause IS 'why it is in suspense: twice, doubtful, other_amount, unknown';
COMMENT ON COLUMN capture.captured_at IS 'when the portal learned of it';
COMMENT ON COLUMN capture.paid_on IS 'the day under which the gateway settles it';
COMMENT ON COLUMN capture.heard_by IS 'notification, question, daily_file';
CREATE INDEX ix_capture_paid_on ON capture (gateway, paid_on);
CREATE INDEX ix_capture_record_id ON capture (record_id);
CREATE UNIQUE INDEX uq_capture_gateway_number ON capture (gateway, number);
CREATE UNIQUE INDEX uq_capture_payment_id ON capture (payment_id) WHERE state = 'matched';
CREATE TABLE refund (
  capture_id uuid NOT NULL,
  fee_line_id uuid,
  record_id uuid,
  owner_id uuid,
  amount bigint NOT NULL,
  cause text NOT NULL,
  state text NOT NULL,
  due_at timestamptz NOT NULL,
  proposed_by uuid,
  proposed_by_name text NOT NULL,
  proposed_at timestamptz,
  approved_by uuid,
  approved_by_name text NOT NULL,
  approved_at timestamptz,
  request text,
  number text NOT NULL,
  done_at timestamptz,
  failure text,
  id uuid NOT NULL,
  CONSTRAINT pk_refund PRIMARY KEY (id),
  CONSTRAINT ck_refund_amount CHECK (amount > 0 AND amount <= 1000000000000),
  CONSTRAINT ck_refund_state CHECK (state IN ('due', 'proposed', 'approved', 'done', 'refused')),
  CONSTRAINT ck_refund_four_eyes CHECK (approved_by <> proposed_by),
  CONSTRAINT ck_refund_proposed CHECK ((state = 'due') = (proposed_by IS NULL)),
  CONSTRAINT ck_refund_approved CHECK ((state IN ('due', 'proposed')) = (approved_by IS NULL)),
  CONSTRAINT ck_refund_done CHECK ((state = 'done') = (done_at IS NOT NULL)),
  CONSTRAINT fk_refund_capture_id_capture FOREIGN KEY (capture_id) REFERENCES capture (id),
  CONSTRAINT fk_refund_fee_line_id_fee_line FOREIGN KEY (fee_line_id) REFERENCES fee_line (id),
  CONSTRAINT fk_refund_record_id_record FOREIGN KEY (record_id) REFERENCES record (id),
  CONSTRAINT uq_refund_request UNIQUE (request)
);
COMMENT ON COLUMN refund.fee_line_id IS 'a fee that was paid and is given back; else the whole capture';
COMMENT ON COLUMN refund.amount IS 'VND';
COMMENT ON COLUMN refund.cause IS 'as the capture''s, or fee_given_back';
COMMENT ON COLUMN refund.request IS 'ours, sent to the gateway: the same asks once';
COMMENT ON COLUMN refund.number IS 'the gateway''s own';
COMMENT ON COLUMN refund.failure IS 'the gateway''s response code';
CREATE INDEX ix_refund_open ON refund (due_at) WHERE state <> 'done';
CREATE UNIQUE INDEX uq_refund_capture_id ON refund (capture_id) WHERE fee_line_id IS NULL;
CREATE UNIQUE INDEX uq_refund_fee_line_id ON refund (fee_line_id);
CREATE TABLE settlement (
  gateway text NOT NULL,
  day date NOT NULL,
  digest text NOT NULL,
  received_at timestamptz NOT NULL,
  captured bigint NOT NULL,
  refunded bigint NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_settlement PRIMARY KEY (id)
);
COMMENT ON COLUMN settlement.digest IS 'SHA-256 of the text: a corrected file is another one';
COMMENT ON COLUMN settlement.captured IS 'VND that came in, by the file';
COMMENT ON COLUMN settlement.refunded IS 'VND that went back, by the file';
CREATE UNIQUE INDEX uq_settlement_gateway_day ON settlement (gateway, day, digest);
CREATE TABLE settlement_line (
  settlement_id uuid NOT NULL,
  kind text NOT NULL,
  number text NOT NULL,
  reference text NOT NULL,
  amount bigint NOT NULL,
  finding text NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT pk_settlement_line PRIMARY KEY (id),
  CONSTRAINT ck_settlement_line_kind CHECK (kind IN ('capture', 'refund')),
  CONSTRAINT ck_settlement_line_finding CHECK (finding IN ('agrees', 'added', 'other_amount', 'unknown', 'missing')),
  CONSTRAINT fk_settlement_line_settlement_id_settlement FOREIGN KEY (settlement_id) REFERENCES settlement (id)
);
COMMENT ON COLUMN settlement_line.number IS 'the gateway''s own';
COMMENT ON COLUMN settlement_line.amount IS 'VND';
CREATE INDEX ix_settlement_line_finding ON settlement_line (finding) WHERE finding <> 'agrees';
CREATE UNIQUE INDEX uq_settlement_line_number ON settlement_line (settlement_id, kind, number);
"""
PROTECTION = (
    """
GRANT SELECT, INSERT ON capture TO portal_app;
ALTER TABLE capture ENABLE ROW LEVEL SECURITY;
ALTER TABLE capture FORCE ROW LEVEL SECURITY;
CREATE POLICY capture_owner ON capture TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY capture_read ON capture FOR SELECT TO portal_app USING (OF_MY_RECORD OR BY_CASHIER);
CREATE POLICY capture_insert ON capture FOR INSERT TO portal_app WITH CHECK (BY_SYSTEM);
GRANT SELECT, INSERT, UPDATE ON refund TO portal_app;
ALTER TABLE refund ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund FORCE ROW LEVEL SECURITY;
CREATE POLICY refund_owner ON refund TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY refund_read ON refund FOR SELECT TO portal_app USING (BY_SYSTEM OR BY_CASHIER OR OF_MY_RECORD);
CREATE POLICY refund_insert ON refund FOR INSERT TO portal_app WITH CHECK (state = 'due' AND (OF_MY_RECORD));
CREATE POLICY refund_update ON refund FOR UPDATE TO portal_app USING (BY_SYSTEM OR BY_CASHIER) WITH CHECK (true);
GRANT SELECT, INSERT ON settlement TO portal_app;
ALTER TABLE settlement ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement FORCE ROW LEVEL SECURITY;
CREATE POLICY settlement_owner ON settlement TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY settlement_read ON settlement FOR SELECT TO portal_app USING (BY_SYSTEM OR BY_CASHIER);
CREATE POLICY settlement_insert ON settlement FOR INSERT TO portal_app WITH CHECK (BY_SYSTEM);
GRANT SELECT, INSERT ON settlement_line TO portal_app;
ALTER TABLE settlement_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement_line FORCE ROW LEVEL SECURITY;
CREATE POLICY settlement_line_owner ON settlement_line TO portal_owner USING (true) WITH CHECK (true);
CREATE POLICY settlement_line_read ON settlement_line FOR SELECT TO portal_app USING (BY_SYSTEM OR BY_CASHIER);
CREATE POLICY settlement_line_insert ON settlement_line FOR INSERT TO portal_app WITH CHECK (BY_SYSTEM);
""".replace(
        "OF_MY_RECORD",
        "owner_id = (SELECT app.person()) OR BY_SYSTEM OR EXISTS (SELECT FROM record WHERE record.id = record_id)",
    )
    .replace("BY_SYSTEM", "(SELECT app.is_system())")
    .replace("BY_CASHIER", "(SELECT app.keeps_accounts())")
)

READ_PAYMENTS = """
DROP POLICY payment_read ON payment;
CREATE POLICY payment_read ON payment FOR SELECT TO portal_app USING (owner_id = (SELECT app.person()) OR (SELECT app.is_system()) OR EXISTS (SELECT FROM record WHERE record.id = record_id){more});
"""

CARRY_OVER = """
INSERT INTO capture (id, gateway, number, reference, amount, state, cause, payment_id, record_id, owner_id, captured_at,
  paid_on, heard_by)
SELECT gen_random_uuid(), payment.gateway, coalesce(payment.gateway_transaction, payment.reference),
  split_part(payment.reference, '-', 1), payment.amount,
  CASE payment.state WHEN 'captured' THEN 'matched' ELSE 'suspense' END,
  CASE WHEN payment.state = 'captured' THEN NULL WHEN payment.failure = '07' THEN 'doubtful' ELSE 'twice' END,
  coalesce(first.id, payment.id), payment.record_id, payment.owner_id, payment.captured_at,
  (payment.captured_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'notification'
FROM payment
LEFT JOIN payment AS first ON payment.reference LIKE '%-%' AND first.reference = split_part(payment.reference, '-', 1)
WHERE payment.state IN ('captured', 'suspense');

DELETE FROM payment AS second USING payment AS first
WHERE second.reference LIKE '%-%' AND first.reference = split_part(second.reference, '-', 1);

INSERT INTO refund (id, capture_id, fee_line_id, record_id, owner_id, amount, cause, state, due_at, proposed_by_name,
  approved_by_name, number)
SELECT gen_random_uuid(), capture.id, NULL, capture.record_id, capture.owner_id, capture.amount, capture.cause, 'due',
  capture.captured_at, '', '', ''
FROM capture WHERE capture.state = 'suspense'
UNION ALL
SELECT gen_random_uuid(), capture.id, fee_line.id, fee_line.record_id, fee_line.owner_id, fee_line.amount,
  'fee_given_back', 'due', fee_line.refund_due_at, '', '', ''
FROM fee_line JOIN capture ON capture.payment_id = fee_line.payment_id AND capture.state = 'matched'
WHERE fee_line.refund_due_at IS NOT NULL;
"""

LIMITS = """
-- squawk-ignore ban-drop-column
ALTER TABLE payment DROP COLUMN gateway_transaction;
-- squawk-ignore ban-drop-constraint
ALTER TABLE payment DROP CONSTRAINT ck_payment_amount;
ALTER TABLE payment ADD CONSTRAINT ck_payment_amount CHECK (amount > 0 AND amount <= 1000000000000) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE fee_line DROP CONSTRAINT ck_fee_line_amount;
ALTER TABLE fee_line ADD CONSTRAINT ck_fee_line_amount CHECK (amount >= 0 AND amount <= 1000000000000) NOT VALID;
"""
BACK = """
ALTER TABLE payment ADD COLUMN gateway_transaction text;
COMMENT ON COLUMN payment.gateway_transaction IS 'the gateway''s own number';
UPDATE payment SET gateway_transaction = capture.number FROM capture
WHERE capture.payment_id = payment.id AND payment.state IN ('captured', 'suspense');
CREATE UNIQUE INDEX uq_payment_gateway_transaction ON payment (gateway, gateway_transaction)
  WHERE gateway_transaction IS NOT NULL;
ALTER TABLE payment DROP CONSTRAINT ck_payment_amount;
ALTER TABLE payment ADD CONSTRAINT ck_payment_amount CHECK (amount > 0);
ALTER TABLE fee_line DROP CONSTRAINT ck_fee_line_amount;
ALTER TABLE fee_line ADD CONSTRAINT ck_fee_line_amount CHECK (amount >= 0);
DROP TABLE settlement_line;
DROP TABLE settlement;
DROP TABLE refund;
DROP TABLE capture;
"""


def upgrade() -> None:
    op.execute(CASHIERS)
    op.execute(CODES.format(who=AFTER))
    op.execute(TABLES)
    op.execute(PROTECTION)
    op.execute(READ_PAYMENTS.format(more=" OR (SELECT app.keeps_accounts())"))
    op.execute(CARRY_OVER)
    op.execute(LIMITS)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE payment VALIDATE CONSTRAINT ck_payment_amount")
        op.execute("ALTER TABLE fee_line VALIDATE CONSTRAINT ck_fee_line_amount")


def downgrade() -> None:
    op.execute(BACK)
    op.execute(READ_PAYMENTS.format(more=""))
    op.execute(CODES.format(who=BEFORE))
    op.execute("DROP FUNCTION app.keeps_accounts()")
