"""Where a trial bank is told how to behave, by a person or by a program in JSON, and where its books are read."""

from __future__ import annotations

from dataclasses import asdict, fields

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.simulators.bank import Bank
from portal.simulators.bank_books import Behaviour
from portal.simulators.behaving import NOTHING, Told, told

SHOWN = 50
"""Orders on the page."""
_LIES = [lie.name for lie in fields(Behaviour)]


def control_of(bank: Bank, *, name: str) -> Blueprint:
    """The pages `/control`, `/api/control`, `/api/clock` and `/ledger` of this bank."""
    control = Blueprint(name, __name__)
    _add_pages(control, bank)
    _add_interface(control, bank)
    return control


def _add_pages(control: Blueprint, bank: Bank) -> None:
    name = control.name

    @control.route("/control", methods=["GET", "POST"], endpoint="show")
    def show() -> ResponseReturnValue:
        if request.method == "GET":
            return _page(bank, here=name)
        said = told(request.form, _LIES)
        if said.mistakes:
            return _page(bank, here=name, said=said), 422
        bank.books.behave(Behaviour(**said.numbers))
        return redirect(url_for(f"{name}.show"), 303)

    @control.post("/control/clock", endpoint="put_forward")
    def put_forward() -> ResponseReturnValue:
        said = told(request.form, ["days"])
        if said.mistakes:
            return _page(bank, here=name, said_of_clock=said), 422
        bank.books.put_forward(said.numbers["days"])
        return redirect(url_for(f"{name}.show"), 303)


def _add_interface(control: Blueprint, bank: Bank) -> None:
    @control.route("/api/control", methods=["GET", "PUT"], endpoint="api")
    def api() -> ResponseReturnValue:
        """The whole behaviour: what is not named is honest."""
        if request.method == "PUT":
            asked = request.get_json(force=True)
            said, unknown = told(asked, _LIES), set(asked) - set(_LIES)
            if unknown or said.mistakes:
                return jsonify(unknown=sorted(unknown), mistakes=said.mistakes), 400
            bank.books.behave(Behaviour(**said.numbers))
        return jsonify(asdict(bank.books.behaviour()))

    @control.post("/api/clock", endpoint="api_clock")
    def api_clock() -> ResponseReturnValue:
        """`{"days": 30}`: what the bank has put off becomes due."""
        said = told(request.get_json(force=True), ["days"])
        if said.mistakes:
            return jsonify(mistakes=said.mistakes), 400
        bank.books.put_forward(said.numbers["days"])
        return jsonify(now=bank.books.now().isoformat())

    @control.get("/ledger", endpoint="ledger")
    def ledger() -> ResponseReturnValue:
        """The bank's own figures in VND: what it took is what the portal's books must come to."""
        return jsonify(**bank.books.totals(), deliveries=bank.books.deliveries())


def _page(bank: Bank, *, here: str, said: Told = NOTHING, said_of_clock: Told = NOTHING) -> str:
    return render_template(
        "control.html",
        here=here,
        said=said,
        said_of_clock=said_of_clock,
        behaviour=bank.books.behaviour(),
        rows=[(order, bank.books.taken(order.reference)) for order in bank.books.orders(most=SHOWN)],
        waiting=sum(not delivery["done"] for delivery in bank.books.deliveries()),
        now=bank.books.now(),
        totals=bank.books.totals(),
    )
