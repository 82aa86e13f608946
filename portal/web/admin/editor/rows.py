"""A question with any number of rows, each of which is an entry of its own; works by buttons that send the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.core.text import lowered
from portal.web.admin.editor.questions import ABSENT, Absent, Path, Question, dig, laid_over
from portal.web.fields import BaseForm, HiddenField
from portal.web.translation import Words
from portal.web.translation import gettext as _

MOST_ROWS = 60
KEY = "#"
"""`at` of the question that asks for the key of a row in a mapping."""


class RowCount(HiddenField):
    """How many rows there are. What is wrong with all of them together, or that there is none, is said here."""

    def __init__(self, *, thing: Words, **given: Any) -> None:
        super().__init__(**given)
        self.thing = thing

    @property
    def error(self) -> str | None:
        return str(self.errors[0]) if self.errors else None

    @property
    def error_id(self) -> str:
        return str(self.name).removesuffix("-rows")

    @property
    def wanted(self) -> str:
        return _("Thêm %(thing)s", thing=lowered(str(self.thing)))


@dataclass(frozen=True)
class Rows(Question):
    """A list of entries, or with `keyed` a mapping: then the first question is of the key.

    `alone`: a list of one may be written without being a list.
    """

    questions: tuple[Question, ...] = ()
    row_name: Words = ""
    keyed: bool = False
    alone: bool = False

    def inputs(self, name: str, value: Any, typed: Mapping[str, Any] | None) -> dict[str, Any]:
        items = self._items(value)
        if typed is None:
            was = list(range(len(items)))
        else:
            was = [_number(typed.get(f"{name}-{row}-was")) for row in range(_rows_in(typed, name))]
        made: dict[str, Any] = {f"{name}-rows": RowCount(default=str(len(was)), thing=self.label)}
        for row, number in enumerate(was):
            item = items[number] if 0 <= number < len(items) else (ABSENT, ABSENT)
            made[f"{name}-{row}-was"] = HiddenField(default=str(number))
            for question in self.questions:
                made |= question.inputs(self._name(name, row, question), self._value(item, question), typed)
        return made

    def answer(self, form: BaseForm, name: str, before: Any) -> Any:
        items = self._items(before)
        rows = []
        for row in range(_number(form._fields[f"{name}-rows"].data)):
            number = _number(form._fields[f"{name}-{row}-was"].data)
            item = items[number] if 0 <= number < len(items) else (ABSENT, ABSENT)
            answered = self._answered(form, name, row, item)
            if answered is not None:
                rows.append(answered)
        if rows == items:
            return before
        if self.keyed:
            return {str(key): part for key, part in rows if not isinstance(key, Absent)} or ABSENT
        parts = [part for _key, part in rows]
        if self.alone and len(parts) == 1 and not isinstance(before, list):
            return parts[0]
        return parts or ABSENT

    def targets(self, name: str, path: Path, value: Any) -> Iterator[tuple[Path, str]]:
        for row, item in enumerate(self._items(value)):
            own = (*path, item[0] if self.keyed else row)
            for question in self.questions:
                inner = own if question.at == KEY else (*own, *question.keys)
                yield from question.targets(self._name(name, row, question), inner, self._value(item, question))
        yield path, f"{name}-rows"

    def shown(self, form: BaseForm, name: str) -> Markup:
        count = _number(form._fields[f"{name}-rows"].data)
        rows = [
            {
                "number": row,
                "was": form._fields[f"{name}-{row}-was"],
                "questions": [question.shown(form, self._name(name, row, question)) for question in self.questions],
            }
            for row in range(count)
        ]
        macro: Any = current_app.jinja_env.get_template("admin/editor/rows.html").module
        count_field = form._fields[f"{name}-rows"]
        shown: Markup = macro.rows(self, name, count_field, rows, count >= MOST_ROWS, self.questions_are_short)
        return shown

    @property
    def questions_are_short(self) -> bool:
        """All of a row may stand in one line."""
        return len(self.questions) == 1 or (len(self.questions) == 2 and self.keyed)

    def _name(self, name: str, row: int, question: Question) -> str:
        return f"{name}-{row}-{'key' if question.at == KEY else question.slug}"

    def _items(self, value: Any) -> list[tuple[Any, Any]]:
        if self.keyed:
            return list(value.items()) if isinstance(value, Mapping) else []
        if isinstance(value, list):
            return list(enumerate(value))
        return [(0, value)] if self.alone and not isinstance(value, Absent) else []

    def _value(self, item: tuple[Any, Any], question: Question) -> Any:
        return item[0] if question.at == KEY else dig(item[1], question)

    def _answered(self, form: BaseForm, name: str, row: int, item: tuple[Any, Any]) -> tuple[Any, Any] | None:
        """Key and value of the row, or None when nothing is in it."""
        key, answers = item[0], []
        for question in self.questions:
            answer = question.answer(form, self._name(name, row, question), self._value(item, question))
            if question.at == KEY:
                key = answer
            else:
                answers.append((question, answer))
        part = laid_over(item[1], answers)
        is_empty = isinstance(part, Absent) or part == {}
        if self.keyed:
            return None if is_empty and isinstance(key, Absent) else (key, {} if is_empty else part)
        return None if is_empty else (key, part)


def rearranged(sent: MultiDict[str, Any]) -> MultiDict[str, Any] | None:
    """What was sent with a row added, removed or moved, as the pressed button says; None when it was none of these."""
    for doing in ("add", "remove", "up", "down"):
        pressed = str(sent.get(f"row-{doing}", ""))
        if pressed:
            name, _dash, row = pressed.rpartition("-") if doing != "add" else (pressed, "", "0")
            return _rearranged(sent, name, _number(row), doing)
    return None


def _rearranged(sent: MultiDict[str, Any], name: str, row: int, doing: str) -> MultiDict[str, Any]:
    rows = [_row(sent, name, number) for number in range(_rows_in(sent, name))]
    if doing == "add" and len(rows) < MOST_ROWS:
        rows.append({"was": ["-1"]})
    elif doing == "remove" and row < len(rows):
        del rows[row]
    elif doing in ("up", "down"):
        other = row + (-1 if doing == "up" else 1)
        if 0 <= row < len(rows) and 0 <= other < len(rows):
            rows[row], rows[other] = rows[other], rows[row]
    made: MultiDict[str, Any] = MultiDict()
    for key, values in sent.lists():
        if not _is_of_a_row(key, name) and not key.startswith("row-"):
            made.setlist(key, values)
    made[f"{name}-rows"] = str(len(rows))
    for number, parts in enumerate(rows):
        for part, values in parts.items():
            made.setlist(f"{name}-{number}-{part}", values)
    return made


def _row(sent: MultiDict[str, Any], name: str, number: int) -> dict[str, list[Any]]:
    head = f"{name}-{number}-"
    return {key[len(head) :]: values for key, values in sent.lists() if key.startswith(head)}


def _is_of_a_row(key: str, name: str) -> bool:
    head, _dash, rest = key.removeprefix(f"{name}-").partition("-")
    return key.startswith(f"{name}-") and head.isdigit() and bool(rest)


def _rows_in(sent: Mapping[str, Any], name: str) -> int:
    return min(_number(sent.get(f"{name}-rows")), MOST_ROWS)


def _number(typed: Any) -> int:
    text = str(typed)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1 if text.startswith("-") else 0
