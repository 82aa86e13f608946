"""Deciding about the calendar, and what other parts ask of it by name.

Whatever is decided is a row with its source. Nothing that would not be plain is taken: a day that is decreed twice, a
day off that nobody works anyway, sessions that overlap. A decision moves no date that was promised before it
(`records.promises` tells which would be another today).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.calendars.book import CalendarBook, DayRow, Hours, SessionRow
from portal.calendars.deciding import NO_ROW, NO_SOURCE, document, locked
from portal.calendars.explain import due_report
from portal.calendars.hours_deciding import (
    DATES_REVERSED,
    EMPTY_SESSION,
    NO_HOURS,
    NO_SESSION,
    OVERLAP,
    add_hours,
    end_hours,
    withdraw_hours,
)
from portal.calendars.models import CalendarException
from portal.calendars.queries import forget_calendars, working_calendar
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.references import new_id
from portal.core.text import composed, marked
from portal.workflow.deadlines import TermLength, due_at
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, DayKind, SpecialDay, WorkingCalendar

NO_NAME = marked("Ghi tên ngày, ví dụ: Nghỉ tránh bão.")
DAY_IS_THERE = marked("Ngày %(day)s đã có trong lịch: %(name)s. Bỏ dòng cũ trước nếu muốn thay.")
DAY_OFF_ALREADY = marked("Ngày %(day)s đã là ngày nghỉ: %(name)s. Không phải ghi lại.")
DAY_WORKED_ALREADY = marked("Ngày %(day)s đã là ngày làm bù: %(name)s. Không phải ghi lại.")
DAY_IS_OFF = marked("Ngày %(day)s vốn không làm việc. Chọn ngày khác.")
DAY_IS_WORKED = marked("Ngày %(day)s vốn là ngày làm việc. Chọn ngày khác.")
DAY_IS_BEYOND = marked("Lịch chỉ có từ năm %(first)s đến năm %(last)s. Chọn ngày trong khoảng đó.")
SAME_DAYS = marked("Ngày nghỉ và ngày làm bù phải khác nhau.")


@dataclass(frozen=True)
class DueTerm:
    """The answer of `portal due`: the due date in local time, and the lines that explain it."""

    due_at: datetime
    days: tuple[str, ...]


def due_of_term(session: Session, term: TermLength, *, start: datetime, now: datetime) -> DueTerm:
    """When a term ends that begins at `start`, by the calendar as it is known at `now`.

    Without a zone `start` is local time.
    """
    accepted_at = start.replace(tzinfo=VIETNAM) if start.tzinfo is None else start
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
    book = locked(session, now)
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
    hours: Hours = Hours.STATUTORY,
) -> tuple[UUID, UUID]:
    """Decree that `worked`, a rest day, is worked instead of `off`; the keys of both rows. Raises InvalidInput.

    With `hours` of the counter only the doors follow.
    """
    if off == worked:
        raise InvalidInput(SAME_DAYS, field="worked")
    book = locked(session, now)
    _check_day(book, off, kind=DayKind.OFF, unit_id=unit_id, hours=hours, now=now)
    _check_day(book, worked, kind=DayKind.WORK, unit_id=unit_id, hours=hours, now=now, field="worked")
    given = Text(f"Làm bù cho ngày nghỉ {_shown(off)}", f"Worked instead of {off.day} {off:%B} {off.year}")
    swap_id = new_id()
    rows = [
        _day_values(day, kind, why, source, unit_id=unit_id, hours=hours, actor=actor, now=now, swap_id=swap_id)
        for day, kind, why in ((off, DayKind.OFF, name), (worked, DayKind.WORK, given))
    ]
    _write_days(session, rows, actor=actor, now=now)
    return rows[0]["id"], rows[1]["id"]


def withdraw_day(session: Session, row_id: UUID, *, source: str, actor: Actor, now: datetime) -> None:
    """Take a decreed day back by a document of its own; of a swap both days. What was promised while it stood keeps it.

    Raises NotFound, InvalidInput.
    """
    days, _ = locked(session, now).in_force(now)
    wanted = next((row for row in days if row.id == row_id), None)
    if wanted is None:
        raise NotFound(NO_ROW)
    by = document(source)
    ids = [row.id for row in days if row.id == row_id or (wanted.swap_id and row.swap_id == wanted.swap_id)]
    session.execute(
        update(CalendarException)
        .where(CalendarException.id.in_(ids))
        .values(withdrawn_at=now, withdrawn_by=actor.person_id, withdrawal_source=by)
    )
    audit.note(session, "calendar_day_withdrawn", actor=actor, now=now, rows=[str(one) for one in ids], source=by)
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
    if twin:
        raise InvalidInput(DAY_IS_THERE, field=field, day=day, name=twin[0].name)
    if special is not None and special.kind is kind:
        already = DAY_OFF_ALREADY if kind is DayKind.OFF else DAY_WORKED_ALREADY
        raise InvalidInput(already, field=field, day=day, name=special.name)
    if calendar.is_working_day(day) is not (kind is DayKind.OFF):
        raise InvalidInput(DAY_IS_OFF if kind is DayKind.OFF else DAY_IS_WORKED, field=field, day=day)


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
    return {
        "id": new_id(),
        "day": day,
        "kind": kind.value,
        "hours": hours.value,
        "unit_id": unit_id,
        "name": composed(name.vi).strip(),
        "name_en": composed(name.en).strip(),
        "source": document(source),
        "swap_id": swap_id,
        "recorded_at": now,
        "recorded_by": actor.person_id,
    }


def _write_days(session: Session, rows: list[dict[str, Any]], *, actor: Actor, now: datetime) -> None:
    session.execute(insert(CalendarException), rows)
    days = [str(row["day"]) for row in rows]
    audit.note(session, "calendar_day_added", actor=actor, now=now, days=days, source=str(rows[0]["source"]))
    forget_calendars()


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


__all__ = [
    "DATES_REVERSED", "EMPTY_SESSION", "NO_HOURS", "NO_ROW", "NO_SESSION", "NO_SOURCE", "OVERLAP", "DayRow", "DueTerm",
    "Hours", "SessionRow", "add_day", "add_hours", "add_swap", "calendar_with", "due_of_term", "end_hours",
    "withdraw_day", "withdraw_hours",
]  # fmt: skip
