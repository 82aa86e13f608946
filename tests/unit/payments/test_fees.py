"""What a procedure costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portal.catalogue.types import FeeRule, Procedure
from portal.payments.service import fee_lines
from portal.workflow.definition import Condition, Text

RULE = FeeRule(id="permit", kind="le_phi", name=Text("Lệ phí cấp phép", "Permit fee"), amount=75_000, legal_basis="23")


def a_procedure(*rules: FeeRule) -> Procedure:
    return cast(Procedure, SimpleNamespace(fees=rules))


def expression(value: Any) -> Condition:
    return Condition(source=repr(value), test=lambda facts: value(facts) if callable(value) else value)


def test_a_fixed_fee_falls_due_at_its_moment_only() -> None:
    procedure = a_procedure(RULE, replace(RULE, id="copy", moment="return", amount=2_000))
    assert [(line.rule, line.amount) for line in fee_lines(procedure, {}, moment="receiving")] == [("permit", 75_000)]
    assert [(line.rule, line.amount) for line in fee_lines(procedure, {}, moment="return")] == [("copy", 2_000)]
    assert fee_lines(procedure, {}, moment="supplement") == []


def test_a_fee_may_be_counted_from_the_answers() -> None:
    by_page = replace(RULE, amount=expression(lambda facts: 2_000 * facts["form"]["pages"]))
    (line,) = fee_lines(a_procedure(by_page), {"form": {"pages": 3}}, moment="receiving")
    assert (line.amount, line.name, line.name_en, line.note) == (6_000, "Lệ phí cấp phép", "Permit fee", "")


def test_an_exempt_fee_is_a_line_of_nothing_that_says_why() -> None:
    free = replace(
        RULE,
        amount=expression("never asked"),
        exempt_if=expression(lambda facts: facts["applicant"]["poor_household"]),
        note=Text("Miễn cho hộ nghèo", "Free for poor households"),
    )
    (line,) = fee_lines(a_procedure(free), {"applicant": {"poor_household": True}}, moment="receiving")
    assert (line.amount, line.note, line.note_en) == (0, "Miễn cho hộ nghèo", "Free for poor households")


def test_a_fee_that_is_not_exempt_carries_no_note() -> None:
    rule = replace(RULE, exempt_if=expression(False), note=Text("Miễn cho hộ nghèo"))
    (line,) = fee_lines(a_procedure(rule), {}, moment="receiving")
    assert (line.amount, line.note) == (75_000, "")


@pytest.mark.parametrize(("value", "dong"), [(1234.5, 1235), (Decimal("0.4"), 0), (0, 0), (10**12, 10**12)])
def test_amounts_are_whole_dong(value: Any, dong: int) -> None:
    (line,) = fee_lines(a_procedure(replace(RULE, amount=expression(value))), {}, moment="receiving")
    assert line.amount == dong


@pytest.mark.parametrize("value", [True, None, "75000", -1, float("nan"), float("inf")])
def test_what_is_no_amount_of_money_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="amount of fee permit"):
        fee_lines(a_procedure(replace(RULE, amount=expression(value))), {}, moment="receiving")
