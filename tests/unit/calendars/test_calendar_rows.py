"""Rows of the calendar tables become a calendar."""

from datetime import date, time

from portal.calendars.models import OfficeHours
from portal.calendars.queries import week_hours
from portal.calendars.rules import build_calendar, public_holidays
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, SpecialDay, WorkingCalendar


def hours(weekday: int, starts: time, ends: time, valid_from: date, valid_to: date | None = None) -> OfficeHours:
    return OfficeHours(
        kind="statutory", weekday=weekday, starts=starts, ends=ends, valid_from=valid_from, valid_to=valid_to
    )


def test_without_rows_the_usual_week_holds() -> None:
    assert WorkingCalendar(week_hours([])) == WorkingCalendar()


def test_hours_hold_from_their_first_to_their_last_day() -> None:
    rows = [
        hours(0, time(13), time(18), date(2026, 6, 1), date(2026, 6, 30)),
        hours(0, time(7), time(12), date(2026, 6, 1), date(2026, 6, 30)),
        hours(5, time(7), time(12), date(2026, 6, 1), date(2026, 6, 30)),
    ]
    calendar = WorkingCalendar(week_hours(rows))
    assert [len(calendar.sessions_on(date(2026, 6, day))) for day in (1, 2, 6)] == [2, 0, 1]
    assert f"{calendar.end_of(date(2026, 6, 1)):%H:%M}" == "18:00"
    assert f"{calendar.end_of(date(2026, 7, 6)):%H:%M}" == "17:00"
    assert not calendar.is_working_day(date(2026, 7, 4))


def test_a_decision_replaces_what_the_package_says() -> None:
    storm = SpecialDay(date(2026, 10, 12), DayKind.OFF, Text("Nghỉ tránh bão"), "12/CĐ-UBND")
    opened = SpecialDay(date(2026, 2, 18), DayKind.WORK, Text("Làm việc mùng hai Tết"), "1/QĐ-UBND")
    calendar = build_calendar(week_hours([]), [storm, opened], first_year=2026, last_year=2026)
    assert not calendar.is_working_day(date(2026, 10, 12))
    assert calendar.is_working_day(date(2026, 2, 18))
    assert not calendar.is_working_day(date(2026, 1, 2))
    assert calendar.is_working_day(date(2026, 1, 10))


def test_the_holidays_of_2024_to_2026_are_those_that_were_announced() -> None:
    days = public_holidays(2024, 2026)
    off = {day.day for day in days if day.kind is DayKind.OFF and day.day.isoweekday() < 6}
    assert off == {
        *(date(2024, m, d) for m, d in [(1, 1), (2, 8), (2, 9), (2, 12), (2, 13), (2, 14), (4, 18), (4, 29), (4, 30)]),
        *(date(2024, m, d) for m, d in [(5, 1), (9, 2), (9, 3)]),
        *(date(2025, m, d) for m, d in [(1, 1), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 7), (4, 30), (5, 1)]),
        *(date(2025, m, d) for m, d in [(5, 2), (9, 1), (9, 2)]),
        *(date(2026, m, d) for m, d in [(1, 1), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1)]),
        *(date(2026, m, d) for m, d in [(8, 31), (9, 1), (9, 2), (11, 24)]),
    }
    assert {day.day for day in days if day.kind is DayKind.WORK} == {
        date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22),
    }  # fmt: skip
