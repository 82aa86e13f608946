"""A share of the million cases of `python -m tests.oracles`, and whether such a comparison sees a fault at all."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from tests.oracles import legal_clock
from tests.oracles.clock_cases import Calendars, cases, difference, random_calendar, random_day, the_country
from tests.oracles.legal_clock import Calendar, Case, Stage

CASES = int(os.environ.get("PORTAL_TEST_CLOCK_CASES", "6000"))
COUNTRY = the_country()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("seed", [7, 77, 777, 7777])
def test_the_clock_agrees_with_the_oracle(seed: int) -> None:
    faults = [
        f"seed {seed}, case {number}: {fault}"
        for number, (calendars, case) in enumerate(cases(seed, CASES))
        if (fault := difference(calendars, case, number=number))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("accepted", "days", "due", "due_hours"),
    [
        ("2024-04-26T08:00", 3, "2024-05-04T17:00", "2024-05-04T08:00"),
        ("2026-01-08T16:00", 2, "2026-01-10T17:00", "2026-01-10T16:00"),
        ("2026-11-20T09:00", 3, "2026-11-26T17:00", "2026-11-26T09:00"),
    ],
)
def test_the_oracle_knows_the_known_answers(accepted: str, days: int, due: str, due_hours: str) -> None:
    by_days = Case(COUNTRY.oracle, [Stage("working_days", days)], at(accepted))
    by_hours = Case(COUNTRY.oracle, [Stage("working_hours", timedelta(hours=8 * days))], at(accepted))
    assert [legal_clock.due(by_days), legal_clock.due(by_hours)] == [at(due), at(due_hours)]
    assert [difference(COUNTRY, by_days), difference(COUNTRY, by_hours)] == ["", ""]


def test_the_oracles_hours_are_those_of_a_count_of_minutes() -> None:
    random = Random(1)  # noqa: S311 - cases, not secrets
    for _ in range(60):
        calendar = random_calendar(random).oracle
        start = datetime.combine(random_day(random), time(random.randrange(24), random.randrange(60)))
        minutes = random.randint(1, 1200)
        begins = start + timedelta(minutes=random.randint(-500, 2000))
        pauses = [(begins, begins + timedelta(minutes=random.randint(1, 3000)))]
        if any(session.second for week in calendar.weeks for day in week[1] for span in day for session in span):
            continue
        told = legal_clock.after_hours(calendar, start, timedelta(minutes=minutes), pauses)
        assert told == minute_by_minute(calendar, start, minutes, pauses)


def minute_by_minute(
    calendar: Calendar, moment: datetime, left: int, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    while left:
        works = any(opens <= moment < closes for opens, closes in calendar.sessions(moment.date()))
        stands = any(begins <= moment < ends for begins, ends in pauses)
        left -= works and not stands
        moment += timedelta(minutes=1)
    return moment


FAULTS = {
    "a swap that is forgotten": lambda calendar: calendar.work.clear(),
    "a holiday that is forgotten": lambda calendar: calendar.off.discard(date(2026, 11, 24)),
    "another end of the day": lambda calendar: calendar.weeks[0][1][0].__setitem__(1, (time(13), time(17, 30))),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_comparison_sees_a_calendar_that_is_wrong(fault: str) -> None:
    wrong = the_country().oracle
    wrong.weeks = [(since, [list(day) for day in week]) for since, week in wrong.weeks]
    FAULTS[fault](wrong)
    seen = [
        difference(Calendars(COUNTRY.portal, wrong), Case(wrong, [Stage("working_days", length)], accepted))
        for length in range(1, 20)
        for accepted in (at("2026-11-09T08:00"), at("2026-01-05T08:00"))
    ]
    assert any(seen)


def test_the_comparison_sees_a_rule_that_is_wrong() -> None:
    """The other rule of pauses, the other side of the cutoff, the day of acceptance counted."""
    country = COUNTRY.oracle
    accepted = at("2026-11-09T08:00")
    case = Case(
        country, [Stage("working_days", 5)], accepted, pauses=[(at("2026-11-11T08:00"), at("2026-11-13T08:00"))]
    )
    others = [
        Case(country, case.stages, accepted, pauses=case.pauses, restarts=True),
        Case(country, case.stages, accepted - timedelta(days=3), pauses=case.pauses),
        Case(country, [Stage("calendar_days", 5)], accepted, pauses=case.pauses),
    ]
    assert len({legal_clock.due(one) for one in [case, *others]}) == 4
    cutoff = [Case(country, [Stage("same_day")], at(moment)) for moment in ("2026-11-09T15:00", "2026-11-09T15:00:01")]
    assert [legal_clock.due(one).day for one in cutoff] == [9, 10]
