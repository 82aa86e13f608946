"""Expressions: what they may speak about, what they give, and what they never do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import conditions
from portal.catalogue.expressions import ExpressionError
from portal.catalogue.findings import MESSAGES
from portal.catalogue.types import Choice, Field, FieldType
from portal.workflow.definition import Text

LABEL = Text("Nhãn", "Label")
ROW = (Field("pages", FieldType.INTEGER, LABEL), Field("area", FieldType.DECIMAL, LABEL))
FIELDS = [
    Field("use", FieldType.CHOICE, LABEL, choices=(Choice("housing", LABEL), Choice("mixed", LABEL)), required=True),
    Field("floors", FieldType.INTEGER, LABEL, required=True),
    Field("area", FieldType.DECIMAL, LABEL, required=True),
    Field("zone", FieldType.YES_NO, LABEL, required=True),
    Field("agreed", FieldType.YES_NO, LABEL),
    Field("name", FieldType.TEXT, LABEL),
    Field("born", FieldType.DATE, LABEL),
    Field("rows", FieldType.GROUP, LABEL, fields=ROW),
]
SCHEMA = conditions.schema_of(FIELDS, outcomes={"fire": ("agree", "consent")}, papers=["drawings"])


@pytest.mark.parametrize(
    ("source", "form", "expected"),
    [
        ("form.use == 'mixed' || form.floors >= 7", {"use": "mixed"}, True),
        ("form.use == 'mixed' || form.floors >= 7", {"floors": "7"}, True),
        ("form.use == 'mixed' || form.floors >= 7", {}, False),
        ("!form.zone", {}, True),
        ("form.area > 96.4", {"area": Decimal("96.5")}, True),
        ("form.area > 96.4", {"area": "not a number"}, False),
        ("form.born < timestamp('1990-01-01T00:00:00Z')", {"born": date(1985, 3, 27)}, True),
        ("form.born < timestamp('1990-01-01T00:00:00Z')", {"born": "1995-03-27"}, False),
        ("length(form.name) == 2", {"name": "Hộ"}, True),
        ("lower(form.name).contains('công ty')", {"name": "CÔNG TY Sao"}, True),
        ("lower(form.name).contains('công ty')", {"name": "Công ty"}, True),
        ("form.rows.exists(row, row.pages > 2)", {"rows": [{"pages": 1}, {"pages": 3}]}, True),
        ("form.rows.exists(row, row.pages > 2)", {"rows": [{}, None]}, False),
        ("form.use in ['mixed', 'housing']", {"use": "housing"}, True),
    ],
)
def test_a_condition_over_answers(source: str, form: dict[str, object], expected: bool) -> None:
    assert conditions.compile_condition(source, SCHEMA).test({"form": form}) is expected


def test_sums_of_areas_are_exact() -> None:
    check = conditions.compile_check("total(form.rows.map(row, row.area)) == form.area", SCHEMA)
    facts = {"form": {"rows": [{"area": "0.1"}, {"area": "0.2"}], "area": "0.3"}}
    assert check.test(facts) is True
    assert check.test({"form": {**facts["form"], "area": "0.4"}}) is False


def test_a_check_holds_until_the_answers_that_it_speaks_of_are_there() -> None:
    check = conditions.compile_check("form.area > 10.0", SCHEMA)
    assert check.test({"form": {}}) is True
    assert check.test({"form": {"area": 3}}) is False
    box = conditions.compile_check("form.agreed", SCHEMA)
    assert box.test({"form": {}}) is False


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("form.flors > 1", "unknown_field"),
        ("form.rows.exists(row, row.page > 1)", "unknown_field"),
        ("frm.floors > 1", "unknown_name"),
        ("form.use == 'mixd'", "unknown_choice"),
        ("form.use in ['mixed', 'mixd']", "unknown_choice"),
        ("'drawing' in papers", "unknown_choice"),
        ("form.floors + form.area > 1.0", "types_differ"),
        ("form.name == 3", "types_differ"),
        ("form.zone > false", "types_differ"),
        ("form.name", "wrong_type"),
        ("!form.floors", "wrong_type"),
        ("form.floors / form.floors > 1", "divisor"),
        ("form.floors / 0 > 1", "divisor"),
        ("has(form.name)", "unknown_function"),
        ("__import__('os')", "unknown_function"),
        ("form.name.matches('[')", "not_evaluated"),
        ("form.name.matches(3)", "wrong_arguments"),
        ("timestamp(form.name) < today", "wrong_arguments"),
        ("form.floors >", "syntax_end"),
        ("form.floors = 1", "syntax"),
        ("form.floors.more", "no_fields"),
        ("(" * 40 + "true" + ")" * 40, "expression_too_deep"),
        ("form.rows.all(a, form.rows.all(b, form.rows.all(c, c.pages > 1)))", "expression_too_deep"),
        ("true || " * 300 + "true", "expression_too_long"),
    ],
)
def test_a_mistake_is_found_before_anything_is_evaluated(source: str, kind: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        conditions.compile_condition(source, SCHEMA)
    assert raised.value.kind == kind


def test_a_condition_and_its_opposite() -> None:
    zone = conditions.compile_condition("form.zone", SCHEMA)
    other = conditions.negate(zone)
    assert (zone.test({"form": {"zone": True}}), other.test({"form": {"zone": True}})) == (True, False)
    assert other.negates == zone.source


_WORDS = ["form", ".floors", ".name", ".rows", ".map(x, ", ".pages", "x", "(", ")", "[", "]", "&&", "!", "==", ">", "+"]
_WORDS += ["-", "/", "'a'", "1", "1.5", "?", ":", "total(", "size(", "__class__", ".__class__", "é", "\\", "\n", "'"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_an_expression_or_a_mistake(source: str) -> None:
    try:
        condition = conditions.compile_condition(source, SCHEMA)
    except ExpressionError as mistake:
        sentence = MESSAGES[mistake.kind].vi.format(**mistake.values)
    else:
        sentence = str(condition.test({"form": {"rows": [{"pages": 2}]}}))
    assert sentence
