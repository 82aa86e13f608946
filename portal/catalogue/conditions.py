"""Conditions and amounts of a procedure: CEL expressions over the facts of a record, compiled once.

The only module that imports CEL. An expression sees exactly the answers it names, each in the type its field declares:
a missing answer is the empty value of its type, so no condition fails because somebody has not answered yet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import cel

from portal.catalogue.expressions import (
    BOOL,
    DOUBLE,
    INT,
    TEXT,
    TIME,
    Checked,
    ExpressionError,
    Type,
    check_expression,
    list_of,
    row_of,
)
from portal.catalogue.types import Field, FieldType
from portal.workflow.definition import Condition, Facts

Schema = Mapping[str, Type]
"""What an expression may speak about: form, applicant, record, outcomes, papers, today."""

ROWS = 200
"""Rows of a repeating group that are looked at: bounds the time of a macro."""

_APPLICANT = {"poor_household": BOOL, "kind": Type("text", choices=("person", "organisation"))}
_RECORD = {
    "supplements": INT,  # requests made since acceptance
    "extensions": INT,  # how often the term was extended
    "channel": Type("text", choices=("online", "counter", "post")),
    "receiving_level": TEXT,
    "outcome": TEXT,
    "return_by": Type("text", choices=("counter", "post", "online")),
    "unpaid": BOOL,  # a fee that was owed before the return is not paid yet
}
_OLDER = {
    "found": BOOL,
    "ended": BOOL,  # replaced or revoked
    "amended": INT,  # how often
    "name": TEXT,  # whose it is, or the name that it gives
    "issued_on": TIME,
    "valid_until": TIME,
}
"""The older result that this one amends, replaces or revokes, from the registry of results."""
_TYPES = {
    FieldType.TEXT: TEXT,
    FieldType.LONG_TEXT: TEXT,
    FieldType.UNIT: TEXT,
    FieldType.INTEGER: INT,
    FieldType.MONEY: INT,
    FieldType.DECIMAL: DOUBLE,
    FieldType.DATE: TIME,
    FieldType.BOOKING: TIME,
    FieldType.YES_NO: BOOL,
}
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_EMPTY: dict[str, Any] = {"bool": False, "int": 0, "double": 0.0, "text": "", "time": _BEGINNING}


class AmountUnknown(Exception):
    """The amount of a fee cannot be computed from these answers."""


def schema_of(
    fields: Iterable[Field], *, outcomes: Mapping[str, tuple[str, ...]] | None = None, papers: Iterable[str] = ()
) -> Schema:
    """The schema of a procedure: its form's fields, and what is known of the applicant and the record.

    `outcomes` says how each step can have been closed.
    """
    return {
        "form": row_of({declared.id: _type_of(declared) for declared in fields}),
        "applicant": row_of(_APPLICANT),
        "record": row_of(_RECORD),
        "outcomes": row_of({step: Type("text", choices=words) for step, words in (outcomes or {}).items()}),
        "papers": list_of(Type("text", choices=tuple(papers))),
        "older": row_of(_OLDER),
        "today": TIME,
    }


def compile_condition(source: str, schema: Schema) -> Condition:
    """A yes-or-no expression. Raises ExpressionError. An evaluation that fails counts as no."""
    run, _ = _compile(source, schema, "bool")

    def test(facts: Facts) -> bool:
        try:
            return bool(run(facts))
        except _FAILURES:
            return False

    return Condition(source, test)


def negate(condition: Condition) -> Condition:
    """The opposite of a condition; both are explored together."""
    return Condition(f"!({condition.source})", lambda facts: not condition.test(facts), negates=condition.source)


def compile_check(source: str, schema: Schema) -> Condition:
    """A check of answers: holds as long as an answer it speaks of is missing, for that has its own sentence."""
    run, checked = _compile(source, schema, "bool")
    wanted = tuple(pair for pair in sorted(checked.references) if not _type_at(schema, pair).is_optional)

    def test(facts: Facts) -> bool:
        if any(_is_missing(facts, pair) for pair in wanted):
            return True
        try:
            return bool(run(facts))
        except _FAILURES:
            return False

    return Condition(source, test)


def compile_day(source: str, schema: Schema) -> Condition:
    """A day; `test` returns it as a date, or None when the answer is missing."""
    run, checked = _compile(source, schema, "time")

    def test(facts: Facts) -> date | None:
        if any(_is_missing(facts, pair) for pair in checked.references):
            return None
        try:
            moment: datetime = run(facts)
        except _FAILURES:
            return None
        return moment.date()

    return Condition(source, test)


def compile_amount(source: str, schema: Schema) -> Condition:
    """An amount in VND; `test` returns a whole number and raises AmountUnknown when it cannot."""
    run, _ = _compile(source, schema, "int", "double")

    def test(facts: Facts) -> int:
        try:
            amount: int = round(run(facts))
        except _FAILURES as failure:
            raise AmountUnknown(source) from failure
        return amount

    return Condition(source, test)


def fields_of(source: str, schema: Schema) -> tuple[str, ...]:
    """The form's fields that an expression speaks of. Raises ExpressionError."""
    references = check_expression(source, schema).references
    return tuple(sorted(name for root, name in references if root == "form"))


_FAILURES = (RuntimeError, ValueError, TypeError, KeyError, OverflowError)


def _compile(source: str, schema: Schema, *wanted: str) -> tuple[Callable[[Facts], Any], Checked]:
    source = unicodedata.normalize("NFC", source)
    checked = check_expression(source, schema)
    if checked.type.name not in wanted:
        raise ExpressionError("wrong_type", wanted=" / ".join(wanted), found=checked.type.name)
    try:
        program = cel.compile(source)
        needed = tuple((root, name, _type_at(schema, (root, name))) for root, name in sorted(checked.references))
        functions = {name: _FUNCTIONS[name] for name in program.functions() if name in _FUNCTIONS}

        def run(facts: Facts) -> Any:
            context: dict[str, Any] = {}
            for root, name, kind in needed:
                if name:
                    context.setdefault(root, {})[name] = _value(_answer(facts, root, name), kind)
                else:
                    context[root] = _value(facts.get(root), kind)
            return program.execute(context | functions)

        run(_sample(schema))
    except _FAILURES as failure:
        raise ExpressionError("not_evaluated", reason=str(failure).splitlines()[0][:200]) from failure
    return run, checked


def _type_at(schema: Schema, pair: tuple[str, str]) -> Type:
    root, name = pair
    return schema[root].fields[name] if name else schema[root]


def _answer(facts: Facts, root: str, name: str) -> Any:
    part = facts.get(root)
    return part.get(name) if isinstance(part, Mapping) else None


def _is_missing(facts: Facts, pair: tuple[str, str]) -> bool:
    root, name = pair
    value = _answer(facts, root, name) if name else facts.get(root)
    return value is None or value == "" or value == []


def _type_of(declared: Field) -> Type:
    if declared.type is FieldType.GROUP:
        return list_of(row_of({inner.id: _type_of(inner) for inner in declared.fields}))
    if declared.type is FieldType.CHOICE:
        one = Type("text", choices=tuple(choice.value for choice in declared.choices))
        return list_of(one) if declared.several else one
    kind = _TYPES[declared.type]
    # A box that nobody has to tick says "no" when it is empty, as an optional number or text says nothing.
    return Type(kind.name, is_optional=declared.type is FieldType.YES_NO and not declared.required)


def _value(given: Any, kind: Type) -> Any:
    """The answer in the type of its field, from a form's value or from stored JSON; else the type's empty value."""
    if kind.name == "list":
        rows = given if isinstance(given, list | tuple) else ()
        return [_value(row, kind.item) for row in rows[:ROWS]] if kind.item is not None else []
    if kind.name == "row":
        row = given if isinstance(given, Mapping) else {}
        return {name: _value(row.get(name), inner) for name, inner in kind.fields.items()}
    if given is None or given == "":
        return _EMPTY[kind.name]
    try:
        return _CONVERSIONS[kind.name](given)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        return _EMPTY[kind.name]


def _to_time(given: Any) -> datetime:
    if isinstance(given, str):
        given = datetime.fromisoformat(given) if "T" in given else date.fromisoformat(given)
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    return datetime.combine(given, time(), tzinfo=UTC)


def _to_bool(given: Any) -> bool:
    return given is True or given in ("true", "yes", "True", "1", 1)


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "bool": _to_bool,
    "int": lambda given: int(Decimal(str(given))),
    "double": lambda given: float(Decimal(str(given))),
    "text": lambda given: unicodedata.normalize("NFC", str(given)),
    "time": _to_time,
}


def _sample(schema: Schema) -> Facts:
    """Facts of the right types, one row in each group: the expression is run once when it is compiled."""
    return {root: _sample_of(kind) for root, kind in schema.items()}


def _sample_of(kind: Type) -> Any:
    if kind.name == "row":
        return {name: _sample_of(inner) for name, inner in kind.fields.items()}
    if kind.name == "list":
        return [_sample_of(kind.item)] if kind.item is not None else []
    return {"bool": True, "int": 1, "double": 1.0, "text": "1", "time": "2025-01-01"}[kind.name]


def _total(numbers: list[Any]) -> Any:
    # Areas have at most a few decimals: rounding undoes what binary fractions add, so that 0.1 + 0.2 equals 0.3.
    found = sum(numbers)
    return round(found, 6) if isinstance(found, float) else found


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "total": _total,
    "least": min,
    "greatest": max,
    "length": len,
    "lower": lambda text: unicodedata.normalize("NFC", text).lower(),
}
