"""A transfer to the city's own account at a bank. The payer writes our code with it; the bank says nothing by itself.

The money is found in the bank's statements (`statements`), or in a notification that the bank, or who reads the account
for us, seals with its HMAC. Whatever stands on the account is there: what names no code, or another sum, is booked in
suspense.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.core.references import transfer_code, transfer_code_in
from portal.core.sealed import unsealed
from portal.payments.gateways import (
    DailyFile,
    Ending,
    Forged,
    Order,
    Outcome,
    RefundEnding,
    RefundOrder,
    RefundOutcome,
    Word,
    day_of,
    dong,
)
from portal.payments.types import Answer
from portal.payments.vietqr import Account, payload
from portal.workflow.definition import Text

NAME = "transfer"
LABEL = Text("Chuyển khoản, quét mã VietQR", "Bank transfer with a VietQR code")
PAGE = "/thanh-toan/chuyen-khoan/{reference}"
LONGEST_PURPOSE = 200


@dataclass(frozen=True, kw_only=True)
class BankTransfer:
    """The account. Without a secret no notification is believed: statements say what came in."""

    account: Account
    bank: str
    """The name of the bank."""
    holder: str
    public_url: str
    secret: str = field(default="", repr=False)
    name: str = NAME
    label: Text = LABEL
    may_pay_for: timedelta = timedelta(days=7)
    answers: bool = False

    def reference_for(self, payment_id: UUID) -> str:
        return transfer_code(payment_id)

    def redirect_url(self, order: Order) -> str:
        language = "/en" if order.language == "en" else ""
        return f"{self.public_url}{language}{PAGE.format(reference=order.reference)}"

    def code(self, *, amount: int, reference: str) -> str:
        """What the VietQR code says. `amount` in VND."""
        return payload(self.account, amount=amount, purpose=reference)

    def reference_in(self, parameters: Mapping[str, str]) -> str:
        return ""

    def read(self, word: Word) -> Outcome:
        """Raises Forged also for another account, and for parameters in the address: nothing of them is signed."""
        said = unsealed(word.body, secret=self.secret) if self.secret else None
        if said is None or word.parameters or said.get("account") != self.account.number:
            raise Forged
        amount, booked_at = said.get("amount"), str(said.get("booked_at") or "")
        return Outcome(
            gateway=self.name,
            reference=named_by(str(said.get("purpose") or "")),
            amount=dong(str(amount)) if isinstance(amount, int) else None,
            transaction=str(said.get("transaction") or ""),
            ending=Ending.CAPTURED,
            paid_on=day_of(booked_at),
            is_booked=True,
        )

    def in_its_words(self, answer: Answer) -> dict[str, str]:
        return {"result": answer.code, "message": answer.message}

    def ask(self, *, reference: str, created_at: datetime, now: datetime) -> Outcome | None:
        return None

    def refund(self, order: RefundOrder, *, now: datetime) -> RefundOutcome:
        return RefundOutcome(RefundEnding.UNDECIDED)

    def daily_file(self, day: date, *, now: datetime) -> DailyFile | None:
        return None


def named_by(purpose: str) -> str:
    """What a transfer names: our code, else what the payer wrote, for a person to read."""
    return transfer_code_in(purpose) or " ".join(purpose.split())[:LONGEST_PURPOSE]
