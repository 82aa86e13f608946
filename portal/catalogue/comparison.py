"""Two definitions compared in words: what is added, removed, moved or changed, and what of it breaks drafts or records.

Breaking means: an answer, a paper or an open task of the older definition has no place in the newer one, or the newer
one asks for something that the older did not. Who moves records from one version to the other must look there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from portal.catalogue import words
from portal.catalogue.compared_keys import (
    ACTION,
    CARD,
    END,
    FEE,
    FIELD,
    PAPER,
    STEP,
    TERM,
    Attribute,
    always_breaks,
    attribute_of,
)
from portal.catalogue.types import Field, Procedure
from portal.catalogue.words import NOTHING, joined, way_on
from portal.workflow.definition import Action, Step, Text, Timer


class Part(StrEnum):
    """The part of a definition in which something differs, in the order of pages."""

    CARD = "card"
    TERM = "term"
    PAPERS = "papers"
    FEES = "fees"
    FORM = "form"
    STEPS = "steps"
    ACTIONS = "actions"


class Mark(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference. `about` names what of the thing differs; added and removed things have none."""

    part: Part
    mark: Mark
    thing: Text
    about: Text | None = None
    before: Text | None = None
    after: Text | None = None
    breaking: bool = False


def compare(before: Procedure, after: Procedure) -> tuple[Change, ...]:
    """Every difference, part by part in the order of pages; empty when a reader would see none."""
    return tuple(
        [
            *_attributes(Part.CARD, None, before, after, CARD),
            *_attributes(Part.TERM, None, before, after, TERM),
            *_things(Part.PAPERS, _papers(before), _papers(after), PAPER, added=lambda paper: paper.required),
            *_things(Part.FEES, _fees(before), _fees(after), FEE, removed=lambda fee: False),
            *_form(before, after),
            *_process(before, after),
        ]
    )


def _attributes(
    part: Part, thing: Text | None, before: Any, after: Any, attributes: Iterable[Attribute]
) -> Iterator[Change]:
    for attribute in attributes:
        old, new = attribute.value(before), attribute.value(after)
        if old != new:
            yield Change(
                part,
                Mark.CHANGED,
                thing or attribute.about,
                attribute.about if thing is not None else None,
                attribute.words(old),
                attribute.words(new),
                attribute.breaks(old, new),
            )


def _things(
    part: Part,
    before: Mapping[Any, tuple[Text, Any]],
    after: Mapping[Any, tuple[Text, Any]],
    attributes: Iterable[Attribute],
    *,
    added: Callable[[Any], bool] = lambda thing: False,
    removed: Callable[[Any], bool] = lambda thing: True,
) -> Iterator[Change]:
    """Things known by a key: those that came, those that went, what differs, and which stand elsewhere."""
    for key, (name, thing) in before.items():
        if key not in after:
            yield Change(part, Mark.REMOVED, name, breaking=removed(thing))
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    for key, (name, thing) in after.items():
        if key not in before:
            yield Change(part, Mark.ADDED, name, breaking=added(thing))
            continue
        if key in moved:
            yield Change(part, Mark.MOVED, name)
        yield from _attributes(part, name, before[key][1], thing, attributes)


def _moved(before: list[Any], after: list[Any]) -> set[Any]:
    """The fewest things that were taken out and put elsewhere."""
    kept = SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    stayed = {before[block.a + offset] for block in kept for offset in range(block.size)}
    return set(before) - stayed


def _papers(procedure: Procedure) -> dict[str, tuple[Text, Any]]:
    return {paper.id: (paper.name, paper) for paper in procedure.papers}


def _fees(procedure: Procedure) -> dict[Any, tuple[Text, Any]]:
    """An amount is a dated fact: the same line from another day is another one."""
    found = {}
    for fee in procedure.fees:
        since = words.on_day(fee.valid_from)
        dated = Text(f"{fee.name.vi}, từ {since.vi}", f"{fee.name.en}, from {since.en}") if fee.valid_from else fee.name
        found[fee.id, fee.valid_from] = (dated, fee)
    return found


def _fields(fields: Iterable[Field], above: Text | None = None) -> Iterator[tuple[str, tuple[Text, Field]]]:
    for field in fields:
        name = joined((above, field.label), " › ") if above is not None else field.label
        key = field.id if above is None else f"{above.vi}/{field.id}"
        yield key, (name, replace(field, fields=()))
        yield from _fields(field.fields, name)


def _form(before: Procedure, after: Procedure) -> Iterator[Change]:
    pages_before = {page.id: (page.title, page) for page in before.pages}
    pages_after = {page.id: (page.title, page) for page in after.pages}
    title = (attribute_of("title", "Tiêu đề trang", "Title of the page"),)
    yield from _things(Part.FORM, pages_before, pages_after, title, removed=lambda page: False)
    for page in after.pages:
        if page.id in pages_before:
            yield from _checks(page.title, pages_before[page.id][1].checks, page.checks)
    fields_before = dict(_fields(field for page in before.pages for field in page.fields))
    fields_after = dict(_fields(field for page in after.pages for field in page.fields))
    yield from _things(Part.FORM, fields_before, fields_after, FIELD, added=lambda field: field.required)


def _checks(title: Text, before: Iterable[Any], after: Iterable[Any]) -> Iterator[Change]:
    """A check has no name: a changed condition is one that went and one that came."""
    old = {check.condition.source: check for check in before}
    new = {check.condition.source: check for check in after}
    for source, check in old.items():
        if source not in new:
            yield Change(Part.FORM, Mark.REMOVED, _check_name(title, source), before=check.message)
    for source, check in new.items():
        name = _check_name(title, source)
        if source not in old:
            yield Change(Part.FORM, Mark.ADDED, name, after=check.message, breaking=not check.warns)
            continue
        message = (attribute_of("message", "Câu báo", "Message"), attribute_of("warns", "Chỉ nhắc", "Warns only"))
        yield from _attributes(Part.FORM, name, old[source], check, message)


def _check_name(title: Text, source: str) -> Text:
    return Text(f"{title.vi}: kiểm tra {source}", f"{title.en}: check {source}")


def _process(before: Procedure, after: Procedure) -> Iterator[Change]:
    old, new = before.process, after.process
    start = Attribute(Text("Bước đầu tiên", "First step"), lambda process: process.start, always_breaks)
    putting_right = Text("Bước đính chính kết quả", "Step that puts a result right")
    correct = Attribute(putting_right, lambda process: process.correct)
    yield from _attributes(Part.STEPS, None, old, new, (start, correct))
    names = {step.id: step.name for step in (*old.steps.values(), *new.steps.values())}
    timers = Attribute(
        Text("Hẹn giờ", "Timers"),
        lambda step: step.timers,
        words=lambda timers: joined((_ringing(timer, names) for timer in timers), "; ") if timers else NOTHING,
    )
    yield from _things(Part.STEPS, _steps(old.steps), _steps(new.steps), (*STEP, timers))
    ends_before = {name: (_end_name(name), end) for name, end in old.ends.items()}
    ends_after = {name: (_end_name(name), end) for name, end in new.ends.items()}
    yield from _things(Part.STEPS, ends_before, ends_after, END)
    way = Attribute(Text("Đi đến", "Leads to"), _leads, always_breaks, words=lambda action: way_on(action, names))
    yield from _things(Part.ACTIONS, _actions(old.steps, new.steps), _actions(new.steps, old.steps), (*ACTION, way))
    always = Text("Luôn mở", "Always open")
    always_before = {action.id: (joined((always, action.label), " › "), action) for action in old.always}
    always_after = {action.id: (joined((always, action.label), " › "), action) for action in new.always}
    yield from _things(Part.ACTIONS, always_before, always_after, (*ACTION, way))


@dataclass(frozen=True)
class _Way:
    """Where an action leads, and nothing else of it: what is compared."""

    branches: tuple[Any, ...]
    choice: bool
    consults: bool
    proposes: tuple[str, ...]
    joins: str | None
    ends: str | None


def _ringing(timer: Timer, names: dict[str, Text]) -> Text:
    """When a timer rings, what it does and where it leads."""
    said = words.timer_words(timer)
    return joined((said, way_on(timer.action, names)), " → ") if timer.action is not None else said


def _leads(action: Action) -> _Way:
    return _Way(action.branches, action.choice, action.consults, action.proposes, action.joins, action.ends)


def _end_name(name: str) -> Text:
    return Text(f"Kết thúc {name}", f"End {name}")


def _steps(steps: Mapping[str, Step]) -> dict[str, tuple[Text, Step]]:
    return {step.id: (step.name, step) for step in steps.values()}


def _actions(steps: Mapping[str, Step], other: Mapping[str, Step]) -> dict[str, tuple[Text, Action]]:
    """Those of the steps that both processes have: a step that came or went says enough by itself."""
    return {
        f"{step.id}.{action.id}": (joined((step.name, action.label), " › "), action)
        for step in steps.values()
        if step.id in other
        for action in step.actions
    }
