"""Answering a request for a supplement: exactly the items that were asked, one by one, then sent once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock, wording
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.files import service as files
from portal.records import service
from portal.records.supplements import AS_IT_IS, FILES, VALUE, item_of
from portal.web.citizen.own_record import OwnRecord, opened_own
from portal.web.citizen.supplement_forms import (
    NEW,
    Item,
    PaperForm,
    correction_form,
    is_only_about_rows,
    paper_form,
    paper_of,
)
from portal.web.citizen.supplement_views import asked, items_shown, shown_item
from portal.web.errors import said, tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("supplement", __name__)


@blueprint.route("/ho-so/<code>/bo-sung", methods=["GET", "POST"])
def items(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    form = BaseForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.send_supplement(session, own.file.record.id, actor=actor(), now=clock.now())
        except InvalidInput as missing:
            tell(form, missing)
        else:
            flash(_sent(own, opened_own(code, actor=actor())), "success")
            return redirect(url_for("record.show", code=code), 303)
    if own.file.open_supplement is None:
        return redirect(url_for("record.show", code=code), 303)
    return page("citizen/supplement.html", form, **items_shown(own))


@blueprint.route("/ho-so/<code>/bo-sung/giay-to/<slot>", methods=["GET", "POST"])
def paper(code: str, slot: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    item = item_of(asked(own), "paper", slot)
    form = paper_form(own, item)
    if form.is_valid_submission():
        try:
            _keep_paper(own, item, form)
        except InvalidInput as refused:
            form.blame(said(refused))
        else:
            return redirect(url_for("supplement.items", code=code), 303)
    return page("citizen/supplement_item.html", form, **shown_item(own, item))


@blueprint.route("/ho-so/<code>/bo-sung/thong-tin/<field_id>", methods=["GET", "POST"])
def correction(code: str, field_id: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    item = item_of(asked(own), "field", field_id)
    form = correction_form(own, item)
    if not is_only_about_rows() and form.is_valid_submission():
        answer = {VALUE: form.value} if form.way.data == NEW else {AS_IT_IS: form.why.data}
        with unit_of_work(actor()) as session:
            _keep(session, own, item, answer, now=clock.now())
        return redirect(url_for("supplement.items", code=code), 303)
    return page("citizen/supplement_item.html", form, **shown_item(own, item))


def _keep_paper(own: OwnRecord, item: Item, form: PaperForm) -> None:
    """Keep the files, or why the paper is right. Raises InvalidInput when a file will not do."""
    now, definition = clock.now(), paper_of(own, item["id"])
    uploads = form.files.data if form.way.data == NEW else []
    with unit_of_work(actor()) as session:
        kept = [
            files.keep_upload(
                session,
                upload.stream,
                file_name=upload.filename or "",
                formats=definition.formats,
                max_mb=definition.max_mb,
                now=now,
            )
            for upload in uploads
        ]
        answer: Mapping[str, Any] = item["answer"] or {}
        if form.way.data == AS_IT_IS:
            answer = {AS_IT_IS: form.why.data}
        elif kept:
            answer = {FILES: [{"digest": file.digest, "file_name": file.file_name} for file in kept]}
        _keep(session, own, item, answer, now=now)


def _keep(session: Session, own: OwnRecord, item: Item, answer: Mapping[str, Any], *, now: datetime) -> None:
    record_id = own.file.record.id
    service.answer_item(session, record_id, item["kind"], item["id"], answer, actor=actor(), now=now)


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
