"""The working calendar as the database and the holiday package have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from portal.calendars.book import CalendarBook, DayRow, Hours, SessionRow
from portal.calendars.models import CalendarException, OfficeHours
from portal.calendars.rules import FIRST_YEAR
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, WorkingCalendar

KEPT = timedelta(minutes=1)
"""How long a process trusts the calendar that it has read: a change counts everywhere within this time."""

YEARS_AHEAD = 6

_kept: tuple[datetime, CalendarBook] | None = None
_trusted = KEPT


def working_calendar(session: DatabaseSession, *, now: datetime, unit_id: UUID | None = None) -> WorkingCalendar:
    """The statutory calendar of the city as it is known at `now`, or of one unit with what was decided for it alone."""
    return calendar_book(session, now=now).as_known(now, unit_id=unit_id)


def counter_calendar(session: DatabaseSession, *, now: datetime, unit_id: UUID | None = None) -> WorkingCalendar:
    """When the doors are open. Terms never count by it."""
    return calendar_book(session, now=now).doors(now, unit_id=unit_id)


def promised_calendar(session: DatabaseSession, *, now: datetime, promises: Sequence[datetime]) -> WorkingCalendar:
    """The city's calendar with which a term was counted that was promised at each of these moments."""
    return calendar_book(session, now=now).as_promised(promises or (now,))


def calendar_book(session: DatabaseSession, *, now: datetime) -> CalendarBook:
    """Every decision about the calendar. Two statements, at most once a minute in each process; in between it costs
    nothing."""
    global _kept
    if _kept and abs(now - _kept[0]) < _trusted:
        return _kept[1]
    read = read_calendars(session, now=now)
    book = _kept[1] if _kept and _kept[1] == read else read
    _kept = (now, book)
    return book


def read_calendars(session: DatabaseSession, *, now: datetime) -> CalendarBook:
    """As `calendar_book`, always read, and kept by nobody: for what this transaction alone has written."""
    return CalendarBook(_days(session), _sessions(session), (FIRST_YEAR, now.year + YEARS_AHEAD))


def forget_calendars() -> None:
    """Read again at the next question: for the process that has just changed the calendar."""
    global _kept
    _kept = None


@contextmanager
def calendars_that_stay() -> Iterator[None]:
    """Inside, the calendar is read once, however far the moments lie apart that are asked about."""
    global _trusted
    forget_calendars()
    _trusted = timedelta.max
    try:
        yield
    finally:
        _trusted = KEPT
        forget_calendars()


def _days(session: DatabaseSession) -> tuple[DayRow, ...]:
    row = CalendarException
    found = session.execute(
        select(
            row.id, row.day, row.kind, row.hours, row.unit_id, row.name, row.name_en, row.source, row.swap_id,
            row.recorded_at, row.withdrawn_at,
        ).order_by(row.day, row.id)
    )  # fmt: skip
    return tuple(
        DayRow(
            id=one.id,
            day=one.day,
            kind=DayKind(one.kind),
            hours=Hours(one.hours),
            unit_id=one.unit_id,
            name=Text(one.name, one.name_en),
            source=one.source,
            swap_id=one.swap_id,
            recorded_at=one.recorded_at,
            withdrawn_at=one.withdrawn_at,
        )
        for one in found
    )


def _sessions(session: DatabaseSession) -> tuple[SessionRow, ...]:
    row = OfficeHours
    found = session.execute(
        select(
            row.id, row.unit_id, row.kind, row.weekday, row.starts, row.ends, row.valid_from, row.valid_to, row.source,
            row.end_source, row.recorded_at, row.withdrawn_at,
        ).order_by(row.valid_from, row.weekday, row.starts, row.id)
    )  # fmt: skip
    return tuple(
        SessionRow(
            id=one.id,
            unit_id=one.unit_id,
            hours=Hours(one.kind),
            weekday=one.weekday,
            starts=one.starts,
            ends=one.ends,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            source=one.source,
            end_source=one.end_source,
            recorded_at=one.recorded_at,
            withdrawn_at=one.withdrawn_at,
        )
        for one in found
    )
