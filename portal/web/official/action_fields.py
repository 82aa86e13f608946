"""Fields of a definition as fields of a form, and their answers as the record keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field as FormField
from wtforms.fields.core import UnboundField

from portal.catalogue.types import Field, FieldType
from portal.web.fields import (
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


def form_field(field: Field) -> UnboundField[FormField]:
    """The form field of a field of the definition. Raises KeyError for a kind that no action asks for."""
    made: UnboundField[FormField] = _MAKERS[field.type](field)
    return made


def stored(value: Any) -> Any:
    """A typed answer as JSON keeps it: days and figures as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _common(field: Field) -> dict[str, Any]:
    return {
        "label": localized(field.label),
        "hint": localized(field.hint) or None,
        "required": field.required,
    }


def _text(field: Field) -> Any:
    return TextField(**_common(field), max_length=field.max_length or 200, suffix=localized(field.suffix))


def _long_text(field: Field) -> Any:
    return LongTextField(**_common(field), max_length=field.max_length or 5000)


def _number(maker: Any) -> Callable[[Field], Any]:
    def made(field: Field) -> Any:
        return maker(**_common(field), minimum=field.minimum, maximum=field.maximum, suffix=localized(field.suffix))

    return made


def _choice(field: Field) -> Any:
    choices = [(choice.value, localized(choice.label)) for choice in field.choices]
    if field.several:
        return ChecksField(**_common(field), choices=choices)
    return (ChoiceField if len(choices) <= MOST_RADIOS else SelectField)(**_common(field), choices=choices)


_MAKERS: Mapping[FieldType, Callable[[Field], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.INTEGER: _number(IntegerField),
    FieldType.DECIMAL: _number(DecimalField),
    FieldType.MONEY: lambda field: MoneyField(**_common(field)),
    FieldType.DATE: lambda field: DateField(**_common(field)),
    FieldType.YES_NO: lambda field: YesNoField(**_common(field)),
    FieldType.CHOICE: _choice,
}
