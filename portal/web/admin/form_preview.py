"""The citizen's form as it will look on a phone: every page beside the others, conditional questions open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.catalogue.types import Field, FieldType, Page
from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.units import queries as units
from portal.web.citizen.answer_forms import PartView, form_of
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.typed_answers import as_typed
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class PreviewPart:
    """A question, and the condition under which it is asked."""

    part: PartView
    condition: str


@dataclass(frozen=True)
class PhonePage:
    caption: str
    title: str
    parts: tuple[PreviewPart, ...]


def preview_of(pages: Sequence[Page], *, now: datetime) -> list[PhonePage]:
    """The pages in order, with the very inputs that citizens get. What cannot be asked yet is left out."""
    with reading(PUBLIC) as session:
        directory = units.directory(session)
    around = Surroundings(directory=directory, language=current_language(), today=clock.local_day(now))
    whole = [replace(page, fields=tuple(filter(_can_be_asked, page.fields))) for page in pages]
    return [_page(page, number, len(whole), around) for number, page in enumerate(whole, start=1)]


def _can_be_asked(field: Field) -> bool:
    if field.type is FieldType.CHOICE:
        return bool(field.choices)
    return field.type is not FieldType.GROUP or (bool(field.fields) and all(map(_can_be_asked, field.fields)))


def _page(page: Page, number: int, total: int, around: Surroundings) -> PhonePage:
    form = form_of(page.fields, _empty(page, around.language), around=around)
    conditions = {field.id: _condition(field) for field in page.fields}
    parts = tuple(PreviewPart(part, conditions.get(part.id, "")) for part in form.parts)
    title = localized(page.title)
    return PhonePage(_("Trang %(number)s trên %(total)s", number=number, total=total), title, parts)


def _empty(page: Page, language: str) -> MultiDict[str, Any]:
    """Nothing answered; of each repeating group one row to look at."""
    groups: dict[str, list[dict[str, Any]]] = {field.id: [{}] for field in page.fields if field.type is FieldType.GROUP}
    return as_typed(page.fields, groups, language=language)


def _condition(field: Field) -> str:
    return _("Chỉ hỏi khi %(condition)s", condition=field.when.source) if field.when else ""
