"""A due date in lines of text, for the command line."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Iterator
from datetime import date, datetime

from portal.workflow.day_lines import DayLine, explain
from portal.workflow.deadlines import HOURS_A_DAY, Term, WorkingCalendar, due_at, due_by_hours, local
from portal.workflow.definition import DurationUnit, Text

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAY_NAMES = tuple(Text(vi, en) for vi, en in zip(WEEKDAYS, day_name, strict=True))


def due_report(term: Term, *, accepted_at: datetime, calendar: WorkingCalendar) -> Iterator[str]:
    """Each day counted (+) or skipped (-) with its reason, the due date, and the hour rule of quotas."""
    for line in explain(term, accepted_at=accepted_at, calendar=calendar):
        yield _line(line)
    yield f"Hẹn trả: {_moment(due_at(term, accepted_at=accepted_at, calendar=calendar))}"
    if term.unit == DurationUnit.WORKING_DAYS and not term.stages:
        by_hours = due_by_hours(term.value, accepted_at=accepted_at, calendar=calendar)
        yield f"Tính theo giờ ({term.value * HOURS_A_DAY:f} giờ làm việc): {_moment(by_hours)}"


def _line(line: DayLine) -> str:
    mark = "+" if line.counted else "-"
    source = f" [{line.source}]" if line.source else ""
    return f"{mark} {_day(line.day):<23}{line.text.vi}{source}"


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{here:%H:%M}, {_day(here.date())}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}/{day.year}"
