"""A part of a definition as a page: which questions it asks, what its answers change, where its mistakes are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.catalogue.findings import Finding
from portal.catalogue.source import Path, Source
from portal.core.text import composed
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor.questions import Group, Question, dig, laid_over
from portal.web.fields import BaseForm, HiddenField
from portal.web.languages import current_language
from portal.web.translation import Words

ANY = "*"
"""In a pattern: any name, or the number of an item."""

ROOT = "the"
"""In addresses: the definition itself."""


@dataclass(frozen=True)
class Part:
    """An entry that has a page of its own. `section` is the page that lists it, `heading` what it is called there.

    `more` are groups of questions that depend on the rest of the definition; `beside` is a template printed below the
    form, and `tell` what it is told.
    """

    pattern: tuple[str, ...]
    section: str
    heading: Callable[[Path, Any], str]
    groups: tuple[Group, ...] = ()
    more: Callable[[Source], tuple[Group, ...]] | None = None
    beside: str = ""
    tell: Callable[[OpenedDraft, Path], Mapping[str, Any]] | None = None

    def matches(self, path: Path) -> bool:
        return _fits(self.pattern, path)

    def asked(self, entry: Any, source: Source | None) -> list[tuple[Words, list[Question]]]:
        """The groups with the questions that this entry of the definition is asked."""
        more = self.more(source) if self.more is not None and source is not None else ()
        groups = [(group.heading, group.asked(entry)) for group in (*self.groups, *more)]
        return [(heading, questions) for heading, questions in groups if questions]


@dataclass(frozen=True)
class Collection:
    """Where entries are added.

    `questions` are asked of a new one, `more` those that depend on the rest; `beginning` is what it has beside the
    answers; `shown` is the heading of the list on the page of what has it; `names_it` is the text that its id is made
    from, "" for items of a list; `prepared` makes room for it.
    """

    pattern: tuple[str, ...]
    section: str
    heading: Words
    questions: tuple[Question, ...]
    shown: Words = ""
    names_it: str = ""
    beginning: Mapping[str, Any] | None = None
    more: Callable[[Source], tuple[Question, ...]] | None = None
    prepared: Callable[[Source, Path], Source] | None = None

    def matches(self, path: Path) -> bool:
        return _fits(self.pattern, path)

    def asked(self, source: Source | None) -> tuple[Question, ...]:
        """What a new entry of the definition is asked."""
        return (*self.questions, *(self.more(source) if self.more is not None and source is not None else ()))


class PartForm(BaseForm):
    """The questions of a part. Their inputs are named q-key."""

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        typed = str(self.revision.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def renew(self, revision: int) -> None:
        """What comes back from this page answers this state of the draft."""
        self.revision.data = str(revision)


def part_form(
    questions: Iterable[Question], entry: Any, *, revision: int, typed: MultiDict[str, Any] | None
) -> PartForm:
    """The form as the entry fills it in, or as it was sent."""
    inputs: dict[str, Any] = {}
    for question in questions:
        inputs |= question.inputs(name_of(question), dig(entry, question), typed)
    made = type("FormOfAPart", (PartForm,), inputs)(formdata=typed, data={"revision": str(revision)})
    return cast(PartForm, made)


def name_of(question: Question) -> str:
    return f"q-{question.slug}"


def answered(questions: Iterable[Question], form: PartForm, entry: Any) -> Any:
    """The entry with what the form says."""
    asked = list(questions)
    return laid_over(entry, [(one, one.answer(form, name_of(one), dig(entry, one))) for one in asked])


def shown_groups(groups: Iterable[tuple[Words, Iterable[Question]]], form: PartForm) -> list[tuple[str, list[Markup]]]:
    """The questions as they stand on the page, by group."""
    return [(str(heading), [one.shown(form, name_of(one)) for one in questions]) for heading, questions in groups]


def show_findings(
    form: PartForm, findings: Iterable[Finding], questions: Iterable[Question], *, path: Path, entry: Any
) -> None:
    """Put each mistake of the part at the input that answers for its place, else above the form. Those of entries that
    have a page of their own are left to it."""
    asked = list(questions)
    targets = [
        target
        for question in asked
        for target in question.targets(name_of(question), (*path, *question.keys), dig(entry, question))
    ]
    for finding in findings:
        if finding.path[: len(path)] != path:
            continue
        name = _target(finding, targets)
        if name is not None:
            field = form._fields[name]
            field.errors = [*field.errors, _sentence(finding, field)]
        elif len(finding.path) <= len(path) + bool(path):
            form.form_errors.append(finding.in_language(current_language()))


def count_within(findings: Iterable[Finding], path: Path) -> int:
    """How many mistakes are in the entry at the path, and in what it has."""
    return sum(finding.path[: len(path)] == path for finding in findings)


def address_of(path: Path) -> str:
    """A path as it stands in an address."""
    return "/".join(map(str, path)) or ROOT


def path_in(source: Source | None, where: str) -> Path:
    """The path that an address says; numbers are numbers where the definition has a list."""
    made: list[str | int] = []
    for part in where.split("/") if where != ROOT else ():
        is_item = part.isascii() and part.isdigit() and len(part) < 5
        is_list = source is not None and isinstance(source.get(tuple(made)), list)
        made.append(int(part) if is_item and is_list else part)
    return tuple(made)


def sent() -> MultiDict[str, Any] | None:
    """What was typed, composed; None when the page is only opened."""
    if request.method != "POST":
        return None
    return MultiDict((key, composed(value)) for key, values in request.form.lists() for value in values)


def _target(finding: Finding, targets: list[tuple[Path, str]]) -> str | None:
    missing = (*finding.path, str(finding.values.get("name", ""))) if finding.kind == "missing_key" else finding.path
    for wanted in (missing, finding.path):
        for length in range(len(wanted), 0, -1):
            for place, name in targets:
                if place == wanted[:length]:
                    return name
    return next((name for place, name in targets if missing and place[: len(missing)] == missing), None)


def _sentence(finding: Finding, field: Any) -> str:
    if finding.kind == "missing_key" and hasattr(field, "wanted"):
        return str(field.wanted)
    return finding.in_language(current_language())


def _fits(pattern: tuple[str, ...], path: Path) -> bool:
    return len(pattern) == len(path) and all(want in (ANY, part) for want, part in zip(pattern, path, strict=True))


def each(source: Source, path: Path) -> Iterator[tuple[Path, Any]]:
    """The entries of the mapping or list at the path."""
    value = source.get(path)
    for key, part in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield (*path, key), part
