"""The longest path of quotas, and the fewest hours that a term holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.rules import standard_calendar
from portal.catalogue.types import Term
from portal.workflow.deadlines import due_at
from portal.workflow.definition import ActionKind, ClockRule, Step
from portal.workflow.quotas import fewest_hours, longest_path
from portal.workflow.working_time import VIETNAM, WorkingCalendar
from tests.unit.workflow.processes import action, process, silence, step

CALENDAR = standard_calendar(first_year=2024, last_year=2030)


def quota(name: str, hours: int, *actions: Any, **more: Any) -> Step:
    return step(name, *actions, quota=Decimal(hours), **more)


def test_of_parallel_branches_the_longer_one_counts() -> None:
    built = process(
        quota("first", 1, "ask > a, b"),
        quota("a", 5, "go > +end"),
        quota("b", 2, "go > c"),
        quota("c", 2, "go > +end"),
        quota("end", 3, "finish > ."),
    )
    assert (longest_path(built).hours, longest_path(built).steps) == (Decimal(9), ("first", "a", "end"))


def test_work_that_goes_back_is_counted_once() -> None:
    built = process(
        quota("first", 1, "go > a"),
        quota("a", 2, "go > b", action("back > first", kind=ActionKind.SEND_BACK), "mismatch > first"),
        quota("b", 4, "again > a", "finish > ."),
    )
    assert longest_path(built).hours == 7


def test_what_is_paused_or_before_acceptance_is_not_inside_the_term_and_silence_is_a_way_on() -> None:
    built = process(
        quota("first", 8, "go > a", clock=ClockRule.RECEPTION),
        quota("a", 1, "go > b", timers=(silence(3, "late > late"),)),
        quota("b", 2, "go > .", clock=ClockRule.PAUSED),
        quota("late", 6, "go > ."),
    )
    assert (longest_path(built).hours, longest_path(built).steps) == (Decimal(7), ("first", "a", "late"))


@pytest.mark.parametrize(
    ("value", "unit", "hours"),
    [
        (15, "calendar_days", 88),
        (12, "calendar_days", 64),
        (3, "working_days", 24),
        (1, "same_day", 2),
        (6, "working_hours", 6),
    ],
)
def test_a_term_in_plain_weeks_holds_at_least(value: int, unit: str, hours: int) -> None:
    term = Term(Decimal(value), unit)
    found = fewest_hours(
        term, cutoff="15:00", calendar=WorkingCalendar(), first=date(2025, 1, 6), last=date(2025, 1, 12)
    )
    assert found is not None
    assert found.hours == hours


def test_around_tet_a_term_in_calendar_days_holds_less_and_the_day_is_named() -> None:
    term = Term(Decimal(15), "calendar_days")
    found = fewest_hours(term, cutoff="15:00", calendar=CALENDAR, first=date(2026, 11, 22), last=date(2027, 12, 1))
    assert found is not None
    assert (found.hours, found.accepted_on) == (Decimal(48), date(2027, 1, 27))


@given(
    unit=st.sampled_from(["working_days", "calendar_days"]), value=st.integers(1, 30),
    day=st.dates(date(2024, 1, 2), date(2029, 6, 1)),
)  # fmt: skip
def test_no_record_is_ever_promised_fewer_hours_than_that(unit: str, value: int, day: date) -> None:
    term = Term(Decimal(value), unit)
    least = fewest_hours(term, cutoff="15:00", calendar=CALENDAR, first=day, last=day + timedelta(days=20))
    assert least is not None
    accepted = datetime.combine(least.accepted_on, time(17), VIETNAM)
    promised = due_at(term, accepted_at=accepted, calendar=CALENDAR)
    assert CALENDAR.working_hours_between(accepted, promised) == least.hours
