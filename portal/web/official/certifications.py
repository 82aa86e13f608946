"""The registers of certifications of an agency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.wording import short_day, vnd
from portal.records.book_prints import BookName
from portal.records.certifications import Book, Certification, Certifications, bodies_of, list_certifications
from portal.records.contents import certification_sheet
from portal.units.queries import directory as read_directory
from portal.web.languages import current_language
from portal.web.official import books
from portal.web.official.books import OfficeBook
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_certifications", __name__, url_prefix="/can-bo/so-chung-thuc")

BOOKS: dict[Book, Words] = {
    Book.COPIES: __("Sổ chứng thực bản sao từ bản chính"),
    Book.SIGNATURES: __("Sổ chứng thực chữ ký"),
}


@dataclass(frozen=True)
class BookRow:
    number: str
    day: str
    who: str
    identity: str
    href: str
    code: str
    paper: str
    signer: str
    signed_as: str
    copies: str
    fee: str
    is_ended: bool


def _row(entry: Certification) -> BookRow:
    language = current_language()
    counts = [
        _("%(count)s bản giấy", count=entry.paper_copies) if entry.paper_copies else "",
        _("%(count)s bản điện tử", count=entry.electronic_copies) if entry.electronic_copies else "",
    ]
    return BookRow(
        number=entry.reference,
        day=short_day(entry.certified_at, language=language),
        who=entry.requested_by,
        identity=entry.identity,
        href=url_for("official_records.show", code=entry.record_code),
        code=entry.record_code,
        paper=entry.paper,
        signer=entry.signed_by,
        signed_as=entry.signed_as,
        copies=", ".join(part for part in counts if part),
        fee=vnd(entry.fee, language=language) if entry.fee is not None else "",
        is_ended=entry.ended_at is not None,
    )


def _bodies(session: Session, who: Actor) -> list[tuple[str, str]]:
    directory = read_directory(session)
    return [(str(one), directory.unit(one).in_language(current_language())) for one in bodies_of(session, who)]


def _asked(answers: Mapping[str, Any]) -> Certifications:
    return Certifications(UUID(answers["unit"]), Book(answers["kind"]), answers["first_day"], answers["last_day"])


def _entries(
    session: Session, asked: Certifications, who: Actor, now: datetime, most: int
) -> tuple[list[Certification], bool]:
    return list_certifications(session, asked, actor=who, most=most)


def _shown(asked: Certifications, entries: list[Certification], now: datetime) -> dict[str, Any]:
    return {"rows": [_row(entry) for entry in entries], "is_of_signatures": asked.book is Book.SIGNATURES}


def _year(today: date) -> date:
    return today.replace(month=1, day=1)


BOOK: OfficeBook[Certifications, Certification] = OfficeBook(
    template="official/certifications.html",
    address="/can-bo/so-chung-thuc",
    units=_bodies,
    kinds={book.value: words for book, words in BOOKS.items()},
    usual_first_day=_year,
    asked=_asked,
    entries=_entries,
    shown=_shown,
    name=BookName.CERTIFICATIONS,
    title=lambda asked: certification_sheet.TITLES[asked.book],
    spreadsheet=certification_sheet.spreadsheet,
)


@blueprint.get("")
def show() -> ResponseReturnValue:
    return books.show(BOOK)


@blueprint.post("/in")
def ask_print() -> ResponseReturnValue:
    return books.ask_print(BOOK)


@blueprint.get("/so.xlsx")
def sheet() -> ResponseReturnValue:
    return books.sheet(BOOK)
