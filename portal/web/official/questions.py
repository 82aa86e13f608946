"""Taking a question to another agency back, and an opinion that comes after its time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.desk import Desk, get_desk
from portal.records.late_opinions import answer_of
from portal.records.questions import AgencyQuestion, questions_of
from portal.records.queues import count_desk
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import localized
from portal.web.official.action_forms import LONGEST_REASON, ActionForm, form_of
from portal.web.official.deadlines import shown_day
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_questions", __name__, url_prefix="/can-bo/ho-so/<code>/y-kien/<uuid:task_id>")

REFUSALS = (Conflict, InvalidInput, NotAllowed)


class RecallForm(BaseForm):
    reason = LongTextField(__("Lý do"), max_length=LONGEST_REASON, hint=__("Cơ quan được hỏi đọc nguyên văn lý do này"))


@blueprint.route("/rut-cau-hoi", methods=["GET", "POST"])
def recall(code: str, task_id: UUID) -> ResponseReturnValue:
    desk, question, shown = _opened(code, task_id)
    form, status = RecallForm.from_request(), None
    if form.is_valid_submission():
        reason = form.answers["reason"]
        try:
            with unit_of_work(actor()) as session:
                service.recall_question(
                    session, desk.file.record.id, question.task.id, reason=reason, actor=actor(), now=clock.now()
                )
        except REFUSALS as refused:
            status = tell(form, refused)
        else:
            return _back(code, _("Đã rút câu hỏi. Cơ quan được hỏi đã được báo."))
    return page("official/recall.html", form, status=status, **shown)


@blueprint.route("/y-kien-muon", methods=["GET", "POST"])
def answer_late(code: str, task_id: UUID) -> ResponseReturnValue:
    desk, question, shown = _opened(code, task_id)
    form, status = _late_form(desk, question), None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.send_late_opinion(
                    session, desk.file.record.id, task_id, answers=form.action_answers(), actor=actor(), now=clock.now()
                )
        except REFUSALS as refused:
            status = tell(form, refused)
        else:
            return _back(code, _("Đã gửi ý kiến muộn. Nơi tổng hợp đọc được ngay."))
    return page("official/late_opinion.html", form, status=status, **shown)


def _opened(code: str, task_id: UUID) -> tuple[Desk, AgencyQuestion, dict[str, Any]]:
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
        counts = count_desk(session, actor=actor(), now=now)
    question = next((one for one in questions_of(desk.file) if one.task.id == task_id), None)
    if question is None:
        raise NotFound("Không thấy câu hỏi này. Mở lại hồ sơ để xem.")
    unit = desk.grounds.directory.unit(question.unit_id) if question.unit_id else None
    step = desk.grounds.procedure.process.step(question.task.step)
    return desk, question, {
        "record": desk.file.record,
        "procedure": localized(desk.grounds.procedure.everyday_name),
        "asked": localized(step.at.body or unit) if step.at.body or unit else "",
        "about": localized(step.stop or step.name),
        "asked_on": shown_day(question.asked_at, now=now),
        "due": shown_day(question.due_at, now=now),
        "navigation": menu(counts, actor=actor()),
    }  # fmt: skip


def _late_form(desk: Desk, question: AgencyQuestion) -> ActionForm:
    found = answer_of(desk.grounds.procedure.process, question.consultation)
    if found is None:
        raise NotFound("Không thấy câu hỏi này. Mở lại hồ sơ để xem.")
    return form_of(*found).from_request()


def _back(code: str, done: str) -> ResponseReturnValue:
    flash(done, "success")
    return redirect(url_for("official_records.show", code=code, _anchor="y-kien"), 303)
