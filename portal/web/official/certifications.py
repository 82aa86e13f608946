"""The registers of certifications of an agency: on a page, to print, as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading
from portal.core.wording import short_day, vnd
from portal.records.certifications import Book, Certification, Certifications, bodies_of, list_certifications
from portal.records.contents import certification_sheet
from portal.records.queues import count_desk
from portal.units.queries import directory as read_directory
from portal.units.resolution import Directory
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, DateField, SelectField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.official.register import LISTED, PRINTED, SHOWN, SPREADSHEET, TOO_MANY
from portal.web.pages import page
from portal.web.sent_files import made_here
from portal.web.sign_in import actor
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_certifications", __name__, url_prefix="/can-bo/so-chung-thuc")

ADDRESS = "/can-bo/so-chung-thuc"
BOOKS: dict[Book, Words] = {
    Book.COPIES: __("Sổ chứng thực bản sao từ bản chính"),
    Book.SIGNATURES: __("Sổ chứng thực chữ ký"),
}

Made = Callable[..., bytes]


class BookForm(BaseForm):
    """Changes nothing, so it needs no token and its answers stand in the address."""

    class Meta:
        csrf = False

    unit = SelectField(__("Sổ của cơ quan"))
    book = SelectField(__("Loại sổ"), choices=[(book.value, name) for book, name in BOOKS.items()])
    first_day = DateField(__("Từ ngày"))
    last_day = DateField(__("Đến hết ngày"))


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


@dataclass(frozen=True)
class _Opened:
    asked: Certifications
    entries: list[Certification]
    has_more: bool
    directory: Directory


@blueprint.get("")
def show() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    opened = None
    with reading(who) as session:
        form = _form(session, who, now)
        if form.validate():
            try:
                opened = _open(session, form, who, most=SHOWN)
            except InvalidInput as refused:
                tell(form, refused)
        counts = count_desk(session, actor=who, now=now)
    files = {name: url_for(f".{name}", **_sent(form)) for name in ("printed", "sheet")} if opened else {}
    return page(
        "official/certifications.html",
        form,
        status=200 if opened else 422,
        rows=[_row(entry) for entry in opened.entries] if opened else None,
        is_of_signatures=bool(opened and opened.asked.book is Book.SIGNATURES),
        has_more=opened.has_more if opened else False,
        most=SHOWN,
        files=files,
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.get("/so.pdf")
def printed() -> ResponseReturnValue:
    return _file(certification_sheet.printed, most=PRINTED, media_type="application/pdf", extension="pdf")


@blueprint.get("/so.xlsx")
def sheet() -> ResponseReturnValue:
    return _file(certification_sheet.spreadsheet, most=LISTED, media_type=SPREADSHEET, extension="xlsx")


def _file(made: Made, *, most: int, media_type: str, extension: str) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        form = _form(session, who, now)
        if not form.validate():
            counts = count_desk(session, actor=who, now=now)
            navigation = menu(counts, actor=who, here=ADDRESS)
            return page("official/certifications.html", form, status=422, rows=None, files={}, navigation=navigation)
        opened = _open(session, form, who, most=most)
    if opened.has_more:
        raise InvalidInput(TOO_MANY, most=most)
    content = made(opened.asked, opened.entries, opened.directory, now=now)
    stem = f"{certification_sheet.TITLES[opened.asked.book]} {opened.asked.first_day} {opened.asked.last_day}"
    return made_here(content, media_type=media_type, stem=stem, extension=extension)


def _form(session: Session, who: Actor, now: datetime) -> BookForm:
    """As the address fills it; without any, this year's book of copies of the official's own agency."""
    directory, today = read_directory(session), clock.local_day(now)
    bodies = [(str(one), directory.unit(one).in_language(current_language())) for one in bodies_of(session, who)]
    usual: dict[str, Any] = {
        "unit": bodies[0][0] if bodies else "",
        "book": Book.COPIES.value,
        "first_day": today.replace(month=1, day=1),
        "last_day": today,
    }
    form = BookForm(formdata=request.args if request.args else None, **usual)
    form.unit.items = [{"value": value, "text": text} for value, text in bodies]
    return form


def _open(session: Session, form: BookForm, who: Actor, *, most: int) -> _Opened:
    answers = form.answers
    asked = Certifications(
        UUID(answers["unit"]), Book(answers["book"]), first_day=answers["first_day"], last_day=answers["last_day"]
    )
    entries, has_more = list_certifications(session, asked, actor=who, most=most)
    days = f"{asked.first_day:%d/%m/%Y}–{asked.last_day:%d/%m/%Y}"
    personal_data.register_is_read(unit_id=asked.unit_id, days=days, count=len(entries))
    return _Opened(asked, entries, has_more, read_directory(session))


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


def _sent(form: BookForm) -> dict[str, Any]:
    """The answers as the address of a file carries them."""
    answers = form.answers
    days = {
        f"{name}-{part}": str(getattr(answers[name], part))
        for name in ("first_day", "last_day")
        for part in ("day", "month", "year")
    }
    return {"unit": answers["unit"], "book": answers["book"], **days}
