"""Who decides a record: the steps at which its result is signed."""

from __future__ import annotations

from portal.workflow.definition import ASKER, ActionKind, Process, Step
from portal.workflow.forecast import issues


def signing_steps(process: Process) -> tuple[Step, ...]:
    """The steps whose signature makes the result: they lead to its number and seal."""
    return tuple(
        step
        for step in process.steps.values()
        if step.consultation is None
        and any(action.kind is ActionKind.SIGN for action in step.actions)
        and _leads_to_seal(process, step)
    )


def _leads_to_seal(process: Process, step: Step) -> bool:
    following = {branch.step for action in step.actions for branch in action.branches if branch.step != ASKER}
    return any(issues(process.step(step_id)) for step_id in following)
