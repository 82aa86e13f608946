"""Deciding about hours of work: sessions between two days, for the city or for one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.calendars.book import CalendarBook, Hours, SessionRow
from portal.calendars.deciding import NO_ROW, document, locked
from portal.calendars.explain import WEEKDAY_NAMES
from portal.calendars.models import OfficeHours
from portal.calendars.queries import forget_calendars
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.references import new_id
from portal.core.text import marked

_DAY = timedelta(days=1)

NO_SESSION = marked("Ghi ít nhất một ca làm việc.")
EMPTY_SESSION = marked("Ca %(starts)s-%(ends)s kết thúc trước khi bắt đầu. Xem lại giờ.")
OVERLAP = marked(
    "Ca %(starts)s-%(ends)s trùng với ca %(other)s của %(weekday)s. Xem lại giờ, hoặc kết thúc giờ cũ trước."
)
DATES_REVERSED = marked("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
NO_HOURS = marked("Không có giờ nào còn áp dụng sau ngày %(day)s. Chọn ngày sớm hơn.")


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
    replacing: bool = False,
) -> list[UUID]:
    """Sessions by weekday (0 is Monday) between two days, for the city or for one unit; their keys.

    A unit with any session on a day follows its own alone. `replacing`: the sessions in force stand back meanwhile and
    come again afterwards. Raises InvalidInput for sessions that overlap each other or, otherwise, those in force; its
    field is `weekday_0` and so on.
    """
    by = document(source)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(DATES_REVERSED, field="valid_to")
    added = [(weekday, starts, ends) for weekday, sessions in week.items() for starts, ends in sessions]
    if not added:
        raise InvalidInput(NO_SESSION, field="weekday_0")
    there = _overlapped(locked(session, now), unit_id, hours, valid_from, valid_to, now=now)
    _check_sessions(added, [] if replacing else there)
    if replacing:
        _stand_back(session, there, valid_from, valid_to, by, actor=actor, now=now)
    values = [
        _hours_values(unit_id, hours, session, valid_from, valid_to, by, actor=actor, now=now) for session in added
    ]
    session.execute(insert(OfficeHours), values)
    ids: list[UUID] = [row["id"] for row in values]
    audit.note(session, "office_hours_added", actor=actor, now=now, rows=[str(one) for one in ids], source=by)
    forget_calendars()
    return ids


def end_hours(
    session: Session,
    *,
    hours: Hours,
    last_day: date,
    source: str,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
) -> int:
    """End the sessions that are in force after `last_day`; those that begin later go. Answers how many were ended.

    Done by withdrawing each row and writing it again with its last day, so that the past stays readable. Raises
    InvalidInput without a source, and when no session is in force after the day.
    """
    by = document(source)
    ended = _overlapped(locked(session, now), unit_id, hours, last_day + _DAY, None, now=now)
    if not ended:
        raise InvalidInput(NO_HOURS, field="last_day", day=last_day)
    _stand_back(session, ended, last_day + _DAY, None, by, actor=actor, now=now)
    audit.note(session, "office_hours_ended", actor=actor, now=now, rows=[str(row.id) for row in ended], source=by)
    forget_calendars()
    return len(ended)


def withdraw_hours(session: Session, row_id: UUID, *, source: str, actor: Actor, now: datetime) -> None:
    """Take one session back as if it had never been decided; what was promised with it stays.

    Raises NotFound, InvalidInput.
    """
    _, rows = locked(session, now).in_force(now)
    wanted = [row for row in rows if row.id == row_id]
    if not wanted:
        raise NotFound(NO_ROW)
    _withdraw_hours(session, wanted, document(source), actor=actor, now=now)
    audit.note(session, "office_hours_withdrawn", actor=actor, now=now, rows=[str(row_id)], source=source)
    forget_calendars()


def _check_sessions(added: list[tuple[int, time, time]], there: Sequence[SessionRow]) -> None:
    known = [(row.weekday, row.starts, row.ends) for row in there]
    for place, (weekday, starts, ends) in enumerate(added):
        field, said = f"weekday_{weekday}", {"starts": _clock(starts), "ends": _clock(ends)}
        if ends <= starts:
            raise InvalidInput(EMPTY_SESSION, field=field, **said)
        for other_day, other_starts, other_ends in (*added[:place], *known):
            if other_day == weekday and starts < other_ends and other_starts < ends:
                other = f"{_clock(other_starts)}-{_clock(other_ends)}"
                raise InvalidInput(OVERLAP, field=field, other=other, weekday=WEEKDAY_NAMES[weekday], **said)


def _overlapped(
    book: CalendarBook, unit_id: UUID | None, hours: Hours, first: date, last: date | None, *, now: datetime
) -> list[SessionRow]:
    """The sessions of the city or of the unit that are in force on some day from `first` to `last`."""
    _, rows = book.in_force(now)
    return [
        row
        for row in rows
        if (row.unit_id, row.hours) == (unit_id, hours)
        and row.valid_from <= (last or date.max)
        and first <= row.last_day
    ]


def _stand_back(
    session: Session,
    rows: Sequence[SessionRow],
    first: date,
    last: date | None,
    by: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the sessions back and write what is left of them before `first` and after `last`."""
    _withdraw_hours(session, rows, by, actor=actor, now=now)
    parts = [
        *((row, row.valid_from, first - _DAY, by) for row in rows if row.valid_from < first),
        *((row, last + _DAY, row.valid_to, row.end_source) for row in rows if last is not None and last < row.last_day),
    ]
    kept = [
        _hours_values(
            row.unit_id, row.hours, (row.weekday, row.starts, row.ends), since, until, row.source,
            end_source=ended_by, actor=actor, now=now,
        )
        for row, since, until, ended_by in parts
    ]  # fmt: skip
    if kept:
        session.execute(insert(OfficeHours), kept)


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
    end_source: str = "",
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
        "source": source,
        "end_source": end_source,
        "recorded_at": now,
        "recorded_by": actor.person_id,
    }


def _withdraw_hours(session: Session, rows: Sequence[SessionRow], by: str, *, actor: Actor, now: datetime) -> None:
    session.execute(
        update(OfficeHours)
        .where(OfficeHours.id.in_([row.id for row in rows]))
        .values(withdrawn_at=now, withdrawn_by=actor.person_id, withdrawal_source=by)
    )


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"
