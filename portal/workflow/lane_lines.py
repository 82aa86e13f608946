"""Lines of the lane picture: straight, bent with round corners, upright; each with the head of its arrow."""

from __future__ import annotations

from dataclasses import dataclass

_ROUND = 9
_HEAD, _HALF = 7, 3.6


@dataclass(frozen=True)
class Line:
    """`path` and `head` are SVG path data; `reached` lines are solid, the others dashed."""

    path: str
    head: str
    reached: bool

    @staticmethod
    def upright(x: float, start: float, end: float) -> Line:
        """A dashed arrow up or down: the way aside of a map."""
        down = 1 if end > start else -1
        tip = end - down
        head = f"M{_n(x - _HALF)} {_n(tip - down * _HEAD)}L{_n(x)} {_n(tip)}L{_n(x + _HALF)} {_n(tip - down * _HEAD)}z"
        return Line(f"M{_n(x)} {_n(start + down)}V{_n(tip - down * _HEAD)}", head, reached=False)


def sent_back(start: tuple[float, float], along: float, end: tuple[float, float]) -> Line:
    """A dashed line up or down, along at the height `along`, and up or down to an arrow at `end`."""
    (x, y), (to_x, to_y) = start, end
    out, into = (1 if along > y else -1), (1 if to_y > along else -1)
    side = 1 if to_x > x else -1
    first, second = min(_ROUND, abs(along - y)), min(_ROUND, max(abs(to_y - along) - _HEAD, 0))
    tip = to_y - into
    neck = tip - into * _HEAD
    path = (
        f"M{_n(x)} {_n(y + out)}V{_n(along - out * first)}Q{_n(x)} {_n(along)} {_n(x + side * first)} {_n(along)}"
        f"H{_n(to_x - side * second)}Q{_n(to_x)} {_n(along)} {_n(to_x)} {_n(along + into * second)}V{_n(neck)}"
    )
    head = f"M{_n(to_x - _HALF)} {_n(neck)}L{_n(to_x)} {_n(tip)}L{_n(to_x + _HALF)} {_n(neck)}z"
    return Line(path, head, reached=False)


def passed_by(x: float, y: float, top: float, to_x: float) -> Line:
    """From a diamond at (x, y) up to `top`, over a box, and down to an arrow on the line that goes on at `y`."""
    tip = y - 1
    path = (
        f"M{_n(x)} {_n(y - _ROUND)}V{_n(top + _ROUND)}Q{_n(x)} {_n(top)} {_n(x + _ROUND)} {_n(top)}"
        f"H{_n(to_x - _ROUND)}Q{_n(to_x)} {_n(top)} {_n(to_x)} {_n(top + _ROUND)}V{_n(tip - _HEAD)}"
    )
    head = f"M{_n(to_x - _HALF)} {_n(tip - _HEAD)}L{_n(to_x)} {_n(tip)}L{_n(to_x + _HALF)} {_n(tip - _HEAD)}z"
    return Line(path, head, reached=False)


def straight(start: float, end: float, y: float, *, reached: bool) -> Line:
    """A plain stretch without a head, such as into a diamond."""
    return Line(f"M{_n(start)} {_n(y)}H{_n(end)}", "", reached)


def bent(
    x: float, y: float, turn: float, end: float | None, end_y: float, *, reached: bool, stop_short: float = 0
) -> Line:
    """From (x, y) along to `turn`, up or down, and along to an arrow at `end`.

    Without `end` the line ends on the upright, `stop_short` before `end_y`, where a diamond takes it up.
    """
    if end is None:
        return Line(_to_upright(x, y, turn, end_y, stop_short), "", reached)
    tip = end - 1
    if abs(end_y - y) < 1:
        return Line(f"M{_n(x)} {_n(y)}H{_n(tip - _HEAD + 2)}", _right(tip, end_y), reached)
    down = 1 if end_y > y else -1
    radius = min(_ROUND, abs(end_y - y) / 2)
    before, after = min(radius, turn - x), min(radius, tip - _HEAD - turn)
    start = f"M{_n(x)} {_n(y)}"
    if before > 0:
        start += f"H{_n(turn - before)}Q{_n(turn)} {_n(y)} {_n(turn)} {_n(y + down * before)}"
    path = f"{start}V{_n(end_y - down * after)}Q{_n(turn)} {_n(end_y)} {_n(turn + after)} {_n(end_y)}"
    return Line(f"{path}H{_n(tip - _HEAD + 2)}", _right(tip, end_y), reached)


def _to_upright(x: float, y: float, turn: float, end_y: float, stop_short: float) -> str:
    if abs(end_y - y) < 1:
        return f"M{_n(x)} {_n(y)}H{_n(turn - stop_short)}"
    down = 1 if end_y > y else -1
    radius = min(_ROUND, turn - x, abs(end_y - y) - stop_short)
    corner = f"Q{_n(turn)} {_n(y)} {_n(turn)} {_n(y + down * radius)}"
    return f"M{_n(x)} {_n(y)}H{_n(turn - radius)}{corner}V{_n(end_y - down * stop_short)}"


def _right(tip: float, y: float) -> str:
    return f"M{_n(tip - _HEAD)} {_n(y - _HALF)}L{_n(tip)} {_n(y)}L{_n(tip - _HEAD)} {_n(y + _HALF)}z"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
