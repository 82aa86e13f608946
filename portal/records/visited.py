"""The step of a task that may be history: a record moved to another version keeps what it went through."""

from __future__ import annotations

from portal.records.types import TaskRow
from portal.workflow.definition import At, ClockRule, Process, Step, Text, Where

_NOBODYS = {"applicant": Where.APPLICANT, "system": Where.AUTOMATIC}


def step_of(process: Process, task: TaskRow) -> Step:
    """The step in the record's version, or, where that version has it no more, what the task itself tells of it."""
    known = process.steps.get(task.step)
    if known is not None:
        return known
    return Step(
        id=task.step,
        name=Text(task.step_name),
        at=At(_NOBODYS.get(task.role or "", Where.PLACE), function=task.function),
        role=task.role,
        actions=(),
        clock=ClockRule.STATUTORY,
        consultation=task.consultation,
    )
