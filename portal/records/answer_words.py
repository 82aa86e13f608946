"""One answer in words: what applicants, officials and documents say alike. How rows of a group stand together, each
page says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.core.wording import moment, number, short_day, vnd
from portal.units.resolution import Directory
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM

FIGURES = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
_YES, _NO = Text("Có", "Yes"), Text("Không", "No")


def said_answer(field: Field, value: Any, directory: Directory, *, language: str) -> str:
    """The answer to a field that is no group. What is no proper answer stands as typed."""
    if field.type is FieldType.CHOICE:
        labels = {choice.value: choice.label.in_language(language) for choice in field.choices}
        return ", ".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
    if field.type is FieldType.YES_NO:
        return (_YES if value else _NO).in_language(language)
    if field.type is FieldType.UNIT:
        place = directory.place_or_none(str(value))
        return place.in_language(language) if place else str(value)
    if field.type is FieldType.DATE:
        return _day(str(value), language)
    if field.type is FieldType.BOOKING:
        return said_visit(str(value), language=language)
    return _figure(field, str(value), language) if field.type in FIGURES else str(value)


def said_visit(value: str, *, language: str) -> str:
    """Day and hour of a visit, as the form keeps them; what is none stands as typed."""
    try:
        return moment(datetime.fromisoformat(value).replace(tzinfo=VIETNAM), language=language)
    except ValueError:
        return value


def _day(value: str, language: str) -> str:
    try:
        return short_day(date.fromisoformat(value), language=language)
    except ValueError:
        return value


def _figure(field: Field, value: str, language: str) -> str:
    try:
        figure = Decimal(value)
    except InvalidOperation:
        return value
    if field.type is FieldType.MONEY:
        return vnd(int(figure), language=language)
    said = str(int(figure)) if field.kind == "year" else number(figure, language=language)
    return f"{said} {field.suffix.in_language(language)}" if field.suffix else said
