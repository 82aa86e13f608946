"""What is owed, the start of a payment, and the door for the gateways' words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.unit_of_work import in_one_trip
from portal.jobs.service import owe
from portal.payments import gateways
from portal.payments.captures import close_unpaid, settle
from portal.payments.gateways import Forged, Gateway, Order, Word
from portal.payments.models import FeeLine, Payment
from portal.payments.owing import Line, lock_fee_lines, payment_row, unpaid_of
from portal.payments.types import (
    LARGEST_AMOUNT,
    WRONG_SIGNATURE,
    Answer,
    FeeLineValue,
    Heard,
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
"""When to ask the gateway about a payment of which it has said nothing, counted from its start. What it says later than
that comes with a notification or in its daily file."""

_FEE_LINE = cast(Table, FeeLine.__table__)

OWE_FEE = insert(_FEE_LINE).on_conflict_do_nothing(index_elements=["record_id", "rule"])
"""Takes one row of `fee_rows`, in the trip of the caller. A fee is owed once, however often it is asked for."""
_ADD_PAYMENT = insert(Payment)


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
    way: str | None = None,
) -> PaymentStart:
    """Begin to pay all that is unpaid on a record, and say where to send the payer. `way` names the gateway.

    A second click within the time that the gateway allows leads to the same payment. The record's code becomes the
    purpose on the bank statement. Raises NotFound, NotAllowed for anybody but the applicant, InvalidInput for a way
    that is not offered, and Conflict when nothing is unpaid or the sum is above LARGEST_AMOUNT.
    """
    gateway = _chosen(way)
    lines = lock_fee_lines(session, record_id)
    if not lines:
        raise NotFound("Hồ sơ này không có khoản phải nộp. Mở lại hồ sơ để xem.")
    if any(line.owner_id != actor.person_id for line in lines):
        raise NotAllowed("Chỉ người nộp hồ sơ nộp được tiền ở đây. Đăng nhập bằng tài khoản của người nộp.")
    unpaid = unpaid_of(lines)
    amount = sum(line.amount for line in unpaid)
    if amount > LARGEST_AMOUNT:
        raise Conflict("Số tiền quá lớn để nộp trực tuyến. Nộp tại bộ phận một cửa.")
    reference, created_at = _open_payment(session, record_id, unpaid, gateway, now=now)
    order = Order(
        reference=reference,
        amount=amount,
        purpose=f"Nop phi le phi ho so {record_code}",
        created_at=created_at,
        client_address=client_address,
        language=language,
    )
    return PaymentStart(reference=reference, redirect_url=gateway.redirect_url(order))


def receive_notification(session: Session, gateway: Gateway, word: Word, *, now: datetime) -> Answer:
    """The gateway's word, server to server. Run as SYSTEM: nobody is signed in.

    Checks in VNPAY's order: signature, reference, amount, already confirmed; only then anything changes. Never raises
    for what was sent.
    """
    try:
        outcome = gateway.read(word)
    except Forged:
        log.warning("a payment notification carries a wrong signature", extra={"gateway": gateway.name})
        return WRONG_SIGNATURE
    return settle(session, outcome, heard=Heard.NOTIFICATION, now=now)


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


def _chosen(way: str | None) -> Gateway:
    found = gateways.offered()[0] if way is None else gateways.named(way)
    if found is None:
        raise InvalidInput("Chọn một cách nộp tiền.", field="way")
    return found


def _open_payment(
    session: Session, record_id: UUID, unpaid: Sequence[Line], gateway: Gateway, *, now: datetime
) -> tuple[str, datetime]:
    """The payment of these lines that is still open, or a new one. The lines are locked."""
    wanted = [line.id for line in unpaid]
    still_open = session.execute(
        select(Payment.reference, Payment.created_at)
        .where(
            Payment.record_id == record_id,
            Payment.gateway == gateway.name,
            Payment.state == PaymentState.CREATED,
            Payment.fee_line_ids == wanted,
            Payment.created_at > now - gateway.may_pay_for,
        )
        .order_by(Payment.created_at.desc(), Payment.id.desc())
        .limit(1)
    ).first()
    if still_open is not None:
        return still_open.reference, still_open.created_at
    payment_id = new_id()
    reference = gateway.reference_for(payment_id)
    row = payment_row(payment_id, record_id, unpaid, gateway=gateway.name, reference=reference, now=now)
    with in_one_trip(session):
        session.execute(_ADD_PAYMENT, row)
        if gateway.answers:
            poll_later(session, reference, created_at=now, turn=0, now=now)
    return reference, now
