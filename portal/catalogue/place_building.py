"""Where a step is done, and the rows of an answer that branches and decisions are for: read with every mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.catalogue import schema
from portal.catalogue.expressions import Type, row_of
from portal.catalogue.reading import Path, Reading, text_or_none
from portal.workflow.definition import At, Condition, Post, Recipient, Where
from portal.workflow.splits import Each

_NEEDED: Mapping[Where, tuple[str, ...]] = {
    Where.PLACE: ("level", "function"),
    Where.EXTERNAL: ("level", "function"),
    Where.FIELD: ("field", "function"),
    Where.EACH: ("level", "function"),
    Where.RECEIVED: ("function",),
    Where.RETURN: ("function",),
}


def place(reading: Reading, part: schema.AtPart, path: Path) -> At:
    """The place of a step. Of a body without accounts the level and function are those of who enters its answer."""
    at = _found(reading, part, path, needs_more=part.entered_by is None)
    office = part.entered_by or part
    return replace(
        at,
        level=office.level,
        function=office.function,
        by_level=tuple((level, Post(post.function, post.role, post.within)) for level, post in part.by_level.items()),
    )


def _found(reading: Reading, part: schema.WherePart, path: Path, *, needs_more: bool = True) -> At:
    for name in _NEEDED.get(part.where, ()) if needs_more else ():
        if getattr(part, name) is None:
            reading.find(path, "missing_key", name=name)
    if part.field is not None:
        _check_field(reading, part.field, (*path, "field"))
    return At(
        where=part.where,
        level=part.level,
        function=part.function,
        within=part.within,
        field=part.field,
        body=text_or_none(part.body),
    )


def recipient(reading: Reading, part: schema.RecipientPart, path: Path) -> Recipient:
    """Who receives a copy. A body without accounts needs only its name: the clerk sends it there by post."""
    if part.where not in _RECEIVES:
        reading.find((*path, "where"), "not_one_of", name="where", expected=", ".join(_RECEIVES))
    if part.where is Where.EXTERNAL and part.body is None:
        reading.find(path, "missing_key", name="body")
    is_outside = part.where is Where.EXTERNAL
    at = At(Where.EXTERNAL, body=text_or_none(part.body)) if is_outside else _found(reading, part, path)
    return Recipient(at, reading.compiled(part.when, (*path, "if")))


_RECEIVES = (Where.PLACE, Where.FIELD, Where.RECEIVED, Where.EXTERNAL)


def each_of(reading: Reading, part: schema.TargetPart, path: Path) -> Each | None:
    """The values of a target that opens once for each: `form.periods.commune`, of the rows for which `if` holds."""
    if part.each is None:
        return None
    group, _, column = part.each.removeprefix("form.").partition(".")
    row = _row(reading, group)
    if row is None or column not in row:
        names = row if row is not None else reading.schema["form"].fields
        reading.unknown((*path, "each"), "unknown_condition_field", part.each, names)
        return None
    condition = reading.compiled(part.when, (*path, "if"), scope={**reading.schema, "row": row_of(row)})

    def values(facts: Mapping[str, Any]) -> tuple[str, ...]:
        rows = facts.get("form", {}).get(group) or ()
        named = [str(row[column]) for row in rows if row.get(column) and _holds(condition, facts, row)]
        return tuple(dict.fromkeys(named))

    return Each(f"each {part.each} if {part.when}" if part.when else f"each {part.each}", values)


def check_group(reading: Reading, name: str, path: Path) -> str:
    """The id of the repeating answer that is named."""
    group = name.removeprefix("form.")
    if _row(reading, group) is None:
        reading.unknown(path, "unknown_condition_field", name, reading.schema["form"].fields)
    return group


def check_fields(reading: Reading, names: list[str], path: Path) -> tuple[str, ...]:
    """The ids of the fields of the form that an action puts right. Where the matter lies is not among them: it has
    decided whose record this is.
    """
    for at, name in enumerate(names):
        _check_field(reading, name, (*path, at))
        if f"form.{name}" == reading.data.get("place_field"):
            reading.find((*path, at), "corrects_place", name=name)
    return tuple(names)


def _check_field(reading: Reading, name: str, path: Path) -> None:
    fields = reading.schema["form"].fields
    if name.removeprefix("form.") not in fields:
        reading.unknown(path, "unknown_condition_field", name, fields)


def _row(reading: Reading, group: str) -> Mapping[str, Type] | None:
    kind = reading.schema["form"].fields.get(group)
    return kind.item.fields if kind is not None and kind.item is not None and kind.item.name == "row" else None


def _holds(condition: Condition | None, facts: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return condition is None or bool(condition.test({**facts, "row": row}))
