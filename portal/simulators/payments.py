"""A trial bank that speaks VNPAY 2.1.0: a page for the payer, notifications, answers to questions.

A process of its own with books of its own, which can be told to lie. No money moves.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.core import clock
from portal.core.errors import Unavailable
from portal.core.references import new_id
from portal.core.wire import get_json
from portal.payments.gateway import ANSWERED, ASKED, NOTIFICATION_PATH, stamp
from portal.payments.signature import FIELD, is_genuine, joined, signature, signed_query
from portal.simulators.bank_books import Behaviour, Books, Order
from portal.simulators.serving import server

log = logging.getLogger(__name__)

CHOICES = {"pay": "00", "refuse": "24", "poor": "51"}
"""What the payer presses -> VNPAY's response code."""

_NAP = 0.2
"""Seconds between two looks at what has to be delivered."""


def run(settings: Settings, *, port: int) -> None:
    """Play the gateway that `settings` names, until the process is stopped."""
    bank = Bank(
        Books(settings.data_dir / "simulators"),
        secret=settings.payment_secret,
        notification_url=settings.public_url + NOTIFICATION_PATH,
    )
    Thread(target=bank.deliver_until_stopped, daemon=True).start()
    server(bank_app(bank), port=port).serve_forever()


@dataclass
class Bank:
    """What the bank does, apart from its pages."""

    books: Books
    secret: str = field(repr=False)
    notification_url: str
    stopped: Event = field(default_factory=Event)

    def settle(self, order: Order, *, code: str) -> Order:
        """Decide about the order once, and leave notifications for delivery as the bank now behaves."""
        behaviour = self.books.behaviour()
        captures = (2 if behaviour.twice else 1) if code == "00" else 0
        decided_now = self.books.settle(order.reference, code=code, captures=captures, paid_on=stamp(clock.now()))
        settled = self.books.order(order.reference) or order
        if decided_now:
            self._announce(settled, behaviour)
        return settled

    def said(self, order: Order, **changed: str) -> dict[str, str]:
        """What the bank says of a settled order, unsigned."""
        code = order.code or "99"
        return {
            "vnp_Amount": str(order.amount),
            "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{order.transaction_number}" if order.is_paid else "",
            "vnp_CardType": "ATM",
            "vnp_OrderInfo": order.purpose,
            "vnp_PayDate": order.paid_on or "",
            "vnp_ResponseCode": code,
            "vnp_TmnCode": order.merchant,
            "vnp_TransactionNo": str(order.transaction_number) if order.is_paid else "0",
            "vnp_TransactionStatus": "00" if order.is_paid else "02",
            "vnp_TxnRef": order.reference,
            **changed,
        }

    def signed(self, order: Order, **changed: str) -> str:
        return signed_query(self.said(order, **changed), secret=self.secret)

    def deliver_until_stopped(self) -> None:
        while not self.stopped.wait(_NAP):
            self.deliver()

    def deliver(self) -> None:
        """Send every notification that is due, and note what the portal answered."""
        for delivery in self.books.due_deliveries():
            try:
                answered = str(get_json(f"{self.notification_url}?{delivery['query']}").get("RspCode", ""))
            except Unavailable:
                answered = "unreachable"
            log.info("a notification was delivered", extra={"answered": answered})
            self.books.note_delivery(delivery, answered=answered)

    def _announce(self, order: Order, behaviour: Behaviour) -> None:
        for query, insists in self._notifications(order, behaviour):
            self.books.post(order.reference, query, after=behaviour.delay, insists=insists)

    def _notifications(self, order: Order, behaviour: Behaviour) -> Iterator[tuple[str, bool]]:
        """Query strings, and whether the bank goes on until they are confirmed."""
        if behaviour.forge:
            success = {"vnp_ResponseCode": "00", "vnp_TransactionStatus": "00", "vnp_TransactionNo": "66600000"}
            yield signed_query(self.said(order, **success), secret=self.secret[::-1]), False
        if behaviour.drop:
            return
        if behaviour.amount:
            yield self.signed(order, vnp_Amount=str(order.amount + 100 * int(behaviour.amount))), False
        yield self.signed(order), True
        for _ in range(int(behaviour.duplicate)):
            yield self.signed(order), False
        if order.captures == 2:
            yield self.signed(order, vnp_TransactionNo=str((order.transaction_number or 0) + 1)), True


pages = Blueprint("bank", __name__)


def bank_app(bank: Bank) -> Flask:
    """The bank's pages and its interface for merchants."""
    app = Flask(__name__, template_folder="pages", static_folder="assets")
    app.jinja_env.filters["dong"] = lambda hundredths: f"{hundredths // 100:,}".replace(",", ".")
    app.extensions["bank"] = bank
    app.register_blueprint(pages)
    return app


def the_bank() -> Bank:
    bank: Bank = current_app.extensions["bank"]
    return bank


@pages.get("/pay")
def order_page() -> ResponseReturnValue:
    said = dict(parse_qsl(request.query_string.decode(errors="replace")))
    if not is_genuine(said, secret=the_bank().secret):
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


@pages.post("/api/transaction")
def answer_question() -> ResponseReturnValue:
    question = request.get_json(force=True, silent=True)
    return jsonify(_answer(the_bank(), question if isinstance(question, dict) else {}))


@pages.route("/control", methods=["GET", "POST"])
def control() -> ResponseReturnValue:
    books = the_bank().books
    if request.method == "POST":
        books.behave(_behaviour(request.form))
        return redirect(url_for("bank.control"), 303)
    return render_template("control.html", behaviour=books.behaviour(), orders=books.orders())


@pages.get("/ledger")
def ledger() -> ResponseReturnValue:
    """The bank's own figures: what it captured, in VND, is what the portal's books must come to."""
    orders = the_bank().books.orders()
    captured = sum(order.captures * order.amount for order in orders) // 100
    return jsonify(captured=captured, orders=len(orders), deliveries=the_bank().books.deliveries())


def _page(order: Order) -> str:
    return render_template("pay.html", order=order, is_over=_is_over(order), way_back=_way_back(order))


def _way_back(order: Order) -> str:
    return f"{order.return_url}?{the_bank().signed(order)}"


def _order(said: Mapping[str, str]) -> Order:
    return Order(
        reference=said["vnp_TxnRef"],
        merchant=said["vnp_TmnCode"],
        amount=int(said["vnp_Amount"]),
        purpose=said["vnp_OrderInfo"],
        return_url=said["vnp_ReturnUrl"],
        created=said["vnp_CreateDate"],
        expires=said["vnp_ExpireDate"],
    )


def _is_over(order: Order) -> bool:
    return not order.is_settled and order.expires < stamp(clock.now())


def _behaviour(form: Mapping[str, str]) -> Behaviour:
    return Behaviour(**{lie.name: max(0.0, float(form.get(lie.name) or 0)) for lie in fields(Behaviour)})


def _answer(bank: Bank, question: Mapping[str, Any]) -> dict[str, str]:
    """What VNPAY answers to `querydr`."""
    expected = signature(joined(question.get(name, "") for name in ASKED), secret=bank.secret)
    order = bank.books.order(str(question.get("vnp_TxnRef", "")))
    said = dict.fromkeys(ANSWERED, "") | {
        "vnp_ResponseId": new_id().hex,
        "vnp_Command": "querydr",
        "vnp_TmnCode": str(question.get("vnp_TmnCode", "")),
        "vnp_TxnRef": str(question.get("vnp_TxnRef", "")),
    }
    if expected != question.get(FIELD):
        said |= {"vnp_ResponseCode": "97", "vnp_Message": "Invalid signature"}
    elif order is None:
        said |= {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
    else:
        details = {name: value for name, value in bank.said(order).items() if name in ANSWERED}
        status = details["vnp_TransactionStatus"] if order.is_settled else "01"
        said |= {**details, "vnp_ResponseCode": "00", "vnp_Message": "Success", "vnp_TransactionStatus": status}
    return said | {FIELD: signature(joined(said[name] for name in ANSWERED), secret=bank.secret)}
