"""A trial telecom that keeps mobile-money accounts: it speaks the interface of `payments.mobile_money`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.config import MERCHANT
from portal.core import clock
from portal.core.sealed import opened, sealed
from portal.core.wire import post_json
from portal.simulators.bank import Bank
from portal.simulators.bank_books import Order, Taken

CHOICES = {"pay": "00", "refuse": "cancelled", "poor": "no_money"}
"""What the payer presses -> the telecom's code; 00 is paid."""


@dataclass
class Telecom(Bank):
    """The bank in the telecom's words."""

    partner: str = MERCHANT

    def said(self, order: Order, taken: Taken | None) -> dict[str, Any]:
        return {
            "partner": self.partner,
            "order": order.reference,
            "amount": taken.amount if taken else order.amount,
            "transaction": f"M{taken.number}" if taken else "",
            "status": "paid" if taken else "failed",
            "code": "00" if taken else order.code or "99",
            "paid_at": _moment(taken.at) if taken else "",
        }

    def word(self, order: Order, *, taken: Taken | None, secret: str) -> str:
        return json.dumps(sealed(self.said(order, taken), secret=secret))

    def send(self, message: str) -> str:
        return str(post_json(self.notification_url, json.loads(message)).get("result", ""))

    def answer(self, what: str, question: Mapping[str, Any]) -> dict[str, str] | None:
        """The sealed answer; None for what is not signed."""
        asked = opened(question, secret=self.secret)
        if asked is None or asked.get("partner") != self.partner:
            return None
        said = {"orders": self._found, "refunds": self._refunded, "settlement": self._settled}[what](asked)
        return sealed({**said, "question": asked.get("question")}, secret=self.secret)

    def _found(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        order = self.books.order(str(asked.get("order")))
        if order is None:
            return {"status": "unknown"}
        if not self.books.answers(order):
            return {"status": "open", "order": order.reference}
        return self.said(order, next(iter(self.books.taken(order.reference)), None))

    def _refunded(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        number, amount = str(asked.get("transaction", "")).removeprefix("M"), asked.get("amount")
        given = None
        if number.isdecimal() and isinstance(amount, int):
            given = self.books.give_back(str(asked.get("request")), number=int(number), amount=amount)
        if given is None:
            return {"request": asked.get("request"), "status": "refused", "code": "no_such_money"}
        return {"request": asked.get("request"), "status": "done", "transaction": f"M{given}"}

    def _settled(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        day = datetime.strptime(str(asked.get("day")), "%Y%m%d").date()  # noqa: DTZ007 - a day on Vietnam's clocks
        return {"file": self.file_of(day, prefix="M")}


def telecom_pages(telecom: Telecom, *, name: str) -> Blueprint:
    """The page for the payer, and the interface for partners."""
    pages = Blueprint(name, __name__)

    @pages.get("/checkout", endpoint="checkout")
    def checkout() -> ResponseReturnValue:
        asked = opened(request.args.to_dict(), secret=telecom.secret)
        if asked is None or asked.get("partner") != telecom.partner:
            return render_template("unknown.html"), 400
        order = _order(asked)
        telecom.books.keep(order)
        return shown(telecom.books.order(order.reference) or order)

    @pages.post("/checkout/<reference>", endpoint="decide")
    def decide(reference: str) -> ResponseReturnValue:
        order = telecom.books.order(reference)
        code = CHOICES.get(request.form.get("choice", ""))
        if order is None or code is None:
            return render_template("unknown.html"), 400
        if _is_over(order):
            return shown(order)
        return redirect(_way_back(telecom.settle(order, code=code)), 303)

    @pages.post("/api/<any(orders, refunds, settlement):what>", endpoint="api")
    def api(what: str) -> ResponseReturnValue:
        question = request.get_json(force=True, silent=True)
        answer = telecom.answer(what, question if isinstance(question, dict) else {})
        return jsonify(answer) if answer else (jsonify(error="not signed"), 401)

    def shown(order: Order) -> str:
        return render_template(
            "pay.html",
            order=order,
            is_over=_is_over(order),
            way_back=_way_back(order),
            decide=url_for(f"{name}.decide", reference=order.reference),
            place="Tiền di động thử nghiệm",
        )

    return pages


def _order(asked: Mapping[str, Any]) -> Order:
    return Order(
        reference=str(asked["order"]),
        amount=int(asked["amount"]),
        purpose=str(asked["purpose"]),
        return_url=str(asked["return_url"]),
        created=f"{clock.local(datetime.fromisoformat(asked['created_at'])):%Y%m%d%H%M%S}",
        expires=f"{clock.local(datetime.fromisoformat(asked['expires_at'])):%Y%m%d%H%M%S}",
    )


def _is_over(order: Order) -> bool:
    return not order.is_settled and order.expires < f"{clock.local(clock.now()):%Y%m%d%H%M%S}"


def _way_back(order: Order) -> str:
    return f"{order.return_url}?{urlencode({'order': order.reference})}"


def _moment(stamped: str) -> str:
    return datetime.strptime(stamped, "%Y%m%d%H%M%S").replace(tzinfo=clock.CITY).isoformat()
