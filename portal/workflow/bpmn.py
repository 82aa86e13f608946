"""Export of a process to BPMN 2.0 with lanes and diagram (OMG formal/2013-12-09), for interchange and other engines.

The model allows exactly the sequences of actions that `engine` allows. Conditions are CEL over `action` (the one that
was taken), `asker` (which the model keeps itself), `form`, `record`, `applicant`, `outcomes` and `done`; branches for
each value of an answer are a sub-process that runs as often as `each` of its first step has values, and branches of
which some are enough one that runs once for each branch. `due` has the moment at which a step is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from portal.workflow.bpmn_branches import build
from portal.workflow.bpmn_graph import Flow, Graph, Lane, Node, NodeKind, Trigger
from portal.workflow.bpmn_reach import NotExportable
from portal.workflow.bpmn_routing import Drawing, Shape, draw
from portal.workflow.definition import Process

__all__ = ["Lane", "NotExportable", "bpmn_of"]

_SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_NAMED = (Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ERROR)
"""Events that the model names once, whatever waits for them or throws them."""

EXPRESSIONS = "https://cel.dev"
"""The language of the conditions (Common Expression Language)."""


def bpmn_of(
    process: Process,
    *,
    code: str,
    name: str,
    number: int | None = None,
    lanes: Sequence[Lane],
    lane_of: Mapping[str, str],
    language: str,
) -> str:
    """The model as XML text. `lanes` from the top down, `lane_of` the lane of each step; `number` is the version.

    Raises NotExportable for a process that is not sound or says what one BPMN model cannot.
    """
    used = set(lane_of.values())
    graph = build(process, lanes=[lane for lane in lanes if lane.id in used], lane_of=lane_of, language=language)
    return _Writer(graph, code, name, number).text()


class _Writer:
    def __init__(self, graph: Graph, code: str, name: str, number: int | None) -> None:
        self.graph = graph
        self.code = code
        self.name = name
        self.number = number

    def text(self) -> str:
        for prefix, space in _SPACES.items():
            ET.register_namespace(prefix, space)
        root = ET.Element(
            _tag("bpmn:definitions"), id=f"definitions.{self.code}", targetNamespace="urn:cantho:procedures",
            expressionLanguage=EXPRESSIONS, exporter="Cần Thơ portal",
        )  # fmt: skip
        pool = _child(root, "bpmn:collaboration", id="pools")
        _child(pool, "bpmn:participant", id="pool", name=self.name, processRef=self._process_id)
        self._process(root)
        self._events(root)
        self._diagram(root)
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    @property
    def _process_id(self) -> str:
        return f"procedure.{self.code}"

    def _process(self, root: ET.Element) -> None:
        process = _child(root, "bpmn:process", id=self._process_id, name=self.name, isExecutable="true")
        if self.number is not None:
            _child(process, "bpmn:documentation").text = f"{self.code}, version {self.number}"
        lanes = _child(process, "bpmn:laneSet", id="lanes")
        for lane in self.graph.lanes:
            element = _child(lanes, "bpmn:lane", id=f"lane.{lane.id}", name=lane.name)
            for node_id in self.graph.members(lane.id):
                _child(element, "bpmn:flowNodeRef").text = node_id
        self._elements(process, self.graph)

    def _elements(self, parent: ET.Element, graph: Graph) -> None:
        incoming, outgoing = graph.incoming(), graph.outgoing()
        for node in graph.nodes.values():
            element = self._node(parent, node, incoming[node.id], outgoing[node.id])
            if node.id in graph.inner:
                self._repetition(element, node)
                self._elements(element, graph.inner[node.id])
        for flow in graph.flows:
            self._flow(parent, flow)

    def _repetition(self, element: ET.Element, node: Node) -> None:
        loop = _child(element, "bpmn:multiInstanceLoopCharacteristics", id=f"{node.id}.loop", isSequential="false")
        formal = {_tag("xsi:type"): "bpmn:tFormalExpression"}
        _child(loop, "bpmn:loopCardinality", formal).text = node.about
        if node.enough:
            _child(loop, "bpmn:completionCondition", formal).text = f"numberOfCompletedInstances >= {node.enough}"

    def _node(self, process: ET.Element, node: Node, incoming: Sequence[Flow], outgoing: Sequence[Flow]) -> ET.Element:
        element = _child(process, f"bpmn:{node.kind}", id=node.id)
        if node.name:
            element.set("name", node.name)
        if node.kind is NodeKind.BOUNDARY:
            element.set("attachedToRef", node.host)
            element.set("cancelActivity", str(node.interrupting).lower())
        if node.kind is NodeKind.EXCLUSIVE and len(outgoing) > 1:
            element.set("gatewayDirection", "Diverging")
        if node.documentation:
            _child(element, "bpmn:documentation").text = node.documentation
        for flow in incoming:
            _child(element, "bpmn:incoming").text = flow.id
        for flow in outgoing:
            _child(element, "bpmn:outgoing").text = flow.id
        if node.kind is NodeKind.USER and node.performer:
            owner = _child(element, "bpmn:potentialOwner", id=f"{node.id}.role", name=node.performer)
            assigned = _child(owner, "bpmn:resourceAssignmentExpression")
            _child(assigned, "bpmn:formalExpression").text = f'"{node.performer}"'
        if node.kind is NodeKind.SCRIPT:
            element.set("scriptFormat", "text/javascript")
            _child(element, "bpmn:script").text = node.about
        if node.trigger is not None:
            self._trigger(element, node)
        return element

    def _trigger(self, element: ET.Element, node: Node) -> None:
        definition = _child(element, f"bpmn:{node.trigger}EventDefinition", id=f"{node.id}.event")
        if node.trigger is Trigger.TIMER:
            time = "bpmn:timeDate" if node.on_day else "bpmn:timeDuration"
            _child(definition, time, {_tag("xsi:type"): "bpmn:tFormalExpression"}).text = node.about
        elif node.trigger in _NAMED:
            definition.set(f"{node.trigger}Ref", f"{node.trigger}.{node.about}")

    def _flow(self, process: ET.Element, flow: Flow) -> None:
        element = _child(process, "bpmn:sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
        if flow.name:
            element.set("name", flow.name)
        if flow.condition:
            kind = {_tag("xsi:type"): "bpmn:tFormalExpression"}
            _child(element, "bpmn:conditionExpression", kind).text = flow.condition

    def _events(self, root: ET.Element) -> None:
        named = {
            (node.trigger, node.about): node.name
            for graph in self.graph.every()
            for node in graph.nodes.values()
            if node.trigger in _NAMED
        }
        for (trigger, about), name in named.items():
            element = _child(root, f"bpmn:{trigger}", id=f"{trigger}.{about}", name=name)
            if trigger is Trigger.ERROR:
                element.set("errorCode", about)

    def _diagram(self, root: ET.Element) -> None:
        diagram = _child(root, "bpmndi:BPMNDiagram", id="diagram")
        plane = _child(diagram, "bpmndi:BPMNPlane", id="plane", bpmnElement="pools")
        drawing = draw(self.graph)
        self._shape(plane, "pool", drawing.pool, drawing, isHorizontal="true")
        for lane_id, shape in drawing.lanes.items():
            self._shape(plane, f"lane.{lane_id}", shape, drawing, isHorizontal="true")
        self._drawn(plane, self.graph, drawing)
        for node_id, inner in self.graph.inner.items():
            own = _child(root, "bpmndi:BPMNDiagram", id=f"{node_id}.diagram")
            self._drawn(_child(own, "bpmndi:BPMNPlane", id=f"{node_id}.plane", bpmnElement=node_id), inner, draw(inner))

    def _drawn(self, plane: ET.Element, graph: Graph, drawing: Drawing) -> None:
        for node in graph.nodes.values():
            marker = {"isMarkerVisible": "true"} if node.kind is NodeKind.EXCLUSIVE else {}
            marker |= {"isExpanded": "false"} if node.kind is NodeKind.INNER else {}
            self._shape(plane, node.id, drawing.shapes[node.id], drawing, **marker)
        for flow in graph.flows:
            edge = _child(plane, "bpmndi:BPMNEdge", id=f"{flow.id}.edge", bpmnElement=flow.id)
            for x, y in drawing.lines[flow.id]:
                _child(edge, "di:waypoint", x=_number(x), y=_number(y))
            self._label(edge, flow.id, drawing)

    def _shape(self, plane: ET.Element, element_id: str, shape: Shape, drawing: Drawing, **more: str) -> None:
        element = _child(plane, "bpmndi:BPMNShape", id=f"{element_id}.shape", bpmnElement=element_id, **more)
        _bounds(element, shape)
        self._label(element, element_id, drawing)

    def _label(self, element: ET.Element, element_id: str, drawing: Drawing) -> None:
        if element_id in drawing.labels:
            _bounds(_child(element, "bpmndi:BPMNLabel"), drawing.labels[element_id])


def _bounds(element: ET.Element, shape: Shape) -> None:
    _child(
        element, "dc:Bounds", x=_number(shape.x), y=_number(shape.y), width=_number(shape.width),
        height=_number(shape.height),
    )  # fmt: skip


def _child(parent: ET.Element, tag: str, attributes: Mapping[str, str] | None = None, /, **more: str) -> ET.Element:
    return ET.SubElement(parent, _tag(tag), {**(attributes or {}), **more})


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
