"""What is owed, the start of a payment, and the only code that marks a fee as paid.

Two locks, always in this order: the payment, then the fee lines that it pays for, by key. What a payment pays for is
fixed when it begins. Money that pays nothing (the same fees twice, a capture that the gateway doubts) stands in
suspense until a person gives it back, so that at every moment captured = matched + suspense.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.unit_of_work import in_one_trip
from portal.jobs.service import owe
from portal.payments import gateway
from portal.payments.gateway import Forged, Outcome
from portal.payments.models import FeeLine, Payment
from portal.payments.types import (
    ALREADY_CONFIRMED,
    CONFIRMED,
    NOT_KNOWN,
    UNKNOWN_REFERENCE,
    WRONG_AMOUNT,
    WRONG_SIGNATURE,
    Answer,
    FeeLineValue,
    PaymentStart,
    PaymentState,
)

__all__ = [
    "OWE_FEE",
    "close_unpaid",
    "fee_rows",
    "poll_later",
    "receive_notification",
    "settle",
    "start_payment",
]

log = logging.getLogger(__name__)

POLLS_AFTER = (
    timedelta(minutes=5),
    timedelta(minutes=16),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""When to ask the gateway about a payment of which it has said nothing, counted from its start."""

_TIMED_OUT = "11"

_FEE_LINE = cast(Table, FeeLine.__table__)
_PAYMENT = cast(Table, Payment.__table__)

OWE_FEE = insert(_FEE_LINE).on_conflict_do_nothing(index_elements=["record_id", "rule"])
"""Takes one row of `fee_rows`, in the trip of the caller. A fee is owed once, however often it is asked for."""
_LOCK_FEE_LINES = (
    select(FeeLine.id, FeeLine.owner_id, FeeLine.amount, FeeLine.paid_at).order_by(FeeLine.id).with_for_update()
)
_LOCK_PAYMENT = select(
    Payment.id,
    Payment.record_id,
    Payment.owner_id,
    Payment.reference,
    Payment.amount,
    Payment.fee_line_ids,
    Payment.state,
    Payment.gateway_transaction,
).with_for_update()
_ADD_PAYMENT = insert(_PAYMENT)
_SETTLE = (
    update(_PAYMENT)
    .where(_PAYMENT.c.id == bindparam("settling_id"))
    .values(
        state=bindparam("to_state"),
        gateway_transaction=bindparam("to_transaction"),
        captured_at=bindparam("to_captured"),
        failure=bindparam("to_failure"),
    )
)
_PAY_FEE_LINE = (
    update(_FEE_LINE)
    .where(_FEE_LINE.c.id == bindparam("paying_id"))
    .values(paid_at=bindparam("captured"), payment_id=bindparam("by_payment"))
)


@dataclass(frozen=True)
class _Locked:
    """A payment in our hands until COMMIT."""

    id: UUID
    record_id: UUID
    owner_id: UUID
    reference: str
    amount: int
    fee_line_ids: Sequence[UUID]
    state: str
    gateway_transaction: str | None


def fee_rows(
    lines: Iterable[FeeLineValue], *, record_id: UUID, owner_id: UUID, now: datetime
) -> list[dict[str, object]]:
    """The rows of fees that a record owes from now on."""
    return [
        {
            "id": new_id(),
            "record_id": record_id,
            "owner_id": owner_id,
            "rule": line.rule,
            "kind": line.kind,
            "name": line.name,
            "name_en": line.name_en,
            "amount": line.amount,
            "legal_basis": line.legal_basis,
            "note": line.note,
            "note_en": line.note_en,
            "moment": line.moment,
            "owed_at": now,
        }
        for line in lines
    ]


def start_payment(
    session: Session,
    record_id: UUID,
    *,
    record_code: str,
    client_address: str,
    actor: Actor,
    now: datetime,
    language: str = "vi",
) -> PaymentStart:
    """Begin to pay all that is unpaid on a record, and say where to send the payer.

    A second click within the time that the gateway allows leads to the same payment. The record's code becomes the
    purpose on the bank statement. Raises NotFound, NotAllowed for anybody but the applicant, and Conflict when nothing
    is unpaid.
    """
    lines = session.execute(_LOCK_FEE_LINES.where(FeeLine.record_id == record_id)).all()
    if not lines:
        raise NotFound("Hồ sơ này không có khoản phải nộp. Mở lại hồ sơ để xem.")
    if any(line.owner_id != actor.person_id for line in lines):
        raise NotAllowed("Chỉ người nộp hồ sơ nộp được tiền ở đây. Đăng nhập bằng tài khoản của người nộp.")
    unpaid = [line for line in lines if line.paid_at is None and line.amount > 0]
    if not unpaid:
        raise Conflict("Khoản này đã nộp rồi, không phải nộp lần nữa. Mở hồ sơ để xem.")
    amount = sum(line.amount for line in unpaid)
    reference, created_at = _open_payment(session, record_id, unpaid, amount=amount, now=now)
    redirect_url = gateway.current().redirect_url(
        reference=reference,
        amount=amount,
        purpose=f"Nop phi le phi ho so {record_code}",
        created_at=created_at,
        client_address=client_address,
        language=language,
    )
    return PaymentStart(reference=reference, redirect_url=redirect_url)


def receive_notification(session: Session, parameters: Iterable[tuple[str, str]], *, now: datetime) -> Answer:
    """The gateway's word, server to server. Run as SYSTEM: nobody is signed in.

    `parameters` with every repetition, in any order (`request.args.items(multi=True)`). Checks in VNPAY's order:
    signature, reference, amount, already confirmed; only then anything changes. Never raises for what was sent.
    """
    try:
        outcome = gateway.current().read(parameters)
    except Forged:
        log.warning("a payment notification carries a wrong signature")
        return WRONG_SIGNATURE
    return settle(session, outcome, now=now)


def settle(session: Session, outcome: Outcome, *, now: datetime) -> Answer:
    """Apply what the gateway says of a payment, told or asked. Safe in any order, any number of times."""
    payment = _lock_payment(session, outcome.reference)
    if payment is None:
        log.error("the gateway speaks of a payment that nobody began")
        return UNKNOWN_REFERENCE
    if outcome.amount != payment.amount:
        log.error("the gateway names another amount than was asked for", extra={"payment": str(payment.id)})
        return WRONG_AMOUNT
    if outcome.is_incomplete:
        log.error("the gateway names a capture without its number", extra={"payment": str(payment.id)})
        return NOT_KNOWN
    if not outcome.takes_money:
        return _note_failure(session, payment, outcome)
    if _is_known(session, outcome.transaction):
        return ALREADY_CONFIRMED
    if payment.state in (PaymentState.CAPTURED, PaymentState.SUSPENSE):
        return _note_second_capture(session, payment, outcome, now=now)
    return _capture(session, payment, outcome, now=now)


def poll_later(session: Session, reference: str, *, created_at: datetime, turn: int, now: datetime) -> bool:
    """Owe the `turn`-th question to the gateway about this payment. False when there have been enough."""
    if turn >= len(POLLS_AFTER):
        return False
    owe(
        session,
        "poll_payment",
        arguments={"reference": reference, "turn": str(turn)},
        due_at=created_at + POLLS_AFTER[turn],
        natural_key=f"{reference}:{turn}",
        now=now,
    )
    return True


def close_unpaid(session: Session, reference: str) -> None:
    """The time to pay is over and the gateway says that nobody paid. A capture that comes late still counts."""
    payment = _lock_payment(session, reference)
    if payment is not None and payment.state == PaymentState.CREATED:
        session.execute(_SETTLE, _settled(payment, PaymentState.FAILED, failure=_TIMED_OUT))


def _open_payment(
    session: Session, record_id: UUID, unpaid: Sequence[Row[*tuple[Any, ...]]], *, amount: int, now: datetime
) -> tuple[str, datetime]:
    """The payment of these lines that is still open, or a new one. The lines are locked."""
    wanted = [line.id for line in unpaid]
    still_open = session.execute(
        select(Payment.reference, Payment.created_at)
        .where(
            Payment.record_id == record_id,
            Payment.state == PaymentState.CREATED,
            Payment.fee_line_ids == wanted,
            Payment.created_at > now - gateway.MAY_PAY_FOR,
        )
        .order_by(Payment.created_at.desc(), Payment.id.desc())
        .limit(1)
    ).first()
    if still_open is not None:
        return still_open.reference, still_open.created_at
    payment_id = new_id()
    reference = payment_id.hex.upper()
    with in_one_trip(session):
        session.execute(
            _ADD_PAYMENT,
            {
                "id": payment_id,
                "record_id": record_id,
                "owner_id": unpaid[0].owner_id,
                "gateway": gateway.NAME,
                "reference": reference,
                "amount": amount,
                "fee_line_ids": wanted,
                "state": PaymentState.CREATED,
                "created_at": now,
            },
        )
        poll_later(session, reference, created_at=now, turn=0, now=now)
    return reference, now


def _lock_payment(session: Session, reference: str) -> _Locked | None:
    row = session.execute(_LOCK_PAYMENT.where(Payment.reference == reference)).first()
    return None if row is None else _Locked(*row)


def _is_known(session: Session, transaction: str) -> bool:
    """Whether the capture of this number stands in our books already, under whatever reference."""
    known = select(Payment.id).where(Payment.gateway == gateway.NAME, Payment.gateway_transaction == transaction)
    return session.execute(known).first() is not None


def _note_failure(session: Session, payment: _Locked, outcome: Outcome) -> Answer:
    if payment.state != PaymentState.CREATED:
        return ALREADY_CONFIRMED
    session.execute(_SETTLE, _settled(payment, PaymentState.FAILED, failure=outcome.failure))
    return CONFIRMED


def _capture(session: Session, payment: _Locked, outcome: Outcome, *, now: datetime) -> Answer:
    lines = session.execute(_LOCK_FEE_LINES.where(FeeLine.id.in_(payment.fee_line_ids))).all()
    pays = outcome.is_captured and all(line.paid_at is None for line in lines)
    if not pays:
        _put_in_suspense(session, payment, outcome, now=now)
        return CONFIRMED
    with in_one_trip(session):
        session.execute(_SETTLE, _settled(payment, PaymentState.CAPTURED, outcome=outcome, now=now))
        for line in lines:
            session.execute(_PAY_FEE_LINE, {"paying_id": line.id, "captured": now, "by_payment": payment.id})
        owe(
            session,
            "payment_captured",
            arguments={"record_id": str(payment.record_id), "payment_id": str(payment.id)},
            natural_key=str(payment.id),
            now=now,
        )
    return CONFIRMED


def _put_in_suspense(session: Session, payment: _Locked, outcome: Outcome, *, now: datetime) -> None:
    log.error("captured money pays nothing and waits in suspense", extra={"payment": str(payment.id)})
    session.execute(
        _SETTLE, _settled(payment, PaymentState.SUSPENSE, outcome=outcome, failure=outcome.failure, now=now)
    )


def _note_second_capture(session: Session, payment: _Locked, outcome: Outcome, *, now: datetime) -> Answer:
    """The gateway took money twice for one reference: the second sum gets a row of its own."""
    second_id = new_id()
    log.error("captured money pays nothing and waits in suspense", extra={"payment": str(second_id)})
    session.execute(
        _ADD_PAYMENT,
        {
            "id": second_id,
            "record_id": payment.record_id,
            "owner_id": payment.owner_id,
            "gateway": gateway.NAME,
            "reference": f"{payment.reference}-{outcome.transaction}",
            "amount": payment.amount,
            "fee_line_ids": payment.fee_line_ids,
            "state": PaymentState.SUSPENSE,
            "gateway_transaction": outcome.transaction,
            "created_at": now,
            "captured_at": now,
            "failure": outcome.failure,
        },
    )
    return ALREADY_CONFIRMED


def _settled(
    payment: _Locked,
    state: PaymentState,
    *,
    outcome: Outcome | None = None,
    failure: str | None = None,
    now: datetime | None = None,
) -> dict[str, object]:
    return {
        "settling_id": payment.id,
        "to_state": state,
        "to_transaction": outcome.transaction if outcome else None,
        "to_captured": now,
        "to_failure": failure,
    }
