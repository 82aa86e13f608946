"""Where a record has been, for its pages: the lane picture and the day bar, for citizens and officials alike."""

from __future__ import annotations

from datetime import datetime

from portal.records.desk_journey import day_bar_of_record, journey_of_record
from portal.records.grounds import Grounds
from portal.records.record_file import RecordFile
from portal.web.lane_views import record_levels, record_parts
from portal.workflow.day_words import DrawnDays, in_words
from portal.workflow.definition import Text
from portal.workflow.lanes import LanePicture, journey_of


def record_picture(
    file: RecordFile, grounds: Grounds, *, now: datetime, language: str, every_step: bool = False
) -> LanePicture:
    """The way of the record. With `every_step` officials see each step; citizens see stops."""
    journey = journey_of_record(file, grounds, now=now, language=language, every_step=every_step)
    names = {
        place.level: Text(place.name, place.in_language("en"))
        for place in grounds.directory.territories(file.record.place)
    }
    return journey_of(
        journey.visits,
        expected=journey.expected,
        levels=record_levels(names, parts=record_parts(grounds.procedure)),
        language=language,
        now=now,
        due_at=file.record.due_at,
        every_step=every_step,
    )


def record_days(file: RecordFile, grounds: Grounds, *, now: datetime, language: str) -> DrawnDays | None:
    """The days of the term; None before the record is accepted."""
    bar = day_bar_of_record(file, grounds, now=now)
    return in_words(bar, language) if bar else None
