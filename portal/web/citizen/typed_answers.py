"""Answers between page and draft: what was typed is kept as it was typed, and shown again so, right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.catalogue.types import Field, FieldType
from portal.core.text import composed
from portal.core.wording import number
from portal.records.answer_words import FIGURES
from portal.web.fields import DateField

MOST_ROWS = 50
"""Of a repeating group: what a page can hold and a condition looks at."""

TYPED = "typed"
"""Marks what was typed for a number and is none, so that nobody takes `1e999999999` for one later."""


def rows_name(name: str) -> str:
    """The hidden input that says how many rows of a group the page shows."""
    return f"{name}-rows"


def part_name(name: str, index: int, part: str) -> str:
    """The input of one answer in a row. Faults of rows are named the same way (records.answers)."""
    return f"{name}-{index}-{part}"


def rows_in(name: str, typed: MultiDict[str, Any]) -> int:
    """How many rows of the group were on the page that was sent."""
    said = typed.get(rows_name(name), "")
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def as_typed(fields: Iterable[Field], answers: Mapping[str, Any], *, language: str) -> MultiDict[str, Any]:
    """Kept answers as a browser would send them: the form of a page is always made from what was typed."""
    typed: MultiDict[str, Any] = MultiDict()
    for field in fields:
        if field.type is FieldType.GROUP:
            _type_rows(typed, field, answers.get(field.id), language)
        else:
            _type(typed, field.id, field, answers.get(field.id), language)
    return typed


def retype(typed: MultiDict[str, Any], group: Field, answers: Mapping[str, Any], *, language: str) -> None:
    """Let the rows of a group be those of the answers."""
    for name in [name for name in typed if name.startswith(f"{group.id}-")]:
        del typed[name]
    typed.update(as_typed([group], answers, language=language))


def _type_rows(typed: MultiDict[str, Any], field: Field, rows: Any, language: str) -> None:
    known = [row for row in rows if isinstance(row, Mapping)][:MOST_ROWS] if isinstance(rows, list) else []
    shown = known or ([{}] if field.required else [])
    typed[rows_name(field.id)] = str(len(shown))
    for index, row in enumerate(shown):
        for part in field.fields:
            _type(typed, part_name(field.id, index, part.id), part, row.get(part.id), language)


def _type(typed: MultiDict[str, Any], name: str, field: Field, value: Any, language: str) -> None:
    if value is None or value == "":
        return
    if field.type is FieldType.DATE:
        for part, figures in zip(("day", "month", "year"), _day_parts(str(value)), strict=True):
            typed[f"{name}-{part}"] = figures
    elif field.type is FieldType.YES_NO:
        if field.required or value is True:
            typed[name] = "yes" if value is True else "no"
    elif isinstance(value, Mapping):
        typed[name] = str(value.get(TYPED, ""))
    elif isinstance(value, list):
        typed.setlist(name, [str(one) for one in value])
    elif field.type in FIGURES and field.kind != "year":
        typed[name] = number(Decimal(str(value)), language=language)
    else:
        typed[name] = str(value)


def _day_parts(value: str) -> list[str]:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return [*value.split("/"), "", "", ""][:3]
    return [str(day.day), str(day.month), str(day.year)]


def to_keep(field: Any) -> Any:
    """What the draft keeps of one input: the answer, else exactly what was typed."""
    if field.process_errors:
        return "/".join(field.typed) if isinstance(field, DateField) else {TYPED: composed(field.shown_value())}
    if isinstance(field.data, Decimal):
        return str(field.data)
    if isinstance(field.data, date):
        return field.data.isoformat()
    return field.data
