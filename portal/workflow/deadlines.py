"""Due dates: the terms of the law counted on a working calendar, pauses included, each day with its reason.

The day of acceptance is not counted; a term ends with the last working session of its last day; a last day that is not
worked rolls forward (Civil Code 2015, articles 147 and 148). Quotas inside agencies are working hours, 8 to a day.
A due date is a function of the acceptance, the pauses and what was granted or promised since, so that it can be
explained day by day at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from portal.workflow.definition import Duration, DurationUnit
from portal.workflow.working_time import (
    VIETNAM,
    CalendarEnds,
    DayKind,
    Session,
    SpecialDay,
    WeekHours,
    WorkingCalendar,
    local,
    midnight,
)

__all__ = [
    "HOURS_A_DAY", "VIETNAM", "Appointment", "CalendarEnds", "CountedDay", "DayKind", "DayReason", "DueChange",
    "Extension", "Pause", "PauseRule", "Remaining", "Session", "SpecialDay", "Stretch", "TermLength", "WeekHours",
    "WorkingCalendar", "counted_days", "due_at", "due_by_hours", "duration_after", "local", "midnight", "promised_at",
    "quota_due", "reception_due", "remaining",
]  # fmt: skip

HOURS_A_DAY = 8
SAME_DAY = "same_day"


class Stretch(Protocol):
    """A length that the law gives: `unit` is working_days, calendar_days, working_hours or same_day."""

    @property
    def value(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...


class Term(Stretch, Protocol):
    """The term of a procedure (`catalogue.types.Term` is one). Stages, when given, are counted one after another."""

    @property
    def cutoff(self) -> str: ...
    @property
    def stages(self) -> Sequence[Stretch]: ...


@dataclass(frozen=True)
class TermLength:
    """A term without a procedure."""

    value: Decimal
    unit: str
    cutoff: str = "15:00"
    stages: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Pause:
    """From asking for a supplement (or the like) until its answer. `resumed_at` is None while it lasts."""

    paused_at: datetime
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """The law's leave to take longer, granted before the term had run out: counted after the term like a stage."""

    at: datetime
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Appointment:
    """A new day for the result, promised with an apology (Decree 118/2025/NĐ-CP): it takes the place of the term's end.

    Pauses that begin later put it off by as many working days.
    """

    at: datetime
    day: date
    instead_of: datetime | None = None
    """The date that was not kept."""


DueChange = Extension | Appointment


class PauseRule(StrEnum):
    ADD = "add"  # days that were paused are not counted
    RESTART = "restart"  # the term is counted again from the answer


class DayReason(StrEnum):
    """Why a day is counted or not."""

    ACCEPTED = "accepted"  # the day of acceptance
    LATE_IN_DAY = "late_in_day"  # accepted after the hour until which the same day is promised
    RESTARTED = "restarted"  # the answer came: counting begins again
    APPOINTED = "appointed"  # a new day was promised: what follows leads to it
    COUNTED = "counted"
    SWAPPED = "swapped"  # a rest day that is worked instead of another
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    PAUSED = "paused"
    ROLLED = "rolled"  # the last day is not worked: the next working day takes its place


@dataclass(frozen=True)
class CountedDay:
    """One day of a count. `number` counts within its stage; `hours` is set where hours are counted."""

    day: date
    reason: DayReason
    counted: bool = False
    number: int = 0
    hours: Decimal | None = None
    stage: int = 0


@dataclass
class _Count:
    """A count under way: where it stands, and its days so far."""

    calendar: WorkingCalendar
    pauses: Sequence[tuple[datetime, datetime]]
    at: datetime
    days: list[CountedDay] = field(default_factory=list)

    def is_paused(self, day: date) -> bool:
        """Whether the clock stood when the day's work ended: a day belongs whole to one side or the other."""
        end = self.calendar.end_of(day)
        return any(paused < end <= resumed for paused, resumed in self.pauses)


def due_at(
    term: Term,
    *,
    accepted_at: datetime,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    rule: PauseRule | str = PauseRule.ADD,
    changes: Iterable[DueChange] = (),
) -> datetime:
    """When the result is due. Pauses that last still do not move it; one that began after it was due never does.

    `changes` are extensions and appointments, the earliest first.
    """
    return _counted(term, accepted_at, calendar, _merged(pauses), PauseRule(rule), tuple(changes)).at


def counted_days(
    term: Term,
    *,
    accepted_at: datetime,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    rule: PauseRule | str = PauseRule.ADD,
    changes: Iterable[DueChange] = (),
    now: datetime | None = None,
) -> tuple[CountedDay, ...]:
    """Every day from acceptance to the due date. With `now`, a pause that lasts still covers the days until today."""
    spans = _merged(pauses, now=now)
    return tuple(_counted(term, accepted_at, calendar, spans, PauseRule(rule), tuple(changes)).days)


def promised_at(
    accepted_at: datetime, pauses: Iterable[Pause] = (), changes: Iterable[DueChange] = ()
) -> tuple[datetime, ...]:
    """The moments at which a date was promised, the earliest first: acceptance, the end of each pause, each change."""
    resumed = [pause.resumed_at for pause in pauses if pause.resumed_at is not None]
    return (accepted_at, *sorted([*resumed, *(change.at for change in changes)]))


def due_by_hours(value: Decimal, *, accepted_at: datetime, calendar: WorkingCalendar) -> datetime:
    """The hour rule of quotas: so many days of 8 working hours each, from the moment of acceptance."""
    return calendar.add_working_hours(accepted_at, value * HOURS_A_DAY)


def quota_due(opened_at: datetime, *, hours: Decimal, calendar: WorkingCalendar) -> datetime:
    """When a task with a quota in working hours is due."""
    return calendar.add_working_hours(opened_at, hours)


def reception_due(submitted_at: datetime, *, hours: Decimal, calendar: WorkingCalendar) -> datetime:
    """Until when the counter answers a submission (accepts, asks to complete or refuses)."""
    return calendar.add_working_hours(submitted_at, hours)


def duration_after(start: datetime, duration: Duration, *, calendar: WorkingCalendar) -> datetime:
    """The end of a duration of a definition; those in days end with the last session of their last day."""
    if duration.unit is DurationUnit.WORKING_HOURS:
        return calendar.add_working_hours(start, duration.value)
    days, first = _whole(duration.value), local(start).date()
    if duration.unit is DurationUnit.WORKING_DAYS:
        return calendar.end_of(calendar.add_working_days(first, days=days))
    return calendar.end_of(calendar.add_calendar_days(first, days=days))


@dataclass(frozen=True)
class Remaining:
    """What is left until a due date, or by how much it has passed.

    working_days: not yet over, today included while its work lasts; when late, working days since the due day.
    hours: working hours to the due date, or since it.
    """

    working_days: int
    hours: Decimal
    late: bool
    today: bool


def remaining(due: datetime, *, now: datetime, calendar: WorkingCalendar) -> Remaining:
    """How much working time is left at `now`."""
    today, due_day = local(now).date(), local(due).date()
    hours = abs(calendar.working_hours_between(now, due))
    if now > due:
        return Remaining(calendar.working_days_between(due_day, today), hours, late=True, today=today == due_day)
    if today == due_day:
        return Remaining(1, hours, late=False, today=True)
    today_counts = calendar.is_working_day(today) and now < calendar.end_of(today)
    days = calendar.working_days_between(today, due_day) + today_counts
    return Remaining(days, hours, late=False, today=False)


def _whole(value: Decimal) -> int:
    if value != int(value) or value < 0:
        raise ValueError("A term in days is a whole number of days; a shorter one is given in working hours.")
    return int(value)


def _merged(pauses: Iterable[Pause], *, now: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """Pauses in order, those that overlap joined (branches that run in parallel may pause twice)."""
    spans: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda pause: pause.paused_at):
        paused, resumed = local(pause.paused_at), pause.resumed_at
        if resumed is None and now is not None:
            resumed = midnight(local(now).date() + timedelta(days=1))
        if resumed is None or resumed <= paused:
            continue
        if spans and paused <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], local(resumed)))
        else:
            spans.append((paused, local(resumed)))
    return spans


def _counted(
    term: Term,
    accepted_at: datetime,
    calendar: WorkingCalendar,
    pauses: Sequence[tuple[datetime, datetime]],
    rule: PauseRule,
    changes: Sequence[DueChange],
) -> _Count:
    count = _count_pauses(_extended(term, changes), _Count(calendar, pauses, local(accepted_at)), rule)
    for change in changes:
        if isinstance(change, Appointment):
            count = _appointed(count, change, pauses)
    return count


def _extended(term: Term, changes: Sequence[DueChange]) -> Term:
    """The term with its extensions as further stages."""
    granted = [TermLength(change.value, change.unit) for change in changes if isinstance(change, Extension)]
    if not granted:
        return term
    return TermLength(term.value, term.unit, term.cutoff, (*(term.stages or (term,)), *granted))


def _count_pauses(term: Term, count: _Count, rule: PauseRule) -> _Count:
    if rule is PauseRule.ADD:
        return _count_term(term, count, DayReason.ACCEPTED)
    pauses = count.pauses
    count = _count_term(term, _Count(count.calendar, (), count.at), DayReason.ACCEPTED)
    for paused, resumed in pauses:
        if paused < count.at:
            count = _count_term(term, _Count(count.calendar, (), resumed), DayReason.RESTARTED)
    return count


def _appointed(count: _Count, change: Appointment, pauses: Sequence[tuple[datetime, datetime]]) -> _Count:
    """The count goes on to the new day: as many working days as were promised, those apart that are paused later."""
    calendar, at = count.calendar, local(change.at)
    length = calendar.working_days_between(at.date(), calendar.roll_forward(change.day))
    later = [(paused, resumed) for paused, resumed in pauses if resumed > at]
    before = [line for line in count.days if line.day < at.date()]
    stage = max((line.stage for line in before), default=0) + 1
    again = _Count(calendar, later, at, [*before, CountedDay(at.date(), DayReason.APPOINTED, stage=stage)])
    days = list(_days(again, at.date(), length, DurationUnit.WORKING_DAYS))
    again.days += [_in_stage(line, stage) for line in days]
    again.at = calendar.end_of(days[-1].day if days else at.date())
    return again


def _count_term(term: Term, count: _Count, first: DayReason) -> _Count:
    stretches = term.stages or (term,)
    if stretches[0].unit in (DurationUnit.WORKING_DAYS, DurationUnit.CALENDAR_DAYS):
        count.days.append(CountedDay(count.at.date(), first))
    for stage, stretch in enumerate(stretches):
        if stretch.unit == SAME_DAY:
            lines, end = _same_day(count, time.fromisoformat(term.cutoff))
        elif stretch.unit == DurationUnit.WORKING_HOURS:
            lines, end = _working_hours(count, stretch.value)
        else:
            days = list(_days(count, count.at.date(), _whole(stretch.value), DurationUnit(stretch.unit)))
            lines, end = days, count.calendar.end_of(days[-1].day if days else count.at.date())
        count.days += [_in_stage(line, stage) for line in lines]
        count.at = end
    return count


def _in_stage(line: CountedDay, stage: int) -> CountedDay:
    if stage == 0:
        return line
    return CountedDay(line.day, line.reason, line.counted, line.number, line.hours, stage)


def _days(count: _Count, day: date, length: int, unit: DurationUnit) -> Iterator[CountedDay]:
    """The days after `day` until so many are counted and the last one is worked."""
    number = 0
    while number < length:
        day += timedelta(days=1)
        skipped = _skipped(count, day, works_only=unit is DurationUnit.WORKING_DAYS)
        number += skipped is None
        yield CountedDay(day, skipped or _counted_reason(count, day), skipped is None, number if skipped is None else 0)
    while not count.calendar.is_working_day(day) or (number and count.is_paused(day)):
        day += timedelta(days=1)
        yield CountedDay(day, _skipped(count, day, works_only=True) or DayReason.ROLLED)


def _skipped(count: _Count, day: date, *, works_only: bool) -> DayReason | None:
    if works_only and not count.calendar.is_working_day(day):
        return DayReason.DAY_OFF if day in count.calendar.special else DayReason.WEEKEND
    return DayReason.PAUSED if count.is_paused(day) else None


def _counted_reason(count: _Count, day: date) -> DayReason:
    special = count.calendar.special.get(day)
    return DayReason.SWAPPED if special and special.kind is DayKind.WORK else DayReason.COUNTED


def _same_day(count: _Count, cutoff: time) -> tuple[list[CountedDay], datetime]:
    """Accepted after the cutoff, or on a day that is not worked: the next working day."""
    today = count.at.date()
    in_time = count.calendar.is_working_day(today) and count.at.time() <= cutoff
    lines = [] if in_time else [CountedDay(today, DayReason.LATE_IN_DAY)]
    first = today - timedelta(days=1) if in_time else today
    lines += _days(count, first, 1, DurationUnit.WORKING_DAYS)
    return lines, count.calendar.end_of(lines[-1].day)


def _working_hours(count: _Count, hours: Decimal) -> tuple[list[CountedDay], datetime]:
    calendar, start = count.calendar, count.at
    end = calendar.add_working_hours(start, hours)
    for paused, resumed in count.pauses:
        if paused < end and resumed > start:
            end = calendar.add_working_hours(end, calendar.working_hours_between(max(paused, start), resumed))
    lines = []
    for offset in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=offset)
        worked = _running_hours(count, max(start, midnight(day)), min(end, calendar.end_of(day)))
        reason = _counted_reason(count, day) if worked else _skipped(count, day, works_only=True) or DayReason.ACCEPTED
        lines.append(CountedDay(day, reason, bool(worked), hours=worked))
    return lines, end


def _running_hours(count: _Count, start: datetime, end: datetime) -> Decimal:
    if end <= start:
        return Decimal(0)
    calendar = count.calendar
    total = calendar.working_hours_between(start, end)
    for paused, resumed in count.pauses:
        if paused < end and resumed > start:
            total -= calendar.working_hours_between(max(paused, start), min(resumed, end))
    return total
