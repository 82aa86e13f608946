"""Answering a request for a supplement: exactly the items that were asked, one by one, then sent once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, wording
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.supplements import item_of
from portal.web.citizen.own_record import OwnRecord, own_record
from portal.web.citizen.supplement_forms import answer_of, form_for
from portal.web.citizen.supplement_views import ITEM_KINDS, asked, items_shown, shown_item
from portal.web.errors import said
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("supplement", __name__)


@blueprint.route("/ho-so/<code>/bo-sung", methods=["GET", "POST"])
def items(code: str) -> ResponseReturnValue:
    own = _own(code)
    form = BaseForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.send_supplement(session, own.file.record.id, actor=actor(), now=clock.now())
        except InvalidInput as missing:
            form.form_errors.append(said(missing))
        else:
            flash(_sent(own, _own(code)), "success")
            return redirect(url_for("record.show", code=code), 303)
    if own.file.open_supplement is None:
        return redirect(url_for("record.show", code=code), 303)
    return page("citizen/supplement.html", form, **items_shown(own))


@blueprint.route("/ho-so/<code>/bo-sung/<kind>/<item_id>", methods=["GET", "POST"])
def item(code: str, kind: str, item_id: str) -> ResponseReturnValue:
    own = _own(code)
    wanted = item_of(asked(own), ITEM_KINDS.get(kind, ""), item_id)
    form = form_for(own, wanted)
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                now = clock.now()
                answer = answer_of(session, form, own, wanted, now=now)
                record_id = own.file.record.id
                service.answer_item(session, record_id, wanted["kind"], item_id, answer, actor=actor(), now=now)
        except InvalidInput as refused:
            form.blame(said(refused))
        else:
            return redirect(url_for("supplement.items", code=code), 303)
    return page("citizen/supplement_item.html", form, **shown_item(own, wanted))


def _own(code: str) -> OwnRecord:
    with reading(actor(), consistent=True) as session:
        return own_record(session, code, actor=actor())


def _sent(before: OwnRecord, after: OwnRecord) -> str:
    """What has become of the due date."""
    language = current_language()
    if after.view.due_at is None:
        reception = wording.moment(max(task.due_at for task in after.view.open_tasks), language=language)
        return _("Đã gửi bổ sung. Nơi tiếp nhận sẽ trả lời trước %(moment)s.", moment=reception)
    due = wording.day(after.view.due_at, language=language)
    if before.view.due_at in (None, after.view.due_at):
        return _("Đã gửi bổ sung. Hẹn trả: %(due)s.", due=due)
    was = wording.short_day(before.view.due_at, language=language) if before.view.due_at else ""
    return _("Đã gửi bổ sung. Hẹn trả mới: %(due)s (trước là %(was)s).", due=due, was=was)
