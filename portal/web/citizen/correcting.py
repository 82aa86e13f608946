"""Saying what an issued result says wrongly: the office looks at it again and puts it right."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Conflict
from portal.core.unit_of_work import unit_of_work
from portal.records import service
from portal.records.reopening import LONGEST_REASON
from portal.web.citizen.own_record import opened_own
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("correcting", __name__)


class CorrectionForm(BaseForm):
    reason = LongTextField(
        __("Kết quả ghi sai chỗ nào, đúng ra là gì?"),
        thing=__("chỗ sai"),
        hint=__("Ví dụ: diện tích lô đất ghi 96,5 m², đúng là 98,5 m²"),
        rows=4,
        max_length=LONGEST_REASON,
    )


@blueprint.route("/ho-so/<code>/dinh-chinh", methods=["GET", "POST"])
def ask(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    form, status = CorrectionForm.from_request(), None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                reason = form.answers["reason"]
                service.ask_correction(session, own.file.record.id, reason=reason, actor=actor(), now=clock.now())
        except Conflict as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã gửi. Cơ quan đã cấp kết quả xem lại và báo cho bạn."), "success")
            return redirect(url_for("record.show", code=code), 303)
    elif not own.may_correct(actor()):
        return redirect(url_for("record.show", code=code), 303)
    results = [f"{localized(one)} {one.reference}" for one in own.file.results_in_force]
    return page(
        "citizen/correct.html", form, status=status, code=code, subject=localized(own.view.subject), results=results
    )
