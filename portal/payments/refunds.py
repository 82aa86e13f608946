"""Money that goes back. Two persons agree, one after the other; then the gateway is asked, as often as it takes.

Whoever keeps the accounts (a post of the city's finance department) proposes and approves; the table refuses the same
person twice, whatever the Python says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.jobs.service import owe
from portal.payments import gateways
from portal.payments.gateways import RefundEnding, RefundOrder, RefundOutcome
from portal.payments.models import Capture, Payment, Refund
from portal.payments.queries import is_unanswered
from portal.payments.types import RefundState

LONGEST_NUMBER = 64
ASK_AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 720, 1440, 2880, 5760))
"""When to ask a gateway again that has not decided: counted from the question before."""
LAST_TURN = len(ASK_AGAIN_AFTER)

OWE_REFUND = text("""
INSERT INTO refund (id, capture_id, fee_line_id, record_id, owner_id, amount, cause, state, due_at, proposed_by_name,
  approved_by_name, number)
SELECT gen_random_uuid(), capture.id, fee_line.id, fee_line.record_id, fee_line.owner_id, fee_line.amount,
  'fee_given_back', 'due', fee_line.refund_due_at, '', '', ''
FROM fee_line JOIN capture ON capture.payment_id = fee_line.payment_id AND capture.state = 'matched'
WHERE fee_line.record_id = :wanted AND fee_line.refund_due_at IS NOT NULL
ON CONFLICT (fee_line_id) DO NOTHING
""")
"""Told `wanted`, the record: what of its paid fees is due to go back enters the queue, once. In the caller's trip."""


def propose(session: Session, refund_ids: Iterable[UUID], *, actor: Actor, now: datetime) -> None:
    """The first pair of eyes. Raises NotFound for who may not see the queue, Conflict for what is decided already."""
    for refund in locked_refunds(session, refund_ids):
        if refund.state not in (RefundState.DUE, RefundState.REFUSED):
            raise Conflict("Khoản này đã có người đề nghị hoàn. Mở lại danh sách để xem.")
        refund.state = RefundState.PROPOSED
        refund.proposed_by, refund.proposed_by_name, refund.proposed_at = _person(actor), actor.name, now
        refund.approved_by, refund.approved_by_name, refund.approved_at = None, "", None
        refund.failure, refund.match_record_id = None, None


def approve(session: Session, refund_ids: Iterable[UUID], *, actor: Actor, now: datetime) -> None:
    """The second pair of eyes: from now on the gateway is asked. Raises NotAllowed for who proposed it."""
    for refund in locked_refunds(session, refund_ids):
        if refund.state != RefundState.PROPOSED:
            raise Conflict("Khoản này không chờ duyệt nữa. Mở lại danh sách để xem.")
        if refund.proposed_by == actor.person_id:
            raise NotAllowed("Người đề nghị không duyệt được khoản này. Nhờ một người khác của phòng duyệt.")
        refund.state = RefundState.APPROVED
        refund.approved_by, refund.approved_by_name, refund.approved_at = _person(actor), actor.name, now
        if refund.match_record_id is not None:
            owe(session, "match_suspense", arguments={"refund_id": str(refund.id)}, now=now)
            continue
        if _is_by_hand(session, refund):
            continue
        refund.request = new_id().hex
        owe(session, "send_refund", arguments={"refund_id": str(refund.id)}, natural_key=f"{refund.request}:0", now=now)


def note_paid_back(session: Session, refund_ids: Iterable[UUID], *, number: str, actor: Actor, now: datetime) -> None:
    """Somebody who keeps the accounts has given the money back by hand: `number` of the transfer, or of the paper that
    was signed for cash. Raises Conflict for what is not approved, or a gateway is giving back, and InvalidInput."""
    _person(actor)
    if not 0 < len(number.strip()) <= LONGEST_NUMBER:
        raise InvalidInput("Ghi số giao dịch, hoặc số phiếu chi đã ký nhận.", field="number")
    for refund in locked_refunds(session, refund_ids):
        is_waiting = refund.state == RefundState.APPROVED and refund.match_record_id is None
        if not is_waiting or not (_is_by_hand(session, refund) or is_unanswered(session, refund.id)):
            raise Conflict("Khoản này không chờ trả bằng tay. Mở lại danh sách để xem.")
        refund.state, refund.done_at, refund.number = RefundState.DONE, now, number.strip()
        _owe_telling(session, refund, now=now)


def return_for_another_look(session: Session, refund_ids: Iterable[UUID], *, actor: Actor) -> None:
    """The second pair of eyes does not agree: it may be proposed again. Raises as `approve` does."""
    for refund in locked_refunds(session, refund_ids):
        if refund.state != RefundState.PROPOSED:
            raise Conflict("Khoản này không chờ duyệt nữa. Mở lại danh sách để xem.")
        refund.state = RefundState.DUE
        refund.proposed_by, refund.proposed_by_name, refund.proposed_at = None, "", None
        refund.match_record_id = None


def order_of(session: Session, refund_id: UUID) -> tuple[str, RefundOrder] | None:
    """What to ask which gateway; None when nothing has to be sent (any more)."""
    row = session.execute(
        select(Refund, Capture, Payment.created_at)
        .join(Capture, Capture.id == Refund.capture_id)
        .outerjoin(Payment, (Payment.reference == Capture.reference) & (Payment.gateway == Capture.gateway))
        .where(Refund.id == refund_id, Refund.state == RefundState.APPROVED, Refund.match_record_id.is_(None))
    ).first()
    if row is None:
        return None
    refund, capture, begun_at = row
    return capture.gateway, RefundOrder(
        request=refund.request or "",
        reference=capture.reference,
        transaction=capture.number,
        amount=refund.amount,
        is_whole=refund.amount == capture.amount,
        begun_at=begun_at or capture.captured_at,
        approved_by=str(refund.approved_by),
    )


def note_answer(session: Session, refund_id: UUID, outcome: RefundOutcome, *, now: datetime) -> bool:
    """What the gateway said of an approved refund. False while it has not decided. Run as SYSTEM."""
    refund = session.scalars(select(Refund).where(Refund.id == refund_id).with_for_update()).one()
    if refund.state != RefundState.APPROVED:
        return True
    if outcome.ending is RefundEnding.DONE:
        refund.state, refund.done_at, refund.number = RefundState.DONE, now, outcome.transaction
        _owe_telling(session, refund, now=now)
    elif outcome.ending is RefundEnding.REFUSED:
        refund.state, refund.failure = RefundState.REFUSED, outcome.failure
    return outcome.ending is not RefundEnding.UNDECIDED


def locked_refunds(session: Session, refund_ids: Iterable[UUID]) -> list[Refund]:
    """These refunds in our hands until COMMIT. Raises NotFound for who may not see one of them."""
    wanted = sorted(set(refund_ids))
    found = session.scalars(select(Refund).where(Refund.id.in_(wanted)).order_by(Refund.id).with_for_update()).all()
    if not wanted or len(found) < len(wanted):
        raise NotFound("Không thấy khoản này. Mở lại danh sách để xem.")
    return list(found)


def _owe_telling(session: Session, refund: Refund, *, now: datetime) -> None:
    """The record is told of a fee that went back: its receipt ends."""
    if refund.fee_line_id is not None:
        arguments = {"refund_id": str(refund.id)}
        owe(session, "fee_returned", arguments=arguments, natural_key=f"{refund.id}:returned", now=now)


def _is_by_hand(session: Session, refund: Refund) -> bool:
    gateway = session.scalars(select(Capture.gateway).where(Capture.id == refund.capture_id)).one()
    return gateways.is_by_hand(gateway)


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed("Chỉ người giữ sổ của cơ quan tài chính hoàn được tiền.")
    return actor.person_id
