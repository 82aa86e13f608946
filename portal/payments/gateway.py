"""The payment gateway as the portal speaks to it: VNPAY 2.1.0. The money itself is decided in `service`."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.core.clock import local
from portal.core.errors import Unavailable
from portal.core.references import new_id
from portal.core.wire import post_json
from portal.payments.signature import FIELD, is_genuine, joined, signature, signed_query

NAME = "vnpay"
VERSION = "2.1.0"
MAY_PAY_FOR = timedelta(minutes=15)
"""How long the gateway lets the payer pay one reference."""

NOTIFICATION_PATH = "/thanh-toan/vnpay/thong-bao"
"""Where the gateway tells the portal, server to server: the only word that marks a fee as paid."""
RETURN_PATH = "/thanh-toan/vnpay/tro-ve"
"""Where the payer's browser comes back to: shows how the payment stands, changes nothing."""

_SUCCESS = "00"
_TAKEN_BUT_DOUBTFUL = "07"
_UNDECIDED = "01"
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


class Forged(Exception):
    """The parameters were not signed by the gateway."""


@dataclass(frozen=True)
class Outcome:
    """What the gateway says of one payment, its signature checked. `amount` in VND; None when it is no amount."""

    reference: str
    amount: int | None
    transaction: str
    code: str
    status: str

    @property
    def is_captured(self) -> bool:
        """Money was taken and the gateway stands for it: both codes must say so."""
        return self.code == _SUCCESS and self.status == _SUCCESS

    @property
    def takes_money(self) -> bool:
        """Captured, or taken although the gateway suspects fraud."""
        return self.is_captured or self.code == _TAKEN_BUT_DOUBTFUL

    @property
    def is_incomplete(self) -> bool:
        """A capture without its number could be counted twice: nothing may follow from it."""
        return self.takes_money and not self.transaction

    @property
    def failure(self) -> str | None:
        """The code that says why not, None when nothing is wrong."""
        if self.is_captured:
            return None
        return self.status if self.code == _SUCCESS else self.code


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One merchant's account at the gateway."""

    url: str
    merchant: str
    secret: str = field(repr=False)
    public_url: str
    """The portal's own address: the payer comes back to it."""

    def redirect_url(
        self, *, reference: str, amount: int, purpose: str, created_at: datetime, client_address: str, language: str
    ) -> str:
        """Where the payer pays `amount` VND. The same payment always gives the same address.

        `purpose` stands on the payer's bank statement: letters without marks, digits, hyphens, dots and spaces.
        """
        parameters = {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self.merchant,
            "vnp_Amount": str(amount * 100),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": reference,
            "vnp_OrderInfo": purpose,
            "vnp_OrderType": "250000",
            "vnp_Locale": "en" if language == "en" else "vn",
            "vnp_ReturnUrl": self.public_url + RETURN_PATH,
            "vnp_IpAddr": client_address,
            "vnp_CreateDate": stamp(created_at),
            "vnp_ExpireDate": stamp(created_at + MAY_PAY_FOR),
        }
        return f"{self.url}/pay?{signed_query(parameters, secret=self.secret)}"

    def read(self, parameters: Iterable[tuple[str, str]]) -> Outcome:
        """What a notification says.

        Raises Forged when its signature is wrong, when a name stands twice (which of both was signed?), or when it
        speaks of another merchant.
        """
        pairs = list(parameters)
        said = dict(pairs)
        if len(said) != len(pairs) or not is_genuine(said, secret=self.secret):
            raise Forged
        return self._outcome(said)

    def ask(self, *, reference: str, created_at: datetime, now: datetime) -> Outcome | None:
        """Ask how a payment ended, when no notification came. None: the payer has not paid, so far.

        Raises Unavailable when the gateway does not answer, or answers something that it did not sign.
        """
        question = {
            "vnp_RequestId": new_id().hex,
            "vnp_Version": VERSION,
            "vnp_Command": "querydr",
            "vnp_TmnCode": self.merchant,
            "vnp_TxnRef": reference,
            "vnp_TransactionDate": stamp(created_at),
            "vnp_CreateDate": stamp(now),
            "vnp_IpAddr": "127.0.0.1",
            "vnp_OrderInfo": f"Tra cuu {reference}",
        }
        question[FIELD] = signature(joined(question[name] for name in ASKED), secret=self.secret)
        answer = post_json(f"{self.url}/api/transaction", question)
        return self._answered(answer, reference=reference)

    def _answered(self, answer: Mapping[str, Any], *, reference: str) -> Outcome | None:
        said = {name: str(answer.get(name, "")) for name in (*ANSWERED, FIELD)}
        expected = signature(joined(said[name] for name in ANSWERED), secret=self.secret)
        if not hmac.compare_digest(expected.encode(), said[FIELD].encode()):
            raise Unavailable(reason="the answer is not signed by the gateway")
        if said["vnp_ResponseCode"] == "91":
            return None
        if said["vnp_ResponseCode"] != _SUCCESS or said["vnp_TxnRef"] != reference:
            raise Unavailable(code=said["vnp_ResponseCode"])
        if said["vnp_TransactionStatus"] == _UNDECIDED:
            return None
        return self._outcome({**said, "vnp_ResponseCode": said["vnp_TransactionStatus"]})

    def _outcome(self, said: Mapping[str, str]) -> Outcome:
        if said.get("vnp_TmnCode") != self.merchant:
            raise Forged
        transaction = said.get("vnp_TransactionNo", "")
        return Outcome(
            reference=said.get("vnp_TxnRef", ""),
            amount=_dong(said.get("vnp_Amount", "")),
            transaction="" if transaction == "0" else transaction,
            code=said.get("vnp_ResponseCode", ""),
            status=said.get("vnp_TransactionStatus", ""),
        )


def stamp(moment: datetime) -> str:
    """The moment as the gateway writes it: digits, on Vietnam's clocks."""
    return f"{local(moment):%Y%m%d%H%M%S}"


def _dong(hundredths: str) -> int | None:
    """The gateway sends VND times 100."""
    if not re.fullmatch(r"[1-9][0-9]{0,15}00", hundredths):
        return None
    return int(hundredths[:-2])


_gateway: Gateway | None = None


def use(gateway: Gateway) -> None:
    """Name the gateway of this process."""
    global _gateway
    _gateway = gateway


def current() -> Gateway:
    if _gateway is None:
        raise RuntimeError("no payment gateway has been named: call payments.gateway.use first")
    return _gateway
