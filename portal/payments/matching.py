"""Money in suspense that pays a fee after all: one person of the accounts says which record's, another agrees."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.payments.captures import pay
from portal.payments.models import Capture, Payment
from portal.payments.owing import lock_fee_lines, payment_row, unpaid_of
from portal.payments.queries import unpaid_amount
from portal.payments.refunds import locked_refunds, propose
from portal.payments.types import PaymentState, RefundState

log = logging.getLogger(__name__)


def propose_match(session: Session, refund_id: UUID, *, record_id: UUID, actor: Actor, now: datetime) -> None:
    """The first pair of eyes: this money is the fee of that record. Raises what `refunds.propose` raises, and Conflict
    for a fee that goes back, and when the record owes another sum."""
    (refund,) = locked_refunds(session, [refund_id])
    if refund.fee_line_id is not None:
        raise Conflict("Khoản này là phí được trả lại, không nộp cho hồ sơ khác được.")
    if unpaid_amount(session, record_id) != refund.amount:
        raise Conflict("Hồ sơ này không phải nộp đúng số tiền ấy. Xem lại mã hồ sơ.")
    propose(session, [refund_id], actor=actor, now=now)
    refund.match_record_id = record_id


def match(session: Session, refund_id: UUID, *, now: datetime) -> bool:
    """What two persons agreed on: the money pays all that is unpaid on the record. Run as SYSTEM, safe to run twice.

    False when the record owes another sum by now: the money waits in suspense as before.
    """
    (refund,) = locked_refunds(session, [refund_id])
    if refund.state != RefundState.APPROVED or refund.match_record_id is None:
        return True
    record_id, lines = refund.match_record_id, lock_fee_lines(session, refund.match_record_id)
    if sum(line.amount for line in lines if line.paid_at is None) != refund.amount:
        log.warning(
            "money in suspense pays nothing: the record owes another sum by now", extra={"refund": refund_id.hex}
        )
        refund.state, refund.match_record_id = RefundState.DUE, None
        refund.proposed_by, refund.proposed_by_name, refund.proposed_at = None, "", None
        refund.approved_by, refund.approved_by_name, refund.approved_at = None, "", None
        return False
    gateway = session.scalars(select(Capture.gateway).where(Capture.id == refund.capture_id)).one()
    unpaid, payment_id = unpaid_of(lines), new_id()
    row = payment_row(payment_id, record_id, unpaid, gateway=gateway, reference=payment_id.hex.upper(), now=now)
    session.execute(insert(Payment), {**row, "state": PaymentState.CAPTURED, "captured_at": now})
    found = {"payment_id": payment_id, "record_id": record_id, "owner_id": row["owner_id"]}
    session.execute(update(Capture).where(Capture.id == refund.capture_id).values(state="matched", cause=None, **found))
    refund.state = RefundState.MATCHED
    pay(session, row["fee_line_ids"], payment_id=payment_id, record_id=record_id, now=now)
    return True
