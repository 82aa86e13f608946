"""Lists on a record's page: documents, papers, fees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from portal.core import wording
from portal.records.duties import duties_of
from portal.records.record_file import DocumentView, FeeView
from portal.web.citizen.own_record import OwnRecord
from portal.web.fee_words import reasons_of
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class Line:
    """A line of a list; without `href` it leads nowhere yet."""

    text: str
    href: str = ""
    note: str = ""
    link: str = ""
    more: str = ""


def documents_of(own: OwnRecord) -> list[Line]:
    """What agencies have written to the applicant, the newest first; a document whose file is not there yet says so."""
    meant = [document for document in own.file.documents if is_meant(document)]
    return [line for document in sorted(meant, key=_newness, reverse=True) for line in _lines(own, document)]


def _lines(own: OwnRecord, document: DocumentView) -> list[Line]:
    """The document, and the data of a receipt under it."""
    line = _document(own, document)
    if document.data_digest is None:
        return [line]
    href = url_for("record_files.document_data", code=own.code, document_id=document.id)
    number = document.reference
    return [line, Line(text=_("Dữ liệu của biên lai số %(number)s", number=number), href=href, note="XML")]


def _newness(document: DocumentView) -> tuple[datetime, int]:
    """Those of one moment, one for each row, in the order of the rows."""
    return document.issued_at or document.created_at, -(document.row or 0)


def papers_of(own: OwnRecord) -> list[Line]:
    """What the applicant has supplied. A paper that was replaced says so."""
    names = {paper.id: paper.name.in_language(current_language()) for paper in own.procedure.papers}
    return [
        Line(
            text=f"{names.get(paper.slot, paper.slot)}: {paper.file_name}",
            href=url_for("record_files.paper", code=own.code, paper_id=paper.id),
            note=_("đã thay bằng tệp khác") if paper.replaced_at else _day(paper.supplied_at),
        )
        for paper in own.file.papers
    ]


def fees_of(own: OwnRecord) -> list[Line]:
    """Each fee with how it stands."""
    return [_fee(own, fee) for fee in own.file.fees]


def _document(own: OwnRecord, document: DocumentView) -> Line:
    title = localized(document)
    text = _("%(title)s số %(number)s", title=title, number=document.reference) if document.reference else title
    newer = own.file.puts_right(document)
    if document.awaits_signature_since:
        return Line(text=text, note=_("Đang chờ người có thẩm quyền ký số. Mở lại trang này sau."))
    if not is_ready(document) and newer is None:
        return Line(text=text, note=_("Đang tạo tệp. Mở lại trang này sau ít phút."))
    if own.file.waits_for_fee(document):
        return Line(text=text, note=_("Nộp phí rồi tải được."))
    day = _day(document.issued_at or document.created_at)
    notes = ["PDF", day]
    if newer is not None and newer.reference:
        notes.append(_("đã thay bằng bản đính chính số %(number)s", number=newer.reference))
    elif document.ended_at:
        notes.append(_("hết giá trị từ %(day)s", day=_day(document.ended_at)))
    elif document.valid_until:
        notes.append(_("có hiệu lực đến %(day)s", day=_day(document.valid_until)))
    return Line(
        text=text,
        href=url_for("record_files.document", code=own.code, document_id=document.id) if is_ready(document) else "",
        note=" · ".join(notes),
    )


def _fee(own: OwnRecord, fee: FeeView) -> Line:
    return replace(_owed(own, fee), note=reasons_of(fee))


def _owed(own: OwnRecord, fee: FeeView) -> Line:
    amount = wording.vnd(fee.amount, language=current_language())
    name = localized(fee)
    if not fee.amount:
        return Line(text=_("%(name)s: không phải nộp.", name=name))
    if fee.refunded_at:
        day = _day(fee.refunded_at)
        return Line(text=_("%(name)s: %(amount)s, đã trả lại %(day)s.", name=name, amount=amount, day=day))
    if fee.refund_due_at:
        return Line(text=_("%(name)s: %(amount)s, đã thu và sẽ được trả lại.", name=name, amount=amount))
    if fee.paid_at:
        return Line(text=_("%(name)s: %(amount)s, đã thu %(day)s.", name=name, amount=amount, day=_day(fee.paid_at)))
    if fee not in own.file.fees_to_pay:
        return Line(text=_("%(name)s: %(amount)s, không phải nộp nữa.", name=name, amount=amount))
    return Line(
        text=_("%(name)s: %(amount)s, chưa nộp.", name=name, amount=amount),
        href=url_for("paying.pay", code=own.code),
        link=_("Nộp %(amount)s", amount=wording.vnd(own.file.unpaid, language=current_language())),
    )


def duties_of_applicant(own: OwnRecord) -> list[Line]:
    """What is left to do after the result, with its day."""
    record = own.file.record
    if record.finished_at is None or record.outcome != "granted":
        return []
    due = duties_of(own.procedure, record.answers, finished_at=record.finished_at, calendar=own.calendar)
    return [
        Line(
            text=duty.name.in_language(current_language()),
            note=_("trước %(day)s", day=wording.day(duty.due_on, language=current_language())),
        )
        for duty in due
    ]


def is_meant(document: DocumentView) -> bool:
    """Whether the applicant may have it: it is for him, and no draft that still waits for its number."""
    return document.for_applicant and (document.series is None or document.number is not None)


def is_ready(document: DocumentView) -> bool:
    """Whether its file is there, and drawn since the document was sealed."""
    if document.file_digest is None or document.rendered_at is None or document.awaits_signature_since:
        return False
    return document.issued_at is None or document.rendered_at >= document.issued_at


def _day(moment: datetime | date) -> str:
    return wording.short_day(moment, language=current_language())
