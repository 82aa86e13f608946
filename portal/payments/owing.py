"""What a record still owes, locked, and the row of a payment for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.text import marked
from portal.payments.models import FeeLine
from portal.payments.types import PaymentState

Line = Row[*tuple[Any, ...]]
"""id, owner_id, amount and paid_at of a fee."""

PAID = marked("Khoản này đã nộp rồi, không phải nộp lần nữa. Mở hồ sơ để xem.")

LOCK_FEE_LINES = (
    select(FeeLine.id, FeeLine.owner_id, FeeLine.amount, FeeLine.paid_at).order_by(FeeLine.id).with_for_update()
)


def lock_fee_lines(session: Session, record_id: UUID) -> Sequence[Line]:
    """All fees of a record, by key."""
    return session.execute(LOCK_FEE_LINES.where(FeeLine.record_id == record_id)).all()


def unpaid_of(lines: Iterable[Line]) -> list[Line]:
    """Those that are still to be paid. Raises Conflict when there are none."""
    unpaid = [line for line in lines if line.paid_at is None and line.amount > 0]
    if not unpaid:
        raise Conflict(PAID)
    return unpaid


def payment_row(
    payment_id: UUID, record_id: UUID, unpaid: Sequence[Line], *, gateway: str, reference: str, now: datetime
) -> dict[str, Any]:
    """A payment of all these fees that begins now."""
    return {
        "id": payment_id,
        "record_id": record_id,
        "owner_id": unpaid[0].owner_id,
        "gateway": gateway,
        "reference": reference,
        "amount": sum(line.amount for line in unpaid),
        "fee_line_ids": [line.id for line in unpaid],
        "state": PaymentState.CREATED,
        "created_at": now,
    }
