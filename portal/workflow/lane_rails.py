"""The same way as a list: each row with a small drawing of rails, one rail a lane. It is the text equivalent, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.workflow.lane_shapes import LaneLabel
from portal.workflow.lane_stops import Fork, Stop, StopState, Way
from portal.workflow.lane_text import width

RAILS_WIDE = 152
_HEAD_SIZE = 12
_ROUND = 8
_ABOVE = 9  # a row's drawing begins so far above it, where the row before ends
_DOT, _DOT_NOW = 17, 23


@dataclass(frozen=True)
class Rail:
    """A column of the small drawings. `x` is its left edge, `centre` where the line runs."""

    lane: str
    short: str
    tint: int
    x: float
    width: float

    @property
    def centre(self) -> float:
        return round(self.x + self.width / 2)


@dataclass(frozen=True)
class RailLine:
    """A line of a row: `path` ends within the row; without one it runs from `top` at `x` to the row's lower end."""

    reached: bool
    path: str = ""
    x: float = 0
    top: float = 0


@dataclass(frozen=True)
class Row:
    """One stop in words, with the drawing beside it. `branch` rows hang by a spur from the rail of whoever asked.

    `steps` are those of the process that the stop stands for.
    """

    name: str
    details: tuple[str, ...]
    late: str
    state: StopState
    dot_x: float
    dot_y: float
    lines: tuple[RailLine, ...]
    spur_x: float | None = None
    steps: tuple[str, ...] = ()


def rails_of(labels: Sequence[LaneLabel], shorts: Sequence[str]) -> tuple[Rail, ...]:
    """Rails as wide as their heads need, the rest of the room shared."""
    needs = [width(short, size=_HEAD_SIZE, bold=True) + 4 for short in shorts]
    spare = (RAILS_WIDE - sum(needs)) / len(needs)
    rails, x = [], 0.0
    for label, short, need in zip(labels, shorts, needs, strict=True):
        rails.append(Rail(label.id, short, label.tint, round(x), round(x + need + spare) - round(x)))
        x += need + spare
    return tuple(rails)


def rows_of(way: Way, rails: Sequence[Rail]) -> tuple[Row, ...]:
    """The rows of the list, from first to last."""
    centres = {rail.lane: rail.centre for rail in rails}
    rows: list[Row] = []
    before: float | None = None
    for number, part in enumerate(way):
        following = way[number + 1] if number + 1 < len(way) else None
        if isinstance(part, Fork):
            owner = before if before is not None else centres[part.stops[0].lane]
            rows += [_branch_row(stop, owner, centres[stop.lane], first=not rows) for stop in part.stops]
            before = owner
        else:
            here = centres[part.lane]
            onward = None if following is None else _is_reached(following)
            rows.append(_row(part, before, here, onward=onward))
            before = here
    return tuple(rows)


def _is_reached(part: Stop | Fork) -> bool:
    return part.is_reached if isinstance(part, Fork) else part.state.is_reached


def _row(stop: Stop, before: float | None, here: float, *, onward: bool | None) -> Row:
    dot_y = _DOT_NOW if stop.state.is_open else _DOT
    lines = []
    if before is not None:
        lines.append(RailLine(stop.state.is_reached, _incoming(before, here, dot_y)))
    if onward is not None:
        lines.append(RailLine(onward, x=here, top=dot_y + _ABOVE))
    return Row(stop.name, stop.details, stop.late, stop.state, here, dot_y, tuple(lines), steps=stop.steps)


def _incoming(before: float, here: float, dot_y: float) -> str:
    if before == here:
        return f"M{here:g} {-_ABOVE}V{dot_y}"
    side = 1 if here > before else -1
    across = f"Q{before:g} 0 {before + side * _ROUND:g} 0H{here - side * _ROUND:g}Q{here:g} 0 {here:g} {_ROUND}"
    return f"M{before:g} {-_ABOVE}{across}V{dot_y}"


def _branch_row(stop: Stop, owner: float, here: float, *, first: bool) -> Row:
    dot_y = _DOT_NOW if stop.state.is_open else _DOT
    reached = stop.state.is_reached
    lines = [RailLine(reached, x=owner, top=dot_y + _ABOVE)]
    if not first:
        lines.insert(0, RailLine(reached, f"M{owner:g} {-_ABOVE}V{dot_y}"))
    spur = None
    if here != owner:
        spur = owner
        lines.append(RailLine(reached, f"M{owner:g} {dot_y}H{here:g}"))
    return Row(stop.name, stop.details, stop.late, stop.state, here, dot_y, tuple(lines), spur, stop.steps)
