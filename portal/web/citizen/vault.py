"""The personal document store: what was issued to me, and what I keep to hand it in again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.catalogue import queries as catalogue
from portal.core import clock, wording
from portal.core.errors import Conflict, InvalidInput, Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.files.kinds import FORMATS
from portal.records import vault
from portal.records.paper_uploads import keep_paper
from portal.records.vault import Details, VaultItem
from portal.web.citizen.vault_forms import DetailsForm, UploadForm, supplied_form
from portal.web.citizen.vault_words import named, said_of, standing_tag, worth_of
from portal.web.errors import said
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.sent_files import picture_of, whole_file
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import ngettext
from portal.workflow.definition import Text

blueprint = Blueprint("vault", __name__, url_prefix="/kho-giay-to")


@blueprint.get("")
def mine() -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as session:
        items = vault.list_vault(session, actor=actor(), now=now)
        supplied = len(vault.list_supplied(session, actor=actor()))
    cards = [_card(item) for item in items]
    results = [card for card in cards if card["is_result"]]
    return page(
        "citizen/vault/list.html",
        results=[card for card in results if not card["is_hidden"]],
        hidden=[card for card in results if card["is_hidden"]],
        papers=[card for card in cards if not card["is_result"]],
        supplied=supplied,
    )


@blueprint.route("/them", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    form = UploadForm.from_request()
    if form.is_valid_submission():
        try:
            return redirect(_put_in(form.file.data), 303)
        except (InvalidInput, Conflict, Unavailable) as refused:
            form.file.errors = [said(refused)]
    return page("citizen/vault/add.html", form)


@blueprint.route("/tu-ho-so", methods=["GET", "POST"])
def keep_supplied() -> ResponseReturnValue:
    with reading(actor()) as session:
        rows = vault.list_supplied(session, actor=actor())
        names = {row.id: _slot_name(session, row.version_id, row.slot) for row in rows}
    form = supplied_form([_choice(row, names[row.id]) for row in rows])
    if form.is_valid_submission():
        chosen = [UUID(value) for value in form.papers.data]
        try:
            with unit_of_work(actor()) as session:
                written = {key: name.vi for key, name in names.items()}
                count = vault.keep_supplied(session, chosen, written, actor=actor(), now=clock.now())
        except Conflict as full:
            form.papers.errors = [said(full)]
        else:
            flash(ngettext("Đã giữ %(num)s giấy trong kho.", "Đã giữ %(num)s giấy trong kho.", count), "success")
            return redirect(url_for(".mine"), 303)
    return page("citizen/vault/supplied.html", form, is_empty=not rows)


@blueprint.route("/<uuid:paper_id>", methods=["GET", "POST"])
def describe(paper_id: UUID) -> ResponseReturnValue:
    item = _mine(paper_id)
    if item.is_verified:  # the registry knows better
        return redirect(url_for(".mine", _anchor=f"g-{paper_id}"), 303)
    start: dict[str, Any] = {"issued_on": item.issued_on, "expires_on": item.expires_on, "number": item.number}
    form = DetailsForm.from_request(name=item.name.vi, issuer=item.issuer.vi, **start)
    if form.is_valid_submission():
        with unit_of_work(actor()) as session:
            vault.describe(session, paper_id, form.details, actor=actor())
        flash(_("Đã ghi: %(name)s.", name=form.details.name), "success")
        return redirect(url_for(".mine"), 303)
    return page("citizen/vault/describe.html", form, item=_card(item))


@blueprint.get("/<uuid:paper_id>/bo")
def ask_to_take_out(paper_id: UUID) -> ResponseReturnValue:
    return page("citizen/vault/take_out.html", item=_card(_mine(paper_id)))


@blueprint.post("/<uuid:paper_id>/bo")
def take_out(paper_id: UUID) -> ResponseReturnValue:
    item = _mine(paper_id)
    with unit_of_work(actor()) as session:
        vault.take_out(session, paper_id, actor=actor())
    flash(_("Đã bỏ khỏi kho: %(name)s.", name=named(item)), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.post("/ket-qua/<uuid:document_id>/an")
def hide(document_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        item = vault.hide(session, document_id, actor=actor(), now=clock.now())
    flash(_("Đã ẩn: %(name)s. Kết quả vẫn còn trong hồ sơ.", name=named(item)), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.post("/ket-qua/<uuid:document_id>/hien")
def unhide(document_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        item = vault.unhide(session, document_id, actor=actor(), now=clock.now())
    flash(_("Đã hiện lại: %(name)s.", name=named(item)), "success")
    return redirect(url_for(".mine", _anchor=f"g-{document_id}"), 303)


@blueprint.get("/<uuid:paper_id>/tep")
def download(paper_id: UUID) -> ResponseReturnValue:
    item = _mine(paper_id)
    return whole_file(item.file, file_name=item.file_name)


@blueprint.get("/<uuid:paper_id>/trang-dau.png")
def preview(paper_id: UUID) -> ResponseReturnValue:
    """The first page, drawn anew."""
    return picture_of(_mine(paper_id).file)


def _mine(paper_id: UUID) -> VaultItem:
    with reading(actor()) as session:
        return vault.get_vault_paper(session, paper_id, actor=actor(), now=clock.now())


def _put_in(sent: FileStorage) -> str:
    """Keep it; on to what it is, unless the portal knows that."""
    now = clock.now()
    with unit_of_work(actor()) as session:
        uploaded = keep_paper(
            session, sent.stream, file_name=sent.filename or "", formats=FORMATS, max_mb=vault.MAX_MB, now=now
        )
        details = Details(uploaded.file.file_name.rpartition(".")[0])
        paper_id, is_new = vault.put_in(session, uploaded, details, actor=actor(), now=now)
    if not is_new:
        flash(_("Giấy này đã có trong kho."), "success")
    elif uploaded.known.document_id:
        flash(_("Đã giữ. Cổng nhận ra đây là kết quả do Cổng cấp."), "success")
    else:
        return url_for(".describe", paper_id=paper_id)
    return url_for(".mine", _anchor=f"g-{paper_id}")


def _card(item: VaultItem) -> dict[str, Any]:
    """A paper of the store, for its list."""
    today = clock.local_day(clock.now())
    tag = standing_tag(item, today=today)
    if item.is_result:
        href = url_for("record_files.document", code=item.record_code, document_id=item.id)
    else:
        href = url_for(".download", paper_id=item.id)
    return {
        "id": item.id,
        "is_result": item.is_result,
        "is_hidden": item.is_hidden,
        "is_known": item.is_verified,
        "name": named(item),
        "record_code": item.record_code,
        "tag": tag,
        "line": said_of(item, today=today),
        "worth": worth_of(item),
        "href": href,
        "file_name": item.file_name,
        "pages": item.file.pages,
        "size": item.file.size,
    }


def _choice(row: Any, name: Text) -> dict[str, Any]:
    day = wording.short_day(row.supplied_at, language=current_language())
    about = localized(Text(row.subject, row.subject_en))
    hint = _("%(file)s · nộp %(day)s, hồ sơ %(about)s", file=row.file_name, day=day, about=about)
    return {"value": str(row.id), "text": localized(name), "hint": hint}


def _slot_name(session: Session, version_id: UUID, slot: str) -> Text:
    papers = catalogue.version(session, version_id).procedure.papers
    return next((paper.name for paper in papers if paper.id == slot), Text(slot, slot))
