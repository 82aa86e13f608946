"""Where a trial bank is told how to behave, by a person or by a program in JSON, and where its books are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.simulators.bank import Bank
from portal.simulators.bank_books import Behaviour

SHOWN = 50
"""Orders on the page."""
_LONGEST = 400
"""Days: further ahead than any answer."""


def control_of(bank: Bank, *, name: str) -> Blueprint:
    """The pages `/control`, `/api/control`, `/api/clock` and `/ledger` of this bank."""
    control = Blueprint(name, __name__)

    @control.route("/control", methods=["GET", "POST"], endpoint="show")
    def show() -> ResponseReturnValue:
        if request.method == "POST":
            bank.books.behave(_behaviour(request.form))
            return redirect(url_for(f"{name}.show"), 303)
        behaviour, orders = bank.books.behaviour(), bank.books.orders(most=SHOWN)
        rows = [(order, bank.books.taken(order.reference)) for order in orders]
        waiting = sum(not delivery["done"] for delivery in bank.books.deliveries())
        context = {"behaviour": behaviour, "rows": rows, "waiting": waiting, "now": bank.books.now()}
        return render_template("control.html", here=name, totals=bank.books.totals(), **context)

    @control.post("/control/clock", endpoint="put_forward")
    def put_forward() -> ResponseReturnValue:
        bank.books.put_forward(_days(request.form))
        return redirect(url_for(f"{name}.show"), 303)

    @control.route("/api/control", methods=["GET", "PUT"], endpoint="api")
    def api() -> ResponseReturnValue:
        """The whole behaviour: what is not named is honest."""
        if request.method == "PUT":
            asked = request.get_json(force=True)
            unknown = set(asked) - {lie.name for lie in fields(Behaviour)}
            if unknown:
                return jsonify(error=f"unknown: {', '.join(sorted(unknown))}"), 400
            bank.books.behave(_behaviour(asked))
        return jsonify(asdict(bank.books.behaviour()))

    @control.post("/api/clock", endpoint="api_clock")
    def api_clock() -> ResponseReturnValue:
        """`{"days": 30}`: what the bank has put off becomes due."""
        bank.books.put_forward(_days(request.get_json(force=True)))
        return jsonify(now=bank.books.now().isoformat())

    @control.get("/ledger", endpoint="ledger")
    def ledger() -> ResponseReturnValue:
        """The bank's own figures in VND: what it took is what the portal's books must come to."""
        return jsonify(**bank.books.totals(), deliveries=bank.books.deliveries())

    return control


def _behaviour(given: Mapping[str, Any]) -> Behaviour:
    return Behaviour(**{lie.name: max(0.0, float(given.get(lie.name) or 0)) for lie in fields(Behaviour)})


def _days(given: Mapping[str, Any]) -> float:
    return min(max(0.0, float(given.get("days") or 0)), _LONGEST)
