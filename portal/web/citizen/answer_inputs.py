"""The input of a field, made from what a definition says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from portal.bookings.slots import Slot
from portal.catalogue.types import Field, FieldType
from portal.units.resolution import Directory
from portal.web.citizen.known_answers import still_known
from portal.web.citizen.known_kinds import LOOKS, YearField, validators_of
from portal.web.citizen.places import PlaceField, place_groups
from portal.web.citizen.slots import SlotField, usual_slots
from portal.web.fields import (
    CheckField,
    ChecksField,
    ChoiceField,
    DateField,
    DecimalField,
    IntegerField,
    LongTextField,
    MoneyField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.fields.choices import MOST_RADIOS
from portal.web.languages import localized
from portal.web.translation import gettext as _

_COMPLETIONS = {
    "applicant.full_name": "name",
    "applicant.birth_date": "bday",
    "applicant.address": "street-address",
    "applicant.phone": "tel",
    "applicant.email": "email",
    "applicant.org_name": "organization",
}


@dataclass(frozen=True)
class Surroundings:
    """What a form needs to know beside its fields. `known`: what the account says, by field."""

    directory: Directory
    language: str
    today: date
    known: Mapping[str, Any] = field(default_factory=dict)
    slots: Sequence[Slot] | None = None
    """When the counter takes visitors; None: of a counter with the usual hours, whose book is empty."""
    has_heading: bool = False
    """Whether the page has a heading of its own: else a question that is alone becomes it."""

    def beside(self, answers: Mapping[str, Any]) -> Surroundings:
        """Only what nobody has changed is still what the account says."""
        return replace(self, known=still_known(self.known, answers))


def input_of(declared: Field, name: str, around: Surroundings, *, is_page_heading: bool = False) -> Any:
    known = around.known.get(name)
    given: dict[str, Any] = {
        "name": name,
        "required": declared.required and (name == declared.id or declared.when is None),
        "hint": localized(declared.hint) or None,
        "is_page_heading": is_page_heading,
    }
    if known not in (None, ""):
        given["hint"] = _("Theo tài khoản")
    label = localized(declared.label)
    return _MAKERS[declared.type](declared, label, given, around)


def _text(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    look = LOOKS.get(declared.kind or "", {})
    completion = _COMPLETIONS.get(declared.prefill or "")
    validators = validators_of(declared.kind, today=around.today)
    return TextField(
        label, validators, max_length=declared.max_length or 200, autocomplete=completion, **{**look, **given}
    )


def _long_text(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    return LongTextField(label, max_length=declared.max_length or 5000, **given)


def _whole(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    kind = YearField if declared.kind == "year" else IntegerField
    return kind(label, minimum=declared.minimum, maximum=declared.maximum, suffix=localized(declared.suffix), **given)


def _decimal(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    return DecimalField(
        label, minimum=declared.minimum, maximum=declared.maximum, suffix=localized(declared.suffix), **given
    )


def _money(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    return MoneyField(label, minimum=int(declared.minimum or 0), maximum=declared.maximum, **given)


def _date(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    return DateField(label, autocomplete=_COMPLETIONS.get(declared.prefill or ""), **given)


def _yes_no(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    """A question that must be answered has two answers; one that may be left is a box to tick."""
    return YesNoField(label, **given) if given["required"] else CheckField(label, **given)


def _choice(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    choices = [(choice.value, localized(choice.label)) for choice in declared.choices]
    if declared.several:
        return ChecksField(label, choices=choices, **given)
    kind = ChoiceField if len(choices) <= MOST_RADIOS else SelectField
    return kind(label, choices=choices, **given)


def _unit(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    groups = place_groups(around.directory, level=declared.level, language=around.language)
    return PlaceField(label, groups=groups, **given)


def _booking(declared: Field, label: str, given: dict[str, Any], around: Surroundings) -> Any:
    slots = usual_slots(around.today) if around.slots is None else around.slots
    return SlotField(label, slots=slots, language=around.language, **given)


_MAKERS = {
    FieldType.BOOKING: _booking,
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.INTEGER: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.CHOICE: _choice,
    FieldType.UNIT: _unit,
}
