"""A step that waits for the applicant: look at the draft, confirm or correct it, or declare something."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.text import marked
from portal.core.unit_of_work import reading, unit_of_work
from portal.files.queries import get_file
from portal.records import service
from portal.records.types import ActionAnswers
from portal.web.citizen.answer_forms import is_only_about_rows
from portal.web.citizen.confirming_views import answers_of, draft_of, shown_action, shown_turn, turn_form, turn_of
from portal.web.citizen.own_record import opened_own, own_record
from portal.web.errors import tell
from portal.web.languages import localized
from portal.web.pages import page
from portal.web.sent_files import picture_of
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("confirming", __name__)

UNSEEN = marked("Không thấy bản thảo này. Mở lại hồ sơ để xem.")


@blueprint.get("/ho-so/<code>/xac-nhan")
def show(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    turn = turn_of(own)
    if turn is None:
        return redirect(url_for("record.show", code=code), 303)
    if len(turn.step.actions) == 1:
        return redirect(url_for(".act", code=code, action_id=turn.step.actions[0].id), 303)
    return page("citizen/confirm.html", **shown_turn(own, turn))


@blueprint.route("/ho-so/<code>/xac-nhan/<action_id>", methods=["GET", "POST"])
def act(code: str, action_id: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    turn = turn_of(own)
    if turn is None:
        return redirect(url_for("record.show", code=code), 303)
    action = turn.action(action_id)
    form, status = turn_form(own, action), None
    if not is_only_about_rows(request.form) and form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                answers = ActionAnswers(form=answers_of(own, action, form))
                service.act_on_task(session, turn.task.id, action_id, actor=actor(), now=clock.now(), answers=answers)
        except (Conflict, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã gửi: %(what)s.", what=localized(action.label)), "success")
            return redirect(url_for("record.show", code=code), 303)
    return page("citizen/confirm_action.html", form, status=status, **shown_action(own, turn, action))


@blueprint.get("/ho-so/<code>/ban-thao.png")
def picture(code: str) -> ResponseReturnValue:
    """The first page of the draft, as long as it waits for the applicant's word."""
    with reading(actor()) as session:
        draft = draft_of(own_record(session, code, actor=actor()))
        if draft is None:
            raise NotFound(UNSEEN)
        facts = get_file(session, str(draft.file_digest))
    return picture_of(facts)
