"""Values of payments that other domains and pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LARGEST_AMOUNT = 10**12
"""VND. No fee and no payment is above it: what says so is a slip or a lie."""


class PaymentState(StrEnum):
    CREATED = "created"
    """The gateway has not said anything yet."""
    CAPTURED = "captured"
    """The money is there and pays the fee lines."""
    FAILED = "failed"
    """No money was taken."""
    SUSPENSE = "suspense"
    """The money is there and pays nothing: a person gives it back."""


@dataclass(frozen=True)
class FeeLineValue:
    """A fee as the rule says it, before it is owed. `amount` in VND; `note` says why it is 0."""

    rule: str
    kind: str
    name: str
    name_en: str
    amount: int
    legal_basis: str
    moment: str
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class PaymentStart:
    """Where to send the payer."""

    reference: str
    redirect_url: str


@dataclass(frozen=True)
class PaymentStatus:
    """How one attempt to pay stands. `amount` in VND; `failure` is the gateway's response code."""

    id: UUID
    reference: str
    record_id: UUID
    amount: int
    state: PaymentState
    created_at: datetime
    captured_at: datetime | None
    failure: str | None

    @property
    def is_waiting(self) -> bool:
        return self.state is PaymentState.CREATED


@dataclass(frozen=True)
class Answer:
    """What the gateway is told: VNPAY's RspCode and Message (its document 2.1.0)."""

    code: str
    message: str


CONFIRMED = Answer("00", "Confirm Success")
UNKNOWN_REFERENCE = Answer("01", "Order not found")
ALREADY_CONFIRMED = Answer("02", "Order already confirmed")
WRONG_AMOUNT = Answer("04", "Invalid amount")
WRONG_SIGNATURE = Answer("97", "Invalid signature")
NOT_KNOWN = Answer("99", "Unknown error")
"""Also for the caller, when the notification could not be stored: the gateway then sends it again."""
