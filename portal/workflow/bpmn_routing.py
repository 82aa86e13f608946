"""The lines of a BPMN drawing: along channels between rows and columns, each on a track of its own.

No line passes through a shape, and no two lie on one another; they may cross.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.workflow.bpmn_graph import Flow, Graph, NodeKind
from portal.workflow.bpmn_placing import DIAMOND, EVENT, FAN_LABEL, GAP, Cell, Placing, size
from portal.workflow.lane_text import width

LEFT, TOP = 150, 80
POOL_HEAD, LANE_HEAD, LANE_PAD = 30, 30, 12
TRACK, CHANNEL, ROOM = 10, 24, 14
ENTRY_STEP = 8
NAME_WIDE, NAME_SIZE = 90, 11

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass
class Drawing:
    """Bounds of pool, lanes and nodes, the points of flows, and where names outside of shapes stand."""

    pool: Shape
    lanes: dict[str, Shape] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    lines: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Shape] = field(default_factory=dict)


@dataclass
class _Route:
    """A flow between cells: leaves at `leave`, arrives at `arrive` (heights beside the axes), turns in channels."""

    flow: Flow
    source: Cell
    target: Cell
    leave: float = 0
    arrive: float = 0
    straight: bool = False
    across: int | None = None  # the channel above this row, when it goes along one
    upright: dict[int, int] = field(default_factory=dict)  # column channel to track
    level: int = 0


def draw(graph: Graph) -> Drawing:
    """Places for everything in the model."""
    return _Router(Placing(graph)).drawing()


class _Router:
    def __init__(self, placing: Placing) -> None:
        self.placing = placing
        self.graph = placing.graph
        self.row_of = {place: number for number, place in enumerate(placing.rows)}
        self.columns = 1 + max(cell.rank for cell in placing.cells.values())
        self.leaving = self._leaving()
        self.routes = [
            _Route(flow, placing.of[flow.source], placing.of[flow.target], self.leaving.get(flow.id, 0))
            for flow in self.graph.flows
            if not flow.inner
        ]
        self._arrive()
        self._levels()
        self.axis, self.lane_tops, self.bottom, self.channel_tops = self._heights()
        self._uprights()
        self.left = self._lefts()

    def drawing(self) -> Drawing:
        x = LEFT + POOL_HEAD
        right = self.left[-1] + ROOM + TRACK
        pool = Shape(LEFT, TOP, right - LEFT, self.bottom - TOP)
        found = Drawing(pool)
        tops = [*self.lane_tops.values(), self.bottom]
        for number, lane in enumerate(self.lane_tops):
            found.lanes[lane] = Shape(x, tops[number], right - x, tops[number + 1] - tops[number])
        for cell in self.placing.cells.values():
            self._place(cell, found)
        for route in self.routes:
            found.lines[route.flow.id] = self._points(route, found.shapes)
        for flow in self.graph.flows:
            if flow.id not in found.lines:
                found.lines[flow.id] = self._inside(flow, found.shapes)
        self._names(found)
        return found

    # heights at which lines leave and arrive

    def _leaving(self) -> dict[str, float]:
        found = {
            flow.id: height for cell in self.placing.cells.values() for flow, height in self.placing.fan(cell.last)
        }
        for cell in self.placing.cells.values():
            timers = [timer for timer in self.placing.timers(cell) if timer.interrupting]
            for number, timer in enumerate(reversed(timers)):
                for flow in self.placing.outgoing[timer.id]:
                    found[flow.id] = cell.down - 6 - 14 * (len(timers) - 1 - number)
        return found

    def _row(self, cell: Cell) -> int:
        return self.row_of[cell.lane, cell.row]

    def _arrive(self) -> None:
        by_target: dict[str, list[_Route]] = {}
        for route in self.routes:
            by_target.setdefault(route.flow.target, []).append(route)
        for target, routes in by_target.items():
            straight = next((route for route in routes if self._is_straight(route, target)), None)
            if straight is not None:
                straight.straight = True
            above = [route for route in routes if route is not straight and self._from_above(route)]
            below = [route for route in routes if route is not straight and not self._from_above(route)]
            for side, sign in ((above, -1), (below, 1)):
                room = min(ENTRY_STEP, self._deepest(target) / max(1, len(side)))
                for number, route in enumerate(side, start=1):
                    route.arrive = sign * number * room

    def _deepest(self, target: str) -> float:
        kind = self.graph.nodes[target].kind
        return 3 * ENTRY_STEP if kind.is_task else 2.5 * ENTRY_STEP if kind.is_gateway else ENTRY_STEP

    def _is_straight(self, route: _Route, target: str) -> bool:
        same = self._row(route.source) == self._row(route.target) and route.target.rank == route.source.rank + 1
        return same and route.leave == 0 and route.target.members[0].id == target and self._leaves_at_end(route)

    def _leaves_at_end(self, route: _Route) -> bool:
        return route.source.last.id == route.flow.source

    def _from_above(self, route: _Route) -> bool:
        source, target = self._row(route.source), self._row(route.target)
        if source != target:
            return source < target
        return route.target.rank > route.source.rank if not self._is_next(route) else route.leave < 0

    def _is_next(self, route: _Route) -> bool:
        return route.target.rank == route.source.rank + 1

    # channels along rows

    def _levels(self) -> None:
        along: dict[int, list[_Route]] = {}
        for route in self.routes:
            if route.straight or self._is_next(route):
                continue
            row = self._row(route.target)
            route.across = row if self._from_above(route) else row + 1
            along.setdefault(route.across, []).append(route)
        self.level_count = {channel: self._tracks(routes) for channel, routes in along.items()}

    def _tracks(self, routes: Sequence[_Route]) -> int:
        ends = {id(route): sorted((route.source.rank + 1, route.target.rank)) for route in routes}
        ordered = sorted(routes, key=lambda route: (ends[id(route)][0] - ends[id(route)][1], ends[id(route)][0]))
        taken: list[list[tuple[float, float]]] = []
        for route in ordered:
            low, high = ends[id(route)]
            route.level = _free(taken, low, high)
        return len(taken)

    def _heights(self) -> tuple[list[float], dict[str, float], float, list[float]]:
        """Axes of the rows, tops of the lanes, the lower edge, tops of the channels."""
        y: float = TOP
        axis, tops, channels = [], {}, []
        for number, (lane, row) in enumerate(self.placing.rows):
            cells = [cell for cell in self.placing.cells.values() if (cell.lane, cell.row) == (lane, row)]
            if row == 0:
                tops[lane] = y
                y += LANE_PAD
            channels.append(y)
            y += self.level_count.get(number, 0) * TRACK + ROOM
            axis.append(y + max(cell.up for cell in cells))
            y = axis[-1] + max(cell.down for cell in cells)
            last = number + 1 == len(self.placing.rows)
            if last or self.placing.rows[number + 1][1] == 0:
                y += LANE_PAD
        channels.append(y)
        y += self.level_count.get(len(self.placing.rows), 0) * TRACK + ROOM
        return axis, tops, y, channels

    def _y(self, cell: Cell) -> float:
        return self.axis[self._row(cell)]

    def _level_y(self, route: _Route) -> float:
        return self.channel_tops[route.across or 0] + ROOM / 2 + route.level * TRACK

    # channels between columns

    def _uprights(self) -> None:
        wanted: dict[int, list[tuple[float, float, _Route]]] = {}
        for route in self.routes:
            if route.straight:
                continue
            start, end = self._y(route.source) + route.leave, self._y(route.target) + route.arrive
            if route.across is None:
                wanted.setdefault(route.target.rank, []).append((start, end, route))
                continue
            level = self._level_y(route)
            wanted.setdefault(route.source.rank + 1, []).append((start, level, route))
            wanted.setdefault(route.target.rank, []).append((level, end, route))
        self.upright_count: dict[int, int] = {}
        for channel, stretches in wanted.items():
            taken: list[list[tuple[float, float]]] = []
            for start, end, route in sorted(stretches, key=lambda item: abs(item[0] - item[1])):
                route.upright[channel] = _free(taken, min(start, end) - 4, max(start, end) + 4)
            self.upright_count[channel] = len(taken)

    def _lefts(self) -> list[float]:
        """The left edge of the channel before each column, and after the last."""
        x: float = LEFT + POOL_HEAD + LANE_HEAD
        found = []
        for column in range(self.columns + 1):
            found.append(x)
            x += CHANNEL + self.upright_count.get(column, 0) * TRACK
            x += max((cell.wide for cell in self.placing.cells.values() if cell.rank == column), default=0)
        return found

    def _upright_x(self, route: _Route, channel: int) -> float:
        return self.left[channel] + CHANNEL / 2 + route.upright[channel] * TRACK

    # shapes

    def _place(self, cell: Cell, found: Drawing) -> None:
        x = self.left[cell.rank] + CHANNEL + self.upright_count.get(cell.rank, 0) * TRACK
        axis = self._y(cell)
        for node in cell.members:
            wide, high = size(node)
            found.shapes[node.id] = Shape(x, axis - high / 2, wide, high)
            x += wide + GAP
        timers = self.placing.timers(cell)
        for number, timer in enumerate(timers):
            host = found.shapes[timer.host]
            centre = host.x + host.width * (number + 0.5) / len(timers) if len(timers) > 1 else host.x + host.width / 3
            found.shapes[timer.id] = Shape(centre - EVENT / 2, host.y + host.height - EVENT / 2, EVENT, EVENT)
            for flow in self.placing.outgoing[timer.id]:
                if self.graph.nodes[flow.target].host == timer.id:
                    found.shapes[flow.target] = Shape(centre - EVENT / 2, host.y + host.height + 42, EVENT, EVENT)

    # lines

    def _points(self, route: _Route, shapes: Mapping[str, Shape]) -> tuple[Point, ...]:
        source, target = shapes[route.flow.source], shapes[route.flow.target]
        start, end = self._start(route, source), self._end(route, target)
        if route.straight:
            return (start[-1], end)
        y, level = start[-1][1], end[1]
        if route.across is None:
            turn = self._upright_x(route, route.target.rank)
            return _plain([*start, (turn, y), (turn, level), end])
        out, back = self._upright_x(route, route.source.rank + 1), self._upright_x(route, route.target.rank)
        along = self._level_y(route)
        return _plain([*start, (out, y), (out, along), (back, along), (back, level), end])

    def _start(self, route: _Route, shape: Shape) -> list[Point]:
        centre, axis = shape.middle
        node = self.graph.nodes[route.flow.source]
        height = self._y(route.source) + route.leave
        if node.kind is NodeKind.BOUNDARY:
            return [(centre, shape.y + shape.height), (centre, height)]
        if route.leave == 0:
            return [(shape.x + shape.width, axis)]
        corner = shape.y if route.leave < 0 else shape.y + shape.height
        return [(centre, corner), (centre, height)]

    def _end(self, route: _Route, shape: Shape) -> Point:
        height = self._y(route.target) + route.arrive
        kind = self.graph.nodes[route.flow.target].kind
        if kind.is_task:
            return shape.x, height
        if kind.is_gateway:
            return shape.x + abs(route.arrive), height
        radius = EVENT / 2
        return shape.x + radius - (radius**2 - route.arrive**2) ** 0.5, height

    def _inside(self, flow: Flow, shapes: Mapping[str, Shape]) -> tuple[Point, ...]:
        source, target = shapes[flow.source], shapes[flow.target]
        if self.graph.nodes[flow.source].kind is NodeKind.BOUNDARY:
            centre = source.middle[0]
            return ((centre, source.y + source.height), (centre, target.y))
        axis = source.middle[1]
        return ((source.x + source.width, axis), (target.x, axis))

    # names outside of shapes

    def _names(self, found: Drawing) -> None:
        for node in self.graph.nodes.values():
            shape = found.shapes[node.id]
            if node.kind.is_task or not node.name:
                continue
            if node.kind is NodeKind.BOUNDARY:
                found.labels[node.id] = Shape(shape.middle[0] + 6, shape.y + EVENT, 72, 27)
            elif node.kind.is_gateway:
                first = self.placing.of[node.id].members[0] is node
                found.labels[node.id] = Shape(shape.x if first else shape.x - 24, shape.y - 34, 54, 28)
            else:
                found.labels[node.id] = Shape(shape.middle[0] - NAME_WIDE / 2, shape.y + EVENT + 4, NAME_WIDE, 27)
        for route in self.routes:
            if route.flow.name:
                shape = found.shapes[route.flow.source]
                y = self._y(route.source) + route.leave
                lines = min(3, math.ceil(width(route.flow.name, size=NAME_SIZE) / (FAN_LABEL - 14)))
                found.labels[route.flow.id] = Shape(shape.x + DIAMOND + 4, y - 4 - 13 * lines, FAN_LABEL, 13 * lines)


def _free(taken: list[list[tuple[float, float]]], low: float, high: float) -> int:
    """The first track that has nothing between these ends; a new one where all have."""
    for number, stretches in enumerate(taken):
        if all(high < other_low or other_high < low for other_low, other_high in stretches):
            stretches.append((low, high))
            return number
    taken.append([(low, high)])
    return len(taken) - 1


def _plain(points: Iterable[Point]) -> tuple[Point, ...]:
    """Without points that lie on the way between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)
