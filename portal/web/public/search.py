"""What is asked of the list of procedures, and the addresses of all that could be asked instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from flask import request

from portal.catalogue import queries
from portal.catalogue.queries import FieldView
from portal.core.text import composed
from portal.units.types import Level
from portal.web.languages import localized, path
from portal.web.translation import gettext as _

LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Asked:
    """The question and the filters as they stand in the address; "" for all."""

    question: str = ""
    field: str = ""
    level: str = ""
    life_event: str = ""
    page: int = 1

    @classmethod
    def from_request(cls) -> Self:
        sent = request.args
        return cls(
            question=" ".join(composed(sent.get("q", "")).split())[:LONGEST_QUESTION],
            field=composed(sent.get("linh-vuc", "")),
            level=composed(sent.get("cap", "")),
            life_event=composed(sent.get("viec", "")),
            page=sent.get("trang", 1, type=int),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.field or self.level or self.life_event)

    def address(self, **changed: Any) -> str:
        """The list with what was asked for, without what was not; another filter begins at the first page."""
        wanted = replace(self, **{"page": 1, **changed})
        asked = {
            "q": wanted.question,
            "linh-vuc": wanted.field,
            "cap": wanted.level,
            "viec": wanted.life_event,
            "trang": str(wanted.page) if wanted.page > 1 else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return path("/thu-tuc") + (f"?{query}" if query else "")


def filters_of(asked: Asked, fields: Iterable[FieldView]) -> list[dict[str, Any]]:
    """Three rows of links: by field, by the level that decides, by life event."""
    levels = {Level.COMMUNE: _("Phường, xã"), Level.DISTRICT: _("Quận, huyện"), Level.CITY: _("Thành phố")}
    rows = [
        ("field", _("Lĩnh vực"), [(view.code, localized(view.name)) for view in fields]),
        ("level", _("Nơi quyết định"), [(str(level), name) for level, name in levels.items()]),
        (
            "life_event",
            _("Việc trong đời"),
            [(event.code, localized(event.name)) for event in queries.list_life_events()],
        ),
    ]
    return [
        {
            "label": label,
            "pills": [
                {"text": text, "href": asked.address(**{name: code}), "current": getattr(asked, name) == code}
                for code, text in [("", _("Tất cả")), *choices]
            ],
        }
        for name, label, choices in rows
    ]
