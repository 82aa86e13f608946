"""The working calendar as the database and the holiday package have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from portal.calendars.models import CalendarException, OfficeHours
from portal.calendars.rules import FIRST_YEAR, build_calendar
from portal.workflow.definition import Text
from portal.workflow.working_time import USUAL_WEEK, DayKind, Session, SpecialDay, WeekHours, WorkingCalendar

KEPT = timedelta(minutes=1)
"""How long a process trusts the calendar that it has read: a change counts everywhere within this time."""

YEARS_AHEAD = 6


@dataclass(frozen=True)
class _Version:
    """What a calendar was built from; equal versions keep the calendar and its sums."""

    years: tuple[int, int]
    hours: tuple[WeekHours, ...]
    exceptions: tuple[SpecialDay, ...]


_kept: dict[UUID | None, tuple[datetime, _Version, WorkingCalendar]] = {}


def working_calendar(session: DatabaseSession, *, now: datetime, unit_id: UUID | None = None) -> WorkingCalendar:
    """The statutory calendar of the city, or of one unit with what was decided for it alone.

    Two statements, at most once a minute in each process; in between the calendar costs nothing.
    """
    kept = _kept.get(unit_id)
    if kept and abs(now - kept[0]) < KEPT:
        return kept[2]
    version = _Version((FIRST_YEAR, now.year + YEARS_AHEAD), _hours(session, unit_id), _exceptions(session, unit_id))
    calendar = kept[2] if kept and kept[1] == version else _build(version)
    _kept[unit_id] = (now, version, calendar)
    return calendar


def forget_calendars() -> None:
    """Read again at the next question: for the process that has just changed the calendar."""
    _kept.clear()


def _build(version: _Version) -> WorkingCalendar:
    first, last = version.years
    return build_calendar(version.hours, version.exceptions, first_year=first, last_year=last)


def _exceptions(session: DatabaseSession, unit_id: UUID | None) -> tuple[SpecialDay, ...]:
    rows = session.execute(
        select(CalendarException.day, CalendarException.kind, CalendarException.name, CalendarException.source)
        .where(CalendarException.unit_id.is_(None) | (CalendarException.unit_id == unit_id))
        .order_by(CalendarException.unit_id.nulls_first(), CalendarException.day)
    )
    return tuple(SpecialDay(row.day, DayKind(row.kind), Text(row.name), row.source) for row in rows)


def _hours(session: DatabaseSession, unit_id: UUID | None) -> tuple[WeekHours, ...]:
    rows = session.scalars(
        select(OfficeHours)
        .where(OfficeHours.kind == "statutory")
        .where(OfficeHours.unit_id.is_(None) | (OfficeHours.unit_id == unit_id))
        .order_by(OfficeHours.valid_from, OfficeHours.weekday, OfficeHours.starts)
    ).all()
    own = [row for row in rows if row.unit_id is not None]
    return week_hours(own or rows)


def week_hours(rows: Sequence[OfficeHours]) -> tuple[WeekHours, ...]:
    """The rows as weeks, one from each day on which any of them begins or ends; without rows the usual week."""
    changes = {row.valid_from for row in rows} | {row.valid_to + timedelta(days=1) for row in rows if row.valid_to}
    return (WeekHours(), *(WeekHours(day, _week(rows, day)) for day in sorted(changes)))


def _week(rows: Iterable[OfficeHours], day: date) -> tuple[tuple[Session, ...], ...]:
    valid = [row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]
    if not valid:
        return USUAL_WEEK
    valid.sort(key=lambda row: row.starts)
    return tuple(
        tuple(Session(row.starts, row.ends) for row in valid if row.weekday == weekday) for weekday in range(7)
    )
