"""A trial bank that speaks VNPAY 2.1.0: a page for the payer, notifications, answers, refunds, daily files.

A process of its own with books of its own, which can be told to lie. No money moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urljoin

from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.config import MERCHANT, Settings
from portal.core import clock
from portal.core.references import new_id
from portal.core.wire import get_json
from portal.payments.mobile_money import NOTIFIED_AT as MOBILE_NOTIFIED_AT
from portal.payments.signature import FIELD, is_genuine, joined, signature, signed_query
from portal.payments.vnpay import (
    ANSWERED,
    ASK_AT,
    ASKED,
    NOTIFIED_AT,
    PAY_AT,
    REFUND_ANSWERED,
    REFUND_ASKED,
    SETTLED_AT,
    stamp,
)
from portal.simulators.bank import Bank
from portal.simulators.bank_books import Books, Order, Taken
from portal.simulators.bank_control import control_of
from portal.simulators.mobile_money import Telecom, telecom_pages
from portal.simulators.serving import server

MOBILE_UNDER = "/mobile"

CHOICES = {"pay": "00", "refuse": "24", "poor": "51"}
"""What the payer presses -> VNPAY's response code."""

NOT_FOUND = {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}


def run(settings: Settings, *, port: int) -> None:
    """Play the gateways that `settings` name, until the process is stopped: the bank, and the telecom under /mobile."""
    folder = settings.data_dir / "simulators"
    bank = VnpayBank(
        Books(folder),
        secret=settings.payment_secret,
        notification_url=settings.public_url + NOTIFIED_AT,
        merchant=settings.payment_merchant,
    )
    app = bank_app(bank)
    played: list[Bank] = [bank]
    if settings.mobile_secret:
        telecom = Telecom(
            Books(folder, name="mobile"),
            secret=settings.mobile_secret,
            notification_url=settings.public_url + MOBILE_NOTIFIED_AT,
            partner=settings.mobile_partner,
        )
        add_telecom(app, telecom)
        played.append(telecom)
    for one in played:
        Thread(target=one.deliver_until_stopped, daemon=True).start()
    server(app, port=port).serve_forever()


def add_telecom(app: Flask, telecom: Telecom) -> None:
    """The telecom's pages beside the bank's."""
    app.register_blueprint(telecom_pages(telecom, name="mobile"), url_prefix=MOBILE_UNDER)
    app.register_blueprint(control_of(telecom, name="mobile_control"), url_prefix=MOBILE_UNDER)


@dataclass
class VnpayBank(Bank):
    """The bank in VNPAY's words."""

    merchant: str = MERCHANT

    def said(self, order: Order, taken: Taken | None) -> dict[str, str]:
        """What the bank says of a settled order, unsigned."""
        return {
            "vnp_Amount": str(100 * (taken.amount if taken else order.amount)),
            "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{taken.number}" if taken else "",
            "vnp_CardType": "ATM",
            "vnp_OrderInfo": order.purpose,
            "vnp_PayDate": taken.at if taken else "",
            "vnp_ResponseCode": "00" if taken else order.code or "99",
            "vnp_TmnCode": self.merchant,
            "vnp_TransactionNo": str(taken.number) if taken else "0",
            "vnp_TransactionStatus": "00" if taken else "02",
            "vnp_TxnRef": order.reference,
        }

    def word(self, order: Order, *, taken: Taken | None, secret: str) -> str:
        return signed_query(self.said(order, taken), secret=secret)

    def send(self, message: str) -> str:
        return str(get_json(f"{self.notification_url}?{message}").get("RspCode", ""))

    def answer(self, question: Mapping[str, Any]) -> dict[str, str]:
        """What VNPAY answers to `querydr` and `refund`."""
        refunds = question.get("vnp_Command") == "refund"
        asked, answered = (REFUND_ASKED, REFUND_ANSWERED) if refunds else (ASKED, ANSWERED)
        said = dict.fromkeys(answered, "") | {
            "vnp_ResponseId": new_id().hex,
            "vnp_Command": str(question.get("vnp_Command", "")),
            "vnp_TmnCode": str(question.get("vnp_TmnCode", "")),
            "vnp_TxnRef": str(question.get("vnp_TxnRef", "")),
        }
        if signature(joined(question.get(name, "") for name in asked), secret=self.secret) != question.get(FIELD):
            said |= {"vnp_ResponseCode": "97", "vnp_Message": "Invalid signature"}
        else:
            said |= self._refunded(question) if refunds else self._found(question)
        signed = {name: said[name] for name in answered}
        return signed | {FIELD: signature(joined(signed.values()), secret=self.secret)}

    def _known(self, question: Mapping[str, Any]) -> Order | None:
        """The order of a question, which has to name its reference and the moment at which it began."""
        order = self.books.order(str(question.get("vnp_TxnRef", "")))
        return order if order is not None and order.created == question.get("vnp_TransactionDate") else None

    def _found(self, question: Mapping[str, Any]) -> dict[str, str]:
        order = self._known(question)
        if order is None:
            return NOT_FOUND
        taken = next(iter(self.books.taken(order.reference)), None)
        details = {name: value for name, value in self.said(order, taken).items() if name in ANSWERED}
        if not self.books.answers(order):
            details |= {"vnp_TransactionStatus": "01", "vnp_TransactionNo": "0", "vnp_PayDate": ""}
        return {**details, "vnp_ResponseCode": "00", "vnp_Message": "Success"}

    def _refunded(self, question: Mapping[str, Any]) -> dict[str, str]:
        amount, number = str(question.get("vnp_Amount", "")), str(question.get("vnp_TransactionNo", ""))
        given = None
        if self._known(question) and amount.isdecimal() and number.isdecimal():
            request_id = str(question.get("vnp_RequestId", ""))
            given = self.books.give_back(request_id, number=int(number), amount=int(amount) // 100)
        if given is None:
            return NOT_FOUND
        return {
            "vnp_ResponseCode": "00",
            "vnp_Message": "Success",
            "vnp_Amount": amount,
            "vnp_TransactionNo": str(given),
            "vnp_TransactionType": str(question.get("vnp_TransactionType", "")),
            "vnp_TransactionStatus": "00",
        }


pages = Blueprint("bank", __name__)


def bank_app(bank: VnpayBank) -> Flask:
    """The bank's pages and its interface for merchants."""
    app = Flask(__name__, template_folder="pages", static_folder="assets")
    app.jinja_env.filters["dong"] = lambda amount: f"{amount:,}".replace(",", ".")
    app.extensions["bank"] = bank
    app.register_blueprint(pages)
    app.register_blueprint(control_of(bank, name="control"))
    return app


def the_bank() -> VnpayBank:
    bank: VnpayBank = current_app.extensions["bank"]
    return bank


@pages.get(PAY_AT)
def order_page() -> ResponseReturnValue:
    said = dict(parse_qsl(request.query_string.decode(errors="replace")))
    if not is_genuine(said, secret=the_bank().secret) or said.get("vnp_TmnCode") != the_bank().merchant:
        return render_template("unknown.html"), 400
    order = _order(said)
    the_bank().books.keep(order)
    return _page(the_bank().books.order(order.reference) or order)


@pages.post("/pay/<reference>")
def decide(reference: str) -> ResponseReturnValue:
    order = the_bank().books.order(reference)
    code = CHOICES.get(request.form.get("choice", ""))
    if order is None or code is None:
        return render_template("unknown.html"), 400
    if _is_over(order):
        return _page(order)
    return redirect(_way_back(the_bank().settle(order, code=code)), 303)


@pages.post(ASK_AT)
def answer_question() -> ResponseReturnValue:
    question = request.get_json(force=True, silent=True)
    return jsonify(the_bank().answer(question if isinstance(question, dict) else {}))


@pages.post(urljoin(ASK_AT, SETTLED_AT))
def daily_file() -> ResponseReturnValue:
    question = request.get_json(force=True, silent=True)
    asked = question if isinstance(question, dict) else {}
    words = [str(asked.get(name, "")) for name in ("merchant", "day", "asked_at")]
    if signature(joined(words), secret=the_bank().secret) != asked.get("signature"):
        return jsonify(error="not signed"), 401
    text = the_bank().file_of(_day(words[1]))
    return jsonify(file=text, signature=signature(text, secret=the_bank().secret))


def _day(digits: str) -> date:
    return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a day on Vietnam's clocks


def _page(order: Order) -> str:
    decide_at = url_for("bank.decide", reference=order.reference)
    context = {"order": order, "is_over": _is_over(order), "way_back": _way_back(order), "decide": decide_at}
    return render_template("pay.html", place="Ngân hàng thử nghiệm", **context)


def _way_back(order: Order) -> str:
    return f"{order.return_url}?{the_bank().genuine(order)}"


def _order(said: Mapping[str, str]) -> Order:
    return Order(
        reference=said["vnp_TxnRef"],
        amount=int(said["vnp_Amount"]) // 100,
        purpose=said["vnp_OrderInfo"],
        return_url=said["vnp_ReturnUrl"],
        created=said["vnp_CreateDate"],
        expires=said["vnp_ExpireDate"],
    )


def _is_over(order: Order) -> bool:
    return not order.is_settled and order.expires < stamp(clock.now())
