"""Apologies for dates that will not be kept: prepared by the portal, one page each for the reason and the new day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.calendars.queries import working_calendar
from portal.catalogue.types import Procedure
from portal.core import clock, wording
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.apologies import LONGEST_REASON, WaitingApology, get_apology, list_apologies
from portal.records.queues import count_desk, procedures_of
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, DateField, LongTextField
from portal.web.languages import current_language, localized
from portal.web.official.deadlines import deadline_tag
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import Text

blueprint = Blueprint("official_apologies", __name__, url_prefix="/can-bo/xin-loi")

ADDRESS = "/can-bo/xin-loi"


class ApologyForm(BaseForm):
    reason = LongTextField(
        __("Lý do trễ hẹn"),
        hint=__("Người nộp đọc đúng những chữ này trong thư và trên trang hồ sơ"),
        max_length=LONGEST_REASON,
    )
    day = DateField(__("Ngày hẹn trả mới"), hint=__("Chỉ hẹn lại được một lần. Chọn ngày chắc chắn làm kịp."))


@blueprint.get("")
def waiting() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        letters = list_apologies(session, actor=who)
        procedures = procedures_of(session, [letter.record_id for letter in letters])
        counts = count_desk(session, actor=who, now=now)
        calendar = working_calendar(session, now=now)
    return page(
        "official/apologies.html",
        rows=[_row(letter, procedures[letter.record_id], now, calendar) for letter in letters],
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.route("/<uuid:apology_id>", methods=["GET", "POST"])
def sign(apology_id: UUID) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    with reading(who) as session:
        letter = get_apology(session, apology_id, actor=who)
        counts = count_desk(session, actor=who, now=now)
    form = ApologyForm.from_request(day=letter.proposed_day)
    if form.is_valid_submission():
        try:
            with unit_of_work(who) as session:
                service.sign_apology(session, apology_id, **form.answers, actor=who, now=now)
        except (Conflict, NotAllowed, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã ký thư xin lỗi. Người nộp được báo ngày hẹn mới."), "success")
            return redirect(url_for("official_apologies.waiting"), 303)
    personal_data.is_read(letter.record_id)
    subject = localized(Text(letter.subject, letter.subject_en))
    navigation = menu(counts, actor=who)
    return page("official/apology.html", form, status=status, letter=letter, subject=subject, navigation=navigation)


def _row(letter: WaitingApology, procedure: Procedure, now: datetime, calendar: WorkingCalendar) -> dict[str, object]:
    language = current_language()
    return {
        "href": url_for("official_apologies.sign", apology_id=letter.id),
        "record_href": url_for("official_records.show", code=letter.record_code),
        "name": letter.applicant_name,
        "code": letter.record_code,
        "procedure": localized(procedure.everyday_name),
        "deadline": deadline_tag(letter.due_at, now=now, calendar=calendar),
        "due": wording.day(letter.due_at, language=language),
        "proposed": wording.day(letter.proposed_day, language=language),
    }
