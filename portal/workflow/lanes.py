"""The lane picture: where a procedure leads and where a record has been, as a drawing and as a list that says the same.

`map_of` draws a procedure as it is designed, `journey_of` a record as it went and is expected to go. Both give values
with every place computed; `templates/components/lanes.html` prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from portal.workflow.definition import Process
from portal.workflow.lane_journey import Expected, JourneyMaker, Visit, expected_of
from portal.workflow.lane_layout import draw
from portal.workflow.lane_map import MapMaker
from portal.workflow.lane_rails import Rail, Row, rails_of, rows_of
from portal.workflow.lane_shapes import Drawing, LaneLabel
from portal.workflow.lane_stops import APPLICANT, LaneLevel, StopState, Way, stops_of
from portal.workflow.lane_words import say

__all__ = [
    "APPLICANT",
    "Expected",
    "LaneLevel",
    "LanePicture",
    "StopState",
    "Visit",
    "expected_of",
    "journey_of",
    "map_of",
]

KEPT = 512
"""Pictures that a process remembers, and as many drawings of them."""


@dataclass(frozen=True)
class LanePicture:
    """`drawing` is None when the way has more columns than a screen can show: then the list stands alone."""

    title: str
    description: str
    drawing: Drawing | None
    rails: tuple[Rail, ...]
    rows: tuple[Row, ...]
    here: str
    done: str
    expected: str


def map_of(
    process: Process,
    *,
    levels: Sequence[LaneLevel],
    language: str,
    receiver: str,
    minutes: int | None = None,
    every_step: bool = False,
) -> LanePicture:
    """The way through a procedure. `levels` from the highest down; `receiver` is the level whose counter receives.

    Citizens see stops: neighbouring steps of one level merge. With `every_step` officials see each step of its own.
    """
    way = MapMaker(process, levels, language, receiver, minutes, every_step).way()
    names = ", ".join(stop.name for stop in stops_of(way))
    described = say("map_description", language, count=len(stops_of(way)), names=names)
    return _picture(way, tuple(levels), language, title=say("map_title", language), described=(described,))


def journey_of(
    visits: Sequence[Visit],
    *,
    expected: Sequence[Expected] = (),
    levels: Sequence[LaneLevel],
    language: str,
    now: datetime,
    due_at: datetime | None = None,
    every_step: bool = False,
) -> LanePicture:
    """The way of one record: visits in order of time (a loop is the same lane again), then what is `expected`."""
    way = JourneyMaker(language, now, due_at, every_step).way(visits, expected)
    stops = stops_of(way)
    past = sum(stop.state is StopState.PAST for stop in stops)
    coming = sum(stop.state is StopState.NEXT for stop in stops)
    names = "; ".join(", ".join((stop.name, *stop.details)) for stop in stops if stop.state.is_open)
    described = [say("journey_past", language, count=past)]
    described += [say("journey_now", language, names=names)] if names else []
    described += [say("journey_next", language, count=coming)] if coming else []
    return _picture(way, tuple(levels), language, title=say("journey_title", language), described=tuple(described))


@lru_cache(maxsize=KEPT)
def _picture(
    way: Way, levels: tuple[LaneLevel, ...], language: str, *, title: str, described: tuple[str, ...]
) -> LanePicture:
    """Made of what it is given alone, days and names included, so that a process may keep what it has drawn."""
    used = {stop.lane for stop in stops_of(way)}
    used |= {stop.trip.lane for stop in stops_of(way) if stop.trip}
    unknown = used - {level.id for level in levels} - {APPLICANT}
    if unknown:
        raise ValueError(f"No lane for the levels {', '.join(sorted(unknown))}.")
    shown = [level for level in levels if level.id in used]
    labels = [
        LaneLabel(level.id, level.name.in_language(language), level.part.in_language(language), tint)
        for tint, level in enumerate(levels, start=1)
        if level in shown
    ]
    labels.append(LaneLabel(APPLICANT, say("applicant", language), "", 0))
    shorts = [level.short.in_language(language) or level.name.in_language(language) for level in shown]
    rails = rails_of(labels, [*shorts, say("you", language)])
    return LanePicture(
        title=title,
        description=" ".join([*described, say("list_below", language)]),
        drawing=draw(way, labels),
        rails=rails,
        rows=rows_of(way, rails),
        here=say("here", language),
        done=say("done", language),
        expected=say("expected", language),
    )
