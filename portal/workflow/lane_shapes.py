"""What a lane picture is made of, with every place computed. Lengths are in units of the view box."""

from __future__ import annotations

from dataclasses import dataclass

from portal.workflow.lane_lines import Line
from portal.workflow.lane_stops import StopState

BOX_SIDE = 8


@dataclass(frozen=True)
class Word:
    """A line of text: `kind` is name, note or late in a box, title or part in a lane."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Box:
    """One stop. `bar` is the width of its thin bar that is used, of `bar_length`."""

    x: float
    y: float
    width: float
    height: float
    state: StopState
    words: tuple[Word, ...]
    late: bool = False
    optional: bool = False
    bar: float | None = None

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def bar_length(self) -> float:
        return self.width - 2 * BOX_SIDE


@dataclass(frozen=True)
class Gateway:
    """A diamond on a lane's axis; `plus` is parallel, a plain one a choice. `reached` is filled."""

    x: float
    y: float
    reached: bool
    plus: bool = True


@dataclass(frozen=True)
class Lane:
    """A band. `tint` counts lanes from the top; the applicant's is 0."""

    id: str
    y: float
    height: float
    tint: int
    current: bool
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Drawing:
    width: int
    height: float
    lanes: tuple[Lane, ...]
    lines: tuple[Line, ...]
    gateways: tuple[Gateway, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class LaneLabel:
    """A lane before it is placed."""

    id: str
    name: str
    part: str
    tint: int
