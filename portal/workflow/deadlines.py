"""Due dates: the terms of the law counted on a working calendar, pauses included, each day with its reason.

The day of acceptance is not counted; a term ends with the last working session of its last day; a last day that is not
worked rolls forward (Civil Code 2015, articles 147 and 148). Quotas inside agencies are working hours, 8 to a day.
A due date is a function of the acceptance, the pauses and what was granted or promised since, so that it can be
explained day by day at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from portal.workflow.counting import Count, counted, merged, whole_days
from portal.workflow.definition import Duration, DurationUnit, Facts, Timer
from portal.workflow.terms import (
    HOURS_A_DAY,
    Appointment,
    CountedDay,
    DayReason,
    DueChange,
    Extension,
    Pause,
    PauseRule,
    Stretch,
    Term,
    TermLength,
)
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
    "Extension", "Pause", "PauseRule", "Remaining", "Session", "SpecialDay", "Stretch", "Term", "TermLength",
    "WeekHours", "WorkingCalendar", "counted_days", "due_at", "due_by_hours", "duration_after", "local", "midnight",
    "promised_at", "quota_due", "reception_due", "remaining", "rings_at",
]  # fmt: skip


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
    count = Count(calendar, merged(pauses), local(accepted_at), explains=False)
    return counted(term, count, PauseRule(rule), tuple(changes)).at


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
    count = Count(calendar, merged(pauses, now=now), local(accepted_at))
    return tuple(counted(term, count, PauseRule(rule), tuple(changes)).days)


def promised_at(
    accepted_at: datetime, pauses: Iterable[Pause] = (), changes: Iterable[DueChange] = ()
) -> tuple[datetime, ...]:
    """The moments at which a date was promised, the earliest first: acceptance, the end of each pause, each change."""
    resumed = [pause.resumed_at for pause in pauses if pause.resumed_at is not None]
    return (accepted_at, *sorted([*resumed, *(change.at for change in changes)]))


def due_by_hours(value: Decimal, *, accepted_at: datetime, calendar: WorkingCalendar) -> datetime:
    """The hour rule of quotas: so many days of 8 working hours each, from the moment of acceptance."""
    return calendar.add_working_hours(accepted_at, value * HOURS_A_DAY)


def paper_due(sent_at: datetime, *, days: int, cutoff: time, calendar: WorkingCalendar) -> datetime:
    """Until when the paper of a record that was handed over must have arrived (Circular 01/2018/TT-VPCP [m]).

    Its own working day is the first of the days, until work ends. Handed over after the cutoff, or on a day that is not
    worked, the first is the next working day, and it must be there in the morning.
    """
    moment = local(sent_at)
    today = moment.date()
    if calendar.is_working_day(today) and moment.time() <= cutoff:
        return calendar.end_of(calendar.add_working_days(today, days=days - 1))
    last = calendar.add_working_days(calendar.add_working_days(today, days=1), days=days - 1)
    return calendar.sessions_on(last)[0][1]


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
    days, first = whole_days(duration.value), local(start).date()
    if duration.unit is DurationUnit.WORKING_DAYS:
        return calendar.end_of(calendar.add_working_days(first, days=days))
    return calendar.end_of(calendar.add_calendar_days(first, days=days))


def rings_at(
    timer: Timer, *, anchored_at: datetime, due_at: datetime, facts: Facts, calendar: WorkingCalendar
) -> datetime | None:
    """When a timer of a step rings that opened (or whose consultation began) at `anchored_at`, and is due at `due_at`.

    Never before the step is open. None for a day that nobody has given, or that the calendar does not know yet.
    """
    if timer.day is not None:
        day = timer.day.test(facts)
        if day is None or day > calendar.last_day:
            return None
        if day < local(anchored_at).date():
            return anchored_at
        sessions = calendar.sessions_on(calendar.roll_forward(day))
        return max(anchored_at, sessions[0][0])
    if timer.before_due:
        return max(anchored_at, _before(due_at, timer.after, calendar=calendar))
    return duration_after(anchored_at, timer.after, calendar=calendar)


def _before(end: datetime, duration: Duration, *, calendar: WorkingCalendar) -> datetime:
    if duration.unit is DurationUnit.CALENDAR_DAYS:
        return end - timedelta(days=whole_days(duration.value))
    hours = duration.value * (HOURS_A_DAY if duration.unit is DurationUnit.WORKING_DAYS else 1)
    return calendar.before_working_hours(end, hours)


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
