"""Answers in words, for summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from portal.catalogue.types import Field, FieldType
from portal.records.answer_words import said_answer
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
            if (value := row.get(part.id)) not in (None, "", []) and value is not False
        )

    def _said(self, field: Field, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value.get(TYPED, ""))
        return said_answer(field, value, self.directory, language=current_language())
