"""Tables of money: what is owed on a record, and what a gateway says was captured."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class FeeLine(Identified, Base):
    """A fee owed on a record: amount, rule and legal basis are fixed when it is owed."""

    __tablename__ = "fee_line"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
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
    """One attempt to pay. Only the gateway's signed notification marks it captured."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state IN ('created', 'captured', 'failed', 'suspense')", name="state"),
        CheckConstraint("(captured_at IS NOT NULL) = (state IN ('captured', 'suspense'))", name="captured"),
        Index(
            "uq_payment_gateway_transaction",
            "gateway",
            "gateway_transaction",
            unique=True,
            postgresql_where=text("gateway_transaction IS NOT NULL"),
        ),
        Index("ix_payment_record_id", "record_id"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    gateway: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True, comment="ours, sent to the gateway")
    amount: Mapped[int] = mapped_column(BigInteger, comment="VND")
    fee_line_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), comment="what it pays for, fixed when it began")
    state: Mapped[str] = mapped_column(default="created")
    gateway_transaction: Mapped[str | None] = mapped_column(comment="the gateway's own number")
    created_at: Mapped[datetime]
    captured_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="the gateway's response code")
