"""Branches whose number only a record says, or of which some are enough: in BPMN a sub-process that runs side by side
with itself.

A branch that is opened for each value of an answer runs as often as `each` of its first step has values. Where a join
does not wait for all, the sub-process runs once for each branch that is opened, `loopCounter` (from 0) says which one a
run is, and enough runs that are done end the others: `numberOfCompletedInstances`. Both names are those of the standard
(formal/2013-12-09, 10.3.8). A sub-process is drawn on a plane of its own. What ends the record inside it is an error
that the whole sub-process hands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_building import Builder
from portal.workflow.bpmn_graph import Graph, Lane, NodeKind, Trigger
from portal.workflow.bpmn_reach import Arm, NotExportable, every_action
from portal.workflow.definition import ASKER, Action, Branch, Process, Step
from portal.workflow.engine import counting_steps, is_split


def build(process: Process, *, lanes: Sequence[Lane], lane_of: Mapping[str, str], language: str) -> Graph:
    """The model. `lane_of` names the lane of every step. Raises NotExportable."""
    return _WholeBuilder(process, lanes, lane_of, language).graph()


class _WholeBuilder(Builder):
    def __init__(self, process: Process, lanes: Sequence[Lane], lane_of: Mapping[str, str], language: str) -> None:
        super().__init__(process, lanes, lane_of, language)
        self.inner_steps = frozenset(self._inner_steps())

    def graph(self) -> Graph:
        model = super().graph()
        model.lanes = tuple(lane for lane in model.lanes if any(model.members(lane.id)))
        return model

    def _inner_steps(self) -> Iterator[str]:
        """Steps that are open only inside branches that are drawn as a sub-process."""
        counting = counting_steps(self.process)
        for step in self.process.steps.values():
            for action in step.actions:
                for number, branch in enumerate(action.branches):
                    if branch.each is not None or (step.id in counting and is_split(action)):
                        yield from self.reach.inside([(f"{step.id}.{action.id}", number)], [branch.step])

    def _is_drawn(self, step_id: str) -> bool:
        return super()._is_drawn(step_id) and step_id not in self.inner_steps

    def _repeated(self, step: Step, branch: Branch, arm_id: str, arm: Arm) -> str:
        """A branch for each value of an answer: a sub-process that runs side by side as often as there are values."""
        first = self.process.step(branch.step)
        inside = f"{arm_id}-each"
        inner = _InnerBuilder(self, inside, {arm: branch.step})
        self._inner(
            inner, (first.stop or first.name).in_language(self.language), about=f"size({_values(branch)})",
            documentation=self._say("each", source=branch.each.source if branch.each else ""),
        )  # fmt: skip
        self._flow(f"{inside}.out", inside, self._arrival(arm))
        return inside

    def _counted(self, step: Step, action: Action, flow_id: str, joined: str) -> str:
        """Branches of which some are enough: a run for each of them, until enough are done."""
        if any(self.process.step(branch.step).same_office for branch in action.branches):
            raise NotExportable(joined, "does not wait for all of its branches, one of which may be skipped")
        inside, key = f"{flow_id}-some", f"{step.id}.{action.id}"
        enough = self.process.step(joined).opens_after or 0
        opened = " + ".join(map(_opened, action.branches))
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


def _opened(branch: Branch) -> str:
    """The branch as part of the list of those that are opened: by its step, as often as it is opened."""
    if branch.each is not None:
        return f'{_values(branch)}.map(value, "{branch.step}")'
    return f'["{branch.step}"]' if branch.when is None else f'(({branch.when.source}) ? ["{branch.step}"] : [])'


class _InnerBuilder(Builder):
    """The steps of some branches. Where they meet, a run ends; an end of the record is an error outside.

    `firsts` are the branches with the steps that they begin with; `which` is the step that a run begins with, when
    there are several.
    """

    def __init__(self, outer: Builder, inside: str, firsts: Mapping[Arm, str], *, which: str = "") -> None:
        super().__init__(outer.process, outer.model.lanes, outer.lane_of, outer.language)
        self.inside, self.firsts, self.which = inside, firsts, which
        self.steps = outer.reach.inside(firsts, tuple(firsts.values()))
        self.lane = outer.lane_of[next(iter(firsts.values()))]
        self.model.lanes = tuple(
            lane for lane in outer.model.lanes if lane.id in {outer.lane_of[step] for step in self.steps}
        )
        self.ends: dict[str, None] = {}
        for step in self.steps:
            self._check(outer.process.step(step))

    def graph(self) -> Graph:
        start = self._add("start", NodeKind.START, self._say("asked"), self.lane, "start")
        if self.which:
            choice = self._add("choice", NodeKind.EXCLUSIVE, self._say("which"), self.lane, "choice")
            self._flow(f"{self.inside}-first", start, choice)
            for first in self.firsts.values():
                name = self.process.step(first).name.in_language(self.language)
                self._flow(f"{self.inside}-{first}", choice, first, name=name, condition=f'{self.which} == "{first}"')
        else:
            [first] = self.firsts.values()
            self._flow(f"{self.inside}-first", start, first)
        self._add("done", NodeKind.END, self._say("answered"), self.lane, "done")
        for step in self.steps:
            self._step(self.process.step(step))
        self._merge()
        return self._renamed()

    def _check(self, step: Step) -> None:
        if step.id in self.closed:
            raise NotExportable(step.id, "ends the right to withdraw inside branches that are drawn as a sub-process")
        for action in every_action(self.process, step.id):
            if any(branch.step == ASKER for branch in action.branches):
                raise NotExportable(step.id, "goes back to who asked inside branches that are drawn as a sub-process")

    def _joined(self, step: Step) -> str:
        arms = self.reach.arms_of(step.id)
        return "done" if len(arms) == 1 and arms[0] in self.firsts else super()._joined(step)

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
        """Beginning, choice and end are called after the sub-process: no two parts of the file have one name."""
        ids = {name: f"{self.inside}-{name}" for name in ("start", "choice", "done", "done-in")}
        nodes = [replace(node, id=ids.get(node.id, node.id)) for node in self.model.nodes.values()]
        flows = [
            replace(
                flow,
                id=f"{self.inside}-{flow.id}" if flow.id.startswith("done-in") else flow.id,
                source=ids.get(flow.source, flow.source),
                target=ids.get(flow.target, flow.target),
            )
            for flow in self.model.flows
        ]
        return Graph({node.id: node for node in nodes}, flows, self.model.lanes)
