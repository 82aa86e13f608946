"""Ways of the lane picture that only some records take: past a step that is not needed, and back to an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.workflow.lane_lines import Line, bent, passed_by, sent_back
from portal.workflow.lane_shapes import Box, Gateway
from portal.workflow.lane_stops import Fork, Stop, Way

BYPASS = 16
"""Room above a box that can be passed by."""

_BEFORE, _AFTER, _TURN, _HALF = 20, 14, 22, 8
_BACK, _EDGE = 34, 7


def bypasses(boxes: Sequence[Sequence[Box]], choices: Sequence[bool]) -> list[tuple[Gateway, Line]]:
    """A plain diamond before each box that only some records need, and the line past it to what comes after."""
    return [
        _bypass(boxes[number - 1][0], boxes[number][0], boxes[number + 1][0])
        for number, chosen in enumerate(choices)
        if chosen and 0 < number < len(boxes) - 1 and len(boxes[number - 1]) == len(boxes[number + 1]) == 1
    ]


def _bypass(before: Box, box: Box, after: Box) -> tuple[Gateway, Line]:
    """Over the box in its own lane; past a box in another lane along the lane of whoever decides."""
    if before.middle == box.middle:
        x = box.x - _BEFORE
        return Gateway(x, box.middle, reached=True, plus=False), passed_by(
            x, box.middle, box.y - BYPASS / 2 - 2, box.right + _AFTER
        )
    x = before.right + min((box.x - before.right) / 2, 40)
    past = bent(x + _HALF, before.middle, after.x - _TURN, after.x, after.middle, reached=False)
    return Gateway(x, before.middle, reached=True, plus=False), past


def returns(way: Way, boxes: Mapping[int, Box], bands: Mapping[str, tuple[float, float]]) -> list[Line]:
    """A dashed line from each stop back to the earlier one in another lane, along the edge of that lane."""
    found = []
    for part in way:
        if isinstance(part, Fork) or part.back is None:
            continue
        target = way[part.back]
        if isinstance(target, Stop):
            found.append(_back(boxes[id(part)], boxes[id(target)], bands[target.lane]))
    return found


def _back(source: Box, target: Box, band: tuple[float, float]) -> Line:
    x, to_x = source.centre - _BACK, target.centre + _BACK
    top, high = band
    if source.y > target.y:
        return sent_back((x, source.y), top + high - _EDGE, (to_x, target.y + target.height))
    return sent_back((x, source.y + source.height), top + _EDGE, (to_x, target.y))
