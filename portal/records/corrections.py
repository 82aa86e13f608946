"""Answers are corrected where a step offers it: by the applicant, who has read a draft, or by the office, which puts
an issued result right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalogue.types import Field, FieldType, Procedure
from portal.core.errors import InvalidInput
from portal.records import statements
from portal.records.answers import Fault, faults_of_page, shown_answers, visible_fields
from portal.records.changes import Change, Situation
from portal.records.facts import facts_of_answers
from portal.workflow.definition import Action, Where


def correctable(procedure: Procedure, action: Action, answers: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that the action lets somebody fill in anew, as far as they are asked of the applicant."""
    facts = facts_of_answers(answers)
    asked = [field for page in procedure.pages for field in visible_fields(page, facts)]
    return tuple(field for field in asked if field.id in action.corrects and field.type is not FieldType.BOOKING)


def correct(situation: Situation, change: Change) -> None:
    """Keep the answers that are other than before. Raises InvalidInput when one does not fit, and when none is: an
    applicant has another button then, while an office may have erred in what it filled in itself.
    """
    before, given = situation.record.answers, situation.answers.form
    fields = correctable(situation.procedure, situation.action, before)
    changed = {field.id: given[field.id] for field in fields if field.id in given and _differs(before, given, field)}
    if not changed and situation.step.at.where is Where.APPLICANT:
        raise InvalidInput("Sửa ít nhất một mục. Nếu mọi mục đã đúng, chọn nút xác nhận.")
    change.details["form"] = changed
    if not changed:
        return
    after = shown_answers(situation.procedure, {**before, **changed})
    fault = next(new_faults(situation.procedure, before, after, today=situation.facts.get("today")), None)
    if fault is not None:
        raise InvalidInput(fault.sentence.vi, field=fault.field)
    change.write(statements.CORRECT_ANSWERS, {"corrected": changed, "wanted": situation.record.id})
    change.details["before"] = {name: before.get(name) for name in changed}


def new_faults(
    procedure: Procedure, before: Mapping[str, Any], after: Mapping[str, Any], *, today: Any
) -> Iterator[Fault]:
    """What was in order must stay so; what was not is not this action's matter."""
    for page in procedure.pages:
        known = faults_of_page(page, before, facts_of_answers(before, today=today))
        for fault in faults_of_page(page, after, facts_of_answers(after, today=today)):
            if fault not in known and not fault.warns:
                yield fault


def _differs(before: Mapping[str, Any], given: Mapping[str, Any], field: Field) -> bool:
    return bool(_plain(before.get(field.id)) != _plain(given[field.id]))


def _plain(value: Any) -> Any:
    """Figures may come as numbers or as text, and what is empty may be left out."""
    if isinstance(value, Mapping):
        return {name: plain for name, one in value.items() if (plain := _plain(one))}
    return [_plain(one) for one in value] if isinstance(value, list) and value else str(value or "")
