"""What a page of the editor asks: each question knows its place in the entry, its input, and what it writes there."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from portal.web.admin.editor.inputs import (
    CodeInput,
    DayInput,
    LongTextInput,
    ManyInput,
    NumberInput,
    PickInput,
    TextInput,
    WholeInput,
)
from portal.web.fields import BaseForm, CheckField
from portal.web.translation import Words
from portal.web.translation import gettext as _

Path = tuple[str | int, ...]


_THOUSANDS = re.compile(r"(?<![\w.])[1-9]\d{0,2}(?:[. ]\d{3})+(?![\w.])", re.ASCII)


class Absent:
    """The key is not written."""


ABSENT: Final = Absent()

Choices = Sequence[tuple[str, Words]]


@dataclass(frozen=True)
class Question(ABC):
    """`at` is the key in the entry, "term.value" a key in a key, "" the entry itself.

    `only` names the types of a form's field that it is asked of; when something is written there, it is asked anyway.
    """

    at: str
    label: Words
    hint: Words = ""
    optional: bool = True
    only: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.at.split(".")) if self.at else ()

    @property
    def slug(self) -> str:
        return "-".join(self.keys) or "value"

    @abstractmethod
    def inputs(self, name: str, value: Any, typed: Mapping[str, Any] | None) -> dict[str, Any]:
        """The inputs by name; `typed` is what was sent, or None."""

    @abstractmethod
    def answer(self, form: BaseForm, name: str, before: Any) -> Any:
        """What is to be written, ABSENT for nothing. What was not touched stays as it was written."""

    def targets(self, name: str, path: Path, value: Any) -> Iterator[tuple[Path, str]]:
        """Which input answers for which place of the definition."""
        yield path, name

    def shown(self, form: BaseForm, name: str) -> Markup:
        """The question as it stands on the page."""
        shown: Markup = input_of(form, name)()
        return shown


def input_of(form: BaseForm, name: str) -> Any:
    return form._fields[name]


@dataclass(frozen=True)
class Single(Question):
    """A question with one input."""

    def inputs(self, name: str, value: Any, typed: Mapping[str, Any] | None) -> dict[str, Any]:
        return {name: self.input(default=self.data_of(value), hint=self.hint or None, required=not self.optional)}

    def input(self, **given: Any) -> Any:
        return TextInput(self.label, max_length=600, **given)

    def data_of(self, value: Any) -> Any:
        """What the input holds for what is written."""
        return "" if isinstance(value, Absent) or value is None else str(value)

    def written(self, data: Any) -> Any:
        """What is written for what the input holds."""
        return data if data not in ("", None) else ABSENT

    def answer(self, form: BaseForm, name: str, before: Any) -> Any:
        field = input_of(form, name)
        shown = self.data_of(before)
        same = field.data == (field.cleaned(shown) if hasattr(field, "cleaned") and isinstance(shown, str) else shown)
        return before if same else self.written(field.data)


@dataclass(frozen=True)
class Text(Single):
    """`suggests` are offered while somebody types."""

    width: int | None = None
    suggests: Choices = ()

    def input(self, **given: Any) -> Any:
        return TextInput(self.label, max_length=600, width=self.width, suggestions=self.suggests, **given)


@dataclass(frozen=True)
class Condition(Single):
    """A CEL expression."""

    def input(self, **given: Any) -> Any:
        return CodeInput(self.label, rows=2, max_length=2000, **given)


@dataclass(frozen=True)
class Amount(Single):
    """A whole number, or an expression. Thousands are parted as people write them: 20.000 * form.m2."""

    def input(self, **given: Any) -> Any:
        return CodeInput(self.label, rows=1, max_length=2000, **given)

    def written(self, data: Any) -> Any:
        joined = _THOUSANDS.sub(lambda found: re.sub(r"[. ]", "", found[0]), str(data or ""))
        return int(joined) if re.fullmatch(r"\d+", joined, re.ASCII) else super().written(joined)


@dataclass(frozen=True)
class Whole(Single):
    suffix: Words | None = None

    def input(self, **given: Any) -> Any:
        return WholeInput(self.label, suffix=self.suffix, **given)

    def data_of(self, value: Any) -> Any:
        return int(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Number(Single):
    suffix: Words | None = None

    def input(self, **given: Any) -> Any:
        return NumberInput(self.label, suffix=self.suffix, **given)

    def data_of(self, value: Any) -> Any:
        return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None

    def written(self, data: Any) -> Any:
        if data is None:
            return ABSENT
        return int(data) if data == int(data) else data


@dataclass(frozen=True)
class Pick(Single):
    """One of a list. What is written and not in the list stays choosable: nothing changes by being looked at."""

    choices: Choices = ()
    default: str = ""

    def inputs(self, name: str, value: Any, typed: Mapping[str, Any] | None) -> dict[str, Any]:
        known = [choice for choice, _words in self.choices]
        own = self.data_of(value)
        choices = list(self.choices) + ([(own, own)] if own and own not in known else [])
        given = {"hint": self.hint or None, "required": not self.optional or bool(self.default)}
        return {name: PickInput(self.label, default=own, choices=choices, **given)}

    def data_of(self, value: Any) -> Any:
        return super().data_of(value) or self.default


@dataclass(frozen=True)
class Tick(Single):
    default: bool = False

    def input(self, **given: Any) -> Any:
        return CheckField(self.label, **{**given, "required": False})

    def data_of(self, value: Any) -> Any:
        return value if isinstance(value, bool) else self.default

    def written(self, data: Any) -> Any:
        return bool(data) if bool(data) != self.default else ABSENT


@dataclass(frozen=True)
class Many(Single):
    """Any number of a list."""

    choices: Choices = ()
    default: tuple[str, ...] = ()

    def input(self, **given: Any) -> Any:
        return ManyInput(self.label, choices=self.choices, **{**given, "required": True})

    def data_of(self, value: Any) -> Any:
        written = value if isinstance(value, list) else list(self.default)
        return [choice for choice, _words in self.choices if choice in written]

    def written(self, data: Any) -> Any:
        return list(data) if data and tuple(data) != self.default else ABSENT


@dataclass(frozen=True)
class Lines(Single):
    """A list of words, one a line."""

    rows: int = 3

    def input(self, **given: Any) -> Any:
        return LongTextInput(self.label, rows=self.rows, **given)

    def data_of(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else ""

    def written(self, data: Any) -> Any:
        return [line.strip() for line in str(data).split("\n") if line.strip()] or ABSENT


@dataclass(frozen=True)
class Day(Single):
    def input(self, **given: Any) -> Any:
        return DayInput(self.label, **given)

    def data_of(self, value: Any) -> Any:
        return DayInput.day_of(value)

    def written(self, data: Any) -> Any:
        return data.isoformat() if data else ABSENT


@dataclass(frozen=True)
class Both(Question):
    """A text in both languages. `same`: a text alone may stand for both."""

    rows: int = 1
    same: bool = False

    def inputs(self, name: str, value: Any, typed: Mapping[str, Any] | None) -> dict[str, Any]:
        said = self._said(value)
        hints = {"vi": self.hint or None, "en": None}
        labels = {"vi": self.label, "en": _("%(label)s, bằng tiếng Anh", label=str(self.label))}
        return {
            f"{name}-{language}": self._input(
                labels[language], default=said[language], hint=hints[language], required=not self.optional
            )
            for language in ("vi", "en")
        }

    def _input(self, label: Words, **given: Any) -> Any:
        if self.rows > 1:
            return LongTextInput(label, rows=self.rows, max_length=600, **given)
        return TextInput(label, max_length=600, **given)

    def _said(self, value: Any) -> dict[str, str]:
        if isinstance(value, Mapping):
            return {language: str(value.get(language) or "") for language in ("vi", "en")}
        return {"vi": value if isinstance(value, str) else "", "en": ""}

    def answer(self, form: BaseForm, name: str, before: Any) -> Any:
        shown = self._said(before)
        typed = {}
        for language in ("vi", "en"):
            box = input_of(form, f"{name}-{language}")
            same = box.data == box.cleaned(shown[language])
            typed[language] = shown[language] if same else box.data
        if typed == shown:
            return before
        if self.same and typed["vi"] and typed["en"] in ("", typed["vi"]) and not isinstance(before, Mapping):
            return typed["vi"]
        return {language: words for language, words in typed.items() if words} or ABSENT

    def targets(self, name: str, path: Path, value: Any) -> Iterator[tuple[Path, str]]:
        yield path, f"{name}-vi"
        yield (*path, "vi"), f"{name}-vi"
        yield (*path, "en"), f"{name}-en"

    def shown(self, form: BaseForm, name: str) -> Markup:
        boxes = [input_of(form, f"{name}-{language}")() for language in ("vi", "en")]
        return Markup('<div class="pair">{}{}</div>').format(*boxes)


@dataclass(frozen=True)
class Group:
    """Questions under a heading."""

    heading: Words
    questions: tuple[Question, ...]

    def asked(self, entry: Any) -> list[Question]:
        """The questions that go with what the entry is, and those that it answers already."""
        kind = entry.get("type") if isinstance(entry, Mapping) else None
        return [
            one for one in self.questions if not one.only or kind in one.only or not isinstance(dig(entry, one), Absent)
        ]


def dig(entry: Any, question: Question) -> Any:
    """What is written for the question in the entry."""
    for key in question.keys:
        if not isinstance(entry, Mapping) or key not in entry:
            return ABSENT
        entry = entry[key]
    return entry


def laid_over(entry: Any, answers: Iterable[tuple[Question, Any]]) -> Any:
    """The entry with the answers; keys that are new stand in the order of the questions."""
    pairs = list(answers)
    order = list(dict.fromkeys(question.keys[0] for question, _answer in pairs if question.keys))
    made: Any = dict(entry) if isinstance(entry, Mapping) else {}
    for question, answer in pairs:
        if not question.keys:
            return answer
        made = _with(made, question.keys, answer)
    return _in_order(made, entry if isinstance(entry, Mapping) else {}, order)


def _with(entry: Any, keys: tuple[str, ...], answer: Any) -> Any:
    """The entry with the answer at the keys; what would be an empty mapping goes."""
    made = dict(entry) if isinstance(entry, Mapping) else {}
    if len(keys) > 1:
        inner = _with(made.get(keys[0]), keys[1:], answer)
        answer = inner if inner or made.get(keys[0]) == {} else ABSENT
    if isinstance(answer, Absent):
        made.pop(keys[0], None)
    else:
        made[keys[0]] = answer
    return made


def _in_order(made: dict[str, Any], before: Mapping[str, Any], order: list[str]) -> dict[str, Any]:
    names = [name for name in before if name in made]
    for name in made:
        if name not in before:
            ahead = order[: order.index(name)] if name in order else list(made)
            names.insert(max((names.index(one) + 1 for one in ahead if one in names), default=0), name)
    return {name: made[name] for name in names}
