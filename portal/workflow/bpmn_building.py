"""A process becomes a BPMN model in which exactly the same sequences of actions are possible.

A step is a task; its actions are the ways out of a choice after it, each asking which `action` was taken. A split is a
parallel gateway whose conditional branches may be passed by; branches meet again in a parallel gateway. Timers are
boundary events. Where `@asker` may mean several steps, each of them notes itself in `asker` and a choice leads back.
Withdrawal and stop wait beside the whole process, until the record is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_graph import Flow, Graph, Lane, Node, NodeKind, Trigger
from portal.workflow.bpmn_merging import merge
from portal.workflow.bpmn_reach import Arm, NotExportable, Reach, every_action
from portal.workflow.bpmn_timers import timer_event
from portal.workflow.definition import (
    ASKER,
    Action,
    ActionKind,
    Branch,
    Condition,
    Process,
    Step,
    Timer,
    TimerEffect,
    Where,
)
from portal.workflow.engine import asks_back, is_split, join_of

_ASIDE = {ActionKind.SUPPLEMENT, ActionKind.REFUSE, ActionKind.REJECT, ActionKind.SEND_BACK}
_RETURN = "asker-choice"
_LISTEN = "always-wait"


class Builder:
    """A whole process, or the steps of one branch. `lane_of` names the lane of every step. Raises NotExportable."""

    def __init__(self, process: Process, lanes: Sequence[Lane], lane_of: Mapping[str, str], language: str) -> None:
        self.process = process
        self.language = language
        self.lane_of = lane_of
        self.reach = Reach(process)
        self.model = Graph(lanes=tuple(lanes))
        self.arrivals: dict[Arm, str] = {}
        self.names = {condition.source: name.replace("_", " ") for name, condition in process.conditions.items()}
        self.noted = self.reach.noted_splits()
        self.closed = self._closed_steps()

    def graph(self) -> Graph:
        self._start()
        for step in self.process.steps.values():
            if self._is_drawn(step.id):
                self._step(step)
        self._merge()
        return self.model

    def _is_drawn(self, step_id: str) -> bool:
        return self.reach.is_reached(step_id)

    def _start(self) -> None:
        lane = self._applicant_lane()
        start = self._add("start", NodeKind.START, self._say("sent"), lane, "start")
        if self.process.always:
            both = self._add("start-split", NodeKind.PARALLEL, "", lane, "start")
            self._flow("start-both", start, both, inner=True)
            self._listen(both, lane)
            start = both
        self._flow("start-first", start, self.process.start)

    def _listen(self, both: str, lane: str) -> None:
        """Withdraw and stop: whichever comes first ends everything; a signature ends the waiting."""
        wait = self._add(_LISTEN, NodeKind.EVENTS, "", lane, _LISTEN)
        self._flow("start-always", both, wait, aside=True)
        for action in self.process.always:
            own = self._leader_lane(lane) if action.by == "leader" else lane
            caught = self._add(
                f"always.{action.id}", NodeKind.CATCH, self._label(action), own, f"always.{action.id}",
                trigger=Trigger.MESSAGE, about=action.id,
            )  # fmt: skip
            self._flow(f"always-{action.id}", wait, caught, aside=True)
            self._flow(f"{caught}.out", caught, self._end(action.ends, caught, own), aside=True)
        if self.closed:
            caught = self._add(
                "always-closed", NodeKind.CATCH, self._say("closed"), lane, "always-closed",
                trigger=Trigger.SIGNAL, about="closed",
            )  # fmt: skip
            done = self._add("always-closed-end", NodeKind.END, self._say("closed"), lane, "always-closed")
            self._flow("always-closed-in", wait, caught, aside=True)
            self._flow("always-closed-out", caught, done, inner=True)

    def _closed_steps(self) -> frozenset[str]:
        """Steps at which nothing can be withdrawn or stopped any more. From there no way may lead back."""
        closed = {action.closed_in for action in self.process.always}
        if len(closed) > 1 or any(action.when is not None for action in self.process.always):
            raise NotExportable(self.process.start, "withdrawal and stop end at different steps or have conditions")
        steps = frozenset(next(iter(closed), ()))
        for step in steps:
            for action in every_action(self.process, step):
                targets = {branch.step for branch in action.branches} | ({action.joins} if action.joins else set())
                if targets - steps:
                    raise NotExportable(step, "leads back to where the record may be withdrawn")
        return steps

    def _step(self, step: Step) -> None:
        lane, cell = self.lane_of[step.id], step.id
        first = step.id
        if step.id in self.closed and self._opened_from_outside(step.id):
            first = self._add(
                f"{step.id}-signed", NodeKind.THROW, self._say("closed"), lane, cell,
                trigger=Trigger.SIGNAL, about="closed",
            )  # fmt: skip
        kind = NodeKind.SERVICE if step.at.where is Where.AUTOMATIC else NodeKind.USER
        self._add(
            step.id, kind, step.name.in_language(self.language), lane, cell,
            documentation=self._documentation(step), performer=step.role or "",
        )  # fmt: skip
        if first != step.id:
            self._flow(f"{first}-on", first, step.id, inner=True)
        last = self._marked(step) if self._notes_itself(step) == "task" else step.id
        self._actions(step, last)
        for number, timer in enumerate(step.timers):
            self._timer(step, timer, number)

    def _actions(self, step: Step, last: str) -> None:
        actions = step.actions
        if len(actions) == 1 and not self._condition(step, actions[0]):
            self._way(step, actions[0], last, f"{step.id}.{actions[0].id}")
            return
        if not actions:
            return
        choice = self._add(
            f"{step.id}-choice", NodeKind.EXCLUSIVE, self._say("outcome"), self.lane_of[step.id], step.id
        )
        self._flow(f"{step.id}-done", last, choice, inner=True)
        for action in actions:
            asked = " && ".join(part for part in (f'action == "{action.id}"', self._condition(step, action)) if part)
            self._way(step, action, choice, f"{step.id}.{action.id}", name=self._label(action), condition=asked)

    def _condition(self, step: Step, action: Action) -> str:
        parts = [f"({action.when.source})"] if action.when is not None else []
        if action.times is not None:
            parts.append(f'done["{step.id}.{action.id}"] < {action.times}')
        if action.consults:
            parts.append("size(asked) > 0")
        return " && ".join(parts)

    def _way(
        self,
        step: Step,
        action: Action,
        source: str,
        flow_id: str,
        *,
        name: str = "",
        condition: str = "",
        aside: bool = False,
    ) -> None:
        """The flow that an action takes, with whatever stands between it and the step that opens."""
        aside = aside or action.kind in _ASIDE or self._leads_back(step, action)
        lane = self.lane_of[step.id]
        if action.asks and self._notes_itself(step) == "action":
            marked = self._marked(step, flow_id)
            self._flow(flow_id, source, marked, name=name, condition=condition, aside=aside)
            source, flow_id, name, condition = marked, f"{flow_id}-on", "", ""
        if action.ends is not None:
            target = self._end(action.ends, flow_id, lane)
        elif action.joins is not None:
            target = self._joined(step)
        elif is_split(action):
            target = self._split(step, action, flow_id)
            if f"{step.id}.{action.id}" in self.noted:
                target = self._noted(step, action, flow_id, target)
        elif len(action.branches) > 1 or action.branches[0].when is not None:
            target = self._choose(step, action, flow_id)
        else:
            target = self._target(step, action.branches[0].step)
        self._flow(flow_id, source, target, name=name, condition=condition, aside=aside)

    def _leads_back(self, step: Step, action: Action) -> bool:
        """To who asked; to agencies that are asked again where their opinions have met."""
        return asks_back(self.process, step, action) or any(branch.step == ASKER for branch in action.branches)

    def _target(self, step: Step, target: str) -> str:
        if target != ASKER:
            return target
        askers = self.reach.askers(step.id)
        if not askers:
            raise NotExportable(step.id, "goes back to a step that asked, but nobody asked")
        return askers[0] if len(askers) == 1 else self._return()

    def _return(self) -> str:
        """The choice that leads back to whichever step asked."""
        if _RETURN in self.model.nodes:
            return _RETURN
        askers = [step for step in self.process.steps if step in self._several_askers]
        self._add(_RETURN, NodeKind.EXCLUSIVE, self._say("asker"), self.lane_of[askers[0]], _RETURN)
        for asker in askers:
            name = self.process.step(asker).name.in_language(self.language)
            self._flow(f"asker-{asker}", _RETURN, asker, name=name, condition=f'asker == "{asker}"', aside=True)
        return _RETURN

    @property
    def _several_askers(self) -> frozenset[str]:
        found: set[str] = set()
        for step in self.process.steps.values():
            goes_back = any(branch.step == ASKER for action in step.actions for branch in action.branches)
            askers = self.reach.askers(step.id)
            if goes_back and len(askers) > 1:
                found.update(askers)
        return frozenset(found)

    def _notes_itself(self, step: Step) -> str:
        """Where the step notes that it asked: at its task, or only at the actions that ask; "" when nobody looks."""
        if step.id not in self._several_askers:
            return ""
        return "action" if self.reach.is_asked(step.id) else "task"

    def _marked(self, step: Step, flow_id: str | None = None) -> str:
        name = self._say("remember", name=step.name.in_language(self.language))
        marker = f"{flow_id or step.id}-asks"
        cell = marker if flow_id else step.id
        self._add(marker, NodeKind.SCRIPT, name, self.lane_of[step.id], cell, about=f'asker = "{step.id}"')
        if flow_id is None:
            self._flow(f"{marker}-in", step.id, marker, inner=True)
        return marker

    def _choose(self, step: Step, action: Action, flow_id: str) -> str:
        """The first branch whose condition holds; each flow also says that none before it did."""
        choice = self._add(
            f"{flow_id}-which", NodeKind.EXCLUSIVE, self._say("which"), self.lane_of[step.id], f"{flow_id}-which"
        )
        before: list[str] = []
        for number, branch in enumerate(action.branches):
            own = [f"({branch.when.source})"] if branch.when is not None else []
            condition = " && ".join([*before, *own]) or "true"
            name = self._if(branch.when) if branch.when is not None else self._say("otherwise")
            self._flow(f"{flow_id}-{number}", choice, self._target(step, branch.step), name=name, condition=condition)
            before += [f"!({part})" for part in own]
        return choice

    def _split(self, step: Step, action: Action, flow_id: str) -> str:
        """Branches side by side. A branch with a condition may be passed by, straight to where all meet."""
        lane, key = self.lane_of[step.id], f"{step.id}.{action.id}"
        joined = join_of(self.process, action)
        if joined is not None and self.process.step(joined).opens_after is not None:
            return self._counted(step, action, flow_id, joined)
        several = len(action.branches) > 1
        split = self._add(f"{flow_id}-split", NodeKind.PARALLEL, "", lane, f"{flow_id}-split") if several else ""
        if joined is not None:
            meeting = joined
            if several:
                meeting = self._add(f"{flow_id}-meet", NodeKind.PARALLEL, "", self.lane_of[joined], f"{flow_id}-meet")
                self._flow(f"{flow_id}-met", meeting, joined, aside=self._leads_back(step, action))
            self.arrivals.update({(key, number): meeting for number in range(len(action.branches))})
        for number, branch in enumerate(action.branches):
            target, arm = branch.step, f"{flow_id}-{number}"
            asked = self._asked(branch)
            if branch.each is not None:
                target = self._repeated(step, branch, arm, (key, number))
            elif asked:
                target = self._add(f"{arm}-needed", NodeKind.EXCLUSIVE, self._say("needed"), lane, f"{arm}-needed")
                name = self._say("other_office") if branch.when is None else self._if(branch.when)
                name = self._say("ticked") if action.consults else name
                self._flow(
                    f"{arm}-yes", target, branch.step, name=name, condition=asked,
                    aside=self._leads_back(step, action),
                )  # fmt: skip
                self._flow(
                    f"{arm}-no", target, self._arrival((key, number)), name=self._say("unless"),
                    condition=f"!({asked})", aside=True,
                )  # fmt: skip
            if several:
                self._flow(arm, split, target)
        return split or target

    def _asked(self, branch: Branch) -> str:
        """When a branch opens; "" for always. An opinion may be skipped where the office would ask itself."""
        parts = [f"({branch.when.source})"] if branch.when is not None else []
        if self.process.step(branch.step).same_office is not None:
            parts.append(f'!("{branch.step}" in same_office)')
        return " && ".join(parts)

    def _noted(self, step: Step, action: Action, flow_id: str, target: str) -> str:
        """A split that notes itself, for the steps that more than one split opens."""
        name = self._say("remember", name=self._label(action))
        marker = self._add(
            f"{flow_id}-splits", NodeKind.SCRIPT, name, self.lane_of[step.id], f"{flow_id}-splits",
            about=f'{self.noted[f"{step.id}.{action.id}"]} = "{step.id}.{action.id}"',
        )  # fmt: skip
        self._flow(f"{flow_id}-split-on", marker, target)
        return marker

    def _repeated(self, step: Step, branch: Branch, arm_id: str, arm: Arm) -> str:
        """A branch for each value of an answer; see `bpmn_branches`."""
        raise NotExportable(step.id, "opens a branch for each row inside branches that are drawn as a sub-process")

    def _counted(self, step: Step, action: Action, flow_id: str, joined: str) -> str:
        """Branches of which some are enough; see `bpmn_branches`."""
        raise NotExportable(joined, "does not wait for all of its branches, inside other branches")

    def _joined(self, step: Step) -> str:
        arms = self.reach.arms_of(step.id)
        if len(arms) == 1:
            return self._arrival(arms[0])
        choice = f"{step.id}-arrives"
        if choice not in self.model.nodes:
            self._add(choice, NodeKind.EXCLUSIVE, self._say("asker"), self.lane_of[step.id], choice)
            for number, arm in enumerate(arms):
                asker = self.process.step(arm[0].partition(".")[0])
                name = asker.name.in_language(self.language)
                condition = f'{self.noted[arm[0]]} == "{arm[0]}"'
                back = self._leads_back(asker, asker.action(arm[0].partition(".")[2]))
                self._flow(f"{choice}-{number}", choice, self._arrival(arm), name=name, condition=condition, aside=back)
        return choice

    def _arrival(self, arm: Arm) -> str:
        """Where a branch arrives: several ends of one branch are brought together first (see `_merge`)."""
        return f"{arm[0]}→{arm[1]}"

    def _timer(self, step: Step, timer: Timer, number: int) -> None:
        effect = words.EFFECTS.get(timer.effect)
        event = self.model.add(timer_event(step, timer, number, lane=self.lane_of[step.id], language=self.language))
        if timer.action is not None and timer.effect is TimerEffect.ACT:
            self._way(step, replace(timer.action, asks=False), event, f"{event}.out", aside=True)
        elif effect:
            told = self._add(
                f"{event}-{effect}", NodeKind.END, self._say(effect), self.lane_of[step.id], step.id,
                trigger=Trigger.MESSAGE, about=effect, host=event,
            )  # fmt: skip
            self._flow(f"{event}.out", event, told, inner=True)

    def _end(self, end_id: str | None, source: str, lane: str) -> str:
        end = self.process.ends[end_id or ""]
        alone = not self.process.always and not any(is_split(action) for action in self._actions_of_all())
        return self._add(
            f"{source}-end", NodeKind.END, words.end_name(end.id, end.state, self.language), lane, f"{source}-end",
            trigger=None if alone else Trigger.TERMINATE,
        )  # fmt: skip

    def _actions_of_all(self) -> list[Action]:
        return [action for step in self.process.steps for action in every_action(self.process, step)]

    def _merge(self) -> None:
        merge(self.model, {self._arrival(arm): target for arm, target in self.arrivals.items()})

    def _opened_from_outside(self, step_id: str) -> bool:
        for step in self.process.steps.values():
            for action in every_action(self.process, step.id) if step.id not in self.closed else ():
                if action.joins == step_id or any(branch.step == step_id for branch in action.branches):
                    return True
        return False

    def _applicant_lane(self) -> str:
        steps = self.process.steps.values()
        return next(
            (self.lane_of[step.id] for step in steps if step.at.where is Where.APPLICANT), self.model.lanes[-1].id
        )

    def _leader_lane(self, otherwise: str) -> str:
        steps = self.process.steps.values()
        return next((self.lane_of[step.id] for step in steps if step.role == "leader"), otherwise)

    def _documentation(self, step: Step) -> str:
        return words.documentation(step, self.process, self.language)

    def _label(self, action: Action) -> str:
        return action.label.in_language(self.language)

    def _if(self, condition: Condition) -> str:
        source = condition.negates or condition.source
        name = self.names.get(source, source)
        return self._say("if", condition=name if condition.negates is None else f"!({name})")

    def _say(self, key: str, **values: object) -> str:
        return words.say(key, self.language, **values)

    def _add(self, node_id: str, kind: NodeKind, name: str, lane: str, cell: str, **more: object) -> str:
        return self.model.add(Node(node_id, kind, name, lane, cell, **more))  # type: ignore[arg-type]

    def _flow(
        self,
        flow_id: str,
        source: str,
        target: str,
        *,
        name: str = "",
        condition: str = "",
        aside: bool = False,
        inner: bool = False,
    ) -> None:
        self.model.flows.append(Flow(flow_id, source, target, name, condition, aside, inner))
