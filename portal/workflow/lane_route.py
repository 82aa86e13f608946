"""The usual way through a process: which step follows which when nothing is missing and nobody objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.workflow.definition import ASKER, Action, ActionKind, ClockRule, Process, Step, Where
from portal.workflow.lane_stops import APPLICANT

_ENDING = {ActionKind.REFUSE, ActionKind.REJECT}
_ASIDE = {ActionKind.SUPPLEMENT, ActionKind.REFUSE, ActionKind.REJECT, ActionKind.SEND_BACK}


@dataclass(frozen=True)
class Leg:
    """One step on the way. `optional` when a condition decides whether it is opened."""

    step: Step
    optional: bool = False


@dataclass(frozen=True)
class Parallel:
    """Branches that open together; each is a row of legs."""

    branches: tuple[tuple[Leg, ...], ...]


Route = tuple[Leg | Parallel, ...]


def usual_action(step: Step) -> Action | None:
    """The first action that carries the work on; asking once more only where nothing else does. None where every way
    leads aside."""
    onward = [
        action
        for action in step.actions
        if action.kind not in _ASIDE
        and (action.branches or action.joins or action.ends)
        and all(branch.step != step.id for branch in action.branches)
    ]
    return min(onward, key=lambda action: action.consults or bool(action.proposes), default=None)


def route_from(process: Process, step_id: str, *, asker: str | None = None) -> Route:
    """The usual way from a step to the end. `asker` is where a supplement under way returns to."""
    parts, joined = _walk(process, step_id, seen=set(), asker=asker)
    while joined:
        more, joined = _walk(process, joined, seen=_seen(parts), asker=asker)
        parts += more
    return tuple(parts)


def steps_of(route: Route) -> Iterator[Step]:
    for part in route:
        for branch in part.branches if isinstance(part, Parallel) else ((part,),):
            yield from (leg.step for leg in branch)


def next_by_hand(process: Process, action: Action) -> Step | None:
    """The step that a person does next on the usual way after an action; the portal may do others before it."""
    steps = (step for branch in action.branches if branch.step != ASKER for step in _onward(process, branch.step))
    return next((step for step in steps if step.at.where is not Where.AUTOMATIC), None)


def _onward(process: Process, step_id: str) -> Iterator[Step]:
    return steps_of(route_from(process, step_id))


def _seen(parts: Sequence[Leg | Parallel]) -> set[str]:
    return {step.id for step in steps_of(tuple(parts))}


def _walk(
    process: Process, step_id: str, *, seen: set[str], asker: str | None
) -> tuple[list[Leg | Parallel], str | None]:
    """Legs until the process ends, the branch arrives at a join (which is returned), or a step comes twice."""
    parts: list[Leg | Parallel] = []
    current: str | None = step_id
    optional = False
    while current and current not in seen:
        step = process.step(current)
        seen.add(current)
        parts.append(Leg(step, optional))
        action = usual_action(step)
        if action is None or action.ends:
            return parts, None
        if action.joins:
            return parts, action.joins
        if len(action.branches) > 1 and not action.choice:
            branches = [_walk(process, branch.step, seen=seen, asker=asker) for branch in action.branches]
            parts.append(_parallel(action, [legs for legs, _ in branches]))
            current, optional = next((joined for _, joined in branches if joined), None), False
        else:
            branch = action.branches[0]
            current = asker if branch.step == ASKER else branch.step
            optional = action.choice and branch.when is not None
    return parts, None


def _parallel(action: Action, walked: Sequence[Sequence[Leg | Parallel]]) -> Parallel:
    branches = []
    for branch, parts in zip(action.branches, walked, strict=True):
        legs = [leg for part in parts for leg in (_flat(part) if isinstance(part, Parallel) else (part,))]
        branches.append(tuple(Leg(leg.step, optional=branch.when is not None or leg.optional) for leg in legs))
    return Parallel(tuple(branch for branch in branches if branch))


def _flat(part: Parallel) -> tuple[Leg, ...]:
    return tuple(leg for branch in part.branches for leg in branch)


@dataclass(frozen=True)
class Aside:
    """A way that leaves the usual one and comes back to it."""

    leaves: str
    step: Step


def asides(process: Process, route: Route) -> Mapping[str, tuple[Aside, ...]]:
    """For each step of the route the steps in other hands that it may call upon, each named where it comes first."""
    usual = {step.id for step in steps_of(route)}
    named: set[str] = set()
    found: dict[str, tuple[Aside, ...]] = {}
    for step in steps_of(route):
        here = []
        for action in step.actions:
            target = None if action.kind in _ENDING else _first_elsewhere(process, action, usual)
            if target is not None and target.id not in named:
                named.add(target.id)
                here.append(Aside(step.id, target))
        found[step.id] = tuple(here)
    return found


def _first_elsewhere(process: Process, action: Action, usual: set[str]) -> Step | None:
    """The applicant's step that a supplement leads to; of another action the step that it opens, if that comes back."""
    if action.kind is ActionKind.SUPPLEMENT:
        return _applicant_behind(process, action, usual)
    opened = [process.step(branch.step) for branch in action.branches if branch.step not in usual | {ASKER}]
    return next((step for step in opened if _comes_back(step, usual)), None)


def _applicant_behind(process: Process, action: Action, usual: set[str]) -> Step | None:
    waiting, seen = [branch.step for branch in action.branches], usual | {ASKER}
    while waiting:
        step_id = waiting.pop(0)
        if step_id in seen:
            continue
        seen = seen | {step_id}
        step = process.step(step_id)
        if step.at.where is Where.APPLICANT:
            return step
        waiting += [branch.step for onward in step.actions for branch in onward.branches]
    return None


def _comes_back(step: Step, usual: set[str]) -> bool:
    return any(branch.step in usual for action in step.actions for branch in action.branches)


def is_counter(step: Step) -> bool:
    """Whether a one-stop counter does the step."""
    at = step.at
    return at.where in (Where.RECEIVED, Where.RETURN) or at.function == "one_stop" or at.within == "one_stop"


def is_reception(step: Step) -> bool:
    return step.clock is ClockRule.RECEPTION


def gives_result(step: Step) -> bool:
    return any(action.kind is ActionKind.GIVE for action in step.actions)


def drafts(step: Step) -> bool:
    return any(action.kind is ActionKind.DRAFT for action in step.actions)


def lane_of(step: Step, *, receiver: str, before: str) -> str:
    """The lane of a step. `receiver` is the level of the counter, `before` the lane that the work comes from."""
    where = step.at.where
    if where is Where.APPLICANT:
        return APPLICANT
    if where is Where.AUTOMATIC:
        return receiver if before == APPLICANT else before  # the portal's own work is nobody's turn outside
    if step.at.level:
        return step.at.level
    return receiver if where in (Where.RECEIVED, Where.RETURN) else before
