"""The lanes of a procedure: which level does what in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from portal.catalogue.types import Procedure
from portal.units.types import Level
from portal.workflow.definition import Process, Text, Where
from portal.workflow.lanes import LaneLevel

LEVELS = (
    LaneLevel(Level.CITY, Text("Thành phố", "City"), short=Text("TP", "City")),
    LaneLevel(Level.DISTRICT, Text("Quận, huyện", "District"), short=Text("Quận", "District")),
    LaneLevel(Level.COMMUNE, Text("Phường, xã", "Ward, commune"), short=Text("Phường", "Ward")),
)
"""The lanes, the highest first. A level that a procedure does not touch is not drawn."""

_DECIDES = Text("quyết định", "decides")
_RECEIVES = Text("tiếp nhận", "receives")
_RECEIVES_AND_DECIDES = Text("tiếp nhận, quyết định", "receives and decides")
_ADVISES = Text("góp ý", "gives opinions")
_CHECKS = Text("kiểm tra", "checks")


def procedure_levels(procedure: Procedure) -> tuple[LaneLevel, ...]:
    """The lanes of a procedure, each with its part."""
    return levels_of(procedure.process, receiver=procedure.receivers[0], competent=procedure.competent_level)


def levels_of(process: Process, *, receiver: str, competent: str) -> tuple[LaneLevel, ...]:
    """The lanes of a process that one level receives and one decides, each with its part."""
    return tuple(replace(level, part=_part(process, level.id, receiver, competent)) for level in LEVELS)


def record_levels(
    names: Mapping[str, Text], *, parts: Mapping[str, Text] | None = None, shorts: Mapping[str, Text] | None = None
) -> tuple[LaneLevel, ...]:
    """The lanes of one record: `names` says by level whose lane it is (Quận Ninh Kiều), `shorts` what kind (Quận)."""
    return tuple(
        replace(
            level,
            name=names.get(level.id, level.name),
            part=(parts or {}).get(level.id, level.part),
            short=(shorts or {}).get(level.id, level.short),
        )
        for level in LEVELS
    )


def record_parts(procedure: Procedure) -> Mapping[str, Text]:
    """What each level does in a procedure, for `record_levels`."""
    return {level.id: level.part for level in procedure_levels(procedure)}


def _part(process: Process, level: str, receiver: str, competent: str) -> Text:
    receives, decides = receiver == level, competent == level
    if receives or decides:
        return _RECEIVES_AND_DECIDES if receives and decides else _RECEIVES if receives else _DECIDES
    steps = [step for step in process.steps.values() if _is_at(step.at.where, step.at.level, level)]
    return _ADVISES if _all_consulted([step.consultation for step in steps]) else _CHECKS


def _is_at(where: Where, own: str | None, level: str) -> bool:
    return own == level and where in (Where.PLACE, Where.EXTERNAL)


def _all_consulted(consultations: Collection[str | None]) -> bool:
    return bool(consultations) and all(consultations)
