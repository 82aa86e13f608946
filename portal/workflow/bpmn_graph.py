"""A BPMN model before it is drawn: nodes in lanes, and the flows between them.

Nodes that belong together (what comes before a task, the task, the choice after it) share a `cell` and stand side by
side in the drawing. Ids say where a part comes from: a task has the id of its step, the flow of an action is
`step.action`; what the model adds has a hyphen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class NodeKind(StrEnum):
    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    SCRIPT = "scriptTask"
    INNER = "subProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    EVENTS = "eventBasedGateway"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"

    @property
    def is_gateway(self) -> bool:
        return self in (NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.EVENTS)

    @property
    def is_task(self) -> bool:
        return self in (NodeKind.USER, NodeKind.SERVICE, NodeKind.SCRIPT, NodeKind.INNER)


class Trigger(StrEnum):
    """What an event is about."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    TERMINATE = "terminate"
    ERROR = "error"


@dataclass(frozen=True)
class Lane:
    """Who acts: a unit function at a level, the applicant, or the portal itself."""

    id: str
    name: str


@dataclass(frozen=True)
class Node:
    """`host` is the task of a boundary event; `about` the message, signal or error, the ISO duration or the moment, the
    script, or how often a sub-process runs side by side."""

    id: str
    kind: NodeKind
    name: str
    lane: str
    cell: str
    trigger: Trigger | None = None
    about: str = ""
    host: str = ""
    interrupting: bool = True
    on_day: bool = False  # of a timer: `about` is an expression that gives a day or a moment
    documentation: str = ""
    performer: str = ""
    enough: int = 0  # of a sub-process that runs side by side: so many runs end the others, 0: all are waited for


@dataclass(frozen=True)
class Flow:
    """`aside` flows leave the usual way (a supplement, a refusal, a timer) and do not shape the drawing; `inner` ones
    join neighbours in a cell."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    aside: bool = False
    inner: bool = False


@dataclass
class Graph:
    """Nodes by id and flows, both in the order of the definition. `inner` are the graphs of sub-processes."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: tuple[Lane, ...] = ()
    inner: dict[str, Graph] = field(default_factory=dict)

    def add(self, node: Node) -> str:
        if node.id in self.nodes:
            raise ValueError(f"two parts of the model are called {node.id}")
        self.nodes[node.id] = node
        return node.id

    def incoming(self) -> Mapping[str, Sequence[Flow]]:
        return self._by("target")

    def outgoing(self) -> Mapping[str, Sequence[Flow]]:
        return self._by("source")

    def _by(self, end: str) -> Mapping[str, Sequence[Flow]]:
        found: dict[str, list[Flow]] = {node_id: [] for node_id in self.nodes}
        for flow in self.flows:
            found[getattr(flow, end)].append(flow)
        return found

    def every(self) -> Iterator[Graph]:
        """This graph and those of its sub-processes."""
        yield self
        for inner in self.inner.values():
            yield from inner.every()

    def members(self, lane_id: str) -> Iterator[str]:
        return (node.id for node in self.nodes.values() if node.lane == lane_id)
