"""Days, sums and lengths of time in words, for pages: the wording itself is in core, since messages need it too."""

from __future__ import annotations

from portal.core.wording import (
    KILOBYTE,
    WEEKDAYS,
    day,
    desk_day,
    duration,
    moment,
    number,
    short_day,
    size,
    time_of_day,
    vnd,
    vnd_short,
)

__all__ = [
    "KILOBYTE",
    "WEEKDAYS",
    "day",
    "desk_day",
    "duration",
    "moment",
    "number",
    "short_day",
    "size",
    "time_of_day",
    "vnd",
    "vnd_short",
]
