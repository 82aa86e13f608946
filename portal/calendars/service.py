"""Deciding about the calendar, and what other parts ask of it by name.

Whatever is decided is a row with its source. Nothing that would not be plain is taken: a day that is decreed twice, a
day off that nobody works anyway, sessions that overlap. A decision moves no date that was promised before it
(`records.promises` tells which would be another today).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.calendars.book import CalendarBook, DayRow, Hours, SessionRow
from portal.calendars.explain import WEEKDAYS, due_report
from portal.calendars.models import CalendarException, OfficeHours
from portal.calendars.queries import calendar_book, forget_calendars, working_calendar
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.references import new_id
from portal.core.text import composed, marked
from portal.workflow.deadlines import TermLength, due_at
from portal.workflow.definition import DurationUnit, Text
from portal.workflow.working_time import VIETNAM, DayKind, SpecialDay, WorkingCalendar

_LOCK = text("SELECT pg_advisory_xact_lock(7303260915)")
"""One decision at a time, so that two officers cannot each add what the other has just added."""

NO_SOURCE = marked("Ghi số, ngày của văn bản quyết định.")
NO_NAME = marked("Ghi tên ngày, ví dụ: Nghỉ tránh bão.")
DAY_IS_THERE = marked("Ngày %(day)s đã có trong lịch: %(name)s. Bỏ dòng cũ trước nếu muốn thay.")
DAY_IS_OFF = marked("Ngày %(day)s vốn không làm việc. Chọn ngày khác.")
DAY_IS_WORKED = marked("Ngày %(day)s vốn là ngày làm việc. Chọn ngày khác.")
DAY_IS_BEYOND = marked("Lịch chỉ có từ năm %(first)s đến năm %(last)s. Chọn ngày trong khoảng đó.")
SAME_DAYS = marked("Ngày nghỉ và ngày làm bù phải khác nhau.")
NO_SESSION = marked("Ghi ít nhất một ca làm việc.")
EMPTY_SESSION = marked("Ca %(starts)s-%(ends)s kết thúc trước khi bắt đầu. Xem lại giờ.")
OVERLAP = marked(
    "Ca %(starts)s-%(ends)s trùng với ca %(other)s của %(weekday)s. Xem lại giờ, hoặc kết thúc giờ cũ trước."
)
DATES_REVERSED = marked("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
NO_ROW = marked("Không thấy dòng này trong lịch. Có thể vừa được bỏ.")


@dataclass(frozen=True)
class DueTerm:
    """The answer of `portal due`: the due date in local time, and the lines that explain it."""

    due_at: datetime
    days: tuple[str, ...]


def due_of_term(
    session: Session, *, start: datetime, working_days: int | None, days: int | None, now: datetime
) -> DueTerm:
    """When a term of working or calendar days ends that begins at `start`, by the calendar as it is known at `now`.

    Without a zone `start` is local time.
    """
    accepted_at = start.replace(tzinfo=VIETNAM) if start.tzinfo is None else start
    unit = DurationUnit.CALENDAR_DAYS if working_days is None else DurationUnit.WORKING_DAYS
    term = TermLength(Decimal(working_days or days or 0), unit)
    calendar = working_calendar(session, now=now)
    report = tuple(due_report(term, accepted_at=accepted_at, calendar=calendar))
    return DueTerm(due_at(term, accepted_at=accepted_at, calendar=calendar), report)


def add_day(
    session: Session,
    day: date,
    *,
    kind: DayKind,
    name: Text,
    source: str,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
    hours: Hours = Hours.STATUTORY,
) -> UUID:
    """Decree a day off, or a rest day that is worked, for the city or for one unit; its key.

    With `hours` of the counter only the doors follow. Raises InvalidInput, naming the row that stands in the way.
    """
    book = _locked(session, now)
    _check_day(book, day, kind=kind, unit_id=unit_id, hours=hours, now=now)
    row = _day_values(day, kind, name, source, unit_id=unit_id, hours=hours, actor=actor, now=now)
    _write_days(session, [row], actor=actor, now=now)
    row_id: UUID = row["id"]
    return row_id


def add_swap(
    session: Session,
    *,
    off: date,
    worked: date,
    name: Text,
    source: str,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
) -> tuple[UUID, UUID]:
    """Decree that `worked`, a rest day, is worked instead of `off`; the keys of both rows. Raises InvalidInput."""
    if off == worked:
        raise InvalidInput(SAME_DAYS, field="worked")
    book = _locked(session, now)
    _check_day(book, off, kind=DayKind.OFF, unit_id=unit_id, hours=Hours.STATUTORY, now=now)
    _check_day(book, worked, kind=DayKind.WORK, unit_id=unit_id, hours=Hours.STATUTORY, now=now, field="worked")
    given = Text(f"Làm bù cho ngày nghỉ {_shown(off)}", f"Worked instead of {off.day} {off:%B} {off.year}")
    swap_id = new_id()
    rows = [
        _day_values(off, DayKind.OFF, name, source, unit_id=unit_id, actor=actor, now=now, swap_id=swap_id),
        _day_values(worked, DayKind.WORK, given, source, unit_id=unit_id, actor=actor, now=now, swap_id=swap_id),
    ]
    _write_days(session, rows, actor=actor, now=now)
    return rows[0]["id"], rows[1]["id"]


def withdraw_day(session: Session, row_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a decreed day back; of a swap both days. What was promised while it stood keeps it. Raises NotFound."""
    days, _ = _locked(session, now).in_force(now)
    wanted = next((row for row in days if row.id == row_id), None)
    if wanted is None:
        raise NotFound(NO_ROW)
    ids = [row.id for row in days if row.id == row_id or (wanted.swap_id and row.swap_id == wanted.swap_id)]
    session.execute(
        update(CalendarException)
        .where(CalendarException.id.in_(ids))
        .values(withdrawn_at=now, withdrawn_by=actor.person_id)
    )
    audit.note(session, "calendar_day_withdrawn", actor=actor, now=now, rows=[str(one) for one in ids])
    forget_calendars()


def add_hours(
    session: Session,
    *,
    week: Mapping[int, Sequence[tuple[time, time]]],
    hours: Hours,
    valid_from: date,
    source: str,
    actor: Actor,
    now: datetime,
    valid_to: date | None = None,
    unit_id: UUID | None = None,
) -> list[UUID]:
    """Sessions by weekday (0 is Monday) between two days, for the city or for one unit; their keys.

    A unit with any session on a day follows its own alone. Raises InvalidInput for sessions that overlap each other or
    those in force.
    """
    if not source.strip():
        raise InvalidInput(NO_SOURCE, field="source")
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(DATES_REVERSED, field="valid_to")
    added = [(weekday, starts, ends) for weekday, sessions in week.items() for starts, ends in sessions]
    if not added:
        raise InvalidInput(NO_SESSION, field="week")
    _, rows = _locked(session, now).in_force(now)
    last = valid_to or date.max
    there = [
        (row.weekday, row.starts, row.ends)
        for row in rows
        if (row.unit_id, row.hours) == (unit_id, hours) and row.valid_from <= last and valid_from <= row.last_day
    ]
    _check_sessions(added, there)
    values = [
        _hours_values(unit_id, hours, session, valid_from, valid_to, source, actor=actor, now=now) for session in added
    ]
    session.execute(insert(OfficeHours), values)
    ids: list[UUID] = [row["id"] for row in values]
    audit.note(session, "office_hours_added", actor=actor, now=now, rows=[str(one) for one in ids], source=source)
    forget_calendars()
    return ids


def end_hours(
    session: Session,
    *,
    hours: Hours,
    last_day: date,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
) -> int:
    """End the sessions that are in force after `last_day`; those that begin later go. Answers how many were ended.

    Done by withdrawing each row and writing it again with its last day, so that the past stays readable.
    """
    _, rows = _locked(session, now).in_force(now)
    ended = [row for row in rows if (row.unit_id, row.hours) == (unit_id, hours) and row.last_day > last_day]
    _withdraw_hours(session, ended, actor=actor, now=now)
    kept = [
        _hours_values(
            unit_id, hours, (row.weekday, row.starts, row.ends), row.valid_from, last_day, row.source,
            actor=actor, now=now,
        )
        for row in ended
        if row.valid_from <= last_day
    ]  # fmt: skip
    if kept:
        session.execute(insert(OfficeHours), kept)
    audit.note(session, "office_hours_ended", actor=actor, now=now, rows=[str(row.id) for row in ended])
    forget_calendars()
    return len(ended)


def withdraw_hours(session: Session, row_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take one session back as if it had never been decided; what was promised with it stays. Raises NotFound."""
    _, rows = _locked(session, now).in_force(now)
    wanted = [row for row in rows if row.id == row_id]
    if not wanted:
        raise NotFound(NO_ROW)
    _withdraw_hours(session, wanted, actor=actor, now=now)
    audit.note(session, "office_hours_withdrawn", actor=actor, now=now, rows=[str(row_id)])
    forget_calendars()


def calendar_with(
    session: Session, days: Iterable[SpecialDay], *, now: datetime, unit_id: UUID | None = None
) -> WorkingCalendar:
    """The calendar as it would be with these days decreed: to show what a decision would move before it is taken."""
    known = working_calendar(session, now=now, unit_id=unit_id)
    special = {day.day: day for day in known.special_days} | {day.day: day for day in days}
    return WorkingCalendar(
        hours=known.hours,
        special_days=tuple(special[day] for day in sorted(special)),
        first_day=known.first_day,
        last_day=known.last_day,
    )


def _locked(session: Session, now: datetime) -> CalendarBook:
    session.execute(_LOCK)
    forget_calendars()
    book = calendar_book(session, now=now)
    forget_calendars()  # what is read under the lock is not yet everybody's
    return book


def _check_day(
    book: CalendarBook,
    day: date,
    *,
    kind: DayKind,
    unit_id: UUID | None,
    hours: Hours,
    now: datetime,
    field: str = "day",
) -> None:
    first, last = book.years
    if not first <= day.year <= last:
        raise InvalidInput(DAY_IS_BEYOND, field=field, first=first, last=last)
    days, _ = book.in_force(now)
    twin = [row for row in days if (row.day, row.unit_id, row.hours) == (day, unit_id, hours)]
    calendar = book.doors(now, unit_id=unit_id) if hours is Hours.COUNTER else book.as_known(now, unit_id=unit_id)
    special = calendar.special.get(day)
    if twin or (special is not None and special.kind is kind):
        name = twin[0].name.vi if twin else special.name.vi if special else ""
        raise InvalidInput(DAY_IS_THERE, field=field, day=_shown(day), name=name)
    if calendar.is_working_day(day) is not (kind is DayKind.OFF):
        raise InvalidInput(DAY_IS_OFF if kind is DayKind.OFF else DAY_IS_WORKED, field=field, day=_shown(day))


def _day_values(
    day: date,
    kind: DayKind,
    name: Text,
    source: str,
    *,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
    hours: Hours = Hours.STATUTORY,
    swap_id: UUID | None = None,
) -> dict[str, Any]:
    if not name.vi.strip():
        raise InvalidInput(NO_NAME, field="name")
    if not source.strip():
        raise InvalidInput(NO_SOURCE, field="source")
    return {
        "id": new_id(),
        "day": day,
        "kind": kind.value,
        "hours": hours.value,
        "unit_id": unit_id,
        "name": composed(name.vi).strip(),
        "name_en": composed(name.en).strip(),
        "source": composed(source).strip(),
        "swap_id": swap_id,
        "recorded_at": now,
        "recorded_by": actor.person_id,
    }


def _write_days(session: Session, rows: list[dict[str, Any]], *, actor: Actor, now: datetime) -> None:
    session.execute(insert(CalendarException), rows)
    days = [str(row["day"]) for row in rows]
    audit.note(session, "calendar_day_added", actor=actor, now=now, days=days, source=str(rows[0]["source"]))
    forget_calendars()


def _check_sessions(added: list[tuple[int, time, time]], there: list[tuple[int, time, time]]) -> None:
    for place, (weekday, starts, ends) in enumerate(added):
        if ends <= starts:
            raise InvalidInput(EMPTY_SESSION, field="week", starts=_clock(starts), ends=_clock(ends))
        for other_day, other_starts, other_ends in (*added[:place], *there):
            if other_day == weekday and starts < other_ends and other_starts < ends:
                raise InvalidInput(
                    OVERLAP,
                    field="week",
                    starts=_clock(starts),
                    ends=_clock(ends),
                    other=f"{_clock(other_starts)}-{_clock(other_ends)}",
                    weekday=WEEKDAYS[weekday],
                )


def _hours_values(
    unit_id: UUID | None,
    hours: Hours,
    session: tuple[int, time, time],
    valid_from: date,
    valid_to: date | None,
    source: str,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    weekday, starts, ends = session
    return {
        "id": new_id(),
        "unit_id": unit_id,
        "kind": hours.value,
        "weekday": weekday,
        "starts": starts,
        "ends": ends,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "source": composed(source).strip(),
        "recorded_at": now,
        "recorded_by": actor.person_id,
    }


def _withdraw_hours(session: Session, rows: Sequence[SessionRow], *, actor: Actor, now: datetime) -> None:
    session.execute(
        update(OfficeHours)
        .where(OfficeHours.id.in_([row.id for row in rows]))
        .values(withdrawn_at=now, withdrawn_by=actor.person_id)
    )


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"


__all__ = [
    "DayRow", "DueTerm", "Hours", "SessionRow", "add_day", "add_hours", "add_swap", "calendar_with", "due_of_term",
    "end_hours", "withdraw_day", "withdraw_hours",
]  # fmt: skip
