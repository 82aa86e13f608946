"""Working time: a calendar as a frozen value, and the arithmetic of working days and hours on it.

Moments are aware; naive ones are refused. What is computed is local time of Vietnam, whatever zone came in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from portal.workflow.definition import Text

# Vietnam has kept this offset since 1975 and has no summer time: a fixed zone needs no time zone database.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_HOUR = 3_600_000_000


class CalendarEnds(ValueError):
    """The count leaves the years that the calendar knows."""


class DayKind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from its weekday: a day off, or a rest day that is worked instead of another."""

    day: date
    kind: DayKind
    name: Text
    source: str = ""


@dataclass(frozen=True)
class Session:
    """A stretch of work within one day, local time."""

    starts: time
    ends: time


USUAL_SESSIONS = (Session(time(7), time(11)), Session(time(13), time(17)))
USUAL_WEEK = (USUAL_SESSIONS,) * 5 + ((), ())


@dataclass(frozen=True)
class WeekHours:
    """Sessions by weekday, Monday first, in force from `valid_from` until the next one begins."""

    valid_from: date = date.min
    week: tuple[tuple[Session, ...], ...] = USUAL_WEEK

    @property
    def usual(self) -> tuple[Session, ...]:
        """The sessions of a rest day that is worked: those of the first working weekday."""
        return next((sessions for sessions in self.week if sessions), ())


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Vietnam. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment must carry its time zone.")
    return moment.astimezone(VIETNAM)


def midnight(day: date) -> datetime:
    """The first moment of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _check_order(sessions: tuple[Session, ...]) -> None:
    ends = time.min
    for session in sessions:
        if session.starts < ends or session.starts >= session.ends:
            raise ValueError(f"Sessions of a day follow one another: {session.starts}-{session.ends} does not.")
        ends = session.ends


def _since_midnight(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


@dataclass(frozen=True)
class _Table:
    """Sums over the days of a calendar, so that each question is one look-up. Times in microseconds."""

    origin: datetime
    first: int  # ordinal of the first day
    sessions: list[tuple[tuple[int, int], ...]]
    worked: list[int]  # working time before the n-th day
    counted: list[int]  # working days before the n-th day
    working: list[int]  # indexes of the working days


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked, and from when until when.

    The day rule of deadlines: Civil Code 2015, articles 147 and 148; hours of work are a setting of each agency.
    Questions about days outside `first_day`-`last_day` raise CalendarEnds.
    """

    hours: tuple[WeekHours, ...] = (WeekHours(),)
    special_days: tuple[SpecialDay, ...] = ()
    first_day: date = date(2018, 1, 1)
    last_day: date = date(2040, 12, 31)

    def __post_init__(self) -> None:
        for week in self.hours:
            for sessions in week.week:
                _check_order(sessions)
        days = [special.day for special in self.special_days]
        if len(days) != len(set(days)):
            raise ValueError("A day may be special for one reason only.")
        if not self.hours or [item.valid_from for item in self.hours] != sorted(item.valid_from for item in self.hours):
            raise ValueError("Hours must be given, the earliest first.")

    @cached_property
    def special(self) -> Mapping[date, SpecialDay]:
        return {special.day: special for special in self.special_days}

    @cached_property
    def _table(self) -> _Table:
        first = self.first_day.toordinal()
        sessions: list[tuple[tuple[int, int], ...]] = []
        worked, counted, working = [0], [0], []
        for index in range(self.last_day.toordinal() - first + 1):
            day = tuple(
                (_since_midnight(session.starts), _since_midnight(session.ends))
                for session in self._sessions_by_rule(date.fromordinal(first + index))
            )
            sessions.append(day)
            worked.append(worked[-1] + sum(ends - starts for starts, ends in day))
            counted.append(counted[-1] + bool(day))
            if day:
                working.append(index)
        return _Table(midnight(self.first_day), first, sessions, worked, counted, working)

    def _sessions_by_rule(self, day: date) -> tuple[Session, ...]:
        valid = bisect_right([item.valid_from for item in self.hours], day) - 1
        if valid < 0:
            return ()
        hours, special = self.hours[valid], self.special.get(day)
        if special is None:
            return hours.week[day.weekday()]
        if special.kind is DayKind.OFF:
            return ()
        return hours.week[day.weekday()] or hours.usual

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._table.first
        if 0 <= index < len(self._table.sessions):
            return index
        raise CalendarEnds(f"The calendar knows {self.first_day} to {self.last_day}, not {day}.")

    def _day(self, index: int) -> date:
        return date.fromordinal(self._table.first + index)

    def sessions_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        start = midnight(day)
        return tuple(
            (start + timedelta(microseconds=starts), start + timedelta(microseconds=ends))
            for starts, ends in self._table.sessions[self._index(day)]
        )

    def is_working_day(self, day: date) -> bool:
        return bool(self._table.sessions[self._index(day)])

    def end_of(self, day: date) -> datetime:
        """The end of the day's last working session; of a day off, its last moment."""
        sessions = self._table.sessions[self._index(day)]
        return midnight(day) + timedelta(microseconds=sessions[-1][1] if sessions else _DAY)

    def roll_forward(self, day: date) -> date:
        """The day itself when it is worked, else the next working day."""
        return self._working(self._table.counted[self._index(day)])

    def add_working_days(self, day: date, *, days: int) -> date:
        """The last of so many working days after `day`, which is not counted. No days: `day`, rolled forward."""
        if days < 0:
            raise ValueError("Days are counted forwards.")
        if days == 0:
            return self.roll_forward(day)
        return self._working(self._table.counted[self._index(day) + 1] + days - 1)

    def add_calendar_days(self, day: date, *, days: int) -> date:
        """So many days after `day`; a last day that is not worked rolls forward."""
        if days < 0:
            raise ValueError("Days are counted forwards.")
        return self.roll_forward(day + timedelta(days=days))

    def _working(self, number: int) -> date:
        if number >= len(self._table.working):
            raise CalendarEnds(f"The calendar ends on {self.last_day}.")
        return self._day(self._table.working[number])

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        if end < start:
            raise ValueError("The end lies before the start.")
        counted = self._table.counted
        return counted[self._index(end) + 1] - counted[self._index(start) + 1]

    def add_working_hours(self, start: datetime, hours: Decimal | int) -> datetime:
        """The first moment at which so many working hours have passed since `start`. No hours: `start` itself."""
        length = round(hours * _HOUR)
        if length < 0:
            raise ValueError("Hours are counted forwards.")
        if length == 0:
            return local(start)
        table = self._table
        target = self._worked_until(start) + length
        index = bisect_left(table.worked, target) - 1
        if index >= len(table.sessions):
            raise CalendarEnds(f"The calendar ends on {self.last_day}.")
        rest = target - table.worked[index]
        for starts, ends in table.sessions[index]:
            if rest <= ends - starts:
                return table.origin + timedelta(days=index, microseconds=starts + rest)
            rest -= ends - starts
        raise AssertionError("The sums of the calendar contradict its sessions.")

    def before_working_hours(self, end: datetime, hours: Decimal | int) -> datetime:
        """The last moment from which on so many working hours pass until `end`. No hours: `end` itself."""
        length = round(hours * _HOUR)
        if length < 0:
            raise ValueError("Hours are given without a sign.")
        if length == 0:
            return local(end)
        table = self._table
        target = self._worked_until(end) - length
        if target < 0:
            raise CalendarEnds(f"The calendar begins on {self.first_day}.")
        index = bisect_right(table.worked, target) - 1
        rest = target - table.worked[index]
        for starts, ends in table.sessions[index]:
            if rest < ends - starts:
                return table.origin + timedelta(days=index, microseconds=starts + rest)
            rest -= ends - starts
        raise AssertionError("The sums of the calendar contradict its sessions.")

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        """Working hours from `start` to `end`; negative when `end` lies before."""
        return Decimal(self._worked_until(end) - self._worked_until(start)) / _HOUR

    def _worked_until(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            raise ValueError("A moment must carry its time zone.")
        table = self._table
        index, rest = divmod((moment - table.origin) // _MICROSECOND, _DAY)
        if not 0 <= index < len(table.sessions):
            raise CalendarEnds(f"The calendar knows {self.first_day} to {self.last_day}, not {moment:%Y-%m-%d}.")
        total = table.worked[index]
        for starts, ends in table.sessions[index]:
            if rest <= starts:
                break
            total += min(rest, ends) - starts
        return total
