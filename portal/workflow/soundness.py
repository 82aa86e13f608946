"""Is a process sound? Every reachable marking is played with the engine itself, every condition taken both ways.

The explorer knows no second meaning of a process: it asks `engine` what each action and timer does, with conditions
replaced by assumptions, and reports what it meets together with the shortest sequence of actions that leads there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from portal.workflow import engine, splits
from portal.workflow.definition import Action, Branch, Condition, Facts, Process, Step, Timer, TimerEffect, Where
from portal.workflow.splits import Each

MARKINGS = 20_000
"""How many markings are explored at most; a process with more is reported instead of being waited for."""


class Fault(StrEnum):
    UNREACHABLE = "unreachable"  # no sequence of actions opens the step
    NO_WAY_ON = "no_way_on"  # the step may offer nothing, or the action leads nowhere
    NO_BRANCH = "no_branch"  # the action waits for other branches where none was opened
    CANNOT_END = "cannot_end"  # from here no sequence of actions ends the record
    TOKENS_LEFT = "tokens_left"  # an end is reached while other branches are still open
    OPENED_TWICE = "opened_twice"  # a step is opened while it is open
    CANCELS_OUTSIDE = "cancels_outside"  # a join that need not wait for all its branches stands inside another split
    NO_VALUE = "no_value"  # a step at the place of its branch is opened outside a branch that has one
    NO_ACTOR = "no_actor"  # nobody can act on the step and no timer does
    NO_DEADLINE = "no_deadline"  # an opinion is asked for, and nothing happens when it does not come
    TOO_LARGE = "too_large"  # more than MARKINGS markings


@dataclass(frozen=True)
class Unsoundness:
    """A fault at a step (and action); `path` is the shortest sequence "step.action" that leads to it."""

    fault: Fault
    step: str
    action: str | None = None
    path: tuple[str, ...] = ()


Marking = tuple[engine.Token, ...]
"""Open tasks in a fixed order; the task ids are their indexes."""


def explore(process: Process) -> tuple[Unsoundness, ...]:
    """Every fault of the process, in the order of its steps. All targets must exist (the loader sees to that)."""
    explorer = _Explorer(_with_assumptions(process))
    explorer.run()
    order = {step_id: index for index, step_id in enumerate(process.steps)}
    still = (replace(fault, path=explorer.way_to(fault.step)) for fault in _steps_that_stand_still(process))
    found = [*still, *explorer.found]
    return tuple(sorted(found, key=lambda item: (order[item.step], item.fault, item.action or "")))


def ways(process: Process) -> dict[str, tuple[str, ...]]:
    """For each step that can be opened, the shortest sequence "step.action" that opens it."""
    explorer = _Explorer(_with_assumptions(process))
    explorer.run()
    return {step_id: explorer.way_to(step_id) for step_id in process.steps if explorer.opens(step_id)}


_ONLY_TELL = (TimerEffect.REMIND, TimerEffect.REMIND_APPLICANT)


def _steps_that_stand_still(process: Process) -> Iterator[Unsoundness]:
    for step in process.steps.values():
        if step.consultation is not None and all(timer.effect in _ONLY_TELL for timer in step.timers):
            yield Unsoundness(Fault.NO_DEADLINE, step.id)
        if _acting_timers(step):
            continue
        if _may_offer_nothing(step):
            yield Unsoundness(Fault.NO_WAY_ON, step.id)
        elif step.at.where is Where.AUTOMATIC or not engine.has_actor(step.at, step.role):
            yield Unsoundness(Fault.NO_ACTOR, step.id)


def _may_offer_nothing(step: Step) -> bool:
    """True when the conditions (counts, limits) of the actions can all fail at once."""
    lasting = [action for action in step.actions if action.times is None and action.within is None]
    if any(action.when is None for action in lasting):
        return False
    conditions = [_assumed(action.when) for action in lasting if action.when is not None]
    assumptions = _assumptions(action.when for action in lasting)
    return any(not any(condition.test(facts) for condition in conditions) for facts in assumptions)


class _Explorer:
    """One breadth-first walk: `came_from` gives the shortest path, `leads_to` the way back from the ends."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.found: list[Unsoundness] = []
        self._known: set[tuple[Fault, str, str | None]] = set()
        self._came_from: dict[Marking, tuple[Marking, str] | None] = {}
        self._predecessors: dict[Marking, set[Marking]] = {}
        self._may_end: set[Marking] = set()
        self._situations_of: dict[str, tuple[Facts, ...]] = {}
        self._without_branches: set[str] = set()

    def run(self) -> None:
        first = _marking(engine.Token(0, opening.step) for opening in engine.start(self.process, {}))
        self._came_from[first] = None
        if not self._walk(deque([first])):
            return
        # Taken back, a question leads nowhere new as long as it arrives where its answer would; it ends no record.
        asking = [marking for marking in self._came_from if any(map(self._is_asked, marking))]
        if not self._walk(deque(new for marking in asking for new in self._taken_back(marking))):
            return
        if self.process.correct is not None:  # what only a correction reaches: its ways begin after the end
            again = _marking([engine.Token(0, engine.reopening(self.process).step)])
            self._came_from.setdefault(again, None)
            if not self._walk(deque([again])):
                return
        self._report_unreachable()
        self._report_without_end()

    def _walk(self, waiting: deque[Marking]) -> bool:
        """Breadth first from here; False when there is too much to see."""
        while waiting:
            marking = waiting.popleft()
            for label, following in self._follow(marking):
                self._predecessors.setdefault(following, set()).add(marking)
                if self._is_new(following, marking, label):
                    waiting.append(following)
            if len(self._came_from) > MARKINGS:
                self._report(Fault.TOO_LARGE, self.process.start, path=())
                return False
        return True

    def _is_new(self, following: Marking, marking: Marking, label: str) -> bool:
        if following in self._came_from:
            return False
        self._came_from[following] = (marking, label)
        return True

    def _taken_back(self, marking: Marking) -> list[Marking]:
        """What follows where a question is taken back, as far as nothing else leads there."""
        found = []
        for token in marking:
            action = engine.recall_of(self.process, token)
            if action is not None:
                label = f"{token.step}.{engine.RECALL}"
                ways = self._play(marking, token, action, label, _after_recall(self.process, marking, token))
                found += [following for _, following in ways if self._is_new(following, marking, label)]
        return found

    def _is_asked(self, token: engine.Token) -> bool:
        return self.process.step(token.step).consultation is not None

    @property
    def markings(self) -> Iterable[Marking]:
        return self._came_from

    def _follow(self, marking: Marking) -> Iterator[tuple[str, Marking]]:
        for token in marking:
            step = self.process.step(token.step)
            for action in step.actions:
                label = f"{step.id}.{action.id}"
                yield from self._play(
                    marking, token, action, label, _after_action(self.process, marking, token, action)
                )
            for index, timer in _acting_timers(step):
                label = f"{step.id}.⏰{timer.label}"
                if timer.action is not None:
                    ring = _after_timer(self.process, marking, token, index)
                    yield from self._play(marking, token, timer.action, label, ring)

    def _play(
        self, marking: Marking, token: engine.Token, action: Action, label: str, play: Callable[[Facts], engine.Move]
    ) -> Iterator[tuple[str, Marking]]:
        for facts in self._situations(label, action):
            if action.when is not None and not action.when.test(facts):
                continue
            if action.consults and not engine.branches_opened(action, facts):
                continue  # somebody must be asked
            move = self._move(marking, token, action, label, play, facts)
            if move is None:
                continue
            if move.ends is not None:
                self._may_end.add(marking)
                if move.cancels and not move.ends.closes_all:
                    self._report(Fault.TOKENS_LEFT, token.step, action.id, (*self._path(marking), label))
                continue
            others = [other for other in marking if other is not token and other.task_id not in move.cancels]
            if move.cancels and others:
                joined = next(opening.step for opening in move.opens)
                self._report(Fault.CANCELS_OUTSIDE, joined, path=(*self._path(marking), label))
            twice = _opened_twice(others, move.opens)
            if twice is not None:
                self._report(Fault.OPENED_TWICE, twice, path=(*self._path(marking), label))
                continue
            lost = next((opening.step for opening in move.opens if _has_no_value(self.process, opening)), None)
            if lost is not None:
                self._report(Fault.NO_VALUE, lost, path=(*self._path(marking), label))
            opened = (engine.Token(0, opening.step, opening.group, opening.origin) for opening in move.opens)
            yield label, _marking([*others, *opened])

    def _move(
        self,
        marking: Marking,
        token: engine.Token,
        action: Action,
        label: str,
        play: Callable[[Facts], engine.Move],
        facts: Facts,
    ) -> engine.Move | None:
        """What the engine makes of the action; None where it leads nowhere. Where it waits for branches and none were
        opened, that is said once of the join, and the walk goes on from there: what follows is not at fault."""
        try:
            return play(facts)
        except engine.InvalidTransition:
            path = (*self._path(marking), label)
            if action.joins is None or token.group:
                self._report(Fault.NO_WAY_ON, token.step, action.id, path)
                return None
            if action.joins not in self._without_branches:
                self._without_branches.add(action.joins)
                self._report(Fault.NO_BRANCH, token.step, action.id, path)
            return engine.Move((token.task_id,), (engine.Opening(action.joins),))

    def _situations(self, label: str, action: Action) -> tuple[Facts, ...]:
        """What the action may meet, worked out once: it is the same at every marking."""
        found = self._situations_of.get(label)
        if found is None:
            found = self._situations_of[label] = tuple(self._met_by(action))
        return found

    def _met_by(self, action: Action) -> Iterator[Facts]:
        """Conditions both ways, and each opinion that may be skipped asked of another office and of the same one."""
        branches = action.branches
        for facts in _assumptions([action.when, *(b.when for b in branches), *(b.each for b in branches)]):
            opened = engine.branches_opened(action, facts) if engine.is_split(action) else ()
            names = [engine.branch_name(step, value) for step, value in opened if self.process.step(step).same_office]
            for skipped in product((False, True), repeat=len(names)):
                yield {**facts, "same_office": [name for name, own in zip(names, skipped, strict=True) if own]}

    def _report_unreachable(self) -> None:
        reached = {token.step for marking in self._came_from for token in marking}
        for step_id in self.process.steps:
            if step_id not in reached:
                self._report(Fault.UNREACHABLE, step_id, path=())

    def _report_without_end(self) -> None:
        able = set(self._may_end)
        waiting = list(able)
        while waiting:
            for earlier in self._predecessors.get(waiting.pop(), ()):
                if earlier not in able:
                    able.add(earlier)
                    waiting.append(earlier)
        for marking, source in self._came_from.items():
            if marking not in able and (source is None or source[0] in able):
                self._report(Fault.CANNOT_END, marking[0].step, path=self._path(marking))

    def opens(self, step_id: str) -> bool:
        return self._first_with(step_id) is not None

    def way_to(self, step_id: str) -> tuple[str, ...]:
        """The shortest sequence that opens the step; empty for the first step, and for one that nothing opens."""
        marking = self._first_with(step_id)
        return self._path(marking) if marking is not None else ()

    def _first_with(self, step_id: str) -> Marking | None:
        """Markings are found breadth first: the first with the step has the shortest way."""
        found = (marking for marking in self._came_from if any(token.step == step_id for token in marking))
        return next(found, None)

    def _path(self, marking: Marking) -> tuple[str, ...]:
        path: list[str] = []
        source = self._came_from[marking]
        while source is not None:
            path.append(source[1])
            source = self._came_from[source[0]]
        return tuple(reversed(path))

    def _report(self, fault: Fault, step: str, action: str | None = None, path: tuple[str, ...] = ()) -> None:
        if (fault, step, action) not in self._known:
            self._known.add((fault, step, action))
            self.found.append(Unsoundness(fault, step, action, path))


def _marking(tokens: Iterable[engine.Token]) -> Marking:
    ordered = sorted(tokens, key=lambda token: (token.step, token.group, token.origin or ""))
    return tuple(engine.Token(index, token.step, token.group, token.origin) for index, token in enumerate(ordered))


def _opened_twice(others: list[engine.Token], opens: tuple[engine.Opening, ...]) -> str | None:
    steps = {(token.step, splits.value_of(token.group)) for token in others}
    for opening in opens:
        own = opening.step, splits.value_of(opening.group)
        if own in steps:
            return opening.step
        steps.add(own)
    return None


def _has_no_value(process: Process, opening: engine.Opening) -> bool:
    return process.step(opening.step).at.where is Where.EACH and not splits.value_of(opening.group)


def _after_action(
    process: Process, marking: Marking, token: engine.Token, action: Action
) -> Callable[[Facts], engine.Move]:
    return lambda facts: engine.after(process, marking, token.task_id, action.id, facts)


def _after_recall(process: Process, marking: Marking, token: engine.Token) -> Callable[[Facts], engine.Move]:
    return lambda facts: engine.after_recall(process, marking, token.task_id)


def _after_timer(process: Process, marking: Marking, token: engine.Token, index: int) -> Callable[[Facts], engine.Move]:
    return lambda facts: engine.after_timer(process, marking, token.task_id, index, facts)


def _acting_timers(step: Step) -> list[tuple[int, Timer]]:
    return [(index, timer) for index, timer in enumerate(step.timers) if timer.effect is TimerEffect.ACT]


def _with_assumptions(process: Process) -> Process:
    """The same process with every condition asking the assumptions, by the name of its source, instead of a record."""
    steps = {step_id: _assuming_step(step) for step_id, step in process.steps.items()}
    return replace(process, steps=steps)


def _assuming_step(step: Step) -> Step:
    timers = tuple(replace(timer, action=timer.action and _assuming(timer.action)) for timer in step.timers)
    return replace(step, actions=tuple(_assuming(action) for action in step.actions), timers=timers)


def _assuming(action: Action) -> Action:
    branches = tuple(
        Branch(branch.step, branch.when and _assumed(branch.when), branch.each and _assumed_rows(branch.each))
        for branch in action.branches
    )
    return replace(action, branches=branches, when=action.when and _assumed(action.when))


def _assumed(condition: Condition) -> Condition:
    name, holds = _atom(condition), condition.negates is None
    return replace(condition, test=lambda facts: facts.get(name, False) is holds)


def _assumed_rows(each: Each) -> Each:
    return replace(each, values=lambda facts: facts.get(each.source, ()))


def _atom(condition: Condition | Each) -> str:
    return condition.source if condition.negates is None else condition.negates


def _assumptions(conditions: Iterable[Condition | Each | None]) -> Iterator[Facts]:
    """Every way in which the conditions can hold or fail; a condition and its opposite never hold together.

    An answer that branches are opened for has no value, one, or two: more behave as two do.
    """
    cases: dict[str, tuple[object, ...]] = {
        _atom(asked): ((), ("1",), ("1", "2")) if isinstance(asked, Each) else (True, False)
        for asked in conditions
        if asked is not None
    }
    names = sorted(cases)
    for values in product(*(cases[name] for name in names)):
        yield dict(zip(names, values, strict=True))


Situation = frozenset[tuple[str, str, str | None]]
"""The open tasks of a record without their keys: step, path of splits (however many branches they had), who asked."""


def situations(process: Process) -> frozenset[Situation]:
    """Every set of open tasks that a record of this process can have, conditions taken both ways."""
    explorer = _Explorer(_with_assumptions(process))
    explorer.run()
    return frozenset(situation_of(marking) for marking in explorer.markings)


def situation_of(tokens: Iterable[engine.Token]) -> Situation:
    return frozenset((token.step, splits.uncounted(token.group), token.origin) for token in tokens)
