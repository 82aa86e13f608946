"""Answers in words, for summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from portal.catalogue.types import Field, FieldType
from portal.core.wording import number, short_day, vnd
from portal.units.resolution import Directory
from portal.web.citizen.typed_answers import TYPED
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class AnswerWords:
    """Says answers in the language of the page."""

    directory: Directory

    def of(self, field: Field, value: Any) -> Markup | str:
        """One answer; `Chưa khai` when there is none."""
        if field.type is FieldType.GROUP:
            return self._rows(field, value)
        if value is None or value == "" or value == []:
            return _("Chưa khai") if field.required else _("Không có")
        return self._said(field, value)

    def _rows(self, field: Field, rows: Any) -> Markup | str:
        if not isinstance(rows, list) or not rows:
            return _("Chưa khai") if field.required else _("Không có")
        lines = [escape(self._row(field, row)) for row in rows if isinstance(row, Mapping)]
        return Markup("<br>").join(lines)

    def _row(self, field: Field, row: Mapping[str, Any]) -> str:
        return " · ".join(
            localized(part.label) if value is True else self._said(part, value)
            for part in field.fields
            if (value := row.get(part.id)) not in (None, "", False, [])
        )

    def _said(self, field: Field, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value.get(TYPED, ""))
        if field.type is FieldType.YES_NO:
            return _("Có") if value is True else _("Không")
        if field.type is FieldType.CHOICE:
            wanted = value if isinstance(value, list) else [value]
            return ", ".join(localized(choice.label) for choice in field.choices if choice.value in wanted)
        if field.type is FieldType.UNIT:
            place = self.directory.place_or_none(str(value))
            return place.in_language(current_language()) if place else str(value)
        if field.type is FieldType.DATE:
            return _day(str(value))
        if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY) and field.kind != "year":
            return _figure(field, str(value))
        return str(value)


def _day(value: str) -> str:
    try:
        return short_day(date.fromisoformat(value), language=current_language())
    except ValueError:
        return value


def _figure(field: Field, value: str) -> str:
    exact = Decimal(value)
    if field.type is FieldType.MONEY:
        return vnd(int(exact), language=current_language())
    said = number(exact, language=current_language())
    return f"{said} {localized(field.suffix)}" if field.suffix else said
