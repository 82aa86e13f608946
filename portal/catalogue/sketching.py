"""The process of a definition that is still being written, as far as it can be read: for its table and its picture.

Nothing here is checked. A part with a mistake is left out, a step without a name is called by its id, a condition is
only its source. What is wrong is said by `checking`; what records follow is built by `process_building`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portal.catalogue import consulting, located, schema
from portal.catalogue.expansion import SHARED, expand
from portal.catalogue.levels import levels_of
from portal.catalogue.process_building import duration
from portal.catalogue.reading import PartT, text, text_or_none
from portal.catalogue.shared_process import steps_of_template
from portal.units.types import Level
from portal.workflow.definition import (
    ASKER,
    Action,
    ActionKind,
    At,
    Branch,
    Condition,
    End,
    Process,
    Step,
    Text,
    Timer,
    TimerEffect,
    Where,
)
from portal.workflow.lanes import LanePicture, map_of

_LEVELS = tuple(Level)


@dataclass(frozen=True)
class Sketch:
    """`entries` says for each step which entry of the definition writes it: None when it comes from the shared process.

    `receiver` and `competent` are the levels of the card, as far as they are written.
    """

    process: Process
    entries: Mapping[str, str | None]
    receiver: str
    competent: str
    minutes: int | None
    uses: str | None

    def picture(self, *, language: str) -> LanePicture | None:
        """The map of what can be followed from the first step on; None while there is no first step."""
        process = _drawable(self.process)
        if process.start not in process.steps:
            return None
        return map_of(
            process,
            levels=levels_of(process, receiver=self.receiver, competent=self.competent),
            language=language,
            receiver=self.receiver,
            minutes=self.minutes,
            every_step=True,
        )


def sketched(written: str, file: str, *, shared: Path = SHARED) -> Sketch:
    """The sketch of a text with any mistakes; a text that is no YAML has no steps."""
    source, _ = located.read(written, file)
    data = located.plain(expand(source, [], folder=shared))
    process = _mapping(data.get("process"))
    steps = {str(name): _step(str(name), _mapping(raw)) for name, raw in _mapping(process.get("steps")).items()}
    ends = {name: End(name, str(_mapping(raw).get("state"))) for name, raw in _mapping(process.get("ends")).items()}
    start = process.get("start")
    receivers, competent = data.get("receivers"), data.get("competent_level")
    minutes = data.get("minutes")
    return Sketch(
        process=Process(start if isinstance(start, str) else "", steps, ends),
        entries=_entries(_mapping(source.get("process")), steps, shared),
        receiver=_level(receivers),
        competent=_level(competent),
        minutes=minutes if isinstance(minutes, int) else None,
        uses=str(_mapping(source.get("process")).get("use") or "") or None,
    )


def _entries(written: Mapping[str, Any], steps: Mapping[str, Step], shared: Path) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(steps)
    for name, raw in _mapping(written.get("steps")).items():
        template = _mapping(raw).get("template")
        made = steps_of_template(written.get("use"), str(template), name, folder=shared) if template else (name,)
        found.update(dict.fromkeys((step for step in made if step in found), name))
    return found


def _level(given: Any) -> str:
    first = given[0] if isinstance(given, list) and given else given
    return str(first) if first in _LEVELS else Level.COMMUNE


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _step(name: str, raw: Mapping[str, Any]) -> Step:
    said = {"vi": name, "en": name}
    head = {key: value for key, value in raw.items() if key not in ("actions", "timers")}
    part = _lenient(schema.StepPart, head, {"name": said, "at": {"where": "place"}})
    timers = raw.get("timers")
    return Step(
        id=name,
        name=text(part.name),
        at=_at(part.at),
        role=part.role,
        actions=tuple(_action(key, _mapping(value)) for key, value in _mapping(raw.get("actions")).items()),
        quota=part.hours,
        clock=part.clock,
        timers=tuple(_timers(timers if isinstance(timers, list) else [])),
        state=part.state,
        consultation=part.consultation,
        stop=text_or_none(part.stop),
    )


def _lenient(model: type[PartT], raw: Mapping[str, Any], defaults: Mapping[str, Any]) -> PartT:
    """The part without those of its keys that have a mistake; `defaults` stand for what it cannot do without."""
    try:
        return model.model_validate({**defaults, **raw})
    except ValidationError as error:
        wrong = {mistake["loc"][0] for mistake in error.errors(include_url=False) if mistake["loc"]}
        return model.model_validate({**defaults, **{key: value for key, value in raw.items() if key not in wrong}})


def _at(part: schema.AtPart) -> At:
    level = part.entered_by.level if part.entered_by else part.level
    return At(
        where=part.where,
        level=level if level in _LEVELS else None,
        function=part.entered_by.function if part.entered_by else part.function,
        within=part.within,
        field=part.field,
        body=text_or_none(part.body),
    )


def _action(name: str, raw: Mapping[str, Any]) -> Action:
    part = _lenient(schema.ActionPart, raw, {"label": {"vi": name, "en": name}})
    proposes = consulting.is_proposal(part)
    return Action(
        id=name,
        kind=part.kind,
        label=text(part.label),
        branches=(
            *(Branch(target.step, _condition(target)) for target in part.choose or part.to),
            *consulting.branches(() if proposes else part.consult or ()),
        ),
        choice=bool(part.choose),
        consults=bool(part.consult) and not proposes,
        proposes=tuple(part.consult or ()) if proposes else (),
        joins=part.join,
        ends=part.end,
        outcome=part.outcome,
        documents=tuple(part.documents),
        batch=part.batch.document if part.batch else None,
        when=_condition(part),
    )


def _condition(part: schema.TargetPart | schema.ActionPart) -> Condition | None:
    source = part.when or (f"!({part.unless})" if part.unless else None)
    return Condition(source, lambda facts: True) if source else None


def _timers(raw: list[Any]) -> Iterator[Timer]:
    for one in raw:
        try:
            part = schema.TimerPart.model_validate(one)
        except ValidationError:
            continue
        timer = Timer(
            duration(part.after or part.before_due or "0d"),
            part.effect,
            silence=part.silence,
            before_due=part.before_due is not None,
            day=Condition(part.on, lambda facts: None) if part.on else None,
        )
        action = Action(
            id=f"after_{timer.label}",
            kind=ActionKind.AUTOMATIC,
            label=Text(timer.label, timer.label),
            branches=(Branch(part.to),) if part.to else (),
            joins=part.join,
            ends=part.end,
        )
        yield replace(timer, action=action) if part.effect is TimerEffect.ACT else timer


def _drawable(process: Process) -> Process:
    """Without what leads to steps that are not there yet."""
    steps = {name: _followed(step, process) for name, step in process.steps.items()}
    return replace(process, steps=steps)


def _followed(step: Step, process: Process) -> Step:
    actions = (_leading(action, process) for action in step.actions)
    at = step.at if step.at.where is not Where.PLACE or step.at.level else replace(step.at, where=Where.AUTOMATIC)
    return replace(step, at=at, actions=tuple(action for action in actions if action is not None))


def _leading(action: Action, process: Process) -> Action | None:
    alone = len(action.branches) == 1
    branches = tuple(
        branch for branch in action.branches if branch.step in process.steps or (branch.step == ASKER and alone)
    )
    joins = action.joins if action.joins in process.steps else None
    return replace(action, branches=branches, joins=joins) if branches or joins or action.ends else None
