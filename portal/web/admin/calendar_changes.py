"""Deciding about the calendar: a day off, a rest day that is worked, a swap of both; taking one back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.calendars import service
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import short_day
from portal.records.promises import OtherPromise, other_promises
from portal.units import queries as units
from portal.web.admin.account_forms import GroupedField
from portal.web.admin.accounts import unit_groups
from portal.web.admin.layout import Cell, admin_page
from portal.web.errors import tell
from portal.web.fields import BaseForm, ChoiceField, DateField, TextField
from portal.web.languages import current_language
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, SpecialDay

blueprint = Blueprint("admin_calendar_changes", __name__, url_prefix="/quan-tri/lich")

HERE = "/quan-tri/lich"
SWAP = "swap"
MOST_SHOWN = 20


class DayForm(BaseForm):
    kind = ChoiceField(
        __("Đổi gì?"),
        thing=__("đổi gì"),
        choices=[
            (DayKind.OFF.value, __("Cho nghỉ một ngày làm việc")),
            (DayKind.WORK.value, __("Làm việc vào một ngày nghỉ")),
            (SWAP, __("Hoán đổi: nghỉ một ngày, làm bù ngày khác")),
        ],
    )
    day = DateField(__("Ngày"), hint=__("Ngày nghỉ, hoặc ngày nghỉ được đem làm"))
    worked = DateField(__("Ngày làm bù"), required=False, hint=__("Chỉ khi hoán đổi"))
    name = TextField(__("Vì sao"), thing=__("lý do"), hint=__("Người dân thấy, ví dụ Nghỉ tránh bão"), max_length=200)
    name_en = TextField(__("Vì sao, bằng tiếng Anh"), required=False, max_length=200)
    source = TextField(
        __("Căn cứ"), hint=__("Số, ngày của văn bản, ví dụ 1234/UBND-NC ngày 20/11/2026"), max_length=200
    )
    unit = GroupedField(__("Chỉ cho một đơn vị"), required=False, hint=__("Để trống thì áp dụng cả thành phố"))

    @property
    def special_days(self) -> list[SpecialDay]:
        """What the calendar would say of the day, and of the day worked for it."""
        answers = self.answers
        name = Text(answers["name"], answers["name_en"])
        if answers["kind"] != SWAP:
            return [SpecialDay(answers["day"], DayKind(answers["kind"]), name)]
        swapped: date | None = answers["worked"]
        given = [SpecialDay(swapped, DayKind.WORK, name)] if swapped else []
        return [SpecialDay(answers["day"], DayKind.OFF, name), *given]


@blueprint.route("/them", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Decide, or only look which promised dates would be others."""
    now, form = clock.now(), _form()
    moved: list[OtherPromise] | None = None
    if form.is_valid_submission():
        try:
            if "look" in request.form:
                moved = _would_move(form, now)
            else:
                with unit_of_work(actor()) as session:
                    _decide(session, form, now)
                flash(_("Đã ghi vào lịch. Ngày đã hẹn với người dân giữ nguyên."), "success")
                return redirect(url_for("admin_calendar.year", nam=form.answers["day"].year), 303)
        except InvalidInput as refused:
            tell(form, refused)
    rows = None if moved is None else [_row(other) for other in moved[:MOST_SHOWN]]
    return admin_page("add_day.html", form, here=HERE, rows=rows, count=len(moved or []))


@blueprint.post("/<uuid:row_id>/bo")
def withdraw(row_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.withdraw_day(session, row_id, actor=actor(), now=clock.now())
    flash(_("Đã bỏ khỏi lịch. Ngày đã hẹn với người dân giữ nguyên."), "success")
    return redirect(url_for("admin_calendar.year"), 303)


def _form() -> DayForm:
    form = DayForm.from_request()
    with reading(actor()) as session:
        directory = units.directory(session)
    form.unit.groups = unit_groups(directory)
    form.unit.items = [choice for group in form.unit.groups for choice in group["choices"]]
    return form


def _decide(session: Session, form: DayForm, now: datetime) -> None:
    """Raises InvalidInput, naming the row that stands in the way."""
    answers = form.answers
    name = Text(answers["name"], answers["name_en"])
    unit_id = UUID(answers["unit"]) if answers["unit"] else None
    if answers["kind"] != SWAP:
        kind = DayKind(answers["kind"])
        service.add_day(
            session,
            answers["day"],
            kind=kind,
            name=name,
            source=answers["source"],
            unit_id=unit_id,
            actor=actor(),
            now=now,
        )
        return
    service.add_swap(
        session,
        off=answers["day"],
        worked=_worked(form),
        name=name,
        source=answers["source"],
        unit_id=unit_id,
        actor=actor(),
        now=now,
    )


def _worked(form: DayForm) -> date:
    worked: date | None = form.answers["worked"]
    if worked is None:
        raise InvalidInput("Nhập ngày làm bù", field="worked")
    return worked


def _would_move(form: DayForm, now: datetime) -> list[OtherPromise]:
    """Of the whole city, whoever asks: only codes and dates are shown, which are no secret."""
    if form.answers["kind"] == SWAP:
        _worked(form)
    with reading(SYSTEM, consistent=True) as session:
        imagined = service.calendar_with(session, form.special_days, now=now)
        return list(other_promises(session, now=now, calendar=imagined))


def _row(other: OtherPromise) -> list[Cell]:
    language = current_language()
    return [
        {"text": other.code, "note": other.procedure_name},
        {"text": short_day(other.due_at, language=language), "num": True},
        {"text": short_day(other.would_be, language=language), "num": True},
    ]
