"""Values of payments that other domains and pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

LARGEST_AMOUNT = 10**12
"""VND. No fee and no payment is above it: what says so is a slip or a lie."""


class Cause(StrEnum):
    """Why money waits in suspense, or goes back."""

    TWICE = "twice"
    """The same fee was paid already."""
    DOUBTFUL = "doubtful"
    """The gateway took it and suspects fraud, or speaks of giving it back."""
    OTHER_AMOUNT = "other_amount"
    """Not the sum that was asked for."""
    UNKNOWN = "unknown"
    """Nobody began this payment."""
    FEE_GIVEN_BACK = "fee_given_back"
    """The record ended so that its rule gives the fee back."""


class Heard(StrEnum):
    """How the portal learned of money."""

    NOTIFICATION = "notification"
    QUESTION = "question"
    DAILY_FILE = "daily_file"
    COUNTER = "counter"


class RefundState(StrEnum):
    DUE = "due"
    """Nobody has looked at it yet."""
    PROPOSED = "proposed"
    """One person says that it goes back; another has to agree."""
    APPROVED = "approved"
    """Two persons agree; the gateway is being asked."""
    DONE = "done"
    """The gateway has given it back."""
    MATCHED = "matched"
    """It does not go back: it pays the fees of a record."""
    REFUSED = "refused"
    """The gateway does not give it back: it may be proposed again."""


class Finding(StrEnum):
    """What the comparison of a line with our books says."""

    AGREES = "agrees"
    ADDED = "added"
    """We had not heard of this money; it stands in our books now."""
    OTHER_AMOUNT = "other_amount"
    """Our books say another sum. Nothing is changed: a person looks at it."""
    UNKNOWN = "unknown"
    """A refund that nobody approved here."""
    MISSING = "missing"
    """Our books have it under that day, the file has not."""


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
    """A fee as the rule says it, before it is owed. `amount` in VND; `note` says how it was counted, or why it is
    not the usual one."""

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
    """How one attempt to pay stands. `amount` in VND; `failure` is the gateway's response code.

    `cause` says why money of it pays nothing, `taken` is that sum in VND, and `refunded_at` when it went back.
    """

    id: UUID
    reference: str
    gateway: str
    record_id: UUID
    amount: int
    state: PaymentState
    created_at: datetime
    captured_at: datetime | None
    failure: str | None
    cause: Cause | None = None
    taken: int | None = None
    refunded_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state is PaymentState.CREATED


@dataclass(frozen=True)
class Books:
    """All money of the portal in VND. At every moment captured = matched + suspense + refunded."""

    captured: int
    matched: int
    suspense: int
    refunded: int
    paid: int
    """What fee lines say was paid and not given back: the same as matched, counted from the other side."""

    @property
    def is_balanced(self) -> bool:
        return self.captured == self.matched + self.suspense + self.refunded and self.paid == self.matched


@dataclass(frozen=True)
class RefundRow:
    """A refund as the queue shows it. `amount` in VND; `failure` is the gateway's response code."""

    id: UUID
    amount: int
    cause: str
    state: str
    due_at: datetime
    proposed_by: UUID | None
    proposed_by_name: str
    proposed_at: datetime | None
    approved_by_name: str
    approved_at: datetime | None
    done_at: datetime | None
    failure: str | None
    record_id: UUID | None
    gateway: str
    number: str
    captured_at: datetime
    reference: str
    """As the gateway told it: of a transfer, what the payer wrote."""
    match_record_id: UUID | None
    is_unanswered: bool
    """The gateway never said whether it has given the money back, and is not asked any more."""


@dataclass(frozen=True)
class SettledRow:
    """A line of a daily file or a statement, in VND, and what became of its money: `state` and `cause` of the capture
    as they are now, None when our books do not have it."""

    day: date
    number: str
    reference: str
    amount: int
    finding: str
    state: str | None
    cause: str | None
    record_id: UUID | None


@dataclass(frozen=True)
class Answer:
    """What a gateway is told, in VNPAY's codes (RspCode and Message of its document 2.1.0)."""

    code: str
    message: str


CONFIRMED = Answer("00", "Confirm Success")
UNKNOWN_REFERENCE = Answer("01", "Order not found")
ALREADY_CONFIRMED = Answer("02", "Order already confirmed")
WRONG_AMOUNT = Answer("04", "Invalid amount")
WRONG_SIGNATURE = Answer("97", "Invalid signature")
NOT_KNOWN = Answer("99", "Unknown error")
"""Also for the caller, when the notification could not be stored: the gateway then sends it again."""
