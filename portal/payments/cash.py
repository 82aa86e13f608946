"""Cash at a counter: the sum is what the fee lines say, and it is booked in the same transaction, by name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.payments.captures import LOCK_FEE_LINES, settle
from portal.payments.gateways import Ending, Outcome, Taker
from portal.payments.models import FeeLine, Payment
from portal.payments.types import CONFIRMED, Heard, PaymentState

NAME = "cash"


def take(session: Session, record_id: UUID, *, amount: int, taker: Taker, now: datetime) -> UUID:
    """Book that all unpaid fees of a record were paid in cash. `amount` in VND is what the official saw and counted.

    Says the key of the payment. Raises Conflict when nothing is owed, or another sum than was counted. Whether the
    taker sits at the counter is the caller's to know; that he has the record on his desk is the table's.
    """
    lines = session.execute(LOCK_FEE_LINES.where(FeeLine.record_id == record_id)).all()
    unpaid = [line for line in lines if line.paid_at is None and line.amount > 0]
    if not unpaid:
        raise Conflict("Khoản này đã nộp rồi, không phải nộp lần nữa. Mở hồ sơ để xem.")
    if amount != sum(line.amount for line in unpaid):
        raise Conflict("Số phải nộp vừa đổi. Xem lại số tiền rồi thu.")
    payment_id = new_id()
    reference = payment_id.hex.upper()
    session.execute(
        insert(Payment),
        {
            "id": payment_id,
            "record_id": record_id,
            "owner_id": unpaid[0].owner_id,
            "gateway": NAME,
            "reference": reference,
            "amount": amount,
            "fee_line_ids": [line.id for line in unpaid],
            "state": PaymentState.CREATED,
            "created_at": now,
        },
    )
    outcome = Outcome(
        gateway=NAME,
        reference=reference,
        amount=amount,
        transaction=reference,
        ending=Ending.CAPTURED,
        paid_on=clock.local_day(now),
        taker=taker,
    )
    if settle(session, outcome, heard=Heard.COUNTER, now=now) != CONFIRMED:
        raise RuntimeError("cash that was taken for locked fee lines was not booked")
    return payment_id
