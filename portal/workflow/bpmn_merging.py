"""Where several flows of a BPMN model reach what has room for one only, they are brought together before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.workflow.bpmn_graph import Flow, Graph, Node, NodeKind
from portal.workflow.bpmn_reach import NotExportable


def merge(model: Graph, arrivals: Mapping[str, str]) -> None:
    """Bring flows together before tasks, joins and choices. `arrivals` says where each branch arrives."""
    model.flows = _through(model, arrivals)
    model.flows = [_past_signal(model, flow) for flow in model.flows]
    outgoing = {node_id: len(flows) for node_id, flows in model.outgoing().items()}
    for target, flows in list(model.incoming().items()):
        node = model.nodes[target]
        brings_together = node.kind is NodeKind.PARALLEL or (node.kind is NodeKind.EXCLUSIVE and outgoing[target] < 2)
        if len(flows) < 2 or brings_together:
            continue
        before = f"{target}-in"
        # A place of its own in the order: before the task it leads to, so that it is drawn there.
        model.add(Node(before, NodeKind.EXCLUSIVE, "", node.lane, node.cell))
        model.flows = [replace(flow, target=before) if flow.target == target else flow for flow in model.flows]
        model.flows.append(Flow(f"{before}-on", before, target, inner=True))


def _through(model: Graph, arrivals: Mapping[str, str]) -> list[Flow]:
    """Flows to a join: of one branch they meet in a gateway of their own before they reach the parallel one."""
    found: list[Flow] = []
    for flow in model.flows:
        if flow.target not in arrivals:
            if flow.target not in model.nodes:
                raise NotExportable(flow.source, f"no way to {flow.target}")
            found.append(flow)
    for arrival, target in arrivals.items():
        own = [flow for flow in model.flows if flow.target == arrival]
        if model.nodes[target].kind is not NodeKind.PARALLEL or len(own) == 1:
            found += [replace(flow, target=target) for flow in own]
            continue
        before = f"{arrival.replace('→', '-')}-in"
        model.add(Node(before, NodeKind.EXCLUSIVE, "", model.nodes[target].lane, before))
        found += [replace(flow, target=before) for flow in own]
        found.append(Flow(f"{before}-on", before, target))
    return found


def _past_signal(model: Graph, flow: Flow) -> Flow:
    """What opens a step that ends the right to withdraw says so on its way."""
    signal = f"{flow.target}-signed"
    return replace(flow, target=signal) if signal in model.nodes and flow.source != signal else flow
