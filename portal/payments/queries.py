"""Reading what is owed and how payments stand. Row-level security keeps other people's rows out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.errors import NotAllowed, NotFound
from portal.jobs.queries import unfinished
from portal.payments.models import Capture, FeeLine, Payment, Refund, Settlement, SettlementLine
from portal.payments.types import Books, Cause, PaymentState, PaymentStatus, RefundRow, RefundState, SettledRow

_WAITING = (
    select(Capture.cause, Capture.amount.label("taken"), Refund.done_at.label("refunded_at"))
    .outerjoin(Refund, (Refund.capture_id == Capture.id) & Refund.fee_line_id.is_(None))
    .where(
        Capture.record_id == Payment.record_id,  # there is an index of the record's
        Capture.payment_id == Payment.id,
        Capture.state == "suspense",
    )
    .order_by(Capture.captured_at.desc())
    .limit(1)
    .correlate(Payment)
    .lateral()
)
"""Of each payment the newest money that pays nothing, and whether it has gone back."""
_PAYMENTS = select(
    Payment.id,
    Payment.reference,
    Payment.gateway,
    Payment.record_id,
    Payment.amount,
    Payment.state,
    Payment.created_at,
    Payment.captured_at,
    Payment.failure,
    _WAITING.c.cause,
    _WAITING.c.taken,
    _WAITING.c.refunded_at,
).outerjoin(_WAITING, true())
_BOOKS = text("""
WITH back AS (
  SELECT capture_id, sum(amount) AS amount FROM refund WHERE state = 'done' GROUP BY capture_id),
money AS (
  SELECT capture.amount, capture.state, coalesce(back.amount, 0) AS refunded
  FROM capture LEFT JOIN back ON back.capture_id = capture.id)
SELECT coalesce(sum(amount), 0)::bigint AS captured,
  coalesce(sum(amount - refunded) FILTER (WHERE state = 'matched'), 0)::bigint AS matched,
  coalesce(sum(amount - refunded) FILTER (WHERE state = 'suspense'), 0)::bigint AS suspense,
  coalesce(sum(refunded), 0)::bigint AS refunded,
  (SELECT coalesce(sum(fee_line.amount), 0)::bigint FROM fee_line
    WHERE fee_line.payment_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM refund WHERE refund.fee_line_id = fee_line.id AND refund.state = 'done')) AS paid
FROM money
""")
_SETTLED = (
    select(
        Settlement.day,
        SettlementLine.number,
        SettlementLine.reference,
        SettlementLine.amount,
        SettlementLine.finding,
        Capture.state,
        Capture.cause,
        Capture.record_id,
    )
    .join(Settlement, Settlement.id == SettlementLine.settlement_id)
    .outerjoin(Capture, (Capture.gateway == Settlement.gateway) & (Capture.number == SettlementLine.number))
    .order_by(Settlement.day, SettlementLine.number)
)
_UNANSWERED = and_(
    Refund.state == RefundState.APPROVED,
    Refund.request.is_not(None),
    Refund.match_record_id.is_(None),
    ~unfinished("send_refund", "refund_id", cast(Refund.id, Text())),
)
"""Approved, and no job asks the gateway any more."""
_REFUNDS = select(
    Refund.id,
    Refund.amount,
    Refund.cause,
    Refund.state,
    Refund.due_at,
    Refund.proposed_by,
    Refund.proposed_by_name,
    Refund.proposed_at,
    Refund.approved_by_name,
    Refund.approved_at,
    Refund.done_at,
    Refund.failure,
    Refund.record_id,
    Capture.gateway,
    Capture.number,
    Capture.captured_at,
    Capture.reference,
    Refund.match_record_id,
    _UNANSWERED.label("is_unanswered"),
).join(Capture, Capture.id == Refund.capture_id)


def unpaid_amount(session: Session, record_id: UUID, *, moment: str | None = None) -> int:
    """VND that are still owed on a record; of one moment, if named."""
    unpaid = select(func.coalesce(func.sum(FeeLine.amount), 0)).where(
        FeeLine.record_id == record_id, FeeLine.paid_at.is_(None)
    )
    if moment is not None:
        unpaid = unpaid.where(FeeLine.moment == moment)
    return int(session.scalar(unpaid) or 0)


def fees_owed(record_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether something is still to be paid, for the statement of another domain."""
    owed = select(FeeLine.id).where(FeeLine.record_id == record_id, FeeLine.amount > 0, FeeLine.paid_at.is_(None))
    return owed.exists()


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


def keeps_accounts(session: Session) -> bool:
    """Whether the actor keeps the city's accounts, as the database knows it."""
    return bool(session.scalar(text("SELECT app.keeps_accounts()")))


def books(session: Session) -> Books:
    """All money, in one snapshot. For SYSTEM and whoever keeps the accounts: others see a part of it."""
    return Books(*session.execute(_BOOKS).one())


def list_refunds(session: Session, *, state: RefundState, most: int = 100) -> list[RefundRow]:
    """The refunds in that state, the one that has waited longest first (of those that are done, the newest)."""
    order = Refund.done_at.desc() if state is RefundState.DONE else Refund.due_at
    statement = _REFUNDS.where(Refund.state == state).order_by(order, Refund.id).limit(most)
    return [RefundRow(**row._asdict()) for row in session.execute(statement)]


def is_unanswered(session: Session, refund_id: UUID) -> bool:
    """Whether the gateway was told to give the money back, and never said that it has, however often it was asked."""
    return bool(session.scalar(select(_UNANSWERED).where(Refund.id == refund_id)))


def require_accounts(session: Session) -> None:
    """Raises NotAllowed for whoever does not keep the city's accounts."""
    if not keeps_accounts(session):
        raise NotAllowed("Trang này của người giữ sổ tiền ở Sở Tài chính.")


def list_settled(session: Session, *, gateway: str, digest: str) -> list[SettledRow]:
    """The lines of one file, with what stands in our books now, in the order of its days and numbers."""
    statement = _SETTLED.where(Settlement.gateway == gateway, Settlement.digest == digest)
    return [SettledRow(**row._asdict()) for row in session.execute(statement)]


def count_refunds(session: Session) -> dict[RefundState, int]:
    """How many there are in each state."""
    found = {row[0]: row[1] for row in session.execute(select(Refund.state, func.count()).group_by(Refund.state))}
    return {state: found.get(state, 0) for state in RefundState}


def _first(session: Session, statement: Select[*tuple[Any, ...]]) -> PaymentStatus | None:
    row = session.execute(statement).first()
    return None if row is None else _status(row)


def _status(row: Row[*tuple[Any, ...]]) -> PaymentStatus:
    return PaymentStatus(
        id=row.id,
        reference=row.reference,
        gateway=row.gateway,
        record_id=row.record_id,
        amount=row.amount,
        state=PaymentState(row.state),
        created_at=row.created_at,
        captured_at=row.captured_at,
        failure=row.failure,
        cause=Cause(row.cause) if row.cause else None,
        taken=row.taken,
        refunded_at=row.refunded_at,
    )
