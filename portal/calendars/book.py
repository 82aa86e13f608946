"""Everything that was ever decided about the calendar, and the calendars that follow from it.

A calendar is asked *as it was known* at a moment, so that a decision of today moves nothing that was promised
yesterday. A term that was promised anew on the way (a supplement came back, the term was extended) is counted day by
day with what was known at the last promise before that day: `as_promised`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from portal.calendars.rules import build_calendar
from portal.workflow.definition import Text
from portal.workflow.working_time import USUAL_WEEK, DayKind, Session, SpecialDay, WeekHours, WorkingCalendar, local


class Hours(StrEnum):
    """Whose hours a row speaks of: those by which terms count, or those at which the doors are open."""

    STATUTORY = "statutory"
    COUNTER = "counter"


@dataclass(frozen=True)
class DayRow:
    """A decreed day. `unit_id` is None for the whole city; `swap_id` is shared by the two days of a swap."""

    id: UUID
    day: date
    kind: DayKind
    hours: Hours
    unit_id: UUID | None
    name: Text
    source: str
    swap_id: UUID | None
    recorded_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class SessionRow:
    """A session of work on one weekday (0 is Monday), in force between two days."""

    id: UUID
    unit_id: UUID | None
    hours: Hours
    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_to: date | None
    source: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    end_source: str = ""

    @property
    def last_day(self) -> date:
        return self.valid_to or date.max


Row = DayRow | SessionRow
Part = tuple[date, int]
"""A first day, and how many changes were known when it was counted."""


@dataclass(frozen=True)
class CalendarBook:
    """The rows of both tables, withdrawn ones too, and the years that calendars are built for."""

    days: tuple[DayRow, ...]
    sessions: tuple[SessionRow, ...]
    years: tuple[int, int]
    _built: dict[tuple[object, ...], WorkingCalendar] = field(default_factory=dict, compare=False, repr=False)

    def as_known(self, at: datetime, *, unit_id: UUID | None = None) -> WorkingCalendar:
        """The statutory calendar of the city, or of one unit with what was decided for it alone."""
        return self._calendar(unit_id, Hours.STATUTORY, ((date.min, self._change(at)),))

    def doors(self, at: datetime, *, unit_id: UUID | None = None) -> WorkingCalendar:
        """When the counter is open: its own hours, else the statutory ones, and exceptional openings over both."""
        return self._calendar(unit_id, Hours.COUNTER, ((date.min, self._change(at)),))

    def as_promised(self, promises: Sequence[datetime], *, unit_id: UUID | None = None) -> WorkingCalendar:
        """The calendar with which a date was promised that was counted at each of these moments, the earliest first.

        A day before the second promise counts as it was known at the first, and so on: what has been counted stays.
        """
        parts: list[tuple[date, int]] = []
        for promise in promises:
            known = self._change(promise)
            if not parts:
                parts.append((date.min, known))
            elif parts[-1][1] != known:
                parts.append((local(promise).date(), known))
        return self._calendar(unit_id, Hours.STATUTORY, tuple(parts))

    def in_force(self, at: datetime) -> tuple[tuple[DayRow, ...], tuple[SessionRow, ...]]:
        """What was decided and not withdrawn, as it stood at a moment."""
        return tuple(row for row in self.days if _is_known(row, at)), tuple(
            row for row in self.sessions if _is_known(row, at)
        )

    @cached_property
    def _changes(self) -> list[datetime]:
        rows: list[Row] = [*self.days, *self.sessions]
        return sorted({row.recorded_at for row in rows} | {row.withdrawn_at for row in rows if row.withdrawn_at})

    @cached_property
    def _units(self) -> frozenset[UUID]:
        """Units with anything of their own; all others share the city's calendar."""
        rows: list[Row] = [*self.days, *self.sessions]
        return frozenset(row.unit_id for row in rows if row.unit_id)

    def _change(self, at: datetime) -> int:
        """How many changes had been made: equal numbers, equal calendars."""
        return bisect_right(self._changes, at)

    def _calendar(self, unit_id: UUID | None, hours: Hours, parts: tuple[Part, ...]) -> WorkingCalendar:
        unit_id = unit_id if unit_id in self._units else None
        key = (unit_id, hours, parts)
        if key not in self._built:
            self._built[key] = self._build(unit_id, hours, parts)
        return self._built[key]

    def _build(self, unit_id: UUID | None, hours: Hours, parts: tuple[Part, ...]) -> WorkingCalendar:
        """One calendar of several states of knowledge, each in force from its first day."""
        weeks: list[WeekHours] = []
        special: list[SpecialDay] = []
        ends = [start for start, _ in parts[1:]] + [date.max]
        for (start, change), end in zip(parts, ends, strict=True):
            days, sessions = self.in_force(self._changes[change - 1]) if change else ((), ())
            mine = (None, unit_id)
            known = week_hours([row for row in sessions if row.unit_id in mine], hours)
            weeks.append(WeekHours(start, max((w for w in known if w.valid_from <= start), key=_since).week))
            weeks += [week for week in known if start < week.valid_from < end]
            rows = [row for row in days if row.unit_id in mine and start <= row.day < end]
            special += [_special(row) for row in sorted(rows, key=_rank) if row.hours in (Hours.STATUTORY, hours)]
        first, last = self.years
        return build_calendar(weeks, special, first_year=first, last_year=last)


def week_hours(rows: Sequence[SessionRow], hours: Hours = Hours.STATUTORY) -> tuple[WeekHours, ...]:
    """The rows as weeks, one from each day on which any of them begins or ends; without rows the usual week.

    On any day a unit's own rows replace the city's; doors without hours of their own follow the statutory ones.
    """
    changes = {row.valid_from for row in rows} | {row.valid_to + timedelta(days=1) for row in rows if row.valid_to}
    return (WeekHours(), *(WeekHours(day, _week(rows, hours, day)) for day in sorted(changes)))


def _week(rows: Sequence[SessionRow], hours: Hours, day: date) -> tuple[tuple[Session, ...], ...]:
    valid = [row for row in rows if row.valid_from <= day <= row.last_day]
    for wanted in dict.fromkeys((hours, Hours.STATUTORY)):
        for own in (True, False):
            found = [row for row in valid if row.hours is wanted and (row.unit_id is not None) is own]
            if found:
                return _sessions_of(found)
    return USUAL_WEEK


def _sessions_of(rows: Iterable[SessionRow]) -> tuple[tuple[Session, ...], ...]:
    ordered = sorted(rows, key=lambda row: row.starts)
    return tuple(
        tuple(Session(row.starts, row.ends) for row in ordered if row.weekday == weekday) for weekday in range(7)
    )


def _is_known(row: Row, at: datetime) -> bool:
    return row.recorded_at <= at and (row.withdrawn_at is None or row.withdrawn_at > at)


def _since(week: WeekHours) -> date:
    return week.valid_from


def _rank(row: DayRow) -> tuple[bool, bool, date]:
    """The last word on a day: a unit's own over the city's, and for the doors what is said of the doors."""
    return (row.hours is Hours.COUNTER, row.unit_id is not None, row.day)


def _special(row: DayRow) -> SpecialDay:
    return SpecialDay(row.day, row.kind, row.name, row.source)
