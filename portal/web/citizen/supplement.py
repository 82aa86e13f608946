"""Answering a request for a supplement: exactly the items that were asked, one by one, then sent once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.core import clock, wording
from portal.core.errors import Conflict, InvalidInput, Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service, vault
from portal.records.paper_uploads import keep_paper_of
from portal.records.provenance import Provenance, verdict_of
from portal.records.supplements import AS_IT_IS, FILES, VALUE, item_of
from portal.web.citizen.answer_forms import is_only_about_rows
from portal.web.citizen.own_record import OwnRecord, opened_own
from portal.web.citizen.supplement_forms import (
    NEW,
    Item,
    PaperForm,
    correction_form,
    paper_form,
    paper_of,
)
from portal.web.citizen.supplement_views import asked, items_shown, shown_item
from portal.web.citizen.vault_offers import NOTHING_CHOSEN, chosen_item, offers_for
from portal.web.errors import said, tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.paper_words import GOOD, ShownWorth, shown_worth
from portal.web.sent_files import named_refusal
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
        refused = _keep_paper(own, item, form)
        if not refused:
            return redirect(_onward(code, slot, form), 303)
        form.blame(refused)
        own = opened_own(code, actor=actor())
        item = item_of(asked(own), "paper", slot)
    return page("citizen/supplement_item.html", form, **shown_item(own, item), **_of_paper(own, item))


@blueprint.post("/ho-so/<code>/bo-sung/giay-to/<slot>/tu-kho")
def take(code: str, slot: str) -> ResponseReturnValue:
    """Answer with what the person's own store has."""
    own, wanted = opened_own(code, actor=actor()), chosen_item()
    item = item_of(asked(own), "paper", slot)
    try:
        if wanted is None:
            raise InvalidInput(NOTHING_CHOSEN)
        _take(own, item, wanted)
    except (InvalidInput, Conflict) as refused:
        form = paper_form(own, item, is_sent=False)
        shown = {**shown_item(own, item), **_of_paper(own, item, error=said(refused))}
        return page("citizen/supplement_item.html", form, status=422, **shown)
    return redirect(url_for(".items", code=code), 303)


@blueprint.post("/ho-so/<code>/bo-sung/giay-to/<slot>/xoa")
def remove_file(code: str, slot: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    item = item_of(asked(own), "paper", slot)
    with unit_of_work(actor()) as session:
        service.remove_file(session, own.file.record.id, item["id"], request.form.get("digest", ""), now=clock.now())
    return redirect(url_for(".paper", code=code, slot=slot), 303)


@blueprint.route("/ho-so/<code>/bo-sung/thong-tin/<field_id>", methods=["GET", "POST"])
def correction(code: str, field_id: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    item = item_of(asked(own), "field", field_id)
    form = correction_form(own, item)
    if not is_only_about_rows(request.form) and form.is_valid_submission():
        answer = {VALUE: form.value} if form.way.data == NEW else {AS_IT_IS: form.why.data}
        with unit_of_work(actor()) as session:
            _keep(session, own, item, answer, now=clock.now())
        return redirect(url_for("supplement.items", code=code), 303)
    return page("citizen/supplement_item.html", form, **shown_item(own, item))


def _keep_paper(own: OwnRecord, item: Item, form: PaperForm) -> list[str]:
    """Keep the files beside those of before, or why the paper is right; says what is wrong with each other file."""
    refused: list[str] = []
    kept: list[dict[str, Any]] = []
    now, uploads = clock.now(), form.files.data if form.way.data == NEW else []
    try:
        with unit_of_work(actor()) as session:
            for upload in uploads:
                try:
                    kept.append(_kept(session, own, item, upload, now=now))
                except (InvalidInput, Unavailable) as error:
                    refused.append(named_refusal(upload, error, several=len(uploads) > 1))
            if form.way.data == AS_IT_IS:
                _keep(session, own, item, {AS_IT_IS: form.why.data}, now=now)
            elif kept:
                _add(session, own, item, kept, now=now)
    except InvalidInput as full:
        refused.append(said(full))
    return refused


def _kept(session: Session, own: OwnRecord, item: Item, upload: FileStorage, *, now: datetime) -> dict[str, Any]:
    definition = paper_of(own, item["id"])
    kept = keep_paper_of(session, upload.stream, file_name=upload.filename or "", paper=definition, now=now)
    return {"digest": kept.file.digest, "file_name": kept.file.file_name, **kept.known.as_told()}


def _take(own: OwnRecord, item: Item, wanted: UUID) -> None:
    """Raises Conflict when it is not offered any more, InvalidInput when there are files enough."""
    definition, now = paper_of(own, item["id"]), clock.now()
    with unit_of_work(actor()) as session:
        taken = vault.chosen(session, definition, wanted, actor=actor(), now=now)
        file = {"digest": taken.file.digest, "file_name": taken.file_name, **taken.known.as_told()}
        _add(session, own, item, [file], now=now)


def _of_paper(own: OwnRecord, item: Item, *, error: str = "") -> dict[str, Any]:
    """What is known of the files that were kept, and what the store has besides."""
    definition, now = paper_of(own, item["id"]), clock.now()
    there = [file["digest"] for file in _kept_files(item)]
    there += [paper.file_digest for paper in own.file.papers_of(item["id"])]
    with reading(actor()) as session:
        offered = offers_for(session, definition, besides=there, actor=actor(), now=now, error=error)
    return {"worths": _worths(item), "offered": offered, "max_files": definition.max_files}


def _onward(code: str, slot: str, form: PaperForm) -> str:
    """To the other items, unless something must be said of what has just been uploaded."""
    item = item_of(asked(opened_own(code, actor=actor())), "paper", slot)
    if form.files.data and any(worth.colour != GOOD for worth in _worths(item).values()):
        return url_for(".paper", code=code, slot=slot)
    return url_for(".items", code=code)


def _worths(item: Item) -> dict[str, ShownWorth]:
    """By digest what there is to say of the files that were kept."""
    today = clock.local_day(clock.now())
    with reading(actor()) as session:
        shown = {
            file["digest"]: shown_worth(verdict_of(session, file["digest"], Provenance.of_told(file), today=today))
            for file in _kept_files(item)
        }
    return {digest: worth for digest, worth in shown.items() if worth is not None}


def _kept_files(item: Item) -> list[dict[str, Any]]:
    return list((item["answer"] or {}).get(FILES, ()))


def _keep(session: Session, own: OwnRecord, item: Item, answer: Mapping[str, Any], *, now: datetime) -> None:
    record_id = own.file.record.id
    service.answer_item(session, record_id, item["kind"], item["id"], answer, actor=actor(), now=now)


def _add(session: Session, own: OwnRecord, item: Item, files: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
    most = paper_of(own, item["id"]).max_files
    service.add_files(session, own.file.record.id, item["id"], files, most=most, now=now)


def _sent(before: OwnRecord, after: OwnRecord) -> str:
    """What has become of the due date, or what has to be paid before it counts again."""
    language = current_language()
    if after.view.state == "fee_due":
        amount = wording.vnd(after.view.unpaid, language=language)
        return _("Đã gửi bổ sung. Nộp %(amount)s để hồ sơ được giải quyết tiếp.", amount=amount)
    if after.view.due_at is None:
        reception = wording.moment(max(task.due_at for task in after.view.open_tasks), language=language)
        return _("Đã gửi bổ sung. Nơi tiếp nhận sẽ trả lời trước %(moment)s.", moment=reception)
    due = wording.day(after.view.due_at, language=language)
    if before.view.due_at in (None, after.view.due_at):
        return _("Đã gửi bổ sung. Hẹn trả: %(due)s.", due=due)
    was = wording.short_day(before.view.due_at, language=language) if before.view.due_at else ""
    return _("Đã gửi bổ sung. Hẹn trả mới: %(due)s (trước là %(was)s).", due=due, was=was)
