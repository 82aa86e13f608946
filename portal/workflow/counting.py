"""The count itself: from acceptance through pauses, stages, extensions and a new appointment to the last day.

Each rule is written twice: day by day, where every day is to be named with its reason, and by sums, where only the end
is wanted. The oracle of the tests holds both to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.workflow.definition import DurationUnit
from portal.workflow.terms import (
    SAME_DAY,
    Appointment,
    CountedDay,
    DayReason,
    DueChange,
    Extension,
    Pause,
    PauseRule,
    Term,
    TermLength,
)
from portal.workflow.working_time import DayKind, WorkingCalendar, local, midnight


@dataclass
class Count:
    """A count under way: where it stands, and its days so far."""

    calendar: WorkingCalendar
    pauses: Sequence[tuple[datetime, datetime]]
    at: datetime
    days: list[CountedDay] = field(default_factory=list)
    explains: bool = True  # false where only the end is wanted: then no day is looked at for itself

    def is_paused(self, day: date) -> bool:
        """Whether the clock stood when the day's work ended: a day belongs whole to one side or the other."""
        end = self.calendar.end_of(day)
        return any(paused < end <= resumed for paused, resumed in self.pauses)

    def paused_days(self, pause: tuple[datetime, datetime]) -> tuple[date, date]:
        """The first and the last day that a pause takes; the last lies before the first when it takes none."""
        (paused, resumed), end_of = pause, self.calendar.end_of
        first, last = paused.date(), resumed.date()
        return (
            first if paused < end_of(first) else first + timedelta(days=1),
            last if end_of(last) <= resumed else last - timedelta(days=1),
        )


def whole_days(value: Decimal) -> int:
    if value != int(value) or value < 0:
        raise ValueError("A term in days is a whole number of days; a shorter one is given in working hours.")
    return int(value)


def merged(pauses: Iterable[Pause], *, now: datetime | None = None) -> list[tuple[datetime, datetime]]:
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


def counted(term: Term, count: Count, rule: PauseRule, changes: Sequence[DueChange]) -> Count:
    pauses = count.pauses
    count = _count_pauses(_extended(term, changes), count, rule)
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


def _count_pauses(term: Term, count: Count, rule: PauseRule) -> Count:
    if rule is PauseRule.ADD:
        return _count_term(term, count, DayReason.ACCEPTED)
    pauses = count.pauses
    count = _count_term(term, replace(count, pauses=()), DayReason.ACCEPTED)
    for paused, resumed in pauses:
        if paused < count.at:
            count = _count_term(term, replace(count, at=resumed, days=[]), DayReason.RESTARTED)
    return count


def _appointed(count: Count, change: Appointment, pauses: Sequence[tuple[datetime, datetime]]) -> Count:
    """The count goes on to the new day: as many working days as were promised, those apart that are paused later."""
    calendar, at = count.calendar, local(change.at)
    length = calendar.working_days_between(at.date(), calendar.roll_forward(change.day))
    later = [(paused, resumed) for paused, resumed in pauses if resumed > at]
    before = [line for line in count.days if line.day < at.date()]
    stage = max((line.stage for line in before), default=0) + 1
    again = replace(count, pauses=later, at=at, days=before)
    if again.explains:
        again.days.append(CountedDay(at.date(), DayReason.APPOINTED, stage=stage))
    _count_days(again, at.date(), length, DurationUnit.WORKING_DAYS, stage=stage)
    return again


def _count_term(term: Term, count: Count, first: DayReason) -> Count:
    stretches = term.stages or (term,)
    if count.explains and stretches[0].unit in (DurationUnit.WORKING_DAYS, DurationUnit.CALENDAR_DAYS):
        count.days.append(CountedDay(count.at.date(), first))
    for stage, stretch in enumerate(stretches):
        if stretch.unit == SAME_DAY:
            _count_same_day(count, time.fromisoformat(term.cutoff), stage=stage)
        elif stretch.unit == DurationUnit.WORKING_HOURS:
            _count_hours(count, stretch.value, stage=stage)
        else:
            _count_days(count, count.at.date(), whole_days(stretch.value), DurationUnit(stretch.unit), stage=stage)
    return count


def _count_days(count: Count, day: date, length: int, unit: DurationUnit, *, stage: int) -> None:
    if count.explains:
        days = list(_days(count, day, length, unit))
        count.days += [_in_stage(line, stage) for line in days]
        last = days[-1].day if days else day
    else:
        last = _last_day(count, day, length, unit)
    count.at = count.calendar.end_of(last)


def _in_stage(line: CountedDay, stage: int) -> CountedDay:
    if stage == 0:
        return line
    return CountedDay(line.day, line.reason, line.counted, line.number, line.hours, stage)


def _days(count: Count, day: date, length: int, unit: DurationUnit) -> Iterator[CountedDay]:
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


def _last_day(count: Count, day: date, length: int, unit: DurationUnit) -> date:
    """The last of the days that `_days` gives, found by sums: from one pause to the next."""
    calendar = count.calendar
    if length == 0:
        return calendar.roll_forward(day)
    works_only = unit is DurationUnit.WORKING_DAYS
    stretches = [span for span in map(count.paused_days, count.pauses) if span[1] > day]
    for first, last in stretches:
        before = first - timedelta(days=1)
        if before > day:
            counted = calendar.working_days_between(day, before) if works_only else (before - day).days
            if length <= counted:
                break
            length -= counted
        day = max(day, last)
    if works_only:
        return calendar.add_working_days(day, days=length)
    day = calendar.add_calendar_days(day, days=length)
    for first, last in stretches:
        if first <= day <= last:
            day = calendar.roll_forward(last + timedelta(days=1))
    return day


def _skipped(count: Count, day: date, *, works_only: bool) -> DayReason | None:
    if works_only and not count.calendar.is_working_day(day):
        return DayReason.DAY_OFF if day in count.calendar.special else DayReason.WEEKEND
    return DayReason.PAUSED if count.is_paused(day) else None


def _counted_reason(count: Count, day: date) -> DayReason:
    special = count.calendar.special.get(day)
    return DayReason.SWAPPED if special and special.kind is DayKind.WORK else DayReason.COUNTED


def _count_same_day(count: Count, cutoff: time, *, stage: int) -> None:
    """Accepted after the cutoff, or on a day that is not worked: the next working day."""
    today = count.at.date()
    in_time = count.calendar.is_working_day(today) and count.at.time() <= cutoff
    if count.explains and not in_time:
        count.days.append(CountedDay(today, DayReason.LATE_IN_DAY, stage=stage))
    first = today - timedelta(days=1) if in_time else today
    _count_days(count, first, 1, DurationUnit.WORKING_DAYS, stage=stage)


def _count_hours(count: Count, hours: Decimal, *, stage: int) -> None:
    calendar, start = count.calendar, count.at
    end = calendar.add_working_hours(start, hours)
    for paused, resumed in count.pauses:
        if paused < end and resumed > start:
            end = calendar.add_working_hours(end, calendar.working_hours_between(max(paused, start), resumed))
    count.at = end
    for offset in range((end.date() - start.date()).days + 1) if count.explains else ():
        day = start.date() + timedelta(days=offset)
        worked = _running_hours(count, max(start, midnight(day)), min(end, calendar.end_of(day)))
        reason = _counted_reason(count, day) if worked else _skipped(count, day, works_only=True) or DayReason.ACCEPTED
        count.days.append(CountedDay(day, reason, bool(worked), hours=worked, stage=stage))


def _running_hours(count: Count, start: datetime, end: datetime) -> Decimal:
    if end <= start:
        return Decimal(0)
    calendar = count.calendar
    total = calendar.working_hours_between(start, end)
    for paused, resumed in count.pauses:
        if paused < end and resumed > start:
            total -= calendar.working_hours_between(max(paused, start), min(resumed, end))
    return total
