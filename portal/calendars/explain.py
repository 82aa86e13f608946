"""The answer of `portal due`: a due date, and with it every day that was counted or skipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from portal.workflow.day_lines import DayLine, explain
from portal.workflow.deadlines import Term, WorkingCalendar, due_at, due_by_hours, local
from portal.workflow.working_time import VIETNAM

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def local_moment(text: str) -> datetime:
    """An ISO 8601 moment as an administrator types it; without a zone it is local time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else local(moment)


def due_report(term: Term, *, accepted_at: datetime, calendar: WorkingCalendar, every_day: bool) -> Iterator[str]:
    """Lines of text: the due date, the hour rule of quotas, and with `every_day` each day with its reason."""
    due = due_at(term, accepted_at=accepted_at, calendar=calendar)
    yield f"Hẹn trả: {_moment(due)}"
    if term.unit == "working_days" and not term.stages:
        by_hours = due_by_hours(term.value, accepted_at=accepted_at, calendar=calendar)
        yield f"Tính theo giờ ({term.value * 8:f} giờ làm việc): {_moment(by_hours)}"
    if every_day:
        yield ""
        for line in explain(term, accepted_at=accepted_at, calendar=calendar):
            yield _line(line)


def _line(line: DayLine) -> str:
    mark = "+" if line.counted else "-"
    source = f" [{line.source}]" if line.source else ""
    return f"{mark} {_day(line.day):<23}{line.text.vi}{source}"


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{here:%H:%M}, {_day(here.date())}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}/{day.year}"
