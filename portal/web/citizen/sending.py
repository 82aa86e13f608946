"""Looking through a draft, sending it once, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.bookings.queries import booking_of
from portal.catalogue.types import Page, Paper
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.references import lookup_token, receipt_secret
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.answers import PAPERS_PAGE, Fault, visible_fields
from portal.records.record_file import DocumentView, RecordFile
from portal.web.citizen.answer_words import AnswerWords
from portal.web.citizen.draft_consent import spared_papers
from portal.web.citizen.draft_file import DraftFile, opened_draft
from portal.web.citizen.draft_parts import REVIEW, caption, has_no_paper
from portal.web.citizen.drafts import estimate
from portal.web.citizen.own_record import opened_own
from portal.web.citizen.record_parts import is_ready
from portal.web.errors import tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language, localized
from portal.web.pages import page as answer
from portal.web.settings import settings
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.deadlines import due_at

blueprint = Blueprint("sending", __name__)

RECEIPT = "receipt"


@dataclass(frozen=True)
class Sent:
    """A record just after it was sent. `due_at` is an estimate: as if it were accepted when the answer is due, or at
    the visit to the counter, where one is booked (`visit_at`)."""

    file: RecordFile
    receiver: str
    secret: str
    code_picture: Markup
    due_at: datetime
    visit_at: datetime | None

    @property
    def receipt(self) -> DocumentView | None:
        """The receipt, once its file is made."""
        return next((one for one in self.file.documents if one.kind == RECEIPT and is_ready(one)), None)


@blueprint.get("/to-khai/<uuid:draft_id>/xem-lai")
def review(draft_id: UUID) -> ResponseReturnValue:
    return shown(opened_draft(draft_id, actor=actor(), now=clock.now()), None)


@blueprint.post("/to-khai/<uuid:draft_id>/xem-lai")
def send(draft_id: UUID) -> ResponseReturnValue:
    key = settings().receipt_key.encode()
    try:
        with unit_of_work(actor()) as session:
            sent = service.submit_record(session, draft_id, actor=actor(), now=clock.now(), receipt_key=key)
    except InvalidInput as refused:
        form = BaseForm()
        tell(form, refused)
        return shown(opened_draft(draft_id, actor=actor(), now=clock.now()), form)
    return redirect(url_for(".sent", code=sent.code), 303)


@blueprint.get("/ho-so/<code>/da-nop")
def sent(code: str) -> ResponseReturnValue:
    return answer("citizen/filing/sent.html", sent=sent_record(code))


def shown(file: DraftFile, form: BaseForm | None) -> ResponseReturnValue:
    return answer(
        "citizen/filing/review.html",
        form,
        file=file,
        cards=[page_card(file, page) for page in file.procedure.pages],
        papers=papers_card(file),
        found=[finding(file, fault) for fault in file.faults],
        is_blocked=any(not fault.warns for fault in file.faults),
        estimate=estimate(file),
        caption=caption(file, REVIEW),
    )


def page_card(file: DraftFile, page: Page) -> dict[str, Any]:
    """A page of answers as a summary card."""
    words = AnswerWords(file.directory)
    return {
        "title": localized(page.title),
        "rows": [
            {"key": localized(field.label), "value": words.of(field, file.answers.get(field.id))}
            for field in visible_fields(page, file.facts)
        ],
        "actions": [{"text": _("Sửa"), "href": url_for("draft_pages.show", draft_id=file.draft.id, page_id=page.id)}],
    }


def papers_card(file: DraftFile) -> dict[str, Any] | None:
    """The papers as a summary card; none when nothing need be supplied."""
    if not file.papers:
        return None
    rows = []
    for paper in file.papers:
        names = [view.file_name for view in file.draft.papers_of(paper.id)]
        rows.append({"key": localized(paper.name), "value": Markup("<br>").join(names) or without(file, paper)})
    if spared_papers(file):
        consent = _("Có") if file.has_consent else _("Không")
        rows.append({"key": _("Cho Cổng lấy dữ liệu dân cư và đất đai"), "value": consent})
    href = url_for("draft_papers.index", draft_id=file.draft.id)
    return {"title": _("Giấy tờ"), "rows": rows, "actions": [{"text": _("Sửa"), "href": href}]}


def without(file: DraftFile, paper: Paper) -> str:
    """What is said of a paper that was not uploaded."""
    if file.is_spared(paper):
        return _("Không cần nộp: Cổng lấy từ dữ liệu của Nhà nước")
    return _("Không có") if not paper.required or has_no_paper(file, paper.id) else _("Chưa tải lên")


def finding(file: DraftFile, fault: Fault) -> dict[str, str]:
    """A line of what should be looked at again, with the place to mend it."""
    if fault.page == PAPERS_PAGE:
        href = url_for("draft_papers.show", draft_id=file.draft.id, slot=fault.field)
    else:
        href = url_for("draft_pages.show", draft_id=file.draft.id, page_id=fault.page, _anchor=fault.field or None)
    return {"text": localized(fault.sentence), "href": href}


def sent_record(code: str) -> Sent:
    """Raises NotFound when it is not the actor's."""
    own = opened_own(code, actor=actor())
    record = own.file.record
    with reading(actor()) as session:
        booked = booking_of(session, record.id)
    visit_at = booked.starts_at if booked and booked.is_open else None
    receiver = own.directory.body_of(record.received_unit_id).in_language(current_language())
    key, version = settings().receipt_key.encode(), record.secret_version
    return Sent(
        file=own.file,
        receiver=receiver,
        secret=receipt_secret(record.id, key=key, version=version),
        code_picture=code_picture(lookup_token(record.id, key=key, version=version)),
        due_at=due_at(own.procedure.term, accepted_at=visit_at or record.reception_due_at, calendar=own.calendar),
        visit_at=visit_at,
    )


def code_picture(token: str) -> Markup:
    """The QR code of the look-up: the same as on the receipt."""
    code = segno.make(f"{settings().public_url}/tra-cuu/qr/{token}", error="m")
    return Markup(code.svg_inline(border=2, omitsize=True))  # noqa: S704 - drawn here from an address of our own
