"""What a gateway never answered, however often it was asked: who keeps the accounts sees it, and has it asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.jobs.queries import unfinished
from portal.jobs.service import owe
from portal.payments import gateways
from portal.payments.models import Payment
from portal.payments.queries import is_unanswered, require_accounts
from portal.payments.refunds import LAST_TURN, locked_refunds
from portal.payments.service import POLLS_AFTER
from portal.payments.types import PaymentState


@dataclass(frozen=True)
class OpenPayment:
    """A payment of which nobody knows how it ended. `amount` in VND."""

    id: UUID
    record_id: UUID
    gateway: str
    reference: str
    amount: int
    created_at: datetime


def list_payments(session: Session, *, most: int = 100) -> list[OpenPayment]:
    """The payments that are open, and about which no gateway is asked any more; the oldest first."""
    names = [gateway.name for gateway in gateways.offered() if gateway.answers]
    columns = (Payment.id, Payment.record_id, Payment.gateway, Payment.reference, Payment.amount, Payment.created_at)
    statement = select(*columns).where(
        Payment.state == PaymentState.CREATED,
        Payment.gateway.in_(names),
        ~unfinished("poll_payment", "reference", Payment.reference),
    )
    rows = session.execute(statement.order_by(Payment.created_at, Payment.id).limit(most))
    return [OpenPayment(**row._mapping) for row in rows]


def ask_about_payment(session: Session, payment_id: UUID, *, now: datetime) -> None:
    """Ask once more how a payment ended. Raises NotAllowed, and Conflict when it has ended, or is asked about now."""
    require_accounts(session)
    wanted = next((payment for payment in list_payments(session) if payment.id == payment_id), None)
    if wanted is None:
        raise Conflict("Khoản này không chờ hỏi lại nữa. Mở lại danh sách để xem.")
    arguments = {"reference": wanted.reference, "turn": str(len(POLLS_AFTER) - 1)}
    owe(session, "poll_payment", arguments=arguments, natural_key=f"{wanted.reference}:{now:%y%m%d%H%M%S}", now=now)


def ask_about_refunds(session: Session, refund_ids: Iterable[UUID], *, now: datetime) -> None:
    """Ask once more for approved refunds, under their own requests: what the gateway has given back it gives once.

    Raises NotFound, and Conflict for what is not approved, or is asked about now.
    """
    for refund in locked_refunds(session, refund_ids):
        if not is_unanswered(session, refund.id):
            raise Conflict("Khoản này không chờ hỏi lại nữa. Mở lại danh sách để xem.")
        arguments = {"refund_id": str(refund.id), "turn": str(LAST_TURN)}
        owe(session, "send_refund", arguments=arguments, natural_key=f"{refund.request}:{now:%y%m%d%H%M%S}", now=now)
