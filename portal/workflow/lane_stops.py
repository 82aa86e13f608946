"""The way of a record as stops and forks, before anything is drawn: what the map and the journey have in common."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.workflow.definition import Text

APPLICANT = "applicant"
"""The lane below all levels."""

NOTHING = Text("")


@dataclass(frozen=True)
class LaneLevel:
    """A level of units as a lane. `part` says what it does in this procedure; `short` heads its rail on a phone."""

    id: str
    name: Text
    part: Text = NOTHING
    short: Text = NOTHING


class StopState(StrEnum):
    PLAN = "plan"  # on the map of a procedure
    PAST = "past"
    NOW = "now"
    WAITING = "waiting"  # another agency, or the applicant, is asked
    NEXT = "next"

    @property
    def is_open(self) -> bool:
        return self in (StopState.NOW, StopState.WAITING)

    @property
    def is_reached(self) -> bool:
        return self is not StopState.NEXT


@dataclass(frozen=True)
class Trip:
    """A way aside that only some records take, and come back from: a supplement."""

    lane: str
    name: str
    line: str


@dataclass(frozen=True)
class Stop:
    """One box and one row. `title` stands in the box, `name` in the list; `line` is short, `details` are whole."""

    lane: str
    title: str
    name: str
    state: StopState
    line: str = ""
    late: str = ""
    details: tuple[str, ...] = ()
    progress: float | None = None  # share of its own time that has passed, 0 to 1
    optional: bool = False
    trip: Trip | None = None
    steps: tuple[str, ...] = ()  # ids, on the map of a procedure
    back: int | None = None  # where in the way the stop is to which work is sent back, when in another lane


@dataclass(frozen=True)
class Fork:
    """Branches that run at the same time, each a row of stops."""

    branches: tuple[tuple[Stop, ...], ...]

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(stop for branch in self.branches for stop in branch)

    @property
    def is_reached(self) -> bool:
        return any(stop.state.is_reached for stop in self.stops)


Way = tuple[Stop | Fork, ...]


def stops_of(way: Way) -> tuple[Stop, ...]:
    """All stops in order, those of forks branch by branch."""
    return tuple(stop for part in way for stop in (part.stops if isinstance(part, Fork) else (part,)))
