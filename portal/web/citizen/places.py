"""Choosing a territory: a list in groups, in Vietnamese order, and the counters that may receive there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.catalogue.types import Procedure
from portal.core.errors import InvalidInput
from portal.units.resolution import Directory
from portal.units.types import Level, PlaceView, UnitView
from portal.web.fields import SelectField
from portal.web.translation import Words
from portal.web.translation import gettext as _

UNDER = "~"
"""Parts the code of a place from the former name under which it was chosen."""


@dataclass(frozen=True)
class PlaceGroup:
    """Territories that stand together in a list: the communes of one district."""

    name: str
    choices: tuple[tuple[str, str], ...]  # code and name


class PlaceField(SelectField):
    """A territory of the city, chosen from groups; `data` is its code."""

    def __init__(self, label: Words, *arguments: Any, groups: Sequence[PlaceGroup], **given: Any) -> None:
        super().__init__(label, *arguments, choices=[choice for group in groups for choice in group.choices], **given)
        self.groups = groups

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Under a former name the place is the one of today."""
        super().process_formdata([str(value).partition(UNDER)[0] for value in valuelist])

    def arguments(self) -> dict[str, Any]:
        grouped = [
            {"group": group.name, "choices": [{"value": code, "text": name} for code, name in group.choices]}
            for group in self.groups
        ]
        return {**super().arguments(), "items": [{"value": "", "text": _("Chọn")}, *grouped]}


def place_groups(directory: Directory, *, level: str | tuple[str, ...] | None, language: str) -> tuple[PlaceGroup, ...]:
    """The territories of a level, or of several; without one those of all levels, the widest first."""
    if isinstance(level, tuple):
        return tuple(group for one in level for group in place_groups(directory, level=one, language=language))
    if level in (None, Level.COMMUNE):
        communes = [
            PlaceGroup(district.in_language(language), _choices(directory.communes(district.code), language))
            for district in directory.places(Level.DISTRICT)
        ]
        wide = [] if level else [place for wider in (Level.CITY, Level.DISTRICT) for place in directory.places(wider)]
        above = [PlaceGroup(_("Thành phố và quận, huyện"), _choices(wide, language))] if wide else []
        return tuple(group for group in [*above, *communes] if group.choices)
    return (PlaceGroup(_("Quận, huyện"), _choices(directory.places(str(level)), language)),)


def receiving_counter(
    procedure: Procedure, directory: Directory, *, place: str, level: str, day: date, field: str | None = None
) -> UnitView:
    """The counter of that level which receives for a place; when there is none, the procedure's usual one.

    Raises InvalidInput when nobody receives there, naming the answer (`field`) that says where.
    """
    known = directory.place_or_none(place)
    counters = directory.counters(place, day=day) if known else []
    for wanted in (level, *procedure.receivers):
        for counter in counters:
            if counter.level == wanted and wanted in procedure.receivers:
                return counter
    raise InvalidInput("Ở nơi này chưa có bộ phận một cửa nhận thủ tục này. Chọn nơi khác.", field=field)


def _choices(places: Sequence[PlaceView], language: str) -> tuple[tuple[str, str], ...]:
    """The places as they are called today; below them the names that people still use, with where they lie now."""
    today = [(place.code, place.in_language(language)) for place in places]
    former = [
        (f"{code}{UNDER}{index}", _("%(former)s (nay là %(name)s)", former=former, name=name))
        for place, (code, name) in zip(places, today, strict=True)
        for index, former in enumerate(place.former_names)
    ]
    return (*today, *former)
