"""The process of a procedure as a BPMN model."""

from __future__ import annotations

from portal.catalogue.types import Procedure
from portal.catalogue.who import lanes_of
from portal.workflow.bpmn import bpmn_of


def process_model(procedure: Procedure, *, language: str, number: int | None = None) -> str:
    """BPMN 2.0 XML; `number` is the version. Raises NotExportable when one model cannot say what the process does."""
    lanes, lane_of = lanes_of(procedure.process, language=language)
    return bpmn_of(
        procedure.process,
        code=procedure.code,
        name=procedure.name.in_language(language),
        number=number,
        lanes=lanes,
        lane_of=lane_of,
        language=language,
    )
