"""Random cases for the legal clock, counted by the portal and by the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from portal.calendars.rules import standard_calendar
from portal.workflow.day_lines import explain
from portal.workflow.deadlines import (
    VIETNAM,
    Appointment,
    DueChange,
    Extension,
    Pause,
    TermLength,
    due_at,
    quota_due,
    reception_due,
)
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, Session, SpecialDay, WeekHours, WorkingCalendar
from tests.oracles import legal_clock
from tests.oracles.legal_clock import Case, Stage

FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
FIRST_KNOWN, LAST_KNOWN = date(2023, 1, 1), date(2036, 12, 31)
FOR_EACH_CALENDAR = 400

USUAL = [(time(7), time(11)), (time(13), time(17))]
DAYS_OF_WORK = [
    USUAL,
    [(time(7), time(11, 30)), (time(13, 30), time(17))],
    [(time(7, 30), time(11, 45)), (time(13, 15), time(16, 59, 30))],
    [(time(8, 15), time(12))],
    [(time(0), time(3)), (time(4), time(5)), (time(20), time(23, 59))],
    [(time(7), time(9)), (time(9), time(11)), (time(13), time(18))],
]

# Days on which Vietnam did not work, and rest days that it worked, as the government announced them.
ANNOUNCED_OFF = [
    *(date(2024, m, d) for m, d in [(1, 1), (2, 8), (2, 9), (2, 10), (2, 11), (2, 12), (2, 13), (2, 14), (4, 18)]),
    *(date(2024, m, d) for m, d in [(4, 29), (4, 30), (5, 1), (9, 2), (9, 3)]),
    *(date(2025, m, d) for m, d in [(1, 1), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 7), (4, 30), (5, 1)]),
    *(date(2025, m, d) for m, d in [(5, 2), (9, 1), (9, 2)]),
    *(date(2026, m, d) for m, d in [(1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 26), (4, 27)]),
    *(date(2026, m, d) for m, d in [(4, 30), (5, 1), (8, 31), (9, 1), (9, 2), (11, 24)]),
]
ANNOUNCED_WORK = [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]


@dataclass(frozen=True)
class Calendars:
    """The same calendar, for the portal and for the oracle."""

    portal: WorkingCalendar
    oracle: legal_clock.Calendar
    until: date = LAST


def cases(seed: int, count: int) -> Iterator[tuple[Calendars, Case]]:
    """So many cases; equal seeds give equal cases."""
    random = Random(seed)  # noqa: S311 - cases, not secrets
    country = the_country()
    calendars = country
    for number in range(count):
        if number % FOR_EACH_CALENDAR == 0:
            calendars = country if number // FOR_EACH_CALENDAR % 2 == 0 else random_calendar(random)
        yield calendars, random_case(random, calendars)


def the_country() -> Calendars:
    """2024-2026 by hand, from the announcements; later years are announced year by year, so the package's guess is data
    for both."""
    portal = standard_calendar(first_year=2023, last_year=2036)
    guessed = [special for special in portal.special_days if special.day.year not in (2024, 2025, 2026)]
    off = {*ANNOUNCED_OFF, *(special.day for special in guessed if special.kind is DayKind.OFF)}
    work = {*ANNOUNCED_WORK, *(special.day for special in guessed if special.kind is DayKind.WORK)}
    return Calendars(portal, legal_clock.Calendar([(date.min, [USUAL] * 5 + [[], []])], off, work))


def random_calendar(random: Random) -> Calendars:
    """Weeks that change on a day, Saturdays that are worked, days off and worked anywhere."""
    weeks = []
    for since in sorted({date.min, *(random_day(random) for _ in range(random.randrange(3)))}):
        day = random.choice(DAYS_OF_WORK)
        week = [day if random.random() < 0.97 else [] for _ in range(5)]
        week += [random.choice([[], [], [(time(7), time(11))], day]), []]
        weeks.append((since, week if any(week) else [USUAL] * 5 + [[], []]))
    off: set[date] = set()
    work: set[date] = set()
    for _ in range(random.randrange(200)):
        (off if random.random() < 0.7 else work).add(random_day(random))
    start = random_day(random)
    off |= {start + timedelta(days=n) for n in range(random.randrange(12))}  # a long holiday
    work -= off
    special = [SpecialDay(day, DayKind.OFF, Text("")) for day in off]
    special += [SpecialDay(day, DayKind.WORK, Text("")) for day in work]
    hours = tuple(
        WeekHours(since, tuple(tuple(Session(*session) for session in sessions) for sessions in week))
        for since, week in weeks
    )
    portal = WorkingCalendar(
        hours, tuple(sorted(special, key=lambda one: one.day)), first_day=FIRST_KNOWN, last_day=LAST_KNOWN
    )
    return Calendars(portal, legal_clock.Calendar(weeks, off, work))


def random_day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange((LAST - FIRST).days + 1))


def random_moment(random: Random, calendars: Calendars) -> datetime:
    """Any time of day, down to the microsecond; often just at the edge of a session or of the cutoff."""
    day = random_day(random)
    kind = random.random()
    if kind < 0.15:
        sessions = calendars.oracle.sessions(day)
        if sessions:
            edge = random.choice(random.choice(sessions))
            return edge + timedelta(microseconds=random.choice([-1, 0, 0, 1]))
    if kind < 0.25:
        return datetime.combine(day, time(15)) + timedelta(microseconds=random.choice([-1, 0, 0, 1]))
    if kind < 0.3:
        return datetime.combine(day, time(0)) + timedelta(microseconds=random.choice([-1, 0, 1]))
    if kind < 0.6:
        return datetime.combine(day, time(0)) + timedelta(minutes=random.randrange(1440))
    return datetime.combine(day, time(0)) + timedelta(microseconds=random.randrange(86_400_000_000))


def random_stage(random: Random) -> Stage:
    kind = random.random()
    if kind < 0.4:
        return Stage("working_days", random.randint(1, 30))
    if kind < 0.65:
        return Stage("calendar_days", random.randint(1, 60))
    if kind < 0.8:
        return Stage("same_day")
    if kind < 0.9:
        return Stage("working_hours", timedelta(minutes=30 * random.randint(1, 160)))
    return Stage("working_hours", timedelta(microseconds=random.randrange(1, 200_000_000_000)))


def random_case(random: Random, calendars: Calendars) -> Case:
    accepted = random_moment(random, calendars)
    if random.random() < 0.15:  # the counter answers within eight working hours; steps have quotas
        hours = timedelta(hours=8) if random.random() < 0.5 else timedelta(minutes=15 * random.randint(1, 200))
        return Case(calendars.oracle, [Stage("working_hours", hours)], accepted)
    stages = [random_stage(random) for _ in range(3 if random.random() < 0.1 else 1)]
    case = Case(calendars.oracle, stages, accepted, restarts=random.random() < 0.4)
    if random.random() < 0.1:
        case.cutoff = time(random.randint(7, 17), random.choice([0, 30]))
    moment = accepted
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        begins = moment + timedelta(microseconds=random.randrange(1, 20 * 86_400_000_000))
        length = random.choice([86_400_000_000, 12 * 86_400_000_000, 40 * 86_400_000_000])
        case.pauses.append((begins, begins + timedelta(microseconds=random.randrange(1, length))))
        moment = begins if random.random() < 0.3 else case.pauses[-1][1]  # branches in parallel overlap
    if random.random() < 0.2:
        extension = random.choice([Stage("working_days", random.randint(1, 10)), Stage("calendar_days", 10)])
        case.extensions.append((accepted + timedelta(hours=1), extension))
    if random.random() < 0.15:
        at = accepted + timedelta(microseconds=random.randrange(1, 30 * 86_400_000_000))
        case.appointment = (at, at.date() + timedelta(days=random.randint(1, 30)))
    return case


def counted_by_portal(calendars: Calendars, case: Case, *, utc: bool = False) -> datetime:
    """The portal's answer as local time. `utc` gives it every moment in another zone."""

    def aware(moment: datetime) -> datetime:
        there = moment.replace(tzinfo=VIETNAM)
        return there.astimezone(UTC) if utc else there

    pauses, changes = happened(case)
    if utc:
        pauses = [Pause(aware(begins), aware(ends)) for begins, ends in case.pauses]
    return local(
        due_at(
            term_of(case),
            accepted_at=aware(case.accepted),
            calendar=calendars.portal,
            pauses=pauses,
            rule="restart" if case.restarts else "add",
            changes=changes,
        )
    )


def term_of(case: Case) -> TermLength:
    stages = [TermLength(value_of(stage), stage.unit) for stage in case.stages]
    first = stages[0]
    return TermLength(first.value, first.unit, f"{case.cutoff:%H:%M}", tuple(stages) if len(stages) > 1 else ())


def value_of(stage: Stage) -> Decimal:
    if isinstance(stage.length, timedelta):
        return Decimal(stage.length // timedelta(microseconds=1)) / 3_600_000_000
    return Decimal(stage.length)


def happened(case: Case) -> tuple[list[Pause], list[DueChange]]:
    pauses = [Pause(begins.replace(tzinfo=VIETNAM), ends.replace(tzinfo=VIETNAM)) for begins, ends in case.pauses]
    changes: list[DueChange] = [
        Extension(at.replace(tzinfo=VIETNAM), value_of(stage), stage.unit) for at, stage in case.extensions
    ]
    if case.appointment is not None:
        changes.append(Appointment(case.appointment[0].replace(tzinfo=VIETNAM), case.appointment[1]))
    return pauses, changes


def local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM).replace(tzinfo=None)


def difference(calendars: Calendars, case: Case, *, number: int = 0) -> str:
    """What the portal and the oracle say differently of a case; empty when they agree.

    every seventh case is told in UTC; of every tenth the explanation has to end on the same day.
    """
    told, counted = counted_by_portal(calendars, case, utc=number % 7 == 0), legal_clock.due(case)
    if told != counted:
        return f"the portal says {told}, the oracle {counted}: {_described(case)}"
    if number % 10 == 0 and (fault := _explained(calendars, case, counted)):
        return f"{fault}: {_described(case)}"
    plain = len(case.stages) == 1 and not (case.pauses or case.extensions or case.appointment)
    if plain and isinstance(length := case.stages[0].length, timedelta):
        return _hours(calendars, case, length, counted)
    return ""


def _hours(calendars: Calendars, case: Case, length: timedelta, counted: datetime) -> str:
    """The counter's own deadline and quotas of steps are the same count; and the hours in between are those given."""
    start, hours = case.accepted.replace(tzinfo=VIETNAM), value_of(case.stages[0])
    answers = {
        local(reception_due(start, hours=hours, calendar=calendars.portal)),
        local(quota_due(start, hours=hours, calendar=calendars.portal)),
    }
    if answers != {counted}:
        return f"the deadline in hours is {answers}, not {counted}: {_described(case)}"
    between = calendars.portal.working_hours_between(start, counted.replace(tzinfo=VIETNAM))
    if between != hours or legal_clock.worked(calendars.oracle, case.accepted, counted) != length:
        return f"{between} hours lie in between, not {hours}: {_described(case)}"
    return ""


def _explained(calendars: Calendars, case: Case, counted: datetime) -> str:
    pauses, changes = happened(case)
    lines = explain(
        term_of(case),
        accepted_at=case.accepted.replace(tzinfo=VIETNAM),
        calendar=calendars.portal,
        pauses=pauses,
        rule="restart" if case.restarts else "add",
        changes=changes,
    )
    last = lines[-1]
    if not last.is_due or last.day != (counted - timedelta(microseconds=1)).date():
        return f"the explanation ends on {last.day}, not {counted}"
    days = [line.day for line in lines]
    if days != sorted(days):
        return f"the explanation does not run forwards: {days}"
    return ""


def _described(case: Case) -> str:
    values = {name: value for name, value in vars(case).items() if name != "calendar" and value}
    return ", ".join(f"{name}={value!r}" for name, value in values.items())
