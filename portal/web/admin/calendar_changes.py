"""Deciding about the calendar: a day off, a rest day that is worked, a swap of both; taking one back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.calendars import service
from portal.calendars.book import DayRow, Hours
from portal.calendars.queries import calendar_book
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import day as long_day
from portal.units import queries as units
from portal.web.admin.calendar_forms import SWAP, DayForm, WithdrawDayForm
from portal.web.admin.layout import admin_page
from portal.web.admin.moved_dates import decided, moved_by
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind

blueprint = Blueprint("admin_calendar_changes", __name__, url_prefix="/quan-tri/lich")

HERE = "/quan-tri/lich"


@blueprint.route("/them", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Decide, or only look which promised dates would be others."""
    now, form = clock.now(), _form()
    is_taken, moved = decided(form, lambda session: _decide(session, form, now), unit_id=form.unit_id, now=now)
    if is_taken:
        flash(_("Đã ghi vào lịch. Ngày đã hẹn với người dân giữ nguyên."), "success")
        return redirect(url_for("admin_calendar.year", nam=form.answers["day"].year), 303)
    return admin_page("add_day.html", form, here=HERE, moved=moved)


@blueprint.route("/<uuid:row_id>/bo", methods=["GET", "POST"])
def withdraw(row_id: UUID) -> ResponseReturnValue:
    now, form = clock.now(), WithdrawDayForm.from_request()
    row = _decided_day(row_id, now)
    if form.is_valid_submission():
        with unit_of_work(actor()) as session:
            service.withdraw_day(session, row_id, source=form.answers["source"], actor=actor(), now=now)
        flash(_("Đã bỏ khỏi lịch. Ngày đã hẹn với người dân giữ nguyên."), "success")
        return redirect(url_for("admin_calendar.year", nam=row.day.year), 303)
    return admin_page(
        "withdraw_day.html",
        form,
        here=HERE,
        day=long_day(row.day, language=current_language()),
        reason=localized(row.name),
        row=row,
        moved=moved_by(lambda session: _withdraw(session, row_id, now), unit_id=row.unit_id, now=now),
    )


def _decided_day(row_id: UUID, now: datetime) -> DayRow:
    with reading(actor()) as session:
        days, _hours = calendar_book(session, now=now).in_force(now)
    for row in days:
        if row.id == row_id:
            return row
    raise NotFound(service.NO_ROW)


def _withdraw(session: Session, row_id: UUID, now: datetime) -> None:
    """As a trial: the document is not known yet."""
    service.withdraw_day(session, row_id, source="?", actor=actor(), now=now)


def _form() -> DayForm:
    with reading(actor()) as session:
        return DayForm.in_city(units.directory(session), hours=Hours.STATUTORY.value)


def _decide(session: Session, form: DayForm, now: datetime) -> None:
    """Raises InvalidInput, naming the row that stands in the way."""
    answers = form.answers
    said: dict[str, Any] = {
        "name": Text(answers["name"], answers["name_en"]),
        "source": answers["source"],
        "unit_id": form.unit_id,
        "hours": Hours(answers["hours"]),
        "actor": actor(),
        "now": now,
    }
    if answers["kind"] == SWAP:
        service.add_swap(session, off=answers["day"], worked=_worked(form), **said)
    else:
        service.add_day(session, answers["day"], kind=DayKind(answers["kind"]), **said)


def _worked(form: DayForm) -> date:
    worked: date | None = form.answers["worked"]
    if worked is None:
        raise InvalidInput("Nhập ngày làm bù", field="worked")
    return worked
