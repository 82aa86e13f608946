"""The office that issued a result finds it wrong, and opens the record again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import policy, service
from portal.records.desk import Desk, get_desk
from portal.records.queues import count_desk
from portal.records.reopening import LONGEST_REASON, Ended, may_ask
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import localized
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_correcting", __name__, url_prefix="/can-bo/ho-so/<code>")


class CorrectionForm(BaseForm):
    reason = LongTextField(
        __("Kết quả ghi sai chỗ nào, đúng ra là gì?"),
        max_length=LONGEST_REASON,
        hint=__("Người nộp đọc nguyên văn lý do này"),
    )


@blueprint.route("/dinh-chinh", methods=["GET", "POST"])
def ask(code: str) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    with reading(who, consistent=True) as session:
        desk = get_desk(session, code, actor=who, now=now)
        counts = count_desk(session, actor=who, now=now)
    form = CorrectionForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(who) as session:
                service.ask_correction(session, desk.file.record.id, reason=form.answers["reason"], actor=who, now=now)
        except (Conflict, NotAllowed) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã mở lại hồ sơ để đính chính kết quả. Người nộp được báo."), "success")
            return redirect(url_for("official_records.show", code=code), 303)
    elif not offers_correction(desk, who):
        raise NotFound("Kết quả của hồ sơ này không đính chính ở đây được. Mở lại hồ sơ để xem.")
    return page(
        "official/correct.html",
        form,
        status=status,
        record=desk.file.record,
        procedure=localized(desk.grounds.procedure.everyday_name),
        results=[f"{localized(one)} {one.reference}" for one in desk.file.results_in_force],
        navigation=menu(counts, actor=who),
    )


def offers_correction(desk: Desk, who: Actor) -> bool:
    """Whether this official may open the record again."""
    ended = Ended.of(desk.file.record, desk.grounds.procedure)
    asked = may_ask(ended, actor=who, posts=policy.held_posts(who), tasks=desk.file.tasks)
    return asked and bool(desk.file.results_in_force)
