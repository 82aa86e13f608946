"""Answers that an action puts right: its form asks them, filled with what they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.records.corrections import correctable
from portal.records.desk import Desk
from portal.web.official.action_fields import form_field
from portal.web.official.action_forms import ActionForm
from portal.workflow.definition import Action

_NOT_HERE = (FieldType.GROUP, FieldType.UNIT)
"""Rows and places are not put right on the page of an action."""


def corrected_fields(desk: Desk, action: Action) -> tuple[Field, ...]:
    """The answers that the action puts right, as far as this record has them."""
    fields = correctable(desk.grounds.procedure, action, desk.file.record.answers)
    return tuple(field for field in fields if field.type not in _NOT_HERE)


def correcting_form(made: type[ActionForm], fields: Iterable[Field]) -> type[ActionForm]:
    """The form with an input for each answer, before the others."""
    asked = tuple(fields)
    inputs: dict[str, Any] = {field.id: form_field(field) for field in asked}
    inputs["asked"] = (*(field.id for field in asked), *made.asked)
    return type("CorrectingFormOfAction", (made,), inputs)


def answers_now(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs show."""
    return {field.id: _value(field, answers[field.id]) for field in fields if answers.get(field.id) not in (None, "")}


def _value(field: Field, kept: Any) -> Any:
    if field.type is FieldType.DATE:
        return date.fromisoformat(str(kept))
    if field.type in (FieldType.DECIMAL, FieldType.INTEGER, FieldType.MONEY):
        number = Decimal(str(kept))
        return number if field.type is FieldType.DECIMAL else int(number)
    return kept
