"""The papers of a draft: a page for each slot, several files in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.catalogue.types import Paper
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from portal.core.text import lowered
from portal.core.unit_of_work import reading, unit_of_work
from portal.files.queries import get_file
from portal.files.types import FileFacts
from portal.records import service, vault
from portal.records.answers import PAPERS_PAGE, is_in_register
from portal.records.drafts import PaperView
from portal.records.paper_uploads import keep_paper_of
from portal.records.provenance import verdict_of
from portal.records.verdicts import Verdict
from portal.web.citizen.draft_consent import names_of, spared_papers
from portal.web.citizen.draft_file import DraftFile, opened_draft
from portal.web.citizen.draft_parts import NO_PAPER, caption, has_no_paper, left_of
from portal.web.citizen.paper_sets import is_enough, paper_notes
from portal.web.citizen.vault_offers import NOTHING_CHOSEN, chosen_item, offers_for
from portal.web.errors import said
from portal.web.fields import BaseForm, FilesField
from portal.web.languages import localized
from portal.web.pages import page as answer
from portal.web.paper_words import ShownWorth, shown_worth
from portal.web.sent_files import named_refusal, picture_of, whole_file
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import ngettext

blueprint = Blueprint("draft_papers", __name__)

NO_BREAK = "\u00a0"


class UploadForm(BaseForm):
    """One input for one or several files. A paper is also photographed: the chooser of a phone offers the camera."""

    files: FilesField


@dataclass(frozen=True)
class KeptPaper:
    """A file of the draft with what is known of its content."""

    paper: PaperView
    facts: FileFacts
    verdict: Verdict

    @property
    def worth(self) -> ShownWorth | None:
        return shown_worth(self.verdict)


@blueprint.get("/to-khai/<uuid:draft_id>/giay-to")
def index(draft_id: UUID) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    rows = [slot_item(file, paper) for paper in file.papers]
    return answer(
        "citizen/filing/papers.html",
        file=file,
        rows=rows,
        notes=paper_notes(file),
        spared=names_of(spared_papers(file)),
        caption=caption(file, PAPERS_PAGE),
    )


@blueprint.get("/to-khai/<uuid:draft_id>/giay-to/<slot>")
def show(draft_id: UUID, slot: str) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    paper = file.paper(slot)
    return shown(file, paper, upload_form(paper))


@blueprint.post("/to-khai/<uuid:draft_id>/giay-to/<slot>")
def upload(draft_id: UUID, slot: str) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    paper = file.paper(slot)
    form = upload_form(paper)
    if form.is_valid_submission():
        errors = [error for sent in form.answers["files"] if (error := keep(file, paper, sent))]
        if not errors:
            return redirect(url_for(".show", draft_id=draft_id, slot=slot), 303)
        form["files"].errors = errors
        file = opened_draft(draft_id, actor=actor(), now=clock.now())
    return shown(file, paper, form)


@blueprint.post("/to-khai/<uuid:draft_id>/giay-to/<slot>/tu-kho")
def take(draft_id: UUID, slot: str) -> ResponseReturnValue:
    """Hand in what the person's own store has."""
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    paper = file.paper(slot)
    chosen = chosen_item()
    if chosen is None:
        return shown(file, paper, upload_form(paper), error=_(NOTHING_CHOSEN))
    try:
        with unit_of_work(actor()) as session:
            vault.take(session, draft_id, paper, chosen, actor=actor(), now=file.now)
    except Conflict as refused:
        return shown(file, paper, upload_form(paper), error=said(refused))
    return redirect(url_for(".show", draft_id=draft_id, slot=slot), 303)


@blueprint.post("/to-khai/<uuid:draft_id>/giay-to/<slot>/khong-co")
def go_without(draft_id: UUID, slot: str) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    if file.paper(slot).required:
        raise NotFound("Giấy tờ này phải có. Tải lên rồi làm tiếp.")
    with unit_of_work(actor()) as session:
        service.save_page(session, draft_id, NO_PAPER + slot, {}, is_done=True, actor=actor(), now=file.now)
    return redirect(next_slot(file, slot), 303)


@blueprint.post("/to-khai/<uuid:draft_id>/giay-to/<slot>/<uuid:paper_id>/xoa")
def remove(draft_id: UUID, slot: str, paper_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.remove_paper(session, draft_id, paper_id, actor=actor(), now=clock.now())
    return redirect(url_for(".show", draft_id=draft_id, slot=slot), 303)


@blueprint.get("/to-khai/<uuid:draft_id>/giay-to/<slot>/<uuid:paper_id>")
def download(draft_id: UUID, slot: str, paper_id: UUID) -> ResponseReturnValue:
    kept = kept_paper(draft_id, slot, paper_id)
    return whole_file(kept.facts, file_name=kept.paper.file_name)


@blueprint.get("/to-khai/<uuid:draft_id>/giay-to/<slot>/<uuid:paper_id>/trang-dau.png")
def preview(draft_id: UUID, slot: str, paper_id: UUID) -> ResponseReturnValue:
    """The first page, drawn anew."""
    return picture_of(kept_paper(draft_id, slot, paper_id).facts)


def upload_form(paper: Paper) -> UploadForm:
    accept = [f".{extension}" for extension in paper.formats]
    label = _("Chọn tệp hoặc chụp ảnh")
    field = FilesField(label, thing=lowered(localized(paper.name)), accept=accept, hint=rules_of(paper))
    made: UploadForm = type("UploadFormOfAPaper", (UploadForm,), {"files": field}).from_request()  # type: ignore[attr-defined]
    return made


def rules_of(paper: Paper) -> str:
    """What may be uploaded, in words."""
    if paper.signed:
        return _("Tệp PDF đã ký số, tối đa %(limit)s MB. Chữ ký được kiểm tra ngay khi tải lên.", limit=paper.max_mb)
    pictures = any(extension in ("jpg", "png") for extension in paper.formats)
    if not pictures:
        return _("Tệp PDF, tối đa %(limit)s MB.", limit=paper.max_mb)
    return _("PDF hoặc ảnh, tối đa %(limit)s MB. Chụp đủ bốn góc, đọc được chữ.", limit=paper.max_mb)


def shown(file: DraftFile, paper: Paper, form: BaseForm, *, error: str = "") -> ResponseReturnValue:
    """`error`: what was wrong with a choice from the store."""
    with reading(actor()) as session:
        kept = [_kept(session, view, file) for view in file.draft.papers_of(paper.id)]
        there = [one.paper.digest for one in kept]
        offered = offers_for(session, paper, besides=there, actor=actor(), now=file.now, error=error)
    return answer(
        "citizen/filing/paper.html",
        form,
        status=422 if error else None,
        file=file,
        paper=paper,
        kept=kept,
        offered=offered,
        no_paper=has_no_paper(file, paper.id),
        is_in_register=is_in_register(paper),
        next_href=next_slot(file, paper.id),
        caption=caption(file, PAPERS_PAGE),
    )


def keep(file: DraftFile, paper: Paper, sent: FileStorage) -> str:
    """Keep one file of the paper; the sentence that says what is wrong with it, or nothing."""
    try:
        with unit_of_work(actor()) as session:
            kept = keep_paper_of(session, sent.stream, file_name=sent.filename or "", paper=paper, now=file.now)
            service.add_paper(
                session,
                file.draft.id,
                paper.id,
                digest=kept.file.digest,
                file_name=kept.file.file_name,
                most=paper.max_files,
                known=kept.known,
                actor=actor(),
                now=file.now,
            )
    except (InvalidInput, Conflict, Unavailable) as refused:
        return named_refusal(sent, refused, several=len(request.files.getlist("files")) > 1)
    return ""


def next_slot(file: DraftFile, slot: str) -> str:
    """The next paper that nothing has been said about; after the last one the list of papers."""
    slots: Iterable[Paper] = file.papers[[paper.id for paper in file.papers].index(slot) + 1 :]
    for paper in slots:
        if paper in left_of(file) and not has_no_paper(file, paper.id):
            return url_for(".show", draft_id=file.draft.id, slot=paper.id)
    return url_for(".index", draft_id=file.draft.id)


def slot_item(file: DraftFile, paper: Paper) -> dict[str, str]:
    """A line of the list of papers."""
    count = len(file.draft.papers_of(paper.id))
    name = localized(paper.name)
    is_asked = paper.required or paper.one_of or file.is_spared(paper)
    item = {
        "title": name if is_asked else _("%(label)s (nếu có)", label=name),
        "href": url_for(".show", draft_id=file.draft.id, slot=paper.id),
        "hint": localized(paper.hint),
    }
    if count:
        files_kept = ngettext("%(num)s tệp", "%(num)s tệp", count)
        return {**item, "status": files_kept.replace(" ", NO_BREAK), "colour": ""}
    if file.is_spared(paper):
        return {**item, "hint": _("Cổng lấy từ dữ liệu của Nhà nước."), "status": _("Không cần nộp"), "colour": ""}
    if has_no_paper(file, paper.id):
        return {**item, "status": _("Không có"), "colour": ""}
    if is_enough(file, paper):
        return {**item, "status": _("Không cần nữa"), "colour": "grey"}
    return {**item, "status": _("Chưa tải lên"), "colour": "blue"}


def kept_paper(draft_id: UUID, slot: str, paper_id: UUID) -> KeptPaper:
    """A file of the actor's own draft; NotFound for anybody else."""
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    for view in file.draft.papers_of(slot):
        if view.id == paper_id:
            with reading(actor()) as session:
                return _kept(session, view, file)
    raise NotFound("Không thấy tệp này. Mở lại trang giấy tờ.")


def _kept(session: Session, view: PaperView, file: DraftFile) -> KeptPaper:
    verdict = verdict_of(session, view.digest, view.known, today=file.today)
    return KeptPaper(view, get_file(session, view.digest), verdict)
