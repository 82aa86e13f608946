"""The directory: which unit does what, where, on which day. Pure values; `queries.directory` fills them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.core.errors import NotFound
from portal.units.types import Function, Level, PlaceView, UnitView, UnresolvedFunction

_KEPT = 8192
"""Answers that a directory remembers, which never changes: the same steps are done for the same places all day."""


class Directory:
    """All units and places of one version of the tree. Never changed once built, so it may be shared by threads."""

    def __init__(self, *, version: int, units: Iterable[UnitView], places: Iterable[PlaceView]) -> None:
        self.version = version
        self._units = {unit.id: unit for unit in sorted(units, key=lambda unit: (not unit.is_body, unit.account_code))}
        self._places = {place.code: place for place in sorted(places, key=lambda place: (place.sort_key, place.code))}
        self._at: dict[tuple[str, str], list[UnitView]] = defaultdict(list)
        for unit in self._units.values():
            self._at[unit.level, unit.place].append(unit)
        self._resolved = lru_cache(maxsize=_KEPT)(self._resolve)

    def unit(self, unit_id: UUID) -> UnitView:
        """Raises NotFound."""
        if unit_id not in self._units:
            raise NotFound("Không có cơ quan này. Chọn lại trong danh sách.")
        return self._units[unit_id]

    def unit_of_account(self, account_code: str, *, day: date) -> UnitView:
        """The unit whose officials' account names begin so: `nk.qldt`. Raises NotFound."""
        for unit in self._units.values():
            if unit.account_code == account_code and unit.is_in_force(day):
                return unit
        raise NotFound("Không có cơ quan này. Chọn lại trong danh sách.")

    def units(self, *, day: date, level: str | None = None) -> list[UnitView]:
        """The units in force, bodies first, in the order of their account codes."""
        return [unit for unit in self._units.values() if unit.is_in_force(day) and level in (None, unit.level)]

    def ancestors(self, unit_id: UUID) -> tuple[UnitView, ...]:
        """The units above, nearest first. Raises NotFound."""
        above: list[UnitView] = []
        parent_id = self.unit(unit_id).parent_id
        while parent_id is not None:
            above.append(self.unit(parent_id))
            parent_id = above[-1].parent_id
        return tuple(above)

    def body_of(self, unit_id: UUID) -> UnitView:
        """The body that an office belongs to; a body, and an agency outside all bodies, is its own.

        Raises NotFound.
        """
        unit = self.unit(unit_id)
        return next((above for above in (unit, *self.ancestors(unit_id)) if above.is_body), unit)

    def collector_of(self, unit_id: UUID) -> UnitView:
        """Whose receipts a unit gives for fees: its own when it has a tax code, else those of the nearest above that
        has one, because a counter is no taxpayer; its own when nobody has. Raises NotFound.
        """
        unit = self.unit(unit_id)
        return next((above for above in (unit, *self.ancestors(unit_id)) if above.tax_code), unit)

    def place(self, code: str) -> PlaceView:
        """Raises NotFound."""
        if code not in self._places:
            raise NotFound("Không có phường, xã này. Chọn lại trong danh sách.")
        return self._places[code]

    def place_or_none(self, code: str) -> PlaceView | None:
        return self._places.get(code)

    def territories(self, code: str) -> tuple[PlaceView, ...]:
        """The place and what it lies in, smallest first. Raises NotFound."""
        found = [self.place(code)]
        while found[-1].parent_code is not None:
            found.append(self.place(found[-1].parent_code))
        return tuple(found)

    def places(self, level: str) -> list[PlaceView]:
        """All places of a level, in Vietnamese order."""
        return [place for place in self._places.values() if place.level == level]

    def communes(self, district: str | None = None) -> list[PlaceView]:
        """All communes, or those of one district, in Vietnamese order."""
        return [place for place in self.places(Level.COMMUNE) if district in (None, place.parent_code)]

    def counters(self, place: str, *, day: date) -> list[UnitView]:
        """The counters that serve a place: commune, district, city, as far as there are such levels.

        Raises NotFound for an unknown place.
        """
        return [
            unit
            for territory in self.territories(place)
            for unit in self._at[territory.level, territory.code]
            if unit.serves(Function.ONE_STOP, day=day)
        ]

    def resolve(self, *, level: str, function: str, place: str, day: date, within: str | None = None) -> UnitView:
        """The unit that does the work of a step.

        Without `within`: the unit at `level` that serves the territory around `place` with `function`; the body itself
        before its offices. With `within`: the office that does `within`, if it holds `function` itself; else the
        nearest unit above it in the same territory that does; else the one that serves the whole territory.
        Raises UnresolvedFunction.
        """
        return self._resolved(level, function, place, day, within)

    def _resolve(self, level: str, function: str, place: str, day: date, within: str | None) -> UnitView:
        for unit in self._chain(level=level, place=place, day=day, within=within):
            if unit.holds(function, day=day):
                return unit
        found = self._serving(level=level, function=function, place=place, day=day)
        if found is None:
            raise UnresolvedFunction(
                "Ở nơi này chưa có cơ quan nào làm việc đó. Báo cho người quản trị.",
                level=level,
                function=function,
                place=place,
            )
        return found

    def missing(self, level: str, function: str, *, day: date, within: str | None = None) -> list[PlaceView]:
        """The places of a level where nobody holds the function: what publication of a procedure is refused for."""
        return [place for place in self.places(level) if not self._resolves(level, function, place.code, day, within)]

    def _resolves(self, level: str, function: str, place: str, day: date, within: str | None) -> bool:
        try:
            self.resolve(level=level, function=function, place=place, day=day, within=within)
        except UnresolvedFunction:
            return False
        return True

    def _chain(self, *, level: str, place: str, day: date, within: str | None) -> list[UnitView]:
        """The office that does `within` and the units above it in the same territory, nearest first."""
        if within is None:
            return []
        office = self._serving(level=level, function=within, place=place, day=day)
        if office is None:
            return []
        above = [unit for unit in self.ancestors(office.id) if (unit.level, unit.place) == (level, office.place)]
        return [office, *above]

    def _serving(self, *, level: str, function: str, place: str, day: date) -> UnitView | None:
        if place not in self._places:
            return None
        for territory in self.territories(place):
            if territory.level == level:
                return next((unit for unit in self._at[level, territory.code] if unit.serves(function, day=day)), None)
        return None
