"""Which offices a process needs: what must be found at every place before a definition is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.catalogue.types import Procedure
from portal.units.types import Level
from portal.workflow.definition import At, Step, Where


@dataclass(frozen=True)
class Needed:
    """A function that somebody must hold at every place of the level."""

    step_id: str
    level: str
    function: str
    within: str | None


def needed_units(procedure: Procedure) -> Iterator[Needed]:
    """What the steps ask of the units, in the order of the steps; counters and applicants are found otherwise."""
    for step in procedure.process.steps.values():
        if step.at.where in (Where.PLACE, Where.EXTERNAL, Where.EACH, Where.FIELD):
            for level in _levels(procedure, step.at):
                yield _needed(step, level)


def _levels(procedure: Procedure, at: At) -> tuple[str, ...]:
    """The level of the step; without one those of the answer that names the place."""
    if at.level is not None:
        return (at.level,)
    fields = {field.id: field for page in procedure.pages for field in page.fields}
    named = fields[(at.field or "").removeprefix("form.")].level if at.field else None
    if named is None:
        return tuple(Level)
    return (named,) if isinstance(named, str) else named


def _needed(step: Step, level: str) -> Needed:
    post = step.at.post_at(level)
    if post is not None:
        return Needed(step.id, level, post.function, post.within)
    return Needed(step.id, level, step.at.function or "", step.at.within)
