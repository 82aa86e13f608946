"""The working calendar put together: public holidays, and what the government and the city decided on top."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import holidays

from portal.calendars.seed import ANNOUNCED
from portal.core.text import marked
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, SpecialDay, WeekHours, WorkingCalendar

FIRST_YEAR, LAST_YEAR = 2018, 2040
LABOUR_CODE = "45/2019/QH14, Điều 112"
CULTURE_DAY = "80-NQ/TW"  # 24/11, a paid day off from 2026 by resolution, before the Labour Code says so
ANNOUNCEMENT = marked("Công bố nghỉ lễ hằng năm của Chính phủ")
_SWAPPED = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def standard_calendar(*, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> WorkingCalendar:
    """The calendar of the country at the usual hours, before any decision of a city."""
    return build_calendar((WeekHours(),), (), first_year=first_year, last_year=last_year)


def build_calendar(
    hours: Iterable[WeekHours], exceptions: Iterable[SpecialDay], *, first_year: int, last_year: int
) -> WorkingCalendar:
    """Public holidays with the exceptions over them: the last word on a day replaces what was said before."""
    special = {day.day: day for day in public_holidays(first_year, last_year)}
    special |= {day.day: day for day in (*ANNOUNCED, *exceptions) if first_year <= day.day.year <= last_year}
    return WorkingCalendar(
        hours=tuple(sorted(hours, key=lambda item: item.valid_from)),
        special_days=tuple(special[day] for day in sorted(special)),
        first_day=date(first_year, 1, 1),
        last_day=date(last_year, 12, 31),
    )


def public_holidays(first_year: int, last_year: int) -> list[SpecialDay]:
    """Days off of Vietnam, and the rest days that are worked for them. Years not yet announced are an estimate."""
    years = range(first_year, last_year + 1)
    vietnamese = holidays.country_holidays("VN", years=years, language="vi")
    english = holidays.country_holidays("VN", years=years, language="en_US")
    days = []
    for day, name in vietnamese.items():
        swapped = _SWAPPED.search(name)
        if swapped:
            worked = date(int(swapped[3]), int(swapped[2]), int(swapped[1]))
            days += _swap(off=day, worked=worked)
        else:
            source = CULTURE_DAY if (day.month, day.day) == (11, 24) else LABOUR_CODE
            days.append(SpecialDay(day, DayKind.OFF, Text(name, english.get(day, "")), source))
    return days


def _swap(*, off: date, worked: date) -> list[SpecialDay]:
    taken = Text(f"Nghỉ, làm bù ngày {_short(worked)}", f"Day off, worked instead on {_long(worked)}")
    given = Text(f"Làm bù cho ngày nghỉ {_short(off)}", f"Worked instead of {_long(off)}")
    return [SpecialDay(off, DayKind.OFF, taken, ANNOUNCEMENT), SpecialDay(worked, DayKind.WORK, given, ANNOUNCEMENT)]


def _short(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _long(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
