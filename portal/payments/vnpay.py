"""VNPAY 2.1.0: bank accounts and cards of all banks, by redirect."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from portal.core.clock import local
from portal.core.errors import Unavailable
from portal.core.references import new_id
from portal.core.wire import post_json
from portal.payments.daily_files import LARGEST_FILE, read_daily_file
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
    dong,
    same_once,
)
from portal.payments.signature import FIELD, is_genuine, joined, signature, signed_query
from portal.payments.types import Answer
from portal.workflow.definition import Text

NAME = "vnpay"
VERSION = "2.1.0"
LABEL = Text("Tài khoản hoặc thẻ ngân hàng, qua VNPAY", "Bank account or card, through VNPAY")
NOTIFIED_AT = NOTIFICATION_PATH.format(name=NAME)
RETURNS_TO = RETURN_PATH.format(name=NAME)

PAY_AT = "/paymentv2/vpcpay.html"
ASK_AT = "/merchant_webapi/api/transaction"
"""VNPAY's own paths: of its page for payers, and of questions and refunds."""
SETTLED_AT = "settlement"
"""Where daily files are, beside the questions, as the contract names it."""

_SUCCESS = "00"
_SUSPECTED = "07"
_UNDECIDED = frozenset({"01", "04"})  # not paid yet; taken by the bank and not yet by the gateway
_GIVEN_BACK = frozenset({"05", "06", "09"})  # a refund is on its way, done, refused: money was taken
_NOT_FOUND = "91"
_ASKED_BEFORE = "94"
_MAY_BE_EMPTY = frozenset({"vnp_BankTranNo", "vnp_CardType", "vnp_PayDate"})
"""What a bank has no answer for when it took nothing: an empty value is not signed, and means the same as none."""
_WHOLE, _PART = "02", "03"

ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
"""What is signed of `querydr`, in this order."""
ANSWERED = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
)
REFUND_ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
"""What is signed of `refund`, in this order."""
REFUND_ANSWERED = ANSWERED[:13]

OUR_ADDRESS = "127.0.0.1"
"""The gateway asks for an address; it is the portal that asks."""


@dataclass(frozen=True, kw_only=True)
class Vnpay:
    """One merchant's account at VNPAY."""

    url: str
    """Of VNPAY's page for payers."""
    merchant: str
    secret: str = field(repr=False)
    public_url: str
    """The portal's own address: the payer comes back to it."""
    api_url: str = ""
    """Empty: the usual path at the host of the page."""
    name: str = NAME
    label: Text = LABEL
    may_pay_for: timedelta = timedelta(minutes=15)
    answers: bool = True

    def reference_for(self, payment_id: UUID) -> str:
        return payment_id.hex.upper()

    def redirect_url(self, order: Order) -> str:
        parameters = {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self.merchant,
            "vnp_Amount": str(order.amount * 100),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": order.reference,
            "vnp_OrderInfo": order.purpose,
            "vnp_OrderType": "250000",
            "vnp_Locale": "en" if order.language == "en" else "vn",
            "vnp_ReturnUrl": self.public_url + RETURNS_TO,
            "vnp_IpAddr": order.client_address,
            "vnp_CreateDate": stamp(order.created_at),
            "vnp_ExpireDate": stamp(order.created_at + self.may_pay_for),
        }
        return f"{self.url}?{signed_query(parameters, secret=self.secret)}"

    def reference_in(self, parameters: Mapping[str, str]) -> str:
        return parameters.get("vnp_TxnRef", "")

    def read(self, word: Word) -> Outcome:
        """Raises Forged also for what is not signed: a name that VNPAY does not use, with or without a value."""
        said = same_once(word.parameters)
        if not all(name.startswith("vnp_") and (value or name in _MAY_BE_EMPTY) for name, value in said.items()):
            raise Forged
        if not is_genuine(said, secret=self.secret):
            raise Forged
        if said.get("vnp_TmnCode") != self.merchant:
            raise Forged
        code, status = said.get("vnp_ResponseCode", ""), said.get("vnp_TransactionStatus", "")
        if _SUSPECTED in (code, status):
            return self._outcome(said, Ending.DOUBTFUL, failure=_SUSPECTED)
        if code == status == _SUCCESS:
            return self._outcome(said, Ending.CAPTURED)
        return self._outcome(said, Ending.FAILED, failure=status if code == _SUCCESS else code)

    def in_its_words(self, answer: Answer) -> dict[str, str]:
        return {"RspCode": answer.code, "Message": answer.message}

    def ask(self, *, reference: str, created_at: datetime, now: datetime) -> Outcome | None:
        question = {
            **self._question("querydr", reference=reference, now=now),
            "vnp_TransactionDate": stamp(created_at),
            "vnp_OrderInfo": f"Tra cuu {reference}",
        }
        said = self._answered(question, signed=ASKED, answered=ANSWERED)
        if said["vnp_ResponseCode"] == _NOT_FOUND:
            return None
        if said["vnp_ResponseCode"] != _SUCCESS or said["vnp_TxnRef"] != reference:
            raise Unavailable(code=said["vnp_ResponseCode"])
        status = said["vnp_TransactionStatus"]
        if status in _UNDECIDED:
            return None
        if status == _SUCCESS:
            return self._outcome(said, Ending.CAPTURED)
        if status == _SUSPECTED or status in _GIVEN_BACK:
            return self._outcome(said, Ending.DOUBTFUL, failure=status)
        return self._outcome(said, Ending.FAILED, failure=status)

    def refund(self, order: RefundOrder, *, now: datetime) -> RefundOutcome:
        question = {
            **self._question("refund", reference=order.reference, now=now),
            "vnp_RequestId": order.request,
            "vnp_TransactionType": _WHOLE if order.is_whole else _PART,
            "vnp_Amount": str(order.amount * 100),
            "vnp_TransactionNo": order.transaction,
            "vnp_TransactionDate": stamp(order.begun_at),
            "vnp_CreateBy": order.approved_by,
            "vnp_OrderInfo": f"Hoan tien {order.reference}",
        }
        said = self._answered(question, signed=REFUND_ASKED, answered=REFUND_ANSWERED)
        if said["vnp_ResponseCode"] in (_SUCCESS, _ASKED_BEFORE):
            if said["vnp_TxnRef"] != order.reference:
                raise Unavailable(reason="the answer speaks of another payment")
            done = said["vnp_TransactionStatus"] in (_SUCCESS, "06")
            return RefundOutcome(RefundEnding.DONE if done else RefundEnding.UNDECIDED, said["vnp_TransactionNo"])
        return RefundOutcome(RefundEnding.REFUSED, failure=said["vnp_ResponseCode"])

    def daily_file(self, day: date, *, now: datetime) -> DailyFile | None:
        """The file that the contract with the gateway names; docs/payments.md says what stands in it."""
        question = {"merchant": self.merchant, "day": f"{day:%Y%m%d}", "asked_at": stamp(now)}
        question["signature"] = signature(joined(question.values()), secret=self.secret)
        answer = post_json(urljoin(self.asked_at, SETTLED_AT), question, timeout=60, largest=LARGEST_FILE)
        return read_daily_file(answer, day=day, secret=self.secret)

    @property
    def asked_at(self) -> str:
        """Where questions and refunds go."""
        return self.api_url or urljoin(self.url, ASK_AT)

    def _question(self, command: str, *, reference: str, now: datetime) -> dict[str, str]:
        return {
            "vnp_RequestId": new_id().hex,
            "vnp_Version": VERSION,
            "vnp_Command": command,
            "vnp_TmnCode": self.merchant,
            "vnp_TxnRef": reference,
            "vnp_CreateDate": stamp(now),
            "vnp_IpAddr": OUR_ADDRESS,
        }

    def _answered(
        self, question: Mapping[str, str], *, signed: tuple[str, ...], answered: tuple[str, ...]
    ) -> dict[str, str]:
        proof = signature(joined(question[name] for name in signed), secret=self.secret)
        answer: Mapping[str, Any] = post_json(self.asked_at, {**question, FIELD: proof})
        said = {name: str(answer.get(name, "")) for name in (*answered, FIELD)}
        expected = signature(joined(said[name] for name in answered), secret=self.secret)
        if not hmac.compare_digest(expected.encode(), said[FIELD].encode()):
            raise Unavailable(reason="the answer is not signed by the gateway")
        return said

    def _outcome(self, said: Mapping[str, str], ending: Ending, *, failure: str | None = None) -> Outcome:
        transaction = said.get("vnp_TransactionNo", "")
        return Outcome(
            gateway=self.name,
            reference=said.get("vnp_TxnRef", ""),
            amount=dong(said.get("vnp_Amount", ""), hundredths=True),
            transaction="" if transaction == "0" else transaction,
            ending=ending,
            failure=failure,
            paid_on=_day(said.get("vnp_PayDate", "")),
        )


def stamp(moment: datetime) -> str:
    """The moment as the gateway writes it: digits, on Vietnam's clocks."""
    return f"{local(moment):%Y%m%d%H%M%S}"


def _day(stamped: str) -> date | None:
    try:
        return datetime.strptime(stamped, "%Y%m%d%H%M%S").date()  # noqa: DTZ007 - a day on Vietnam's clocks
    except ValueError:
        return None
