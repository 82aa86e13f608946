"""Money that came in: the only code that marks a fee as paid.

Two locks, always in this order: the payment, then the fee lines that it pays for, by key. What a payment pays for is
fixed when it begins. Each number of a gateway is one capture for all time; one that pays nothing (the same fees twice,
another sum, a capture that the gateway doubts, a reference that nobody began) stands in suspense and in the queue of
refunds, so that at every moment captured = matched + suspense + refunded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.references import new_id
from portal.core.unit_of_work import in_one_trip
from portal.jobs.service import owe
from portal.payments.gateways import Ending, Outcome
from portal.payments.models import Capture, FeeLine, Payment, Refund
from portal.payments.owing import LOCK_FEE_LINES
from portal.payments.types import (
    ALREADY_CONFIRMED,
    CONFIRMED,
    NOT_KNOWN,
    UNKNOWN_REFERENCE,
    WRONG_AMOUNT,
    Answer,
    Cause,
    Heard,
    PaymentState,
)

log = logging.getLogger(__name__)

_FEE_LINE = cast(Table, FeeLine.__table__)
_PAYMENT = cast(Table, Payment.__table__)

_LOCK_PAYMENT = select(
    Payment.id,
    Payment.record_id,
    Payment.owner_id,
    Payment.amount,
    Payment.fee_line_ids,
    Payment.state,
).with_for_update()
_ADD_CAPTURE = insert(Capture).on_conflict_do_nothing(index_elements=["gateway", "number"]).returning(Capture.id)
_ADD_REFUND = insert(Refund)
_SETTLE = (
    update(_PAYMENT)
    .where(_PAYMENT.c.id == bindparam("settling_id"))
    .values(state=bindparam("to_state"), captured_at=bindparam("to_captured"), failure=bindparam("to_failure"))
)
_PAY_FEE_LINE = (
    update(_FEE_LINE)
    .where(_FEE_LINE.c.id == bindparam("paying_id"))
    .values(paid_at=bindparam("captured"), payment_id=bindparam("by_payment"))
)

TIMED_OUT = "11"


@dataclass(frozen=True)
class _Locked:
    """A payment in our hands until COMMIT."""

    id: UUID
    record_id: UUID
    owner_id: UUID
    amount: int
    fee_line_ids: Sequence[UUID]
    state: str

    @property
    def is_paid(self) -> bool:
        return self.state in (PaymentState.CAPTURED, PaymentState.SUSPENSE)


def settle(session: Session, outcome: Outcome, *, heard: Heard, now: datetime) -> Answer:
    """Apply what a gateway says of a payment, told or asked. Safe in any order, any number of times.

    A notification that names another sum changes nothing: the gateway sends the right one, or its own books, which are
    asked, say that it took another sum. Run as SYSTEM.
    """
    payment = _lock_payment(session, outcome)
    books_speak = heard is not Heard.NOTIFICATION or outcome.is_booked
    if payment is None and not (books_speak and outcome.takes_money):
        log.error("the gateway speaks of a payment that nobody began")
        return UNKNOWN_REFERENCE
    if outcome.amount is None or (payment is not None and outcome.amount != payment.amount and not books_speak):
        log.error("the gateway names another amount than was asked for", extra=_of(payment))
        return WRONG_AMOUNT
    if outcome.is_incomplete:
        log.error("the gateway names a capture without its number", extra=_of(payment))
        return NOT_KNOWN
    if not outcome.takes_money:
        return CONFIRMED if payment is None else _note_failure(session, payment, outcome)
    if _is_known(session, outcome):
        return ALREADY_CONFIRMED
    return _capture(session, payment, outcome, heard=heard, now=now)


def close_unpaid(session: Session, *, gateway: str, reference: str) -> None:
    """The time to pay is over and the gateway says that nobody paid. A capture that comes late still counts."""
    wanted = _LOCK_PAYMENT.where(Payment.gateway == gateway, Payment.reference == reference)
    row = session.execute(wanted).first()
    if row is not None and row.state == PaymentState.CREATED:
        session.execute(_SETTLE, _settled(row.id, PaymentState.FAILED, failure=TIMED_OUT))


def _of(payment: _Locked | None) -> dict[str, str]:
    return {"payment": str(payment.id) if payment else "unknown"}


def _lock_payment(session: Session, outcome: Outcome) -> _Locked | None:
    wanted = _LOCK_PAYMENT.where(Payment.reference == outcome.reference, Payment.gateway == outcome.gateway)
    row = session.execute(wanted).first()
    return None if row is None else _Locked(*row)


def _is_known(session: Session, outcome: Outcome) -> bool:
    """Whether the capture of this number stands in our books already, under whatever reference."""
    known = select(Capture.id).where(Capture.gateway == outcome.gateway, Capture.number == outcome.transaction)
    return session.execute(known).first() is not None


def _note_failure(session: Session, payment: _Locked, outcome: Outcome) -> Answer:
    if payment.state != PaymentState.CREATED:
        return ALREADY_CONFIRMED
    session.execute(_SETTLE, _settled(payment.id, PaymentState.FAILED, failure=outcome.failure))
    return CONFIRMED


def _capture(session: Session, payment: _Locked | None, outcome: Outcome, *, heard: Heard, now: datetime) -> Answer:
    lines = []
    if payment is not None:
        lines = list(session.execute(LOCK_FEE_LINES.where(FeeLine.id.in_(payment.fee_line_ids))))
    is_second = payment is not None and payment.is_paid
    cause = _cause(payment, outcome, is_second=is_second or any(line.paid_at is not None for line in lines))
    capture_id = _added(session, payment, outcome, cause=cause, heard=heard, now=now)
    if capture_id is None:  # somebody else heard of it at the same moment, under another reference
        return ALREADY_CONFIRMED
    if payment is None or cause is not None:
        _put_in_suspense(session, payment, outcome, capture_id, cause=cause or Cause.UNKNOWN, now=now)
        return ALREADY_CONFIRMED if is_second else CONFIRMED
    with in_one_trip(session):
        session.execute(_SETTLE, _settled(payment.id, PaymentState.CAPTURED, captured_at=now))
        pay(session, [line.id for line in lines], payment_id=payment.id, record_id=payment.record_id, now=now)
    return CONFIRMED


def pay(session: Session, line_ids: Iterable[UUID], *, payment_id: UUID, record_id: UUID, now: datetime) -> None:
    """Mark locked fees as paid, and owe the news to their record. May be sent in a trip."""
    for line_id in line_ids:
        session.execute(_PAY_FEE_LINE, {"paying_id": line_id, "captured": now, "by_payment": payment_id})
    told = {"record_id": str(record_id), "payment_id": str(payment_id)}
    owe(session, "payment_captured", arguments=told, natural_key=str(payment_id), now=now)


def _cause(payment: _Locked | None, outcome: Outcome, *, is_second: bool) -> Cause | None:
    """Why the money pays nothing; None when it pays."""
    if payment is None:
        return Cause.UNKNOWN
    if outcome.ending is Ending.DOUBTFUL:
        return Cause.DOUBTFUL
    if outcome.amount != payment.amount:
        return Cause.OTHER_AMOUNT
    return Cause.TWICE if is_second else None


def _added(
    session: Session, payment: _Locked | None, outcome: Outcome, *, cause: Cause | None, heard: Heard, now: datetime
) -> UUID | None:
    """The key of the new row; None when the number stands in our books already."""
    row = {
        "id": new_id(),
        "gateway": outcome.gateway,
        "number": outcome.transaction,
        "reference": outcome.reference,
        "amount": outcome.amount,
        "state": "suspense" if cause else "matched",
        "cause": cause,
        "payment_id": payment.id if payment else None,
        "record_id": payment.record_id if payment else None,
        "owner_id": payment.owner_id if payment else None,
        "captured_at": now,
        "paid_on": outcome.paid_on,
        "heard_by": heard,
        "taken_by": outcome.taker.person_id if outcome.taker else None,
        "taken_by_name": outcome.taker.name if outcome.taker else "",
        "taken_unit_id": outcome.taker.unit_id if outcome.taker else None,
    }
    return session.execute(_ADD_CAPTURE, row).scalar_one_or_none()


def _put_in_suspense(
    session: Session, payment: _Locked | None, outcome: Outcome, capture_id: UUID, *, cause: Cause, now: datetime
) -> None:
    log.error("captured money pays nothing and waits in suspense", extra={"capture": str(capture_id), "cause": cause})
    if payment is not None and not payment.is_paid:
        settled = _settled(payment.id, PaymentState.SUSPENSE, captured_at=now, failure=outcome.failure)
        session.execute(_SETTLE, settled)
    session.execute(
        _ADD_REFUND,
        {
            "id": new_id(),
            "capture_id": capture_id,
            "record_id": payment.record_id if payment else None,
            "owner_id": payment.owner_id if payment else None,
            "amount": outcome.amount,
            "cause": cause,
            "state": "due",
            "due_at": now,
        },
    )


def _settled(
    payment_id: UUID, state: PaymentState, *, captured_at: datetime | None = None, failure: str | None = None
) -> dict[str, object]:
    return {"settling_id": payment_id, "to_state": state, "to_captured": captured_at, "to_failure": failure}
