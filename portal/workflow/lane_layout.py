"""The drawing of a way: lanes, boxes, lines and gateways with their places. Lengths are in units of the view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from portal.workflow.lane_asides import BYPASS, bypasses, returns
from portal.workflow.lane_lines import Line, bent, straight
from portal.workflow.lane_shapes import BOX_SIDE, Box, Drawing, Gateway, Lane, LaneLabel, Word
from portal.workflow.lane_stops import Stop, StopState, Way
from portal.workflow.lane_text import narrowest, width, wrap

WIDTHS = (1040, 1120)
"""The sheet, and a wider one for a long way: the browser shows both at the width of the page."""

RIGHT, TOP = 15, 2
LABEL_LEFT, LABEL_MOST, LABEL_GAP = 14, 104, 16
BOX_LEAST, BOX_MOST = 84, 132
BOX_HIGH, BOX_FLAT, ROW, STACK_GAP = 62, 46, 16, 13
BAR = 8
FLAG, FLAG_WIDE = 26, 92
SHORT_NAME = 92
PAD = 16
DIAMOND = 8
NAME_SIZE, LINE_SIZE, LABEL_SIZE = 13, 12, 14
MOST_COLUMNS = 9


class Gap(IntEnum):
    """The least room between two columns, by what is drawn in it."""

    STRAIGHT = 18
    BENT = 22
    JOIN = 38
    SPLIT = 40
    CHOICE = 44
    JOIN_SPLIT = 72


@dataclass
class _Column:
    """Stops drawn above one another; `fork` counts the forks, so that neighbours of one fork are known."""

    stops: list[Stop]
    branches: list[int]
    fork: int | None = None
    wide: float = 0
    x: float = 0

    @property
    def is_choice(self) -> bool:
        """A step that only some records have, on the way itself: the others pass it by."""
        return self.fork is None and self.stops[0].optional


@dataclass
class _Band:
    label: LaneLabel
    up: float = 0
    down: float = 0
    axis: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return self.up + self.down + 2 * PAD


@dataclass
class _Sheet:
    bands: dict[str, _Band]
    columns: list[_Column]
    boxes: dict[int, list[Box]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    gateways: list[Gateway] = field(default_factory=list)


def draw(way: Way, labels: Sequence[LaneLabel]) -> Drawing | None:
    """The drawing, or None when the way is too long to be read on one screen: then the list stands alone."""
    columns = _columns(way)
    if len(columns) > MOST_COLUMNS:
        return None
    left = max(_label_width(label) for label in labels) + LABEL_LEFT + LABEL_GAP
    for wide, in_one_line in ((WIDTHS[0], True), (WIDTHS[1], True), (WIDTHS[1], False)):
        if _place_columns(columns, left=left, right=wide - RIGHT, in_one_line=in_one_line):
            break
    else:
        return None
    sheet = _Sheet({label.id: _Band(label) for label in labels}, columns)
    height = _place_bands(sheet)
    for index, column in enumerate(columns):
        sheet.boxes[index] = [_box(sheet, column, stop) for stop in column.stops]
    for index in range(len(columns) - 1):
        _connect(sheet, index)
    choices = [column.is_choice for column in columns]
    passing = bypasses([sheet.boxes[index] for index in range(len(columns))], choices)
    sheet.gateways += [gateway for gateway, _ in passing]
    sheet.lines += [line for _, line in passing]
    of_stops = {
        id(stop): box
        for index, column in enumerate(columns)
        for stop, box in zip(column.stops, sheet.boxes[index], strict=True)
    }
    sheet.lines += returns(way, of_stops, {lane: (band.y, band.height) for lane, band in sheet.bands.items()})
    trips = [box for column in columns for box in _trips(sheet, column)]
    lanes = tuple(_lane(band, columns) for band in sheet.bands.values())
    boxes = [box for placed in sheet.boxes.values() for box in placed]
    # What is travelled is drawn over what is not, where both share a stretch.
    lines = sorted(sheet.lines, key=lambda line: line.reached)
    return Drawing(wide, height, lanes, tuple(lines), tuple(sheet.gateways), tuple(trips + boxes))


def _columns(way: Way) -> list[_Column]:
    columns: list[_Column] = []
    for number, part in enumerate(way):
        if isinstance(part, Stop):
            columns.append(_Column([part], [0]))
            continue
        for step in range(max(len(branch) for branch in part.branches)):
            here = [(index, branch[step]) for index, branch in enumerate(part.branches) if step < len(branch)]
            columns.append(_Column([stop for _, stop in here], [index for index, _ in here], number))
    return columns


def _gap(before: _Column, after: _Column) -> Gap:
    if before.fork is not None and before.fork == after.fork:
        return Gap.BENT
    if before.fork is not None and after.fork is not None:
        return Gap.JOIN_SPLIT
    if after.fork is not None:
        return Gap.SPLIT
    if before.fork is not None:
        return Gap.JOIN
    if before.is_choice or after.is_choice:
        return Gap.CHOICE
    return Gap.STRAIGHT if before.stops[0].lane == after.stops[0].lane else Gap.BENT


def _place_columns(columns: list[_Column], *, left: float, right: float, in_one_line: bool) -> bool:
    """Boxes alike where their texts allow, as wide as the sheet allows; what is left widens the gaps.

    False when they do not fit. `in_one_line`: short names must not be broken.
    """
    gaps = [float(_gap(before, after)) for before, after in pairwise(columns)]
    room = right - left - sum(gaps)
    needs = [max(_need(stop, in_one_line=in_one_line) for stop in column.stops) for column in columns]
    for common in range(BOX_MOST, BOX_LEAST - 1, -1):
        widths = [max(need, common) for need in needs]
        if sum(widths) <= room:
            break
    else:
        return False
    spare = (room - sum(widths)) / len(gaps) if gaps else 0
    x = left
    for index, (column, wide) in enumerate(zip(columns, widths, strict=True)):
        column.x, column.wide = x, wide
        if index < len(gaps):
            gaps[index] += spare
            x += wide + gaps[index]
    return True


def _need(stop: Stop, *, in_one_line: bool) -> float:
    trip = _text_need(stop.trip.name, stop.trip.line, in_one_line=in_one_line) if stop.trip else 0
    own = _text_need(stop.title, stop.late or stop.line, in_one_line=in_one_line, bold_line=bool(stop.late))
    return min(BOX_MOST, max(FLAG_WIDE + 4 if stop.state.is_open else BOX_LEAST, trip, own))


def _text_need(title: str, line: str, *, in_one_line: bool, bold_line: bool = False) -> float:
    whole = width(title, size=NAME_SIZE, bold=True)
    name = whole if in_one_line and whole <= SHORT_NAME else narrowest(title, size=NAME_SIZE, bold=True)
    return max(name, width(line, size=LINE_SIZE, bold=bold_line)) + 2 * BOX_SIDE


def _label_width(label: LaneLabel) -> float:
    names = wrap(label.name, most=LABEL_MOST, size=LABEL_SIZE, bold=True)
    parts = wrap(label.part, most=LABEL_MOST, size=LINE_SIZE)
    return max(
        *(width(text, size=LABEL_SIZE, bold=True) for text in names), *(width(text, size=LINE_SIZE) for text in parts)
    )


def _height(stop: Stop, wide: float, *, alone: bool) -> float:
    lines = len(_names(stop.title, wide)) + bool(stop.late or stop.line)
    high = lines * ROW + 14 + (BAR if stop.progress is not None else 0)
    return max(high, BOX_HIGH if alone else BOX_FLAT)


def _names(title: str, wide: float) -> tuple[str, ...]:
    return wrap(title, most=wide - 2 * BOX_SIDE + 2, size=NAME_SIZE, bold=True)


def _stack(column: _Column, lane: str) -> list[tuple[Stop, float, float]]:
    """The stops of one lane in one column: each with its offset from the lane's axis and its height."""
    stops = [stop for stop in column.stops if stop.lane == lane]
    heights = [_height(stop, column.wide, alone=len(stops) == 1) for stop in stops]
    flags = [FLAG if stop.state.is_open else 0 for stop in stops]
    whole = sum(heights) + STACK_GAP * (len(stops) - 1) + sum(flags[1:])
    top, placed = -whole / 2, []
    for number, (stop, high, flag) in enumerate(zip(stops, heights, flags, strict=True)):
        top += flag if number else 0
        placed.append((stop, top, high))
        top += high + STACK_GAP
    return placed


def _place_bands(sheet: _Sheet) -> float:
    for column in sheet.columns:
        for lane, band in sheet.bands.items():
            for stop, top, high in _stack(column, lane):
                above = FLAG if stop.state.is_open else BYPASS if column.is_choice else 0
                band.up = max(band.up, -top + above)
                band.down = max(band.down, top + high)
        for stop in column.stops:
            if stop.trip and stop.trip.lane in sheet.bands:
                band = sheet.bands[stop.trip.lane]
                band.up, band.down = max(band.up, BOX_HIGH / 2), max(band.down, BOX_HIGH / 2)
    y: float = TOP
    for band in sheet.bands.values():
        band.up, band.down = max(band.up, BOX_FLAT / 2), max(band.down, BOX_FLAT / 2)
        band.y, band.axis = y, y + PAD + band.up
        y += band.height
    return y + TOP


def _box(sheet: _Sheet, column: _Column, stop: Stop) -> Box:
    top, high = next((top, high) for other, top, high in _stack(column, stop.lane) if other is stop)
    y = sheet.bands[stop.lane].axis + top
    bar = None if stop.progress is None else stop.progress * (column.wide - 2 * BOX_SIDE)
    room = high - (BAR if bar is not None else 0)
    words = _words(stop.title, stop.late or stop.line, "late" if stop.late else "note", column, y, room)
    return Box(column.x, y, column.wide, high, stop.state, words, bool(stop.late), stop.optional, bar)


def _words(title: str, line: str, kind: str, column: _Column, y: float, high: float) -> tuple[Word, ...]:
    texts = [(text, "name") for text in _names(title, column.wide)] + ([(line, kind)] if line else [])
    first = y + (high - len(texts) * ROW) / 2 + 12
    centre = column.x + column.wide / 2
    return tuple(Word(centre, first + number * ROW, text, kind) for number, (text, kind) in enumerate(texts))


def _connect(sheet: _Sheet, index: int) -> None:
    before, after = sheet.columns[index], sheet.columns[index + 1]
    from_boxes, to_boxes = sheet.boxes[index], sheet.boxes[index + 1]
    if before.fork is not None and before.fork == after.fork:
        for number, branch in enumerate(after.branches):
            _arrow(sheet, from_boxes[before.branches.index(branch)], to_boxes[number])
    elif before.fork is None and after.fork is None:
        _arrow(sheet, from_boxes[0], to_boxes[0])
    else:
        _through_gateways(sheet, index)


def _arrow(sheet: _Sheet, start: Box, end: Box) -> None:
    middle = start.right + min((end.x - start.right) / 2, 40)
    sheet.lines.append(bent(start.right, start.middle, middle, end.x, end.middle, reached=end.state.is_reached))


def _through_gateways(sheet: _Sheet, index: int) -> None:
    """Ends of a fork's branches come together in a diamond, and a diamond sends the next branches out."""
    before, after = sheet.columns[index], sheet.columns[index + 1]
    x, y = before.x + before.wide, _axis(sheet, index)
    reached = any(stop.state.is_reached for stop in after.stops)
    if before.fork is None:
        sheet.lines.append(straight(x, x + 16, y, reached=reached))
        x += 16
    else:
        x += 18
        _join(sheet, index, x, y, reached=reached)
        if after.fork is not None:
            sheet.lines.append(straight(x, x + 28, y, reached=reached))
            x += 28
    if after.fork is None:
        box = sheet.boxes[index + 1][0]
        sheet.lines.append(bent(x + DIAMOND, y, (x + DIAMOND + box.x) / 2, box.x, box.middle, reached=reached))
        return
    sheet.gateways.append(Gateway(x, y, reached))
    for box in sheet.boxes[index + 1]:
        sheet.lines.append(bent(x, y, x, box.x, box.middle, reached=box.state.is_reached))


def _axis(sheet: _Sheet, index: int) -> float:
    """Split and join sit on the lane of whoever asked, or of whoever goes on."""
    before, after = sheet.columns[index], sheet.columns[index + 1]
    if before.fork is None:
        return sheet.boxes[index][0].middle
    if after.fork is None:
        return sheet.boxes[index + 1][0].middle
    return sheet.bands[before.stops[0].lane].axis


def _join(sheet: _Sheet, index: int, x: float, y: float, *, reached: bool) -> None:
    fork = sheet.columns[index].fork
    last: dict[int, Box] = {}
    for number in range(index + 1):
        column = sheet.columns[number]
        if column.fork == fork:
            last |= dict(zip(column.branches, sheet.boxes[number], strict=True))
    for box in last.values():
        done = box.state in (StopState.PAST, StopState.PLAN)
        sheet.lines.append(bent(box.right, box.middle, x, None, y, reached=done, stop_short=DIAMOND))
    sheet.gateways.append(Gateway(x, y, reached))


def _trips(sheet: _Sheet, column: _Column) -> list[Box]:
    """The way aside of a stop: a dashed box in its lane, with a line there and a line back."""
    stop = column.stops[0]
    if len(column.stops) > 1 or stop.trip is None or stop.trip.lane not in sheet.bands:
        return []
    own = sheet.boxes[sheet.columns.index(column)][0]
    axis = sheet.bands[stop.trip.lane].axis
    high = (len(_names(stop.trip.name, column.wide)) + 1) * ROW + 14
    y = axis - high / 2
    words = _words(stop.trip.name, stop.trip.line, "note", column, y, high)
    box = Box(column.x, y, column.wide, high, StopState.NEXT, words)
    below = y > own.y
    there = (own.y + own.height, y) if below else (own.y, y + high)
    for shift, (start, end) in ((-16, there), (16, there[::-1])):
        sheet.lines.append(Line.upright(box.centre + shift, start, end))
    return [box]


def _lane(band: _Band, columns: Sequence[_Column]) -> Lane:
    label = band.label
    texts = [(text, "title") for text in wrap(label.name, most=LABEL_MOST, size=LABEL_SIZE, bold=True)]
    texts += [(text, "part") for text in wrap(label.part, most=LABEL_MOST, size=LINE_SIZE)] if label.part else []
    first = band.y + (band.height - len(texts) * 18) / 2 + 14
    words = tuple(Word(LABEL_LEFT, first + number * 18, text, kind) for number, (text, kind) in enumerate(texts))
    current = any(stop.state.is_open and stop.lane == label.id for column in columns for stop in column.stops)
    return Lane(label.id, band.y, band.height, label.tint, current, words)
