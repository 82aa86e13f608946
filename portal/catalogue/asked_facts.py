"""What a procedure's conditions speak about: the answers that a trial needs, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue import located
from portal.catalogue.condition_checking import drafted_fields
from portal.catalogue.expansion import expand
from portal.catalogue.types import Field, Procedure
from portal.workflow.definition import Action, Condition, Process, Step

_NAMED = re.compile(r"\b(form|applicant|record)\.(\w+)")


@dataclass(frozen=True)
class AskedFacts:
    """The fields of the form, each without its condition and not required, and what else is asked of a record."""

    fields: tuple[Field, ...]
    applicant: frozenset[str]
    record: frozenset[str]


def asked_facts(procedure: Procedure) -> AskedFacts:
    """The facts that decide the way of a record, its fees, and how long its result is valid."""
    named = {pair for source in _sources(procedure) for pair in _NAMED.findall(source)}
    wanted = {name for root, name in named if root == "form"}
    wanted |= {action.decide_each for action in _actions(procedure.process) if action.decide_each}
    wanted |= {one.each for one in (procedure.result, *procedure.further_results) if one.each}
    fields = (field for page in procedure.pages for field in page.fields if field.id in wanted)
    return AskedFacts(
        fields=tuple(_freely(field) for field in fields),
        applicant=frozenset(name for root, name in named if root == "applicant"),
        record=frozenset(name for root, name in named if root == "record"),
    )


def drafted_facts(written: str, file: str) -> AskedFacts:
    """What the process of a text asks that may have mistakes: what cannot be read of it is left out."""
    data = located.plain(expand(located.read(written, file)[0], []))
    named = {pair for text in _texts(data.get("process")) for pair in _NAMED.findall(text)}
    return AskedFacts(
        fields=tuple(field for field in drafted_form(written, file) if ("form", field.id) in named),
        applicant=frozenset(name for root, name in named if root == "applicant"),
        record=frozenset(name for root, name in named if root == "record"),
    )


def drafted_form(written: str, file: str) -> tuple[Field, ...]:
    """All fields of the form of such a text, each without its condition and not required."""
    pages = located.plain(expand(located.read(written, file)[0], [])).get("pages")
    return tuple(_freely(field) for field in drafted_fields(pages if isinstance(pages, dict) else {}))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _freely(field: Field) -> Field:
    return replace(field, required=False, when=None, fields=tuple(_freely(part) for part in field.fields))


def _sources(procedure: Procedure) -> Iterator[str]:
    process, result = procedure.process, procedure.result
    yield from (condition.source for condition in process.conditions.values())
    for action in _actions(process):
        conditions = [action.when, *(branch.when for branch in action.branches)]
        yield from (condition.source for condition in conditions if condition is not None)
        yield from (branch.each.source for branch in action.branches if branch.each is not None)
    yield from (step.at.field for step in process.steps.values() if step.at.field)
    timers = (timer for step in process.steps.values() for timer in step.timers)
    yield from (timer.day.source for timer in timers if timer.day is not None)
    recipients = [*procedure.copies_to, *(one.report_to for one in _actions(process) if one.report_to)]
    yield from (one.when.source for one in recipients if one.when is not None)
    yield from (one.at.field for one in recipients if one.at.field)
    months = (one.validity_months for one in (result, *procedure.further_results))
    reduced = (part for fee in procedure.fees for one in fee.reductions for part in (one.when, one.amount))
    amounts = (part for fee in procedure.fees for part in (fee.amount, fee.exempt_if, fee.refund_if))
    further = (one.when for one in procedure.further_results)
    yield from (asked.source for asked in (*months, *amounts, *reduced, *further) if isinstance(asked, Condition))


def _actions(process: Process) -> Iterator[Action]:
    yield from process.always
    for step in process.steps.values():
        yield from _of_step(step)


def _of_step(step: Step) -> Iterator[Action]:
    yield from step.actions
    yield from (timer.action for timer in step.timers if timer.action is not None)
