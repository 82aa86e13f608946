"""The lane picture of a procedure's page. That of a record is made by `records.journey`."""

from __future__ import annotations

from portal.catalogue.levels import procedure_levels
from portal.catalogue.types import Procedure
from portal.workflow.lanes import LanePicture, map_of


def procedure_map(procedure: Procedure, *, language: str, every_step: bool = False) -> LanePicture:
    """The way of a procedure: `picture` of templates/public/procedures/show.html. Officials may see every step."""
    return map_of(
        procedure.process,
        levels=procedure_levels(procedure),
        language=language,
        receiver=procedure.receivers[0],
        minutes=procedure.minutes,
        every_step=every_step,
    )
