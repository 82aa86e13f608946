"""What a procedure costs: rules of its definition, asked with the facts of one record."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.catalogue.types import FeeRule, Procedure
from portal.payments.types import FeeLineValue
from portal.workflow.definition import Facts, Text


def fee_lines(procedure: Procedure, facts: Facts, *, moment: str, day: date) -> list[FeeLineValue]:
    """The fees in force that day that fall due at `moment` (receiving, supplement, return), in the definition's order.

    An exempt fee is a line of 0 VND with its note, so that the exemption can be shown and explained. Raises ValueError
    when an expression gives something that is no amount of money.
    """
    dated = {**facts, "today": day}
    return [_line(rule, dated) for rule in procedure.fees_on(day) if rule.moment == moment]


def _line(rule: FeeRule, facts: Facts) -> FeeLineValue:
    is_exempt = rule.exempt_if is not None and rule.exempt_if.test(facts)
    note = (rule.note or Text("")) if is_exempt else Text("")
    return FeeLineValue(
        rule=rule.id,
        kind=rule.kind,
        name=rule.name.vi,
        name_en=rule.name.en,
        amount=0 if is_exempt else _amount(rule, facts),
        legal_basis=rule.legal_basis,
        moment=rule.moment,
        note=note.vi,
        note_en=note.en,
    )


def _amount(rule: FeeRule, facts: Facts) -> int:
    """Whole VND; halves are rounded up."""
    value: Any = rule.amount if isinstance(rule.amount, int) else rule.amount.test(facts)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"the amount of fee {rule.id} is not a number")
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"the amount of fee {rule.id} is not an amount of money")
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))
