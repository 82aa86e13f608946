"""What a procedure costs: rules of its definition, asked with the facts of one record."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.catalogue.conditions import AmountUnknown
from portal.catalogue.types import FeeRule, Procedure, Reduction
from portal.core.errors import InvalidInput
from portal.payments.types import LARGEST_AMOUNT, FeeLineValue
from portal.workflow.definition import Condition, Facts, Text


def fee_lines(procedure: Procedure, facts: Facts, *, moment: str, day: date) -> list[FeeLineValue]:
    """The fees in force that day that fall due at `moment` (receiving, supplement, return), in the definition's order.

    Who is exempt, or pays less by a reduction in force that day, has a line with its own amount, note and legal basis,
    so that it can be shown and explained. Raises InvalidInput when the answers give no amount, or one that nobody pays
    (above LARGEST_AMOUNT), and ValueError when an expression gives something that is no amount of money.
    """
    dated = {**facts, "today": day}
    return [_line(rule, dated, day) for rule in procedure.fees_on(day) if rule.moment == moment]


def _line(rule: FeeRule, facts: Facts, day: date) -> FeeLineValue:
    amount, note, legal_basis = _owed(rule, facts, day)
    return FeeLineValue(
        rule=rule.id,
        kind=rule.kind,
        name=rule.name.vi,
        name_en=rule.name.en,
        amount=amount,
        legal_basis=legal_basis,
        moment=rule.moment,
        note=note.vi,
        note_en=note.en,
    )


def _owed(rule: FeeRule, facts: Facts, day: date) -> tuple[int, Text, str]:
    """Amount, how it was counted or why it is not the usual one, and on which law it stands."""
    if rule.exempt_if is not None and rule.exempt_if.test(facts):
        return 0, rule.note or Text(""), rule.legal_basis
    for reduction in rule.reductions_on(day):
        if _holds(reduction, facts):
            return _amount(rule, reduction.amount, facts), reduction.note, reduction.legal_basis or rule.legal_basis
    note = Text("") if isinstance(rule.amount, int) else rule.note or Text("")
    return _amount(rule, rule.amount, facts), note, rule.legal_basis


def _holds(reduction: Reduction, facts: Facts) -> bool:
    return reduction.when is None or bool(reduction.when.test(facts))


def _amount(rule: FeeRule, said: Condition | int, facts: Facts) -> int:
    """Whole VND; halves are rounded up."""
    try:
        value: Any = said if isinstance(said, int) else said.test(facts)
    except AmountUnknown as unknown:
        raise InvalidInput(
            "Không tính được khoản %(fee)s từ các câu trả lời. Xem lại các số đã khai.", fee=rule.name
        ) from unknown
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"the amount of fee {rule.id} is not a number")
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"the amount of fee {rule.id} is not an amount of money")
    if amount > LARGEST_AMOUNT:
        raise InvalidInput("Khoản %(fee)s tính ra quá lớn. Xem lại các số đã khai.", fee=rule.name)
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))
