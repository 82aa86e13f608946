"""(k) The legal clock: due dates in a second, and one explained; CPU of one process, no database.

The floor is the oracle of the tests, which walks day by day and keeps its days once it has looked at them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from statistics import median

from bench.ground import Ground
from bench.rounds import Contestant, Figures, interleaved, quotients, spread, table, title, verdict
from portal.calendars.rules import standard_calendar
from portal.workflow.day_lines import explain
from portal.workflow.deadlines import VIETNAM, Pause, TermLength, due_at, due_by_hours
from tests.oracles import legal_clock
from tests.oracles.clock_cases import the_country
from tests.oracles.legal_clock import Case, Stage

START = datetime(2026, 1, 5, 8, 12)  # noqa: DTZ001 - the oracle counts local time without a zone
MOMENTS = 250
TERM = TermLength(Decimal(15), "working_days")
CALENDAR_TERM = TermLength(Decimal(15), "calendar_days")

DAYS, PAUSED, EXPLAINED, ORACLE = "15 working days", "with two pauses", "explained day by day", "15 by the oracle"
LEAST = 10_000
"""Due dates in a second."""


def measure(ground: Ground, *, rounds: int, times: int) -> None:
    """`ground` is not needed: nothing here waits for a database."""
    calendar = standard_calendar()
    aware = [(START + timedelta(hours=31 * number)).replace(tzinfo=VIETNAM) for number in range(MOMENTS)]
    pauses = {moment: _pauses(moment) for moment in aware}
    country = the_country().oracle
    contestants = [
        Contestant(DAYS, partial(_timed, times, aware, lambda at: due_at(TERM, accepted_at=at, calendar=calendar))),
        Contestant(
            PAUSED,
            partial(
                _timed, times, aware, lambda at: due_at(TERM, accepted_at=at, calendar=calendar, pauses=pauses[at])
            ),
        ),
        Contestant(
            "15 calendar days",
            partial(_timed, times, aware, lambda at: due_at(CALENDAR_TERM, accepted_at=at, calendar=calendar)),
        ),
        Contestant(
            "120 working hours",
            partial(_timed, times, aware, lambda at: due_by_hours(Decimal(15), accepted_at=at, calendar=calendar)),
        ),
        Contestant(
            EXPLAINED, partial(_timed, times, aware, lambda at: explain(TERM, accepted_at=at, calendar=calendar))
        ),
        Contestant(
            ORACLE,
            partial(
                _timed,
                times,
                [moment.replace(tzinfo=None) for moment in aware],
                lambda at: legal_clock.due(Case(country, [Stage("working_days", 15)], at)),
            ),
        ),
    ]
    figures = interleaved(contestants, rounds=rounds)
    title("(k) The legal clock: one due date")
    table(["", "µs CPU each", "a second", "15 working days = 1"], [_row(name, figures) for name in figures])
    table(["", "ms CPU"], [["a calendar of 23 years built, with its sums", spread(_building(rounds), scale=1000)]])
    verdict(f"at least {LEAST:,} due dates a second", 1 / figures[DAYS].median >= LEAST)


def _row(name: str, figures: dict[str, Figures]) -> list[str]:
    found = figures[name]
    a_second = f"{1 / found.median:,.0f}"
    return [name, spread(found.rounds, scale=1e6, digits=1), a_second, spread(quotients(found, figures[DAYS]))]


def _timed(times: int, moments: Sequence[datetime], count: Callable[[datetime], object]) -> Sequence[float]:
    """CPU seconds of one count, the median over the repetitions."""
    found = []
    for _ in range(times):
        started = time.process_time()
        for moment in moments:
            count(moment)
        found.append((time.process_time() - started) / len(moments))
    return [median(found)]


def _building(rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        started = time.process_time()
        standard_calendar().end_of(START.date())
        found.append(time.process_time() - started)
    return found


def _pauses(moment: datetime) -> list[Pause]:
    """A supplement on the third day for four days, another on the twelfth for a week."""
    return [
        Pause(moment + timedelta(days=3), moment + timedelta(days=7)),
        Pause(moment + timedelta(days=12), moment + timedelta(days=19)),
    ]
