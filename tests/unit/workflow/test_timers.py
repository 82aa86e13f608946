"""When a timer rings: so long after, before the step is due, or on a day."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from portal.workflow.deadlines import WorkingCalendar, paper_due, rings_at
from portal.workflow.definition import Condition, Duration, DurationUnit, Timer, TimerEffect
from portal.workflow.working_time import VIETNAM

PLAIN = WorkingCalendar()
OPENED = datetime(2026, 3, 2, 9, tzinfo=VIETNAM)  # a Monday
DUE = datetime(2026, 3, 6, 10, tzinfo=VIETNAM)
START = Condition("form.start", lambda facts: facts.get("start"))


def length(value: int, unit: DurationUnit = DurationUnit.WORKING_HOURS) -> Duration:
    return Duration(Decimal(value), unit)


def rings(timer: Timer, start: date | None = None) -> datetime | None:
    return rings_at(timer, anchored_at=OPENED, due_at=DUE, facts={"start": start}, calendar=PLAIN)


@pytest.mark.parametrize(
    ("timer", "moment", "label"),
    [
        (Timer(length(4), TimerEffect.REMIND), (2, 15), "4h"),
        (Timer(length(4), TimerEffect.REMIND, before_due=True), (5, 16), "-4h"),
        (Timer(length(1, DurationUnit.WORKING_DAYS), TimerEffect.REMIND, before_due=True), (5, 10), "-1wd"),
        (Timer(length(2, DurationUnit.CALENDAR_DAYS), TimerEffect.REMIND, before_due=True), (4, 10), "-2d"),
        (Timer(length(400), TimerEffect.REMIND, before_due=True), (2, 9), "-400h"),  # never before it is open
    ],
)
def test_a_length_is_counted_from_the_opening_or_back_from_the_due_date(
    timer: Timer, moment: tuple[int, int], label: str
) -> None:
    assert (rings(timer), timer.label) == (datetime(2026, 3, *moment, tzinfo=VIETNAM), label)


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        (date(2026, 3, 5), datetime(2026, 3, 5, 7, tzinfo=VIETNAM)),
        (date(2026, 3, 7), datetime(2026, 3, 9, 7, tzinfo=VIETNAM)),  # a Saturday: when work begins again
        (date(2026, 3, 1), OPENED),
        (None, None),
    ],
)
def test_a_day_begins_when_work_begins(start: date | None, moment: datetime | None) -> None:
    timer = Timer(length(0), TimerEffect.ACT, day=START)
    assert (rings(timer, start), timer.label) == (moment, "@form.start")


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ((2, 9, 0), 1, (2, 17)),  # within the working day
        ((2, 15, 0), 1, (2, 17)),
        ((2, 15, 1), 1, (3, 11)),  # after the cutoff: the next morning
        ((6, 16, 0), 1, (9, 11)),  # over the weekend
        ((7, 9, 0), 1, (9, 11)),  # a Saturday
        ((2, 9, 0), 2, (3, 17)),
        ((6, 16, 0), 3, (11, 11)),
    ],
)
def test_paper_follows_on_the_day_itself_or_the_next_morning(
    sent: tuple[int, int, int], days: int, due: tuple[int, int]
) -> None:
    day, hour, minute = sent
    moment = datetime(2026, 3, day, hour, minute, tzinfo=VIETNAM)
    found = paper_due(moment, days=days, cutoff=time(15), calendar=PLAIN)
    assert found == datetime(2026, 3, *due, tzinfo=VIETNAM)
