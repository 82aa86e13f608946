"""Branches whose number only a record says, or of which some are enough: in BPMN a sub-process that runs side by side
with itself.

A branch that is opened for each value of an answer runs as often as `each` of its first step has values. Where a join
does not wait for all, the sub-process runs once for each branch that is opened, `loopCounter` (from 0) says which one a
run is, and enough runs that are done end the others: `numberOfCompletedInstances`. Both names are those of the standard
(formal/2013-12-09, 10.3.8). A sub-process is drawn on a plane of its own. What ends the record inside it is an error
that the whole sub-process hands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_building import Builder
from portal.workflow.bpmn_graph import Graph, Lane, NodeKind, Trigger
from portal.workflow.bpmn_reach import Arm, NotExportable
from portal.workflow.definition import Action, Branch, Process, Step
from portal.workflow.engine import counting_steps, is_split


def build(process: Process, *, lanes: Sequence[Lane], lane_of: Mapping[str, str], language: str) -> Graph:
    """The model. `lane_of` names the lane of every step. Raises NotExportable."""
    return _WholeBuilder(process, lanes, lane_of, language).graph()


class _WholeBuilder(Builder):
    def __init__(self, process: Process, lanes: Sequence[Lane], lane_of: Mapping[str, str], language: str) -> None:
        super().__init__(process, lanes, lane_of, language)
        self.everywhere = self.reach
        inner = frozenset(self._inner_arms())
        self.reach = self.everywhere.limited(inner.isdisjoint)

    def graph(self) -> Graph:
        model = super().graph()
        model.lanes = tuple(lane for lane in model.lanes if any(model.members(lane.id)))
        return model

    def _inner_arms(self) -> Iterator[Arm]:
        """Branches that are drawn as a sub-process."""
        counting = counting_steps(self.process)
        for step in self.process.steps.values():
            for action in step.actions:
                for number, branch in enumerate(action.branches):
                    if branch.each is not None or (step.id in counting and is_split(action)):
                        yield f"{step.id}.{action.id}", number

    def _repeated(self, step: Step, branch: Branch, arm_id: str, arm: Arm) -> str:
        """A branch for each value of an answer: a sub-process that runs side by side as often as there are values."""
        first = self.process.step(branch.step)
        inside = f"{arm_id}-each"
        which = f"({_run(branch, first)})[loopCounter]" if first.same_office is not None else ""
        inner = _InnerBuilder(self, inside, {arm: branch.step}, which=which)
        self._inner(
            inner, (first.stop or first.name).in_language(self.language), about=f"size({_values(branch)})",
            documentation=self._say("each", source=branch.each.source if branch.each else ""),
        )  # fmt: skip
        self._flow(f"{inside}.out", inside, self._arrival(arm))
        return inside

    def _counted(self, step: Step, action: Action, flow_id: str, joined: str) -> str:
        """Branches of which some are enough: a run for each of them, until enough are done."""
        inside, key = f"{flow_id}-some", f"{step.id}.{action.id}"
        enough = self.process.step(joined).opens_after or 0
        opened = " + ".join(_opened(branch, self.process.step(branch.step)) for branch in action.branches)
        firsts = {(key, number): branch.step for number, branch in enumerate(action.branches)}
        names = ", ".join(self.process.step(first).name.in_language(self.language) for first in firsts.values())
        inner = _InnerBuilder(self, inside, firsts, which=f"({opened})[loopCounter]")
        self._inner(
            inner, self._say("some", enough=enough), about=f"size({opened})", enough=enough,
            documentation=self._say("some_of", names=names, enough=enough),
        )  # fmt: skip
        self._flow(f"{inside}.out", inside, joined)
        return inside

    def _inner(self, inner: _InnerBuilder, name: str, **more: object) -> None:
        """Draw the sub-process, and what an end of the record inside it leads to."""
        inside, lane = inner.inside, inner.lane
        self.model.inner[inside] = inner.graph()
        self._add(inside, NodeKind.INNER, name, lane, inside, **more)
        for end in inner.ends:
            event = self._add(
                f"{inside}-{end}", NodeKind.BOUNDARY, words.end_name(end, self.process.ends[end].state, self.language),
                lane, inside, trigger=Trigger.ERROR, about=end, host=inside,
            )  # fmt: skip
            self._flow(f"{event}.out", event, self._end(end, event, lane), aside=True)


def _values(branch: Branch) -> str:
    return f'each["{branch.step}"]'


def _opened(branch: Branch, first: Step) -> str:
    """The branch as part of the list of those that are opened: by its step, as often as it is opened."""
    if branch.each is not None:
        return _run(branch, first)
    return f'["{branch.step}"]' if branch.when is None else f'(({branch.when.source}) ? ["{branch.step}"] : [])'


def _run(branch: Branch, first: Step) -> str:
    """The runs of a branch for each value, by its step; where one may be skipped, as `same_office` names them."""
    name = f'"{branch.step}[" + value + "]"' if first.same_office is not None else f'"{branch.step}"'
    return f"{_values(branch)}.map(value, {name})"


class _InnerBuilder(Builder):
    """The steps of some branches. Where they meet, a run ends; an end of the record is an error outside.

    `firsts` are the branches with the steps that they begin with; `which` says how the step that a run begins with is
    called, when there are several, or one that may be skipped. A step that can be open elsewhere too (the way of a
    supplement) is drawn here once more, under a name that says where.
    """

    def __init__(self, outer: _WholeBuilder, inside: str, firsts: Mapping[Arm, str], *, which: str = "") -> None:
        super().__init__(outer.process, outer.model.lanes, outer.lane_of, outer.language)
        self.inside, self.firsts, self.which = inside, firsts, which
        own = frozenset(firsts)
        self.elsewhere = outer.everywhere.limited(own.isdisjoint)
        self.reach = outer.everywhere.limited(lambda arms: not own.isdisjoint(arms))
        self.steps = [step for step in outer.process.steps.values() if self.reach.is_reached(step.id)]
        self.lane = outer.lane_of[next(iter(firsts.values()))]
        used = {outer.lane_of[step.id] for step in self.steps}
        self.model.lanes = tuple(lane for lane in outer.model.lanes if lane.id in used)
        self.ends: dict[str, None] = {}
        for step in self.steps:
            if step.id in self.closed:
                raise NotExportable(step.id, "ends the right to withdraw inside branches drawn as a sub-process")

    def graph(self) -> Graph:
        start = self._add("start", NodeKind.START, self._say("asked"), self.lane, "start")
        self._add("done", NodeKind.END, self._say("answered"), self.lane, "done")
        if self.which:
            choice = self._add("choice", NodeKind.EXCLUSIVE, self._say("which"), self.lane, "choice")
            self._flow(f"{self.inside}-first", start, choice)
            for first in self.firsts.values():
                self._begin(choice, self.process.step(first))
            if any(self.process.step(first).same_office is not None for first in self.firsts.values()):
                skipped = f"{self.which} in same_office"
                self._flow(f"{self.inside}-skipped", choice, "done", name=self._say("unless"), condition=skipped)
        else:
            [first] = self.firsts.values()
            self._flow(f"{self.inside}-first", start, first)
        for step in self.steps:
            self._step(step)
        self._merge()
        return self._renamed()

    def _begin(self, choice: str, first: Step) -> None:
        """A run that begins with this step, unless the office would ask itself."""
        is_one_of = f'{self.which} == "{first.id}"'
        if first.same_office is not None:
            is_one_of = f'({is_one_of} || ({self.which}).startsWith("{first.id}[")) && !({self.which} in same_office)'
        name = first.name.in_language(self.language)
        self._flow(f"{self.inside}-{first.id}", choice, first.id, name=name, condition=is_one_of)

    def _arrival(self, arm: Arm) -> str:
        return "done" if arm in self.firsts else super()._arrival(arm)

    def _end(self, end_id: str | None, source: str, lane: str) -> str:
        end = self.process.ends[end_id or ""]
        self.ends[end.id] = None
        name = words.end_name(end.id, end.state, self.language)
        return self._add(
            f"{source}-end", NodeKind.END, name, lane, f"{source}-end", trigger=Trigger.ERROR, about=end.id
        )

    def _documentation(self, step: Step) -> str:
        """The lanes of the whole process are not drawn inside: who acts is said in words."""
        office = next(lane.name for lane in self.model.lanes if lane.id == self.lane_of[step.id])
        return "\n".join(part for part in (office, super()._documentation(step)) if part)

    def _renamed(self) -> Graph:
        """No two parts of the file have one name: beginning, choices and end are called after the sub-process, and what
        belongs to a step that is drawn elsewhere too says where it is."""
        nodes = [
            replace(node, id=self._name(node.id), host=self._name(node.host)) for node in self.model.nodes.values()
        ]
        flows = [
            replace(flow, id=self._name(flow.id), source=self._name(flow.source), target=self._name(flow.target))
            for flow in self.model.flows
        ]
        return Graph({node.id: node for node in nodes}, flows, self.model.lanes)

    def _name(self, part: str) -> str:
        owner = _OWNER.match(part)
        first = owner.group() if owner else ""
        if first in _OWN_PARTS:
            return f"{self.inside}-{part}"
        if self.elsewhere.is_reached(first) and not part.startswith(self.inside):
            return f"{first}-in-{self.inside.replace('.', '_')}{part[len(first) :]}"
        return part


_OWNER = re.compile(r"[^.-]+")
_OWN_PARTS = frozenset({"start", "choice", "done", "asker"})
