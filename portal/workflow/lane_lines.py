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
