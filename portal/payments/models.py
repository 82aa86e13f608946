"""Tables of money: what is owed on a record, and what a gateway says was captured."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified
from portal.payments.types import LARGEST_AMOUNT


class FeeLine(Identified, Base):
    """A fee owed on a record: amount, rule and legal basis are fixed when it is owed."""

    __tablename__ = "fee_line"
    __table_args__ = (
        CheckConstraint(f"amount >= 0 AND amount <= {LARGEST_AMOUNT}", name="amount"),
        CheckConstraint("kind IN ('phi', 'le_phi')", name="kind"),
        Index("uq_fee_line_record_id_rule", "record_id", "rule", unique=True),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    rule: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    legal_basis: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="", comment="why nothing is owed, when the amount is 0")
    note_en: Mapped[str] = mapped_column(default="")
    moment: Mapped[str] = mapped_column(comment="receiving, supplement, return")
    owed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    payment_id: Mapped[UUID | None]
    refund_due_at: Mapped[datetime | None] = mapped_column(comment="since when what was paid has to be given back")


class Payment(Identified, Base):
    """One attempt to pay. Only the gateway's signed word makes it captured; the money itself is a `Capture`."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint(f"amount > 0 AND amount <= {LARGEST_AMOUNT}", name="amount"),
        CheckConstraint("state IN ('created', 'captured', 'failed', 'suspense')", name="state"),
        CheckConstraint("(captured_at IS NOT NULL) = (state IN ('captured', 'suspense'))", name="captured"),
        Index("ix_payment_record_id", "record_id"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    gateway: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True, comment="ours, sent to the gateway")
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    fee_line_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), comment="what it pays for, fixed when it began")
    state: Mapped[str] = mapped_column(default="created")
    created_at: Mapped[datetime]
    captured_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="the gateway's response code")


class Capture(Identified, Base):
    """Money that came in, once for each number of a gateway. What matches no fee waits in suspense."""

    __tablename__ = "capture"
    __table_args__ = (
        CheckConstraint(f"amount > 0 AND amount <= {LARGEST_AMOUNT}", name="amount"),
        CheckConstraint("state IN ('matched', 'suspense')", name="state"),
        CheckConstraint("(state = 'suspense') = (cause IS NOT NULL)", name="cause"),
        CheckConstraint("state = 'suspense' OR payment_id IS NOT NULL", name="matched"),
        CheckConstraint("(gateway = 'cash') = (taken_by IS NOT NULL)", name="taken_by"),
        CheckConstraint("(taken_by IS NULL) = (taken_unit_id IS NULL)", name="taken_unit_id"),
        Index("uq_capture_gateway_number", "gateway", "number", unique=True),
        Index("uq_capture_payment_id", "payment_id", unique=True, postgresql_where=text("state = 'matched'")),
        Index("ix_capture_record_id", "record_id"),
        Index("ix_capture_captured_at", "captured_at"),
        Index("ix_capture_paid_on", "gateway", "paid_on"),
    )

    gateway: Mapped[str]
    number: Mapped[str] = mapped_column(comment="the gateway's own")
    reference: Mapped[str] = mapped_column(comment="as the gateway told it")
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    state: Mapped[str]
    cause: Mapped[str | None] = mapped_column(comment="why it is in suspense: twice, doubtful, other_amount, unknown")
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"))
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID | None]
    captured_at: Mapped[datetime] = mapped_column(comment="when the portal learned of it")
    paid_on: Mapped[date | None] = mapped_column(comment="the day under which the gateway settles it")
    heard_by: Mapped[str] = mapped_column(comment="notification, question, daily_file, counter")
    taken_by: Mapped[UUID | None] = mapped_column(comment="of cash: the official who took it")
    taken_by_name: Mapped[str] = mapped_column(default="")
    taken_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), comment="of cash: at whose counter")


class Refund(Identified, Base):
    """Money to be given back: two persons agree, one after the other, before it is sent."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint(f"amount > 0 AND amount <= {LARGEST_AMOUNT}", name="amount"),
        CheckConstraint("state IN ('due', 'proposed', 'approved', 'done', 'refused', 'matched')", name="state"),
        CheckConstraint("approved_by <> proposed_by", name="four_eyes"),
        CheckConstraint("match_record_id IS NULL OR fee_line_id IS NULL", name="match_record_id"),
        CheckConstraint("(state = 'due') = (proposed_by IS NULL)", name="proposed"),
        CheckConstraint("(state IN ('due', 'proposed')) = (approved_by IS NULL)", name="approved"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("uq_refund_capture_id", "capture_id", unique=True, postgresql_where=text("fee_line_id IS NULL")),
        Index("uq_refund_fee_line_id", "fee_line_id", unique=True),
        Index("ix_refund_open", "due_at", postgresql_where=text("state <> 'done'")),
    )

    capture_id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"))
    fee_line_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("fee_line.id"), comment="a fee that was paid and is given back; else the whole capture"
    )
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID | None]
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    cause: Mapped[str] = mapped_column(comment="as the capture's, or fee_given_back")
    state: Mapped[str] = mapped_column(default="due")
    due_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    proposed_by_name: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    request: Mapped[str | None] = mapped_column(unique=True, comment="ours, sent to the gateway: the same asks once")
    number: Mapped[str] = mapped_column(default="", comment="the gateway's own")
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="the gateway's response code")
    match_record_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("record.id"), comment="the money does not go back: it pays the fees of this record"
    )


class Settlement(Identified, Base):
    """A gateway's daily file, compared with our books when it came."""

    __tablename__ = "settlement"
    __table_args__ = (Index("uq_settlement_gateway_day", "gateway", "day", "digest", unique=True),)

    gateway: Mapped[str]
    day: Mapped[date]
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the text: a corrected file is another one")
    received_at: Mapped[datetime]
    captured: Mapped[int] = mapped_column(BigInteger, comment="VND that came in, by the file")
    refunded: Mapped[int] = mapped_column(BigInteger, comment="VND that went back, by the file")


class SettlementLine(Identified, Base):
    """One sum of a daily file, or one that it should name and does not, and what the comparison found."""

    __tablename__ = "settlement_line"
    __table_args__ = (
        CheckConstraint("kind IN ('capture', 'refund')", name="kind"),
        CheckConstraint("finding IN ('agrees', 'added', 'other_amount', 'unknown', 'missing')", name="finding"),
        Index("uq_settlement_line_number", "settlement_id", "kind", "number", unique=True),
        Index("ix_settlement_line_finding", "finding", postgresql_where=text("finding <> 'agrees'")),
    )

    settlement_id: Mapped[UUID] = mapped_column(ForeignKey("settlement.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(comment="the gateway's own")
    reference: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    finding: Mapped[str]
