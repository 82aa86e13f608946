"""One record carried by SpiffWorkflow along an exported model: an engine that shares nothing with ours."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime
from io import BytesIO
from typing import IO, Any, ClassVar
from uuid import uuid4

import cel
import SpiffWorkflow.task
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import TaskNotFoundException, WorkflowException
from SpiffWorkflow.util.task import TaskState

from portal.catalogue.sequences import asked_in

SpiffWorkflow.task.uuid4 = lambda: uuid4().hex
"""Keys that are texts: the engine looks a million of them up, and the hash of a UUID is computed anew each time."""

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ELSEWHERE = re.compile(r"-in-[^.]*")
"""What a step is called that a model draws in several places: `fix-in-first_go-some` is the step `fix`."""
_DURATION = re.compile(r"P\d+D|PT\d+H")


class NotPossible(Exception):
    """The model does not allow this action here."""


class _Parser(BpmnParser):  # type: ignore[misc]
    # The answer of a register comes from outside, as a person's does.
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {full_tag("serviceTask"): (TaskParser, UserTask)}


class _Expressions(PythonScriptEngine):  # type: ignore[misc]
    """Conditions are CEL, and the one kind of script is an assignment of a text."""

    def __init__(self) -> None:
        pass

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        if _DURATION.fullmatch(expression):
            return expression  # BPMN writes a length of time without quotes
        found = cel.evaluate(expression, {**task.data, **_of_repetition(task)})
        return found.isoformat() if isinstance(found, datetime) else found

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        name, _, value = script.partition(" = ")
        task.data[name] = value.strip('"')
        return True


def _of_repetition(task: Any) -> dict[str, int]:
    """What the standard says of a run of a sub-process that runs side by side with itself, under its names."""
    run = task
    while run is not None and run.internal_data.get("key_or_index") is None:
        run = run.workflow.parent_workflow and run.workflow.parent_workflow.get_task_from_id(
            run.workflow.parent_task_id
        )
    if run is None:
        return {}
    done = run.parent.internal_data.get("merged", [])
    return {"loopCounter": run.internal_data["key_or_index"], "numberOfCompletedInstances": len(done)}


_PARTS: ContextVar[list[Any]] = ContextVar("parts of the model")


def _part(number: int) -> Any:
    return _PARTS.get()[number]


class _WithoutModel(pickle.Pickler):
    """Keeps a number in place of each part of the model."""

    def __init__(self, file: IO[bytes], parts: list[Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = {id(part): number for number, part in enumerate(parts)}

    def reducer_override(self, one: Any) -> Any:
        number = self._numbers.get(id(one))
        return NotImplemented if number is None else (_part, (number,))


class SpiffRecord:
    """`possible()` lists what the model allows now, as "step.action", "step.⏰12d" and the names of always actions."""

    def __init__(self, xml: str, facts: Mapping[str, Any]) -> None:
        parser = _Parser()
        parser.add_bpmn_xml(etree.fromstring(xml.encode()))
        [process_id] = parser.get_process_ids()
        self._spec, self._inner = parser.get_spec(process_id), parser.get_subprocess_specs(process_id)
        self._actions, self._messages = _actions_by_step(xml), _messages(xml)
        self._workflow = BpmnWorkflow(self._spec, self._inner, script_engine=_Expressions())
        self.facts = dict(facts)
        self._workflow.task_tree.data.update(copy.deepcopy(self.facts))
        self._workflow.do_engine_steps()

    def kept(self) -> bytes:
        """The record as it stands, to be opened any number of times: much faster than copies of it."""
        buffer = BytesIO()
        _WithoutModel(buffer, self._parts_of_model()).dump(self._workflow)
        return buffer.getvalue()

    def opened(self, kept: bytes, facts: Mapping[str, Any]) -> SpiffRecord:
        """A record of this model as it stood then."""
        other = copy.copy(self)
        other.facts = dict(facts)
        _PARTS.set(self._parts_of_model())
        other._workflow = pickle.loads(kept)  # noqa: S301 - our own
        return other

    def _parts_of_model(self) -> list[Any]:
        """The model itself is not copied: the engine compares its parts by identity."""
        return [part for spec in (self._spec, *self._inner.values()) for part in (spec, *spec.task_specs.values())]

    @property
    def open_steps(self) -> tuple[str, ...]:
        return tuple(sorted(_named(task) for task in self._ready()))

    @property
    def has_ended(self) -> bool:
        return bool(self._workflow.completed)

    def candidates(self) -> Iterator[str]:
        """Everything that might be tried: every action and acting timer of open steps, every message waited for."""
        for step in self.open_steps:
            yield from (f"{step}.{action}" for action in self._actions.get(step, ()))
        for task in self._waiting():
            if isinstance(task.task_spec.event_definition, TimerEventDefinition) and task.task_spec.cancel_activity:
                step, _, moment = _named(task).partition(".")
                kind, _, length = moment.partition("-")[0].partition("_")
                yield f"{step}.⏰{'-' * (kind == 'before')}{length}"
            elif isinstance(task.task_spec.event_definition, MultipleEventDefinition):
                waited = task.task_spec.event_definition.event_definitions
                yield from (self._messages[event.name] for event in waited if isinstance(event, MessageEventDefinition))

    def play(self, item: str) -> None:
        """Raises NotPossible."""
        step, _, action = item.partition(".")
        try:
            if not action:
                self._send(item)
            elif action.startswith("⏰"):
                length = action.removeprefix("⏰")
                self._ring(f"{step}.before_{length[1:]}" if length.startswith("-") else f"{step}.after_{length}")
            else:
                self._act(step, action)
            self._go_on()
        except WorkflowException as refused:
            raise NotPossible(item) from refused

    def _go_on(self) -> None:
        """An event that interrupts a sub-process of several instances drops them, but the engine goes on to list the
        inner workflows of those that it dropped: they are taken from its list."""
        try:
            self._workflow.do_engine_steps()
        except TaskNotFoundException:
            known = {task.id for task in self._workflow.get_tasks(skip_subprocesses=True)}
            dropped = [inner for inner in self._workflow.subprocesses if inner not in known]
            if not dropped:
                raise
            for inner in dropped:
                del self._workflow.subprocesses[inner]
            self._workflow.do_engine_steps()

    def _act(self, step: str, action: str) -> None:
        task = next((task for task in self._ready() if _named(task) == step), None)
        if task is None or asked_in(action)[0] not in self._actions.get(step, ()):
            raise NotPossible(f"{step}.{action}")
        action, asked = asked_in(action)
        task.data.update(copy.deepcopy(self.facts), action=action, asked=asked)
        task.run()

    def _ring(self, event: str) -> None:
        for task in self._waiting():
            if _named(task).partition("-")[0] == event:
                task.data.update(copy.deepcopy(self.facts))
                task._set_internal_data(event_fired=True)
                task.task_spec._update(task)
                return
        raise NotPossible(event)

    def _send(self, name: str) -> None:
        if name not in self.candidates():
            raise NotPossible(name)
        label = next(label for label, message in self._messages.items() if message == name)
        self._workflow.send_event(BpmnEvent(MessageEventDefinition(label), {}))

    def _ready(self) -> list[Any]:
        return list(self._workflow.get_tasks(state=TaskState.READY, manual=True))

    def _waiting(self) -> list[Any]:
        waiting = self._workflow.get_tasks(state=TaskState.WAITING)
        return [task for task in waiting if hasattr(task.task_spec, "event_definition")]


def _named(task: Any) -> str:
    return _ELSEWHERE.sub("", task.task_spec.bpmn_id)


def _actions_by_step(xml: str) -> dict[str, list[str]]:
    """The flows that are named after a step and its action."""
    root = etree.fromstring(xml.encode())
    steps = {element.get("id") for kind in ("userTask", "serviceTask") for element in root.iter(f"{_BPMN}{kind}")}
    found: dict[str, list[str]] = {}
    for flow in root.iter(f"{_BPMN}sequenceFlow"):
        step, _, action = flow.get("id").partition(".")
        if step in steps and action and "-" not in action and not action.startswith(("after_", "before_")):
            known = found.setdefault(_ELSEWHERE.sub("", step), [])
            known += [action] if action not in known else []
    return found


def _messages(xml: str) -> dict[str, str]:
    """What withdraws or stops a record, by the name that the model gives it."""
    root = etree.fromstring(xml.encode())
    return {item.get("name"): item.get("id").removeprefix("message.") for item in root.iter(f"{_BPMN}message")}
