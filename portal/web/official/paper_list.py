"""The papers and documents of a record, with a picture of the one that is being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.wording import size
from portal.files.types import FileFacts
from portal.records.desk import Desk
from portal.records.models import RecordPaper
from portal.records.provenance import of_row, verdict_of
from portal.records.record_file import DocumentView
from portal.web.languages import current_language, localized
from portal.web.official.deadlines import shown_day
from portal.web.official.record_address import Wanted
from portal.web.paper_words import ShownWorth, shown_worth
from portal.web.state_words import Tag
from portal.web.translation import gettext as _

Worths = Mapping[UUID, ShownWorth]
NAMES = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


@dataclass(frozen=True)
class PaperRow:
    name: str
    href: str
    note: str
    current: bool
    tag: Tag | None = None  # what it is worth by its signatures and the registry


@dataclass(frozen=True)
class Preview:
    """One page of a paper as a picture."""

    name: str
    picture: str
    whole: str
    place: str  # "Trang 2 trên 8"
    previous: str | None
    next: str | None
    worth: ShownWorth | None


@dataclass(frozen=True)
class DocumentRow:
    text: str
    href: str | None
    note: str


@dataclass(frozen=True)
class PaperList:
    rows: list[PaperRow]
    replaced: list[PaperRow]
    preview: Preview | None


def worths_of(session: Session, papers: Iterable[RecordPaper], *, now: datetime) -> Worths:
    """What each paper is worth today; nothing of those that are neither signed nor issued here."""
    today = clock.local_day(now)
    known = [paper for paper in papers if paper.signatures or paper.document_id]
    shown = {
        paper.id: shown_worth(verdict_of(session, paper.file_digest, of_row(paper), today=today)) for paper in known
    }
    return {paper_id: worth for paper_id, worth in shown.items() if worth is not None}


def paper_list(
    desk: Desk, facts: Mapping[str, FileFacts], worths: Worths, *, wanted: Wanted, now: datetime
) -> PaperList:
    """The papers in the order of the definition. The chosen one, else the first, is shown."""
    in_force = [paper for paper in _in_order(desk) if paper.replaced_at is None]
    replaced = [paper for paper in _in_order(desk) if paper.replaced_at is not None]
    open_paper = next(
        (paper for paper in desk.file.papers if paper.id == wanted.paper_id), in_force[0] if in_force else None
    )
    shown = open_paper.id if open_paper else None
    return PaperList(
        rows=[_row(desk, paper, facts, worths, shown, wanted, now) for paper in in_force],
        replaced=[_row(desk, paper, facts, worths, shown, wanted, now) for paper in replaced],
        preview=_preview(desk, open_paper, facts.get(open_paper.file_digest), worths, wanted) if open_paper else None,
    )


def document_rows(documents: Iterable[DocumentView], *, code: str, now: datetime) -> list[DocumentRow]:
    """What was made for the record, newest first; a document that is still being made has no link yet."""
    return [row for document in reversed(list(documents)) for row in _rows(document, code=code, now=now)]


def _rows(document: DocumentView, *, code: str, now: datetime) -> list[DocumentRow]:
    """The document, and the data of a receipt under it."""
    row = _document(document, code=code, now=now)
    if document.data_digest is None:
        return [row]
    href = url_for("official_files.document_data", code=code, document_id=document.id)
    return [row, DocumentRow(_("Dữ liệu của biên lai số %(number)s", number=document.reference), href, "XML")]


def document_href(document: DocumentView, *, code: str) -> str | None:
    if document.file_digest is None:
        return None
    return url_for("official_files.document", code=code, document_id=document.id)


def _document(document: DocumentView, *, code: str, now: datetime) -> DocumentRow:
    title = localized(document)
    if document.reference:
        title = _("%(title)s, số %(reference)s", title=title, reference=document.reference)
    if document.file_digest is None:
        note = _("đang tạo tệp")
    elif document.awaits_signature_since is not None:
        note = _("PDF, chờ người có thẩm quyền ký số")
    elif document.issued_at is not None and document.ended_at is not None:
        issued, ended = (shown_day(day, now=now) for day in (document.issued_at, document.ended_at))
        note = _("PDF, phát hành %(issued)s, hết giá trị từ %(ended)s", issued=issued, ended=ended)
    elif document.issued_at is not None:
        note = _("PDF, phát hành %(day)s", day=shown_day(document.issued_at, now=now))
    elif document.signed_at is not None:
        note = _("PDF, đã ký %(day)s, chờ lấy số", day=shown_day(document.signed_at, now=now))
    elif document.series is not None:
        note = _("PDF, bản dự thảo %(day)s", day=shown_day(document.created_at, now=now))
    else:
        note = _("PDF, %(day)s", day=shown_day(document.created_at, now=now))
    return DocumentRow(title, document_href(document, code=code), note)


def _in_order(desk: Desk) -> list[RecordPaper]:
    order = {paper.id: index for index, paper in enumerate(desk.grounds.procedure.papers)}
    return sorted(desk.file.papers, key=lambda paper: (order.get(paper.slot, len(order)), paper.supplied_at))


def paper_name(desk: Desk, slot: str) -> str:
    return next((localized(paper.name) for paper in desk.grounds.procedure.papers if paper.id == slot), slot)


def _row(
    desk: Desk,
    paper: RecordPaper,
    facts: Mapping[str, FileFacts],
    worths: Worths,
    shown: UUID | None,
    wanted: Wanted,
    now: datetime,
) -> PaperRow:
    code = desk.file.record.code
    name, worth = paper_name(desk, paper.slot), worths.get(paper.id)
    return PaperRow(
        name=_("%(paper)s (bổ sung)", paper=name) if paper.supplement_id else name,
        href=wanted.href(code, giay=paper.id, _anchor="giay-to"),
        note=_note(paper, facts.get(paper.file_digest), now),
        current=paper.id == shown,
        tag=worth.tag if worth else None,
    )


def _note(paper: RecordPaper, known: FileFacts | None, now: datetime) -> str:
    parts = []
    if known is not None:
        parts.append(NAMES.get(known.media_type, known.media_type))
        if known.pages and known.pages > 1:
            parts.append(_("%(pages)s trang", pages=known.pages))
        parts.append(size(known.size, language=current_language()))
    day = shown_day(paper.replaced_at or paper.supplied_at, now=now)
    when = _("đã thay %(day)s", day=day) if paper.replaced_at else _("nộp %(day)s", day=day)
    if paper.from_vault:
        when = _("%(when)s từ kho giấy tờ", when=when)
    return f"{', '.join(parts)} · {when}" if parts else when


def _preview(desk: Desk, paper: RecordPaper, known: FileFacts | None, worths: Worths, wanted: Wanted) -> Preview:
    code = desk.file.record.code
    pages = (known.pages if known else None) or 1
    page = min(max(wanted.paper_page, 1), pages)

    def turned(to: int) -> str | None:
        if not 1 <= to <= pages:
            return None
        return wanted.href(code, giay=paper.id, trang=to, _anchor="giay-to")

    return Preview(
        name=paper_name(desk, paper.slot),
        picture=url_for("official_files.paper_page", code=code, paper_id=paper.id, number=page),
        whole=url_for("official_files.paper", code=code, paper_id=paper.id),
        place=_("Trang %(page)s trên %(pages)s", page=page, pages=pages),
        previous=turned(page - 1),
        next=turned(page + 1),
        worth=worths.get(paper.id),
    )
