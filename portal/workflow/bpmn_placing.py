"""Where the parts of a BPMN model stand: cells in columns by the order of work, in rows by lane.

A cell is a task with what belongs to it. Columns follow the usual way, so that it reads from left to right; what only
some records need stands one column after whoever asks for it. Lengths are pixels, as BPMN tools draw them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from portal.workflow.bpmn_graph import Flow, Graph, Node, NodeKind

TASK_WIDE, TASK_HIGH, EVENT, DIAMOND = 150, 80, 36, 50
GAP = 28
FAN_STEP, FAN_LABEL = 48, 100
TIMER_ROOM, REMINDER_ROOM = 46, 92
LEAST_ROW = 60


@dataclass
class Cell:
    """`members` stand on one axis; `up` and `down` is the room that they need above and below it."""

    id: str
    lane: str
    members: list[Node] = field(default_factory=list)
    rank: int = -1
    row: int = 0
    up: float = LEAST_ROW / 2
    down: float = LEAST_ROW / 2
    wide: float = 0

    @property
    def last(self) -> Node:
        return self.members[-1]


def size(node: Node) -> tuple[int, int]:
    """Width and height of its shape."""
    if node.kind.is_task:
        return TASK_WIDE, TASK_HIGH
    return (DIAMOND, DIAMOND) if node.kind.is_gateway else (EVENT, EVENT)


class Placing:
    """Ranks and rows of the cells; `rows` lists (lane, row) from the top."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.outgoing = graph.outgoing()
        self.cells = self._cells()
        self.of = {node.id: cell for cell in self.cells.values() for node in cell.members}
        for node in graph.nodes.values():
            if node.host:
                self.of[node.id] = self.cells[node.cell]
        self._rank()
        self._rows()
        for cell in self.cells.values():
            self._measure(cell)
        self.rows = [
            (lane.id, row)
            for lane in graph.lanes
            for row in range(1 + max((cell.row for cell in self.cells.values() if cell.lane == lane.id), default=-1))
        ]

    def fan(self, node: Node) -> Sequence[tuple[Flow, float]]:
        """The ways out of a choice with their heights beside its axis; the usual one goes straight on."""
        flows = list(self.outgoing[node.id])
        if len(flows) < 2:
            return [(flow, 0.0) for flow in flows]
        own = self.of[node.id]
        order = {lane.id: number for number, lane in enumerate(self.graph.lanes)}

        def height(flow: Flow) -> tuple[int, int]:
            cell = self.of[flow.target]
            return order[cell.lane], cell.row

        flows.sort(key=height)
        here = (order[own.lane], own.row)
        straight = [flow for flow in flows if height(flow) == here and self.of[flow.target].rank == own.rank + 1]
        usual = [flow for flow in straight or flows if not flow.aside] or straight or flows
        middle = flows.index(usual[0])
        return [(flow, (number - middle) * float(FAN_STEP)) for number, flow in enumerate(flows)]

    def timers(self, cell: Cell) -> list[Node]:
        """Boundary events of the cell's task, those that only remind first."""
        found = [node for node in self.graph.nodes.values() if node.kind is NodeKind.BOUNDARY and node.cell == cell.id]
        return sorted(found, key=lambda node: node.interrupting)

    def _cells(self) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for node in self.graph.nodes.values():
            if not node.host:
                cells.setdefault(node.cell, Cell(node.cell, node.lane)).members.append(node)
        for cell in cells.values():
            cell.members = self._in_order(cell.members)
        return cells

    def _in_order(self, members: list[Node]) -> list[Node]:
        """As the flows inside the cell lead from one to the next."""
        ids = {node.id for node in members}
        following = {
            flow.source: flow.target for flow in self.graph.flows if flow.inner and {flow.source, flow.target} <= ids
        }
        first = next(node for node in members if node.id not in following.values())
        ordered, by_id = [first], {node.id: node for node in members}
        while ordered[-1].id in following:
            ordered.append(by_id[following[ordered[-1].id]])
        return ordered

    def _between(self, *, aside: bool) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {cell_id: [] for cell_id in self.cells}
        for flow in self.graph.flows:
            source, target = self.of[flow.source].id, self.of[flow.target].id
            if source != target and (aside or not flow.aside):
                found[source].append(target)
        return found

    def _rank(self) -> None:
        usual, every = self._between(aside=False), self._between(aside=True)
        self._longest("start", 0, _forward(usual, "start"))
        waiting = deque(cell_id for cell_id, cell in self.cells.items() if cell.rank >= 0)
        while waiting:
            cell_id = waiting.popleft()
            for target in every[cell_id]:
                if self.cells[target].rank < 0:
                    before = {other for other, cell in self.cells.items() if cell.rank >= 0}
                    self._longest(target, self.cells[cell_id].rank + 1, _forward(usual, target), keep=before)
                    waiting.extend(other for other in self.cells if self.cells[other].rank >= 0 and other not in before)

    def _longest(
        self, start: str, rank: int, forward: dict[str, list[str]], keep: AbstractSet[str] = frozenset()
    ) -> None:
        """Each cell one column after the last of those that lead to it."""
        self.cells[start].rank = rank
        for cell_id in _topological(forward, start):
            for target in forward.get(cell_id, ()):
                if target not in keep:
                    self.cells[target].rank = max(self.cells[target].rank, self.cells[cell_id].rank + 1)

    def _rows(self) -> None:
        taken: set[tuple[str, int, int]] = set()
        before: dict[str, Cell] = {}
        for flow in sorted(self.graph.flows, key=lambda flow: flow.aside):
            before.setdefault(self.of[flow.target].id, self.of[flow.source])
        usual = {self.of[flow.target].id for flow in self.graph.flows if not flow.aside and not flow.inner}

        def order(cell: Cell) -> tuple[int, bool, bool]:
            return cell.rank, cell.id not in usual, cell.last.kind is NodeKind.END

        for cell in sorted(self.cells.values(), key=order):
            source = before.get(cell.id)
            wish = source.row if source is not None and source.lane == cell.lane and source.rank < cell.rank else 0
            rows = [wish, *range(100)]
            cell.row = next(row for row in rows if (cell.lane, cell.rank, row) not in taken)
            taken.add((cell.lane, cell.rank, cell.row))

    def _measure(self, cell: Cell) -> None:
        widths = [size(node)[0] for node in cell.members]
        cell.wide = sum(widths) + GAP * (len(widths) - 1)
        if any(node.kind.is_task for node in cell.members):
            cell.up = cell.down = TASK_HIGH / 2 + 8
        heights = [height for _, height in self.fan(cell.last)]
        if len(heights) > 1:
            cell.wide += FAN_LABEL + 12
            cell.up = max(cell.up, -min(heights) + FAN_STEP)
            cell.down = max(cell.down, max(heights) + 14)
        if cell.last.kind in (NodeKind.END, NodeKind.CATCH) or cell.members[0].kind is NodeKind.START:
            cell.wide = max(cell.wide, 90)
            cell.down = max(cell.down, 62)
        timers = self.timers(cell)
        if timers:
            reminders = any(not timer.interrupting for timer in timers)
            cell.down = max(cell.down, TASK_HIGH / 2) + (REMINDER_ROOM if reminders else TIMER_ROOM) + 14 * len(timers)


def _forward(edges: dict[str, list[str]], start: str) -> dict[str, list[str]]:
    """The edges reachable from `start`, without those that lead back."""
    order = {cell_id: number for number, cell_id in enumerate(_finished(edges, start))}
    # What was left before its source follows it; the other edges lead back.
    return {cell_id: [target for target in edges[cell_id] if order[target] < order[cell_id]] for cell_id in order}


def _finished(edges: dict[str, list[str]], start: str) -> list[str]:
    """Depth first, in the order in which cells are left: what follows comes before what leads to it."""
    left: list[str] = []
    seen = {start}
    stack = [(start, iter(edges[start]))]
    while stack:
        cell_id, following = stack[-1]
        target = next(following, None)
        if target is None:
            left.append(cell_id)
            stack.pop()
        elif target not in seen:
            seen.add(target)
            stack.append((target, iter(edges[target])))
    return left


def _topological(edges: dict[str, list[str]], start: str) -> list[str]:
    return list(reversed(_finished(edges, start)))
