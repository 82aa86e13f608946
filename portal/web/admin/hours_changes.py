"""Deciding about hours of work: sessions of the city or of one unit from a day on, and their end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.calendars import service
from portal.calendars.book import Hours
from portal.calendars.queries import calendar_book
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.units import queries as units
from portal.web.admin.calendar_forms import EndHoursForm, HoursForm, named_unit
from portal.web.admin.hours_words import HoursRow, hours_rows, unit_name
from portal.web.admin.layout import admin_page
from portal.web.admin.moved_dates import decided
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.working_time import USUAL_WEEK

blueprint = Blueprint("admin_hours", __name__, url_prefix="/quan-tri/lich/gio")

HERE = "/quan-tri/lich"


@blueprint.route("/them", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Decide, or only look which dates would be others."""
    now, form = clock.now(), _form()
    is_taken, moved = decided(form, lambda session: _add(session, form, now), unit_id=form.unit_id, now=now)
    if is_taken:
        flash(_("Đã ghi giờ vào lịch. Ngày đã hẹn với người dân giữ nguyên."), "success")
        return redirect(_back(form.unit_id, year=form.answers["valid_from"].year), 303)
    return admin_page("add_hours.html", form, here=HERE, moved=moved)


@blueprint.route("/ket-thuc", methods=["GET", "POST"])
def end() -> ResponseReturnValue:
    """End the hours of one kind of the city or a unit, or only look."""
    now, form = clock.now(), EndHoursForm.from_request()
    unit_id, hours = _asked()
    is_taken, moved = decided(form, lambda session: _end(session, form, unit_id, hours, now), unit_id=unit_id, now=now)
    if is_taken:
        flash(_("Đã ghi ngày kết thúc. Ngày đã hẹn với người dân giữ nguyên."), "success")
        return redirect(_back(unit_id), 303)
    unit, rows = _in_force(unit_id, hours, now)
    return admin_page("end_hours.html", form, here=HERE, moved=moved, unit=unit, rows=rows)


def _form() -> HoursForm:
    with reading(actor()) as session:
        directory = units.directory(session)
    asked = {"unit": request.args.get("cua", ""), "hours": Hours.STATUTORY.value}
    return HoursForm.in_city(directory, **asked, **HoursForm.filled(USUAL_WEEK))


def _asked() -> tuple[UUID | None, Hours]:
    hours = Hours.COUNTER if request.args.get("loai") == Hours.COUNTER.value else Hours.STATUTORY
    return named_unit(request.args.get("cua", "")), hours


def _back(unit_id: UUID | None, *, year: int | None = None) -> str:
    return url_for("admin_calendar.year", nam=year, cua=unit_id, _anchor="gio")


def _add(session: Session, form: HoursForm, now: datetime) -> None:
    answers = form.answers
    service.add_hours(
        session,
        week=form.week,
        hours=Hours(answers["hours"]),
        valid_from=answers["valid_from"],
        valid_to=answers["valid_to"],
        unit_id=form.unit_id,
        replacing=answers["replacing"],
        source=answers["source"],
        actor=actor(),
        now=now,
    )


def _end(session: Session, form: EndHoursForm, unit_id: UUID | None, hours: Hours, now: datetime) -> None:
    service.end_hours(
        session,
        hours=hours,
        last_day=form.answers["last_day"],
        source=form.answers["source"],
        unit_id=unit_id,
        actor=actor(),
        now=now,
    )


def _in_force(unit_id: UUID | None, hours: Hours, now: datetime) -> tuple[str, list[HoursRow]]:
    with reading(actor()) as session:
        _days, sessions = calendar_book(session, now=now).in_force(now)
        directory = units.directory(session)
    wanted = [row for row in sessions if (row.unit_id, row.hours) == (unit_id, hours)]
    return unit_name(directory, unit_id), hours_rows(wanted, directory)
