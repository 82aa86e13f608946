"""A branch that is opened for each value of an answer: in BPMN a sub-process that runs side by side with itself.

How often it runs, only a record says: as often as `each` of its first step has values. It is drawn on a plane of its
own. What ends the record inside it is an error that the whole sub-process hands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_building import Builder
from portal.workflow.bpmn_graph import Graph, Lane, NodeKind, Trigger
from portal.workflow.bpmn_reach import Arm, NotExportable, every_action
from portal.workflow.definition import ASKER, Branch, Process, Step
from portal.workflow.engine import is_split


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
        """Steps that are open only inside a branch for each value: they are drawn in its sub-process."""
        for step in self.process.steps.values():
            for action in step.actions:
                for number, branch in enumerate(action.branches):
                    if branch.each is not None:
                        yield from self.reach.inside((f"{step.id}.{action.id}", number), branch.step)

    def _is_drawn(self, step_id: str) -> bool:
        return super()._is_drawn(step_id) and step_id not in self.inner_steps

    def _repeated(self, step: Step, branch: Branch, arm_id: str, arm: Arm) -> str:
        """A branch for each value of an answer: a sub-process that runs side by side as often as there are values."""
        first = self.process.step(branch.step)
        inside = f"{arm_id}-each"
        words_of_branch = (first.stop or first.name).in_language(self.language)
        inner = _InnerBuilder(self, inside, self.reach.inside(arm, branch.step), first)
        self.model.inner[inside] = inner.graph()
        self._add(
            inside, NodeKind.INNER, words_of_branch, self.lane_of[first.id], inside,
            about=f'size(each["{first.id}"])',
            documentation=self._say("each", source=branch.each.source if branch.each else ""),
        )  # fmt: skip
        self._flow(f"{inside}.out", inside, self._arrival(arm))
        for end in inner.ends:
            event = self._add(
                f"{inside}-{end}", NodeKind.BOUNDARY, words.end_name(end, self.process.ends[end].state, self.language),
                self.lane_of[first.id], inside, trigger=Trigger.ERROR, about=end, host=inside,
            )  # fmt: skip
            self._flow(f"{event}.out", event, self._end(end, event, self.lane_of[first.id]), aside=True)
        return inside


class _InnerBuilder(Builder):
    """The steps of one branch of many. Where it meets the others it ends; an end of the record is an error outside."""

    def __init__(self, outer: Builder, inside: str, steps: Sequence[str], first: Step) -> None:
        super().__init__(outer.process, outer.model.lanes, outer.lane_of, outer.language)
        self.model.lanes = tuple(
            lane for lane in outer.model.lanes if lane.id in {outer.lane_of[step] for step in steps}
        )
        self.inside, self.steps, self.first = inside, tuple(steps), first
        self.ends: dict[str, None] = {}
        for step in steps:
            self._check(outer.process.step(step))

    def graph(self) -> Graph:
        lane = self.lane_of[self.first.id]
        start = self._add("start", NodeKind.START, self._say("asked"), lane, "start")
        self._flow(f"{self.inside}-first", start, self.first.id)
        self._add("done", NodeKind.END, self._say("answered"), lane, "done")
        for step in self.steps:
            self._step(self.process.step(step))
        self._merge()
        return self._renamed()

    def _check(self, step: Step) -> None:
        if step.id in self.closed:
            raise NotExportable(step.id, "ends the right to withdraw inside a branch for each row")
        for action in every_action(self.process, step.id):
            if is_split(action) or any(branch.step == ASKER for branch in action.branches):
                raise NotExportable(step.id, "splits, or goes back to who asked, inside a branch for each row")

    def _joined(self, step: Step) -> str:
        return "done"

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
        """Beginning and end are called after the sub-process, so that no two parts of the file have one name."""
        ids = {"start": f"{self.inside}-start", "done": f"{self.inside}-done", "done-in": f"{self.inside}-done-in"}
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
