"""Reading what is owed and how payments stand. Row-level security keeps other people's rows out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.payments.models import FeeLine, Payment
from portal.payments.types import PaymentState, PaymentStatus

_PAYMENTS = select(
    Payment.id,
    Payment.reference,
    Payment.record_id,
    Payment.amount,
    Payment.state,
    Payment.created_at,
    Payment.captured_at,
    Payment.failure,
)


def unpaid_amount(session: Session, record_id: UUID) -> int:
    """VND that are still owed on a record."""
    unpaid = select(func.coalesce(func.sum(FeeLine.amount), 0)).where(
        FeeLine.record_id == record_id, FeeLine.paid_at.is_(None)
    )
    return int(session.scalar(unpaid) or 0)


def paid_amount(session: Session, payment_id: UUID) -> int:
    """VND that a payment paid for; 0 when it paid for nothing."""
    amount = select(Payment.amount).where(Payment.id == payment_id, Payment.state == PaymentState.CAPTURED)
    return session.scalar(amount) or 0


def payment_status(session: Session, reference: str) -> PaymentStatus:
    """How the payment stands, for the page to which the payer comes back.

    Raises NotFound when there is none, or the actor may not see it.
    """
    status = payment_status_or_none(session, reference)
    if status is None:
        raise NotFound("Không có lần nộp tiền này. Mở lại hồ sơ để xem khoản phải nộp.")
    return status


def payment_status_or_none(session: Session, reference: str) -> PaymentStatus | None:
    """As `payment_status`, for callers to whom absence is normal."""
    return _first(session, _PAYMENTS.where(Payment.reference == reference))


def latest_payment(session: Session, record_id: UUID) -> PaymentStatus | None:
    """The last attempt to pay on a record: what its page says of the bank."""
    return _first(
        session,
        _PAYMENTS.where(Payment.record_id == record_id).order_by(Payment.created_at.desc(), Payment.id.desc()).limit(1),
    )


def _first(session: Session, statement: Select[*tuple[Any, ...]]) -> PaymentStatus | None:
    row = session.execute(statement).first()
    return None if row is None else _status(row)


def _status(row: Row[*tuple[Any, ...]]) -> PaymentStatus:
    return PaymentStatus(
        id=row.id,
        reference=row.reference,
        record_id=row.record_id,
        amount=row.amount,
        state=PaymentState(row.state),
        created_at=row.created_at,
        captured_at=row.captured_at,
        failure=row.failure,
    )
