"""What a procedure costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portal.catalogue.types import FeeRule, Procedure
from portal.core.errors import InvalidInput
from portal.payments.fees import fee_lines
from portal.workflow.definition import Condition, Text

DAY = date(2026, 11, 9)
RULE = FeeRule(id="permit", kind="le_phi", name=Text("Lệ phí cấp phép", "Permit fee"), amount=75_000, legal_basis="23")


def a_procedure(*rules: FeeRule) -> Procedure:
    return cast(Procedure, SimpleNamespace(fees_on=lambda day: [rule for rule in rules if rule.is_valid_on(day)]))


def expression(value: Any) -> Condition:
    return Condition(source=repr(value), test=lambda facts: value(facts) if callable(value) else value)


def test_a_fixed_fee_falls_due_at_its_moment_only() -> None:
    procedure = a_procedure(RULE, replace(RULE, id="copy", moment="return", amount=2_000))
    for moment, owed in (("receiving", [("permit", 75_000)]), ("return", [("copy", 2_000)]), ("supplement", [])):
        lines = fee_lines(procedure, {}, moment=moment, day=DAY)
        assert [(line.rule, line.amount) for line in lines] == owed


def test_only_the_amount_of_the_day_is_owed() -> None:
    old = replace(RULE, valid_to=DAY - timedelta(days=1))
    new = replace(RULE, amount=90_000, valid_from=DAY)
    procedure = a_procedure(old, new)
    for day, amount in ((DAY - timedelta(days=1), 75_000), (DAY, 90_000)):
        assert [line.amount for line in fee_lines(procedure, {}, moment="receiving", day=day)] == [amount]


def test_a_fee_may_be_counted_from_the_answers() -> None:
    by_page = replace(RULE, amount=expression(lambda facts: 2_000 * facts["form"]["pages"]))
    (line,) = fee_lines(a_procedure(by_page), {"form": {"pages": 3}}, moment="receiving", day=DAY)
    assert (line.amount, line.name, line.name_en, line.note) == (6_000, "Lệ phí cấp phép", "Permit fee", "")


def test_an_exempt_fee_is_a_line_of_nothing_that_says_why() -> None:
    free = replace(
        RULE,
        amount=expression("never asked"),
        exempt_if=expression(lambda facts: facts["applicant"]["poor_household"]),
        note=Text("Miễn cho hộ nghèo", "Free for poor households"),
    )
    (line,) = fee_lines(a_procedure(free), {"applicant": {"poor_household": True}}, moment="receiving", day=DAY)
    assert (line.amount, line.note, line.note_en) == (0, "Miễn cho hộ nghèo", "Free for poor households")


def test_a_fee_that_is_not_exempt_carries_no_note() -> None:
    rule = replace(RULE, exempt_if=expression(False), note=Text("Miễn cho hộ nghèo"))
    (line,) = fee_lines(a_procedure(rule), {}, moment="receiving", day=DAY)
    assert (line.amount, line.note) == (75_000, "")


@pytest.mark.parametrize(("value", "dong"), [(1234.5, 1235), (Decimal("0.4"), 0), (0, 0), (10**12, 10**12)])
def test_amounts_are_whole_dong(value: Any, dong: int) -> None:
    (line,) = fee_lines(a_procedure(replace(RULE, amount=expression(value))), {}, moment="receiving", day=DAY)
    assert line.amount == dong


def test_what_nobody_pays_is_a_mistake_of_the_answers() -> None:
    with pytest.raises(InvalidInput, match="quá lớn"):
        fee_lines(a_procedure(replace(RULE, amount=expression(10**12 + 1))), {}, moment="receiving", day=DAY)


@pytest.mark.parametrize("value", [True, None, "75000", -1, float("nan"), float("inf")])
def test_what_is_no_amount_of_money_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="amount of fee permit"):
        fee_lines(a_procedure(replace(RULE, amount=expression(value))), {}, moment="receiving", day=DAY)
