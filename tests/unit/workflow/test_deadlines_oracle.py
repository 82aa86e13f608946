"""The clock against a slow count, day by day and minute by minute, on calendars made at random."""

import os
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.workflow.day_lines import explain
from portal.workflow.deadlines import Pause, TermLength, due_at
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, Session, SpecialDay, WeekHours, WorkingCalendar

EXAMPLES = settings(max_examples=int(os.environ.get("PORTAL_TEST_EXAMPLES", "60")), deadline=None)
ZONE = timezone(timedelta(hours=7))
START, DAYS = date(2026, 1, 1), 200

sessions = st.sampled_from(
    [
        ((7, 0, 11, 0), (13, 0, 17, 0)),
        ((7, 0, 11, 30), (13, 30, 17, 0)),
        ((8, 15, 12, 0),),
        ((0, 0, 3, 0), (4, 0, 5, 0), (20, 0, 23, 59)),
    ]
)
day_numbers = st.integers(0, DAYS - 1)
special_days = st.dictionaries(day_numbers, st.sampled_from([DayKind.OFF, DayKind.WORK]), max_size=25)
moments = st.integers(1, 40 * 24 * 60 - 1).map(lambda n: datetime.combine(START, time(0), ZONE) + timedelta(minutes=n))


Hours = tuple[tuple[int, int, int, int], ...]


class SlowCalendar:
    """The same calendar without sums: it looks at every minute."""

    def __init__(self, hours: Hours, special: dict[int, DayKind]) -> None:
        self.hours, self.special = hours, special

    def hours_on(self, day: date) -> Hours:
        kind = self.special.get((day - START).days)
        rest = kind is DayKind.OFF or (kind is None and day.isoweekday() > 5)
        return () if rest else self.hours

    def works(self, moment: datetime) -> bool:
        minute = moment.hour * 60 + moment.minute
        return any(a * 60 + b <= minute < c * 60 + d for a, b, c, d in self.hours_on(moment.date()))

    def after(self, moment: datetime, minutes: int) -> datetime:
        while minutes:
            minutes -= self.works(moment)
            moment += timedelta(minutes=1)
        return moment

    def end_of(self, day: date) -> datetime:
        hours = self.hours_on(day)
        midnight = datetime.combine(day, time(0), ZONE)
        return midnight + timedelta(hours=hours[-1][2], minutes=hours[-1][3]) if hours else midnight + timedelta(days=1)


Both = tuple[WorkingCalendar, SlowCalendar]


def both(hours: Hours, special: dict[int, DayKind]) -> Both:
    week = tuple(Session(time(a, b), time(c, d)) for a, b, c, d in hours)
    days = tuple(
        SpecialDay(START + timedelta(days=number), kind, Text("Ngày đặc biệt"))
        for number, kind in sorted(special.items())
    )
    last = START + timedelta(days=DAYS + 300)
    quick = WorkingCalendar((WeekHours(week=(week,) * 5 + ((), ())),), days, first_day=START, last_day=last)
    return quick, SlowCalendar(hours, special)


calendars = st.builds(both, sessions, special_days)


@EXAMPLES
@given(calendars, moments, st.integers(1, 30 * 60))
def test_working_hours_agree_with_a_count_of_minutes(both: Both, start: datetime, minutes: int) -> None:
    quick, slow = both
    end = quick.add_working_hours(start, Decimal(minutes) / 60)
    assert end == slow.after(start, minutes)
    assert round(quick.working_hours_between(start, end) * 60, 4) == minutes


@EXAMPLES
@given(calendars, moments, st.integers(0, 3_600_000_000), st.integers(1, 10**11))
def test_the_end_of_working_hours_is_the_first_such_moment(
    both: Both, start: datetime, offset: int, length: int
) -> None:
    quick, _ = both
    start += timedelta(microseconds=offset)
    hours = Decimal(length) / 3_600_000_000
    end = quick.add_working_hours(start, hours)
    before = end - timedelta(microseconds=1)
    assert before < start or quick.working_hours_between(start, before) < quick.working_hours_between(start, end)
    assert quick.working_hours_between(start, end) == hours


def slow_due(slow: SlowCalendar, accepted: datetime, length: int, unit: str, pauses: Sequence[Pause]) -> datetime:
    """The rule in its own words: walk the days after acceptance, leave out those that ended paused."""

    def stands(day: date) -> bool:
        return any(pause.resumed_at and pause.paused_at < slow.end_of(day) <= pause.resumed_at for pause in pauses)

    day = accepted.date()
    while length:
        day += timedelta(days=1)
        if stands(day) or (unit == "working_days" and not slow.hours_on(day)):
            continue
        length -= 1
    while not slow.hours_on(day) or (day > accepted.date() and stands(day)):
        day += timedelta(days=1)
    return slow.end_of(day)


pause_lists = st.lists(
    st.tuples(moments, st.integers(1, 12 * 24 * 60)).map(lambda p: Pause(p[0], p[0] + timedelta(minutes=p[1]))),
    max_size=3,
)


@EXAMPLES
@given(calendars, moments, st.integers(1, 30), st.sampled_from(["working_days", "calendar_days"]), pause_lists)
def test_terms_in_days_agree_with_a_walk_over_the_days(
    both: Both, accepted: datetime, length: int, unit: str, pauses: list[Pause]
) -> None:
    quick, slow = both
    term = TermLength(Decimal(length), unit)
    due = due_at(term, accepted_at=accepted, calendar=quick, pauses=pauses)
    assert due == slow_due(slow, accepted, length, unit, pauses)
    lines = explain(term, accepted_at=accepted, calendar=quick, pauses=pauses)
    assert [line.number for line in lines if line.counted] == list(range(1, length + 1))
    assert [line.day for line in lines] == [accepted.date() + timedelta(days=n) for n in range(len(lines))]
    assert (lines[-1].day, lines[-1].is_due) == (due.date() if due.time() > time(0) else lines[-1].day, True)


@EXAMPLES
@given(calendars, day_numbers, st.integers(0, 60))
def test_working_days_agree_with_a_walk(both: Both, number: int, days: int) -> None:
    quick, slow = both
    start = START + timedelta(days=number)
    end, left = start, days
    while left or not slow.hours_on(end):
        end += timedelta(days=1)
        left -= bool(left and slow.hours_on(end))
    assert quick.add_working_days(start, days=days) == end
    walked = sum(bool(slow.hours_on(start + timedelta(days=n))) for n in range(1, (end - start).days + 1))
    assert quick.working_days_between(start, end) == walked


@EXAMPLES
@given(calendars, moments, st.integers(1, 20 * 60), pause_lists)
def test_hours_with_pauses_agree_with_a_count_of_minutes(
    both: Both, accepted: datetime, minutes: int, pauses: list[Pause]
) -> None:
    quick, slow = both
    due = due_at(
        TermLength(Decimal(minutes) / 60, "working_hours"), accepted_at=accepted, calendar=quick, pauses=pauses
    )
    moment, left = accepted, minutes
    while left:
        running = not any(pause.resumed_at and pause.paused_at <= moment < pause.resumed_at for pause in pauses)
        left -= running and slow.works(moment)
        moment += timedelta(minutes=1)
    assert due == moment
