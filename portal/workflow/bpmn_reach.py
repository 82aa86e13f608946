"""What a process can lead to, without its conditions: who may have asked a step, and in which branch it may be open.

BPMN has no target like `@asker` and no join that knows its branches by itself: both are found here once, so that the
exported model has a flow for each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from portal.workflow.definition import ASKER, Action, Process
from portal.workflow.engine import is_split, join_of

DEEPEST = 12
"""Splits inside splits, at most; a process that nests deeper never ends them all."""

Arm = tuple[str, int]
"""A branch of a split: "step.action" and the number of the branch."""


class NotExportable(Exception):
    """The process has something that one BPMN model cannot say; `step` is where."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


@dataclass(frozen=True)
class _Place:
    step: str
    arms: tuple[Arm, ...] = ()
    origin: str | None = None


class Reach:
    """Every step with the branches and askers under which it can be open."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._places: dict[str, set[_Place]] = {}
        waiting, seen = deque([_Place(process.start)]), {_Place(process.start)}
        while waiting:
            place = waiting.popleft()
            self._places.setdefault(place.step, set()).add(place)
            for following in self._after(place):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)

    def limited(self, keeps: Callable[[tuple[Arm, ...]], bool]) -> Reach:
        """Only what can be open in these branches."""
        found = copy(self)
        kept = {step: {place for place in places if keeps(place.arms)} for step, places in self._places.items()}
        found._places = {step: places for step, places in kept.items() if places}
        return found

    def askers(self, step_id: str) -> tuple[str, ...]:
        """The steps that `@asker` may mean at this step, in the order of the definition."""
        found = {place.origin for place in self._places.get(step_id, ())}
        return tuple(step for step in self.process.steps if step in found)

    def is_reached(self, step_id: str) -> bool:
        return step_id in self._places

    def is_asked(self, step_id: str) -> bool:
        return bool(self.askers(step_id))

    def arms_of(self, step_id: str) -> tuple[Arm, ...]:
        """The branches from which this step arrives at a join: several where it is asked again. Raises NotExportable
        when there are none, or when one action opens it twice."""
        found = sorted({place.arms[-1] for place in self._places.get(step_id, ()) if place.arms})
        if not found or len({split for split, _ in found}) < len(found):
            raise NotExportable(step_id, "arrives at a join from several branches of one split, or from none")
        return tuple(found)

    def noted_splits(self) -> Mapping[str, str]:
        """The splits that a step must tell apart when it arrives, each with the variable in which it notes itself.

        Splits between which no step has to choose have variables of their own, so that one may be inside another.
        Raises NotExportable where two that share a variable are.
        """
        classes: list[set[str]] = []
        for step in self.process.steps:
            arms = self.arms_of(step) if self.is_reached(step) and self._joins(step) else ()
            if len(arms) > 1:
                own = {split for split, _ in arms}
                joined = [known for known in classes if known & own]
                classes = [*(known for known in classes if known not in joined), own.union(*joined)]
        noted = {split: _variable(known, alone=len(classes) == 1) for known in classes for split in known}
        for step, places in self._places.items():
            for place in places:
                inside = [noted[split] for split, _ in place.arms if split in noted]
                if len(set(inside)) < len(inside):
                    raise NotExportable(step, "is asked again inside a branch that its own question opens")
        return noted

    def _joins(self, step_id: str) -> bool:
        return any(action.joins is not None for action in every_action(self.process, step_id))

    def _after(self, place: _Place) -> Iterator[_Place]:
        if len(place.arms) > DEEPEST:
            raise NotExportable(place.step, "opens branches inside branches without end")
        for action in every_action(self.process, place.step):
            yield from self._by(place, action)

    def _by(self, place: _Place, action: Action) -> Iterator[_Place]:
        if action.joins is not None:
            if place.arms:
                yield _Place(action.joins, place.arms[:-1])
        elif is_split(action):
            key = f"{place.step}.{action.id}"
            for number, branch in enumerate(action.branches):
                yield _Place(branch.step, (*place.arms, (key, number)))
            join = join_of(self.process, action)
            if join is not None and all(branch.when or branch.each for branch in action.branches):
                yield _Place(join, place.arms)
        else:
            for branch in action.branches:
                if branch.step != ASKER:
                    origin = place.step if action.asks else place.origin
                    yield _Place(branch.step, place.arms, None if origin == branch.step else origin)
                elif place.origin is not None:
                    yield _Place(place.origin, place.arms)


def _variable(splits: Collection[str], *, alone: bool) -> str:
    return "split" if alone else f"split_{min(splits).partition('.')[0]}"


def every_action(process: Process, step_id: str) -> tuple[Action, ...]:
    """The actions of a step and of its timers."""
    step = process.step(step_id)
    return step.actions + tuple(timer.action for timer in step.timers if timer.action is not None)
