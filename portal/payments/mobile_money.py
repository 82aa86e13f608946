"""Mobile money: the account that a telecom keeps for a telephone number. The payer agrees on the telecom's own page.

Telecoms publish no common interface; this is the one that the contract with the telecom fixes (docs/payments.md). Every
message, either way, is a JSON text and its HMAC-SHA256 beside it: nothing unsigned is ever read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from portal.core.errors import Unavailable
from portal.core.references import new_id
from portal.core.sealed import opened, sealed, unsealed
from portal.core.wire import post_json
from portal.payments.daily_files import LARGEST_FILE, parsed
from portal.payments.gateways import (
    NOTIFICATION_PATH,
    RETURN_PATH,
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
from portal.workflow.definition import Text

NAME = "mobile"
LABEL = Text("Tài khoản Tiền di động", "Mobile money account")
NOTIFIED_AT = NOTIFICATION_PATH.format(name=NAME)
RETURNS_TO = RETURN_PATH.format(name=NAME)

ENDINGS = {"paid": Ending.CAPTURED, "held": Ending.DOUBTFUL, "failed": Ending.FAILED}
REFUNDS = {"done": RefundEnding.DONE, "pending": RefundEnding.UNDECIDED, "refused": RefundEnding.REFUSED}


@dataclass(frozen=True, kw_only=True)
class MobileMoney:
    """The portal's account with one telecom."""

    url: str
    partner: str
    secret: str = field(repr=False)
    public_url: str
    """The portal's own address: the payer comes back to it."""
    name: str = NAME
    label: Text = LABEL
    may_pay_for: timedelta = timedelta(minutes=15)
    answers: bool = True

    def reference_for(self, payment_id: UUID) -> str:
        return payment_id.hex.upper()

    def redirect_url(self, order: Order) -> str:
        asked = {
            "partner": self.partner,
            "order": order.reference,
            "amount": order.amount,
            "purpose": order.purpose,
            "created_at": order.created_at.isoformat(),
            "expires_at": (order.created_at + self.may_pay_for).isoformat(),
            "return_url": self.public_url + RETURNS_TO,
            "language": order.language,
        }
        return f"{self.url}/checkout?{urlencode(sealed(asked, secret=self.secret))}"

    def reference_in(self, parameters: Mapping[str, str]) -> str:
        return parameters.get("order", "")

    def read(self, word: Word) -> Outcome:
        """Raises Forged also for parameters in the address: nothing of them is signed."""
        said = unsealed(word.body, secret=self.secret)
        if said is None or word.parameters or said.get("partner") != self.partner:
            raise Forged
        ending = ENDINGS.get(str(said.get("status")))
        if ending is None:
            raise Forged
        return self._outcome(said, ending)

    def in_its_words(self, answer: Answer) -> dict[str, str]:
        return {"result": answer.code, "message": answer.message}

    def ask(self, *, reference: str, created_at: datetime, now: datetime) -> Outcome | None:
        said = self._asked("orders", {"order": reference, "asked_at": now.isoformat()})
        status = str(said.get("status"))
        if status in ("open", "unknown"):
            return None
        if said.get("order") != reference or status not in ENDINGS:
            raise Unavailable(status=status)
        return self._outcome(said, ENDINGS[status])

    def refund(self, order: RefundOrder, *, now: datetime) -> RefundOutcome:
        said = self._asked(
            "refunds",
            {
                "request": order.request,
                "order": order.reference,
                "transaction": order.transaction,
                "amount": order.amount,
                "approved_by": order.approved_by,
                "asked_at": now.isoformat(),
            },
        )
        ending = REFUNDS.get(str(said.get("status")))
        if said.get("request") != order.request or ending is None:
            raise Unavailable(status=str(said.get("status")))
        failure = None if ending is RefundEnding.DONE else str(said.get("code", ""))
        return RefundOutcome(ending, str(said.get("transaction", "")), failure)

    def daily_file(self, day: date, *, now: datetime) -> DailyFile | None:
        said = self._asked("settlement", {"day": f"{day:%Y%m%d}", "asked_at": now.isoformat()}, largest=LARGEST_FILE)
        text = str(said.get("file", ""))
        return parsed(text, day=day) if text else None

    def _asked(self, what: str, question: Mapping[str, object], *, largest: int = 64 * 1024) -> Mapping[str, object]:
        asked = {"partner": self.partner, "question": new_id().hex, **question}
        answer = post_json(f"{self.url}/api/{what}", sealed(asked, secret=self.secret), timeout=30, largest=largest)
        said = opened(answer, secret=self.secret)
        if said is None or said.get("question") != asked["question"]:
            raise Unavailable(reason="the answer is not signed, or answers another question")
        return said

    def _outcome(self, said: Mapping[str, object], ending: Ending) -> Outcome:
        amount, paid_at = said.get("amount"), str(said.get("paid_at") or "")
        return Outcome(
            gateway=self.name,
            reference=str(said.get("order", "")),
            amount=dong(str(amount)) if isinstance(amount, int) else None,
            transaction=str(said.get("transaction") or ""),
            ending=ending,
            failure=None if ending is Ending.CAPTURED else str(said.get("code") or ""),
            paid_on=day_of(paid_at),
        )
