"""One answer in words: what applicants and officials read alike. How rows of a group stand together, each page says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.core.wording import number, short_day, vnd
from portal.units.resolution import Directory
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _

FIGURES = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)


def said_answer(field: Field, value: Any, directory: Directory) -> str:
    """The answer to a field that is no group, in the language of the page. What is no proper answer stands as typed."""
    if field.type is FieldType.CHOICE:
        labels = {choice.value: localized(choice.label) for choice in field.choices}
        return ", ".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
    if field.type is FieldType.YES_NO:
        return _("Có") if value else _("Không")
    if field.type is FieldType.UNIT:
        place = directory.place_or_none(str(value))
        return place.in_language(current_language()) if place else str(value)
    if field.type is FieldType.DATE:
        return _day(str(value))
    return _figure(field, str(value)) if field.type in FIGURES else str(value)


def _day(value: str) -> str:
    try:
        return short_day(date.fromisoformat(value), language=current_language())
    except ValueError:
        return value


def _figure(field: Field, value: str) -> str:
    try:
        figure = Decimal(value)
    except InvalidOperation:
        return value
    if field.type is FieldType.MONEY:
        return vnd(int(figure), language=current_language())
    said = str(int(figure)) if field.kind == "year" else number(figure, language=current_language())
    return f"{said} {localized(field.suffix)}" if field.suffix else said
