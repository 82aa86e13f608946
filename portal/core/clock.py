"""The one place that reads the time. Everything else takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment on the city's clocks."""
    return moment.astimezone(CITY)


def local_day(moment: datetime) -> date:
    """The calendar day of the moment in the city."""
    return moment.astimezone(CITY).date()
