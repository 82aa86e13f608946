"""Asking other agencies: the branches of an action that says `consult`, what it asks of whoever takes it, and
opinions that are skipped where the office would ask itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from portal.catalogue.reading import Path, Reading
from portal.catalogue.schema import ActionPart
from portal.catalogue.types import Choice, Field, FieldType
from portal.workflow.definition import Action, ActionKind, Branch, Condition, Facts, Step, Text
from portal.workflow.engine import is_split

ASKED, QUESTION = "agencies", "question"
"""Fields of every action that consults: whom, and what."""


def is_proposal(part: ActionPart) -> bool:
    """Whether the action only says whom to ask: its `to` is the one step whose action asks them."""
    if not part.consult or part.choose or part.join or part.end or len(part.to) != 1:
        return False
    target = part.to[0]
    return not (target.each or target.when or target.unless)


def branches(steps: Iterable[str]) -> Iterator[Branch]:
    """A branch for each opinion, open when it is ticked."""
    for step in steps:
        yield Branch(step, Condition(f"{step!r} in asked", partial(_is_asked, step)))


def _is_asked(step: str, facts: Facts) -> bool:
    return step in facts.get("asked", ())


def checked(reading: Reading, steps: Mapping[str, Step]) -> dict[str, Step]:
    """The steps with the form of their consulting actions. What cannot be asked or skipped becomes a finding."""
    _check_skipped(reading, steps)
    return {name: replace(step, actions=tuple(_with_form(reading, step, action, steps) for action in step.actions))
            for name, step in steps.items()}  # fmt: skip


def _with_form(reading: Reading, step: Step, action: Action, steps: Mapping[str, Step]) -> Action:
    if not (action.consults or action.proposes):
        return action
    path: Path = ("process", "steps", step.id, "actions", action.id)
    if action.kind is not ActionKind.CONSULT:
        reading.find((*path, "consult"), "consults_as", wanted=ActionKind.CONSULT.value)
    for at, name in enumerate(named_by(action)):
        asked = steps.get(name)
        if asked is not None and asked.consultation is None:
            reading.find((*path, "consult", at), "asks_no_opinion", name=name)
    if action.proposes and action.branches[0].step in steps:
        approves = steps[action.branches[0].step]
        if not any(one.consults and set(action.proposes) <= set(named_by(one)) for one in approves.actions):
            reading.find((*path, "to"), "proposes_in_vain", name=approves.id)
    own = {field.id for field in action.form}
    return replace(
        action,
        form=(_whom(action, steps), *([] if QUESTION in own else [_QUESTION]), *action.form),
        needs=tuple(dict.fromkeys((*action.needs, "form"))),
    )


def named_by(action: Action) -> tuple[str, ...]:
    """The opinions that whoever takes the action may tick."""
    return action.proposes or (tuple(branch.step for branch in action.branches) if action.consults else ())


def _whom(action: Action, steps: Mapping[str, Step]) -> Field:
    asked = [steps[name] for name in named_by(action) if name in steps]
    choices = tuple(Choice(step.id, step.stop or step.name) for step in asked)
    label = Text("Cơ quan được hỏi", "Agencies asked")
    return Field(ASKED, FieldType.CHOICE, label, required=True, several=True, choices=choices)


_QUESTION = Field(
    QUESTION, FieldType.LONG_TEXT, Text("Nội dung hỏi", "The question"), required=True, max_length=2000
)  # fmt: skip


def _check_skipped(reading: Reading, steps: Mapping[str, Step]) -> None:
    """Only the first step of a branch can be skipped: elsewhere nothing says where the record would go on."""
    opened = {branch.step for step in steps.values() for action in step.actions if is_split(action)
              for branch in action.branches}  # fmt: skip
    for step in steps.values():
        if step.same_office is not None and (step.id not in opened or step.consultation is None):
            reading.find(("process", "steps", step.id, "same_office"), "skips_no_branch", name=step.id)
