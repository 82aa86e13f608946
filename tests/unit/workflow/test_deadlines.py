"""Due dates: vectors of the law and of the calendar of 2024-2026."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from portal.calendars.rules import standard_calendar
from portal.workflow.deadlines import (
    CalendarEnds,
    DayReason,
    Pause,
    PauseRule,
    TermLength,
    WorkingCalendar,
    counted_days,
    due_at,
    due_by_hours,
    duration_after,
    midnight,
    reception_due,
    remaining,
)
from portal.workflow.definition import Duration, DurationUnit, Text
from portal.workflow.working_time import VIETNAM, DayKind, Session, SpecialDay, WeekHours

CALENDAR = standard_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def working_days(number: int) -> TermLength:
    return TermLength(Decimal(number), "working_days")


def calendar_days(number: int) -> TermLength:
    return TermLength(Decimal(number), "calendar_days")


@pytest.mark.parametrize(
    ("accepted", "days", "due", "due_hours"),
    [
        ("2024-04-26T08:00", 3, "2024-05-04T17:00", "2024-05-04T08:00"),  # a working Saturday ends the term
        ("2026-01-08T16:00", 2, "2026-01-10T17:00", "2026-01-10T16:00"),  # the swap that the package does not know
        ("2026-11-20T09:00", 3, "2026-11-26T17:00", "2026-11-26T09:00"),  # Culture Day in between
        ("2026-02-13T09:00", 1, "2026-02-23T17:00", "2026-02-23T09:00"),  # Tết 2026
        ("2026-08-21T09:00", 5, "2026-08-27T17:00", "2026-08-27T09:00"),  # Saturday 22/8 is worked for Monday 31/8
        ("2025-04-25T17:30", 1, "2025-04-26T17:00", "2025-04-26T17:00"),
    ],
)
def test_working_days_end_where_the_law_says(accepted: str, days: int, due: str, due_hours: str) -> None:
    assert due_at(working_days(days), accepted_at=at(accepted), calendar=CALENDAR) == at(due)
    assert due_by_hours(Decimal(days), accepted_at=at(accepted), calendar=CALENDAR) == at(due_hours)


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("2026-11-20T09:00", 3, "2026-11-23T17:00"),
        ("2026-11-20T09:00", 4, "2026-11-25T17:00"),  # the fourth day is 24/11, off
        ("2026-11-20T09:00", 1, "2026-11-23T17:00"),  # a Saturday rolls forward
        ("2026-02-10T09:00", 5, "2026-02-23T17:00"),  # into Tết
    ],
)
def test_a_last_calendar_day_off_rolls_forward(accepted: str, days: int, due: str) -> None:
    assert due_at(calendar_days(days), accepted_at=at(accepted), calendar=CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        ("2026-11-20T00:00", "2026-11-20T17:00"),
        ("2026-11-20T15:00", "2026-11-20T17:00"),
        ("2026-11-20T15:00:00.000001", "2026-11-23T17:00"),
        ("2026-11-20T23:59", "2026-11-23T17:00"),
        ("2026-11-21T09:00", "2026-11-23T17:00"),
        ("2026-11-23T15:30", "2026-11-25T17:00"),
        ("2026-01-10T10:00", "2026-01-10T17:00"),
    ],
)
def test_the_same_day_until_three_in_the_afternoon(accepted: str, due: str) -> None:
    assert due_at(TermLength(Decimal(0), "same_day"), accepted_at=at(accepted), calendar=CALENDAR) == at(due)


def test_stages_follow_one_another() -> None:
    term = TermLength(Decimal(24), "calendar_days", stages=(working_days(5), working_days(7), calendar_days(12)))
    # 5 working days to Fri 13/11, 7 more to Wed 25/11 (24/11 is off), 12 calendar days to Mon 7/12.
    assert due_at(term, accepted_at=at("2026-11-06T10:00"), calendar=CALENDAR) == at("2026-12-07T17:00")
    numbers = [
        day.number for day in counted_days(term, accepted_at=at("2026-11-06T10:00"), calendar=CALENDAR) if day.counted
    ]
    assert numbers == [*range(1, 6), *range(1, 8), *range(1, 13)]


def test_the_same_moment_in_another_zone_is_due_alike() -> None:
    local = at("2026-11-20T00:30")
    assert due_at(working_days(3), accepted_at=local.astimezone(UTC), calendar=CALENDAR) == at("2026-11-26T17:00")
    assert due_at(working_days(3), accepted_at=local, calendar=CALENDAR) == at("2026-11-26T17:00")


def test_a_paused_day_is_not_counted() -> None:
    pause = Pause(at("2026-11-12T10:00"), at("2026-11-16T09:30"))
    due = due_at(working_days(15), accepted_at=at("2026-11-09T10:40"), calendar=CALENDAR, pauses=[pause])
    assert due == at("2026-12-03T17:00")
    assert due_at(working_days(15), accepted_at=at("2026-11-09T10:40"), calendar=CALENDAR) == at("2026-12-01T17:00")


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        ("2026-11-10T08:00", "2026-11-10T16:59", "2026-11-12T17:00"),  # answered the same day: nothing lost
        (
            "2026-11-10T17:00",
            "2026-11-11T08:00",
            "2026-11-12T17:00",
        ),  # asked when the day was over, answered next morning
        ("2026-11-10T16:59", "2026-11-11T08:00", "2026-11-13T17:00"),
        ("2026-11-13T09:00", "2026-11-20T08:00", "2026-11-12T17:00"),  # began after it was due
        ("2026-11-09T12:00", "2026-11-09T18:00", "2026-11-12T17:00"),  # on the day of acceptance, not counted anyway
    ],
)
def test_what_a_pause_moves(paused: str, resumed: str, due: str) -> None:
    pauses = [Pause(at(paused), at(resumed))]
    assert due_at(working_days(3), accepted_at=at("2026-11-09T09:00"), calendar=CALENDAR, pauses=pauses) == at(due)


def test_pauses_of_parallel_branches_count_once() -> None:
    pauses = [
        Pause(at("2026-11-10T09:00"), at("2026-11-12T09:00")),
        Pause(at("2026-11-11T09:00"), at("2026-11-13T09:00")),
    ]
    due = due_at(working_days(3), accepted_at=at("2026-11-09T09:00"), calendar=CALENDAR, pauses=pauses)
    assert due == at("2026-11-17T17:00")


def test_a_pause_that_lasts_moves_nothing_yet_but_is_shown() -> None:
    pauses = [Pause(at("2026-11-10T09:00"))]
    accepted = at("2026-11-09T09:00")
    assert due_at(working_days(3), accepted_at=accepted, calendar=CALENDAR, pauses=pauses) == at("2026-11-12T17:00")
    days = counted_days(
        working_days(3), accepted_at=accepted, calendar=CALENDAR, pauses=pauses, now=at("2026-11-11T08:00")
    )
    assert [day.reason for day in days] == [DayReason.ACCEPTED, *[DayReason.PAUSED] * 2, *[DayReason.COUNTED] * 2, *[
        DayReason.WEEKEND] * 2, DayReason.COUNTED]  # fmt: skip


def test_calendar_days_pause_on_days_off_too() -> None:
    pauses = [Pause(at("2026-11-13T09:00"), at("2026-11-16T08:00"))]  # Friday to Monday: Fri, Sat and Sun stand still
    due = due_at(calendar_days(7), accepted_at=at("2026-11-09T09:00"), calendar=CALENDAR, pauses=pauses)
    assert due == at("2026-11-19T17:00")


def test_hours_wait_as_long_as_the_pause() -> None:
    term = TermLength(Decimal(8), "working_hours")
    pauses = [Pause(at("2026-11-09T15:00"), at("2026-11-11T10:00"))]
    assert due_at(term, accepted_at=at("2026-11-09T09:00"), calendar=CALENDAR, pauses=pauses) == at("2026-11-11T16:00")
    days = counted_days(term, accepted_at=at("2026-11-09T09:00"), calendar=CALENDAR, pauses=pauses)
    assert [day.hours for day in days] == [Decimal(4), Decimal(0), Decimal(4)]


def test_a_term_that_restarts_is_counted_from_the_answer() -> None:
    pauses = [Pause(at("2026-11-10T09:00"), at("2026-11-16T10:00"))]
    accepted = at("2026-11-09T09:00")
    due = due_at(working_days(3), accepted_at=accepted, calendar=CALENDAR, pauses=pauses, rule=PauseRule.RESTART)
    assert due == at("2026-11-19T17:00")
    days = counted_days(working_days(3), accepted_at=accepted, calendar=CALENDAR, pauses=pauses, rule="restart")
    assert days[0].day == date(2026, 11, 16)
    assert days[0].reason is DayReason.RESTARTED


def test_the_counter_has_eight_working_hours_to_answer() -> None:
    assert reception_due(at("2026-11-09T08:12"), hours=Decimal(8), calendar=CALENDAR) == at("2026-11-10T08:12")
    assert reception_due(at("2026-11-08T20:00"), hours=Decimal(8), calendar=CALENDAR) == at("2026-11-09T17:00")


@pytest.mark.parametrize(
    ("value", "unit", "end"),
    [
        ("12", DurationUnit.CALENDAR_DAYS, "2026-12-02T17:00"),
        ("2", DurationUnit.WORKING_DAYS, "2026-11-25T17:00"),
        ("0.5", DurationUnit.WORKING_HOURS, "2026-11-20T09:30"),
    ],
)
def test_durations_of_a_definition(value: str, unit: DurationUnit, end: str) -> None:
    assert duration_after(at("2026-11-20T09:00"), Duration(Decimal(value), unit), calendar=CALENDAR) == at(end)


@pytest.mark.parametrize(
    ("now", "days", "hours", "late", "today"),
    [
        ("2026-11-20T10:00", 9, "69", False, False),
        ("2026-11-20T17:00", 8, "64", False, False),  # today's work is over
        ("2026-12-03T16:00", 1, "1", False, True),
        ("2026-12-03T17:00", 1, "0", False, True),
        ("2026-12-03T17:01", 0, "0", True, True),
        ("2026-12-05T10:00", 1, "8", True, False),
        ("2026-12-07T09:00", 2, "10", True, False),
    ],
)
def test_what_is_left(now: str, days: int, hours: str, late: bool, today: bool) -> None:
    left = remaining(at("2026-12-03T17:00"), now=at(now), calendar=CALENDAR)
    assert (left.working_days, left.hours, left.late, left.today) == (days, Decimal(hours), late, today)


def test_naive_moments_and_half_days_are_refused() -> None:
    naive = datetime(2026, 11, 20, 9)  # noqa: DTZ001 - the point of the test
    for count in (
        lambda: due_at(working_days(1), accepted_at=naive, calendar=CALENDAR),
        lambda: CALENDAR.add_working_hours(naive, 1),
        lambda: CALENDAR.working_hours_between(naive, at("2026-11-20T09:00")),
        lambda: reception_due(naive, hours=Decimal(0), calendar=CALENDAR),
        lambda: remaining(at("2026-11-20T09:00"), now=naive, calendar=CALENDAR),
        lambda: due_at(
            TermLength(Decimal("0.5"), "working_days"), accepted_at=at("2026-11-20T09:00"), calendar=CALENDAR
        ),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - either sentence
            count()


def test_a_count_beyond_the_calendar_is_refused() -> None:
    short = standard_calendar(first_year=2026, last_year=2026)
    with pytest.raises(CalendarEnds):
        due_at(working_days(10), accepted_at=at("2026-12-28T09:00"), calendar=short)
    with pytest.raises(CalendarEnds):
        short.add_working_hours(at("2026-12-31T09:00"), 9)
    with pytest.raises(CalendarEnds):
        short.add_working_hours(at("2025-12-31T09:00"), 1)


def test_hours_of_work_may_change_from_a_day_on() -> None:
    longer = (Session(starts=midnight(date(2026, 1, 1)).time(), ends=at("2026-01-01T12:00").time()),)
    calendar = WorkingCalendar(hours=(WeekHours(), WeekHours(date(2026, 11, 23), (longer,) * 6 + ((),))))
    assert calendar.end_of(date(2026, 11, 20)) == at("2026-11-20T17:00")
    assert calendar.end_of(date(2026, 11, 23)) == at("2026-11-23T12:00")
    assert calendar.is_working_day(date(2026, 11, 28))
    assert not calendar.is_working_day(date(2026, 11, 21))


def test_a_day_is_special_for_one_reason() -> None:
    day = SpecialDay(date(2026, 1, 2), DayKind.OFF, Text("Nghỉ"))
    with pytest.raises(ValueError, match="one reason"):
        WorkingCalendar(special_days=(day, day))


def test_the_term_of_a_catalogue_procedure_counts_as_it_is() -> None:
    @dataclass(frozen=True)
    class Term:  # the shape of catalogue.types.Term
        value: Decimal = Decimal(3)
        unit: str = "working_days"
        cutoff: str = "15:00"
        stages: tuple[TermLength, ...] = ()

    assert due_at(Term(), accepted_at=at("2026-11-20T09:00"), calendar=CALENDAR) == at("2026-11-26T17:00")


def test_the_sums_are_quick_enough_for_every_action() -> None:
    start = at("2026-11-20T09:00")
    CALENDAR.add_working_hours(start, Decimal(24))
    best = min(_seconds_for_a_hundred(start) for _ in range(20))
    assert best / 100 < 20e-6


def _seconds_for_a_hundred(start: datetime) -> float:
    from timeit import timeit

    return timeit(lambda: CALENDAR.add_working_hours(start, Decimal(24)), number=100)


def test_hours_there_and_back() -> None:
    start = at("2026-11-20T09:00") + timedelta(microseconds=1)
    assert CALENDAR.working_hours_between(start, CALENDAR.add_working_hours(start, Decimal("17.25"))) == Decimal(
        "17.25"
    )
