"""Cash at a counter: the sum is what the fee lines say, and it is booked in the same transaction, by name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.payments.captures import settle
from portal.payments.gateways import Ending, Outcome, Taker
from portal.payments.models import Payment
from portal.payments.owing import lock_fee_lines, payment_row, unpaid_of
from portal.payments.types import CONFIRMED, Heard

NAME = "cash"


def take(session: Session, record_id: UUID, *, amount: int, taker: Taker, now: datetime) -> UUID:
    """Book that all unpaid fees of a record were paid in cash. `amount` in VND is what the official saw and counted.

    Says the key of the payment. Raises Conflict when nothing is owed, or another sum than was counted. Whether the
    taker sits at the counter is the caller's to know; that he has the record on his desk is the table's.
    """
    unpaid = unpaid_of(lock_fee_lines(session, record_id))
    if amount != sum(line.amount for line in unpaid):
        raise Conflict("Số phải nộp vừa đổi. Xem lại số tiền rồi thu.")
    payment_id = new_id()
    reference = payment_id.hex.upper()
    row = payment_row(payment_id, record_id, unpaid, gateway=NAME, reference=reference, now=now)
    session.execute(insert(Payment), row)
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
