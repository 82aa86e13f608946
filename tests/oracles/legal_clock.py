"""The legal clock as a clerk would count it: day after day, session after session. No line of the portal is used.

Moments are naive local time. A calendar says for each day when work is done; a case is a term with what happened to
the record. The rules, in the words in which they were given (Civil Code 2015, articles 147 and 148, and the one-stop
decrees):

- the day of acceptance is not counted; a term in days ends with the last session of its last day;
- working days count only days that are worked; calendar days count all, and a last day off rolls forward;
- hours count only while somebody works;
- a same-day procedure accepted after the cutoff, or on a day off, is due on the next working day;
- rule "add": a day during whose close the clock stands is not counted; hours that were paused come on top;
- rule "restart": when the pause ends before the term has run out, the whole term is counted again from that moment;
- an extension is counted after the term; stages follow one another;
- a new appointment replaces the end of the term, and pauses after it put it off by as many working days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

ONE = timedelta(days=1)
NOTHING = timedelta(0)


@dataclass
class Calendar:
    """`weeks`: from which day which sessions on which weekday (0 is Monday). Special days outweigh the week."""

    weeks: list[tuple[date, list[list[tuple[time, time]]]]]
    off: set[date] = field(default_factory=set)
    work: set[date] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._days: dict[date, list[tuple[datetime, datetime]]] = {}

    def sessions(self, day: date) -> list[tuple[datetime, datetime]]:
        if day not in self._days:
            self._days[day] = [
                (datetime.combine(day, starts), datetime.combine(day, ends)) for starts, ends in self._hours(day)
            ]
        return self._days[day]

    def _hours(self, day: date) -> list[tuple[time, time]]:
        week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
        for since, following in self.weeks:
            if since <= day:
                week = following
        if day in self.off:
            return []
        if day in self.work and not week[day.weekday()]:
            for hours in week:
                if hours:
                    return hours
        return week[day.weekday()]

    def works(self, day: date) -> bool:
        return bool(self.sessions(day))

    def close(self, day: date) -> datetime:
        """When the day's work is over; a day off is over at midnight."""
        hours = self.sessions(day)
        return hours[-1][1] if hours else datetime.combine(day + ONE, time(0))


@dataclass
class Stage:
    unit: str  # working_days, calendar_days, working_hours, same_day
    length: int | timedelta = 0


Pause = tuple[datetime, datetime]


@dataclass
class Case:
    """`extensions` and `appointment` carry the moment at which they were given."""

    calendar: Calendar
    stages: list[Stage]
    accepted: datetime
    cutoff: time = time(15)
    pauses: list[Pause] = field(default_factory=list)
    restarts: bool = False
    extensions: list[tuple[datetime, Stage]] = field(default_factory=list)
    appointment: tuple[datetime, date] | None = None


def due(case: Case) -> datetime:
    """When the result of the case is due."""
    stages = case.stages + [stage for _, stage in case.extensions]
    end = _with_restarts(case, stages) if case.restarts else _through(case, stages, case.accepted, case.pauses)
    if case.appointment is not None:
        end = _appointed(case, *case.appointment)
    return end


def _through(case: Case, stages: list[Stage], start: datetime, pauses: list[Pause]) -> datetime:
    for stage in stages:
        start = _stage(case, stage, start, pauses)
    return start


def _stage(case: Case, stage: Stage, start: datetime, pauses: list[Pause]) -> datetime:
    calendar = case.calendar
    if stage.unit == "working_hours":
        assert isinstance(stage.length, timedelta)
        return after_hours(calendar, start, stage.length, pauses)
    if stage.unit == "same_day":
        day = start.date()
        if not calendar.works(day) or start.time() > case.cutoff:
            day += ONE
        while not calendar.works(day) or _stands(calendar, day, pauses):
            day += ONE
        return calendar.close(day)
    assert isinstance(stage.length, int)
    return calendar.close(_days_after(calendar, start.date(), stage.length, stage.unit, pauses))


def _days_after(calendar: Calendar, day: date, length: int, unit: str, pauses: list[Pause]) -> date:
    counted = 0
    while counted < length:
        day += ONE
        if unit == "working_days" and not calendar.works(day):
            continue
        if _stands(calendar, day, pauses):
            continue
        counted += 1
    while not calendar.works(day) or (length > 0 and _stands(calendar, day, pauses)):
        day += ONE
    return day


def _stands(calendar: Calendar, day: date, pauses: list[Pause]) -> bool:
    close = calendar.close(day)
    return any(begins < close <= ends for begins, ends in pauses)


def after_hours(calendar: Calendar, start: datetime, length: timedelta, pauses: list[Pause]) -> datetime:
    """The first moment at which so much work has been done since the start, pauses left out."""
    if length == NOTHING:
        return start
    day = start.date()
    while True:
        for opens, closes in calendar.sessions(day):
            for begins, ends in _running(max(opens, start), closes, pauses):
                if length <= ends - begins:
                    return begins + length
                length -= ends - begins
        day += ONE


def _running(opens: datetime, closes: datetime, pauses: list[Pause]) -> list[Pause]:
    """The parts of a session in which the clock runs."""
    parts = [(opens, closes)] if opens < closes else []
    for begins, ends in pauses:
        left = []
        for starts, stops in parts:
            if starts < min(stops, begins):
                left.append((starts, min(stops, begins)))
            if max(starts, ends) < stops:
                left.append((max(starts, ends), stops))
        parts = left
    return parts


def worked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much work was done between two moments."""
    total, day = NOTHING, start.date()
    while day <= end.date():
        for opens, closes in calendar.sessions(day):
            total += max(min(closes, end) - max(opens, start), NOTHING)
        day += ONE
    return total


def _with_restarts(case: Case, stages: list[Stage]) -> datetime:
    end = _through(case, stages, case.accepted, [])
    waiting, since = 0, case.accepted
    turns = sorted([(begins, 0) for begins, _ in case.pauses] + [(ends, 1) for _, ends in case.pauses])
    for moment, is_end in turns:
        if not is_end:
            if waiting == 0:
                since = moment
            waiting += 1
            continue
        waiting -= 1
        if waiting == 0 and since < end:
            end = _through(case, stages, moment, [])
    return end


def _appointed(case: Case, at: datetime, day: date) -> datetime:
    calendar = case.calendar
    while not calendar.works(day):
        day += ONE
    length, walked = 0, at.date()
    while walked < day:
        walked += ONE
        length += calendar.works(walked)
    later = [(begins, ends) for begins, ends in case.pauses if ends > at]
    return calendar.close(_days_after(calendar, at.date(), length, "working_days", later))
