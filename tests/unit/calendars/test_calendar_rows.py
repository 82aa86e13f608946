"""Rows of the calendar tables become a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from portal.calendars.book import CalendarBook, DayRow, Hours, SessionRow, week_hours
from portal.calendars.rules import build_calendar, public_holidays
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, DayKind, Session, SpecialDay, WeekHours, WorkingCalendar

OCTOBER = datetime(2026, 10, 1, 2, tzinfo=UTC)
UNIT = uuid4()


def hours(
    weekday: int,
    starts: time,
    ends: time,
    valid_from: date,
    valid_to: date | None = None,
    *,
    unit_id: UUID | None = None,
    of: Hours = Hours.STATUTORY,
) -> SessionRow:
    return SessionRow(
        id=uuid4(),
        unit_id=unit_id,
        hours=of,
        weekday=weekday,
        starts=starts,
        ends=ends,
        valid_from=valid_from,
        valid_to=valid_to,
        source="1/QĐ-UBND",
        recorded_at=OCTOBER,
    )


def decreed(
    day: date,
    kind: DayKind = DayKind.OFF,
    *,
    recorded_at: datetime = OCTOBER,
    withdrawn_at: datetime | None = None,
    unit_id: UUID | None = None,
    of: Hours = Hours.STATUTORY,
) -> DayRow:
    name = Text("Nghỉ tránh bão")
    return DayRow(uuid4(), day, kind, of, unit_id, name, "12/CĐ-UBND", None, recorded_at, withdrawn_at)


def book(*rows: DayRow | SessionRow) -> CalendarBook:
    days = tuple(row for row in rows if isinstance(row, DayRow))
    return CalendarBook(days, tuple(row for row in rows if isinstance(row, SessionRow)), (2026, 2027))


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


STORM = date(2026, 10, 12)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=VIETNAM)


def test_the_calendar_is_asked_as_it_was_known() -> None:
    told = book(decreed(STORM, recorded_at=at(9), withdrawn_at=at(11)))
    assert [told.as_known(at(day)).is_working_day(STORM) for day in (8, 9, 10, 11, 20)] == [
        True, False, False, True, True,
    ]  # fmt: skip


def test_equal_knowledge_is_one_calendar() -> None:
    told = book(decreed(STORM, recorded_at=at(9)))
    assert told.as_known(at(10)) is told.as_known(at(20))
    assert told.as_known(at(10), unit_id=UNIT) is told.as_known(at(10))
    assert told.as_promised([at(10), at(15)]) is told.as_known(at(20))


def test_what_was_counted_stays_and_what_is_left_is_counted_with_what_is_known_then() -> None:
    """Promised on the 5th and anew on the 15th: a storm on the 12th decreed on the 9th, one on the 20th on the 14th."""
    told = book(decreed(STORM, recorded_at=at(9)), decreed(date(2026, 10, 20), recorded_at=at(14)))
    first, again = told.as_promised([at(5)]), told.as_promised([at(5), at(15)])
    assert [first.is_working_day(day) for day in (STORM, date(2026, 10, 20))] == [True, True]
    assert [again.is_working_day(day) for day in (STORM, date(2026, 10, 20))] == [True, False]


def test_hours_too_are_those_that_were_known() -> None:
    later = hours(0, time(7), time(12), date(2026, 10, 1))
    told = book(later)
    before = told.as_promised([OCTOBER - timedelta(days=3), at(15)])
    assert [f"{before.end_of(date(2026, 10, day)):%H:%M}" for day in (12, 19)] == ["17:00", "12:00"]
    assert not before.is_working_day(date(2026, 10, 20))


def test_a_unit_follows_its_own_hours_while_they_last_and_then_the_citys() -> None:
    city = hours(0, time(7), time(11), date(2026, 1, 1))
    own = hours(0, time(8), time(12), date(2026, 10, 1), date(2026, 10, 31), unit_id=UNIT)
    calendar = book(city, own).as_known(at(5), unit_id=UNIT)
    assert [f"{calendar.end_of(date(2026, month, day)):%H:%M}" for month, day in [(9, 7), (10, 5), (11, 2)]] == [
        "11:00", "12:00", "11:00",
    ]  # fmt: skip


def test_doors_have_their_own_hours_and_openings_and_terms_do_not_follow() -> None:
    tet = date(2026, 2, 18)
    told = book(
        decreed(tet, DayKind.WORK, of=Hours.COUNTER),
        *(hours(day, time(7), time(10, 30), date(2026, 1, 1), of=Hours.COUNTER) for day in range(5)),
    )
    doors, terms = told.doors(at(5)), told.as_known(at(5))
    assert (doors.is_working_day(tet), terms.is_working_day(tet)) == (True, False)
    assert f"{doors.end_of(STORM):%H:%M}" == "10:30"
    assert f"{terms.end_of(STORM):%H:%M}" == "17:00"


def test_doors_without_hours_of_their_own_follow_the_statutory_ones() -> None:
    told = book(decreed(STORM), hours(4, time(7), time(9), date(2026, 1, 1)))
    assert not told.doors(at(5)).is_working_day(STORM)
    assert f"{told.doors(at(5)).end_of(date(2026, 10, 9)):%H:%M}" == "09:00"


def test_sessions_that_overlap_are_no_week() -> None:
    overlapping = (Session(time(7), time(11)), Session(time(10), time(12)))
    with pytest.raises(ValueError, match="10:00"):
        WorkingCalendar((WeekHours(week=(overlapping,) * 7),))
