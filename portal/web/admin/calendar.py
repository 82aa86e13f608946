"""The working calendar of a year: days off, swaps, exceptions with their source, hours of work."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.calendars.book import DayRow, Hours, SessionRow
from portal.calendars.queries import calendar_book, forget_calendars
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.core.wording import day as long_day
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web.admin.accounts import unit_groups
from portal.web.admin.hours_words import HoursRow, hours_rows, unit_name, usual_hours
from portal.web.admin.layout import Cell, admin_page
from portal.web.citations import cited
from portal.web.fields.base import component
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.working_time import DayKind, SpecialDay, WorkingCalendar

blueprint = Blueprint("admin_calendar", __name__, url_prefix="/quan-tri/lich")

HERE = "/quan-tri/lich"


@blueprint.get("")
def year() -> ResponseReturnValue:
    now = clock.now()
    forget_calendars()  # another process may have decided within the minute for which this one trusts what it has read
    with reading(actor()) as session:
        book = calendar_book(session, now=now)
        directory = units.directory(session)
    unit_id = request.args.get("cua", type=UUID)
    known, (decided, sessions) = book.as_known(now, unit_id=unit_id), book.in_force(now)
    shown = _asked_year(clock.local_day(now).year, known)
    return admin_page(
        "calendar.html",
        here=HERE,
        year=shown,
        unit=unit_name(directory, unit_id),
        unit_id=unit_id,
        units=_units_to_choose(directory, unit_id),
        working=sum(known.is_working_day(day) for day in _days_of(shown)),
        months=[_month(known, shown, month, today=clock.local_day(now)) for month in range(1, 13)],
        special=[_special_row(day) for day in known.special_days if day.day.year == shown],
        decided=[_decided_row(row, directory) for row in decided if row.day.year == shown],
        hours=_hours_of(sessions, directory, shown, unit_id),
        previous=_link(shown - 1, known, unit_id),
        next=_link(shown + 1, known, unit_id),
    )


def _asked_year(this_year: int, known: WorkingCalendar) -> int:
    asked = request.args.get("nam", type=int) or this_year
    return min(max(asked, known.first_day.year), known.last_day.year)


def _link(shown: int, known: WorkingCalendar, unit_id: UUID | None) -> dict[str, str] | None:
    if not known.first_day.year <= shown <= known.last_day.year:
        return None
    return {"href": url_for(".year", nam=shown, cua=unit_id), "text": str(shown)}


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
    return [
        long_day(special.day, language=current_language()),
        {"tag": tag},
        localized(special.name),
        cited(special.source),
    ]


def _decided_row(row: DayRow, directory: Directory) -> dict[str, Any]:
    """A day that was decreed here, which can be taken back; public holidays cannot."""
    day = long_day(row.day, language=current_language())
    off = row.kind is DayKind.OFF
    tag = {"text": _("Nghỉ"), "colour": "red"} if off else {"text": _("Làm bù"), "colour": "green"}
    return {
        "id": row.id,
        "day": day,
        "tag": tag,
        "name": localized(row.name),
        "unit": unit_name(directory, row.unit_id),
        "doors": row.hours is Hours.COUNTER,
        "source": row.source,
    }


def _hours_of(rows: Sequence[SessionRow], directory: Directory, shown: int, unit_id: UUID | None) -> list[HoursRow]:
    """Hours in force on some day of the year: everybody's, or those that one unit follows; first the usual ones."""
    wanted = [
        row
        for row in rows
        if row.valid_from.year <= shown <= row.last_day.year and (unit_id is None or row.unit_id in (None, unit_id))
    ]
    listed = hours_rows(wanted, directory)
    decided = any(row.unit_id is None and row.hours is Hours.STATUTORY for row in listed)
    return listed if decided else [usual_hours(), *listed]


def _units_to_choose(directory: Directory, unit_id: UUID | None) -> Markup:
    return component("select")(
        "cua",
        _("Lịch của"),
        [{"value": "", "text": _("cả thành phố")}, *unit_groups(directory)],
        value=str(unit_id or ""),
    )
