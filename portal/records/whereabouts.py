"""Who does a step on a record: the unit, and the function and role in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.core.errors import InvalidInput
from portal.units.resolution import Directory
from portal.units.types import UnitView
from portal.workflow.definition import At, Facts, Step, Where
from portal.workflow.splits import value_of


@dataclass(frozen=True)
class Desk:
    """Who does a step; without a unit the applicant or the portal itself does."""

    unit: UnitView | None
    function: str | None
    role: str | None


@dataclass(frozen=True)
class Whereabouts:
    """What says where the steps of one record are done, on one day."""

    directory: Directory
    place: str
    received_unit_id: UUID
    return_unit_id: UUID
    facts: Facts
    day: date

    def desk_of(self, step: Step, *, split: str = "") -> Desk:
        """Who does the step; `split` is the path of splits that the task is inside of.

        Raises UnresolvedFunction, and InvalidInput when the answer that names the place is missing.
        """
        at = step.at
        if at.where in (Where.APPLICANT, Where.AUTOMATIC):
            return Desk(None, at.function, step.role)
        if at.where is Where.RECEIVED:
            return Desk(self.directory.unit(self.received_unit_id), "one_stop", step.role)
        if at.where is Where.RETURN:
            return Desk(self.directory.unit(self.return_unit_id), at.function, step.role)
        place = self._place_of(step.at, split)
        level = at.level or self.directory.place(place).level
        post = at.post_at(level)
        function, within = (post.function, post.within) if post else (at.function, at.within)
        unit = self.directory.resolve(level=level, function=function or "", place=place, day=self.day, within=within)
        return Desk(unit, function, post.role if post else step.role)

    def receiver(self, at: At) -> UnitView | None:
        """Who receives a copy there; None for a body without accounts. Raises as `desk_of` does."""
        if at.where is Where.EXTERNAL:
            return None
        if at.where is Where.RECEIVED:
            return self.directory.unit(self.received_unit_id)
        place = self._place_of(at, "")
        level = at.level or self.directory.place(place).level
        return self.directory.resolve(
            level=level, function=at.function or "", place=place, day=self.day, within=at.within
        )

    def _place_of(self, at: At, split: str) -> str:
        if at.where is Where.FIELD:
            return _named_place(at.field, self.facts)
        if at.where is Where.EACH:
            return value_of(split) or _named_place(None, self.facts)
        return self.place


def _named_place(path: str | None, facts: Facts) -> str:
    value: Any = facts
    for name in (path or "").split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if not value:
        raise InvalidInput("Hồ sơ chưa ghi nơi giải quyết bước này.", field=path)
    return str(value)
