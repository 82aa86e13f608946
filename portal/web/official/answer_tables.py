"""What the applicant declared, page by page, with what a supplement has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.core.text import masked_number
from portal.records.answer_words import said_answer
from portal.records.answers import holds, visible_fields
from portal.records.desk import Desk
from portal.records.facts import facts_of_answers
from portal.units.resolution import Directory
from portal.web.languages import current_language, localized

PERSONAL_NUMBERS = frozenset({"id_number"})


@dataclass(frozen=True)
class Row:
    """One answer. `before` is what stood there before a supplement; `hidden` says that its digits are masked."""

    label: str
    value: str
    before: str | None = None
    hidden: bool = False

    @property
    def is_changed(self) -> bool:
        return self.before is not None


@dataclass(frozen=True)
class Table:
    caption: str
    rows: tuple[Row, ...]

    @property
    def has_changes(self) -> bool:
        return any(row.is_changed for row in self.rows)


def answer_tables(desk: Desk, *, numbers_shown: bool) -> list[Table]:
    """The answers in the order of the form. Identity numbers are masked unless `numbers_shown`."""
    answers = desk.file.record.answers
    facts = facts_of_answers(answers)
    before = _earlier_values(desk)
    tables = []
    for page in desk.grounds.procedure.pages:
        rows = [
            _row(field, answers[field.id], before, desk.grounds.directory, numbers_shown=numbers_shown)
            for field in visible_fields(page, facts)
            if answers.get(field.id) not in (None, "", [])
        ]
        if rows:
            tables.append(Table(localized(page.title), tuple(rows)))
    return tables


def shown_value(field: Field, value: Any, directory: Directory) -> str:
    """An answer in words."""
    if field.type is FieldType.GROUP:
        return "; ".join(_shown_row(field, row, directory) for row in value)
    return said_answer(field, value, directory, language=current_language())


def _row(field: Field, value: Any, before: Mapping[str, Any], directory: Directory, *, numbers_shown: bool) -> Row:
    shown = shown_value(field, value, directory)
    earlier = shown_value(field, before[field.id], directory) if field.id in before else None
    hidden = field.kind in PERSONAL_NUMBERS and not numbers_shown
    if hidden:
        shown, earlier = masked_number(shown), masked_number(earlier) if earlier is not None else None
    return Row(localized(field.label), shown, earlier, hidden)


def _earlier_values(desk: Desk) -> dict[str, Any]:
    """What the fields held that the last answered supplement has changed."""
    answered = [supplement for supplement in desk.file.supplements if supplement.answered_at]
    items: Iterable[Mapping[str, Any]] = answered[-1].items if answered else ()
    return {
        item["id"]: item["before"]
        for item in items
        if item["kind"] == "field" and item.get("before") is not None and "value" in (item["answer"] or {})
    }


def _shown_row(field: Field, row: Mapping[str, Any], directory: Directory) -> str:
    facts = {**facts_of_answers(row), "row": row}
    parts = [
        localized(part.label) if row[part.id] is True else shown_value(part, row[part.id], directory)
        for part in field.fields
        if row.get(part.id) not in (None, "", []) and row[part.id] is not False and holds(part.when, facts)
    ]
    return " ".join(parts[:1]) + (f": {', '.join(parts[1:])}" if parts[1:] else "")
