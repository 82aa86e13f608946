"""The working calendar of a year: days off, swaps, exceptions with their source, hours of work."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from portal.calendars.book import DayRow
from portal.calendars.explain import WEEKDAYS
from portal.calendars.queries import calendar_book, forget_calendars
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.core.wording import day as long_day
from portal.core.wording import short_day
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web.admin.layout import Cell, admin_page
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.working_time import DayKind, SpecialDay, WeekHours, WorkingCalendar

blueprint = Blueprint("admin_calendar", __name__, url_prefix="/quan-tri/lich")

HERE = "/quan-tri/lich"


@blueprint.get("")
def year() -> ResponseReturnValue:
    now = clock.now()
    forget_calendars()  # another process may have decided within the minute for which this one trusts what it has read
    with reading(actor()) as session:
        book = calendar_book(session, now=now)
        directory = units.directory(session)
    known, (decided, _hours) = book.as_known(now), book.in_force(now)
    shown = _asked_year(clock.local_day(now).year, known)
    special = [day for day in known.special_days if day.day.year == shown]
    working = sum(known.is_working_day(day) for day in _days_of(shown))
    return admin_page(
        "calendar.html",
        here=HERE,
        year=shown,
        working=working,
        months=[_month(known, shown, month, today=clock.local_day(now)) for month in range(1, 13)],
        special=[_special_row(day) for day in special],
        decided=[_decided_row(row, directory) for row in decided if row.day.year == shown],
        hours=[_hours_row(hours) for hours in _hours_in(known, shown)],
        previous=_link(shown - 1, known),
        next=_link(shown + 1, known),
    )


def _asked_year(this_year: int, known: WorkingCalendar) -> int:
    asked = request.args.get("nam", type=int) or this_year
    return min(max(asked, known.first_day.year), known.last_day.year)


def _link(shown: int, known: WorkingCalendar) -> dict[str, str] | None:
    if not known.first_day.year <= shown <= known.last_day.year:
        return None
    return {"href": url_for(".year", nam=shown), "text": str(shown)}


def _days_of(shown: int) -> list[date]:
    first = date(shown, 1, 1).toordinal()
    return [date.fromordinal(number) for number in range(first, date(shown + 1, 1, 1).toordinal())]


def _month(known: WorkingCalendar, shown: int, month: int, *, today: date) -> dict[str, Any]:
    weeks = months.Calendar().monthdatescalendar(shown, month)
    name = _("Tháng %(month)s", month=month)
    return {"name": name, "weeks": [[_cell(known, day, month, today) for day in week] for week in weeks]}


def _cell(known: WorkingCalendar, day: date, month: int, today: date) -> dict[str, Any]:
    """A day of the grid. Days of other months are empty; what is special is said in words too."""
    if day.month != month:
        return {}
    special = known.special.get(day)
    if special is not None:
        kind = "off" if special.kind is DayKind.OFF else "worked"
        return {"number": day.day, "kind": kind, "words": localized(special.name), "today": day == today}
    return {"number": day.day, "kind": "" if known.is_working_day(day) else "rest", "words": "", "today": day == today}


def _special_row(special: SpecialDay) -> list[Cell]:
    off = special.kind is DayKind.OFF
    tag = {"text": _("Nghỉ"), "colour": "red"} if off else {"text": _("Làm bù"), "colour": "green"}
    return [long_day(special.day, language=current_language()), {"tag": tag}, localized(special.name), special.source]


def _decided_row(row: DayRow, directory: Directory) -> dict[str, Any]:
    """A day that was decreed here, which can be taken back; public holidays cannot."""
    unit = directory.unit(row.unit_id).in_language(current_language()) if row.unit_id else _("cả thành phố")
    day = long_day(row.day, language=current_language())
    off = row.kind is DayKind.OFF
    tag = {"text": _("Nghỉ"), "colour": "red"} if off else {"text": _("Làm bù"), "colour": "green"}
    return {"id": row.id, "day": day, "tag": tag, "name": localized(row.name), "unit": unit, "source": row.source}


def _hours_in(known: WorkingCalendar, shown: int) -> list[WeekHours]:
    """The weeks in force on some day of the year."""
    following = [*known.hours[1:], None]
    return [
        hours
        for hours, later in zip(known.hours, following, strict=True)
        if hours.valid_from.year <= shown and (later is None or later.valid_from > date(shown, 1, 1))
    ]


def _hours_row(hours: WeekHours) -> list[Cell]:
    since = _("trước giờ") if hours.valid_from == date.min else short_day(hours.valid_from, language=current_language())
    return [{"text": since, "num": True}, {"lines": _week_lines(hours)}]


def _week_lines(hours: WeekHours) -> list[str]:
    """Weekdays with the same sessions stand together: `thứ Hai đến thứ Sáu: 7:00 đến 11:00, 13:00 đến 17:00`."""
    lines: list[tuple[list[int], str]] = []
    for weekday, sessions in enumerate(hours.week):
        said = ", ".join(f"{one.starts:%H:%M}–{one.ends:%H:%M}" for one in sessions) or _("nghỉ")
        if lines and lines[-1][1] == said:
            lines[-1][0].append(weekday)
        else:
            lines.append(([weekday], said))
    return [f"{_days_named(weekdays)}: {said}" for weekdays, said in lines]


def _days_named(weekdays: list[int]) -> str:
    first, last = _weekday(weekdays[0]), _weekday(weekdays[-1])
    return first if len(weekdays) == 1 else _("%(start)s đến %(end)s", start=first, end=last)


def _weekday(weekday: int) -> str:
    return WEEKDAYS[weekday] if current_language() == "vi" else months.day_name[weekday]
