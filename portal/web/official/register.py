"""The register of records of a unit: on a page, to print, as a spreadsheet. Addresses name unit and days only."""

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
from portal.core.text import marked
from portal.core.unit_of_work import reading
from portal.records.contents import register_sheet
from portal.records.queues import count_desk
from portal.records.register_book import Entry, Register, Share, list_entries
from portal.units.queries import directory as read_directory
from portal.units.resolution import Directory
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, DateField, SelectField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.official.register_words import row_of, shares, units_of
from portal.web.pages import page
from portal.web.sent_files import made_here
from portal.web.sign_in import actor
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_register", __name__, url_prefix="/can-bo/so-theo-doi")

ADDRESS = "/can-bo/so-theo-doi"
SHOWN = 100
PRINTED = 200
LISTED = 20_000
"""Lines of the page, of the PDF, which takes some 30 ms a line, and of the spreadsheet."""

TOO_MANY = marked("Sổ dài quá %(most)s dòng. Chọn ít ngày hơn, hoặc tải bảng tính.")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Made = Callable[..., bytes]


class RegisterForm(BaseForm):
    """Changes nothing, so it needs no token and its answers stand in the address."""

    class Meta:
        csrf = False

    unit = SelectField(__("Sổ của đơn vị"))
    share = SelectField(__("Loại sổ"))
    first_day = DateField(__("Từ ngày"))
    last_day = DateField(__("Đến hết ngày"))


@dataclass(frozen=True)
class _Opened:
    register: Register
    entries: list[Entry]
    has_more: bool
    directory: Directory


@blueprint.get("")
def show() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    form = _form(who, now)
    opened = None
    with reading(who) as session:
        if form.validate():
            try:
                opened = _open(session, form, who, now, most=SHOWN)
            except InvalidInput as refused:
                tell(form, refused)
        counts = count_desk(session, actor=who, now=now)
    files = {name: url_for(f".{name}", **_sent(form)) for name in ("printed", "sheet")} if opened else {}
    return page(
        "official/register.html",
        form,
        status=200 if opened else 422,
        rows=[row_of(entry, now=now) for entry in opened.entries] if opened else None,
        has_more=opened.has_more if opened else False,
        most=SHOWN,
        files=files,
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.get("/so.pdf")
def printed() -> ResponseReturnValue:
    return _file(register_sheet.printed, most=PRINTED, media_type="application/pdf", extension="pdf")


@blueprint.get("/so.xlsx")
def sheet() -> ResponseReturnValue:
    return _file(register_sheet.spreadsheet, most=LISTED, media_type=SPREADSHEET, extension="xlsx")


def _file(made: Made, *, most: int, media_type: str, extension: str) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    form = _form(who, now)
    if not form.validate():
        return page("official/register.html", form, status=422, rows=None, files={}, navigation=_menu(who, now))
    with reading(who) as session:
        opened = _open(session, form, who, now, most=most)
    if opened.has_more:
        raise InvalidInput(TOO_MANY, most=most)
    content = made(opened.register, opened.entries, opened.directory, now=now)
    stem = f"{register_sheet.TITLE} {opened.register.first_day} {opened.register.last_day}"
    return made_here(content, media_type=media_type, stem=stem, extension=extension)


def _menu(who: Actor, now: datetime) -> list[dict[str, Any]]:
    with reading(who) as session:
        return menu(count_desk(session, actor=who, now=now), actor=who, here=ADDRESS)


def _form(who: Actor, now: datetime) -> RegisterForm:
    """As the address fills it; without any, this month of the official's own unit."""
    units = units_of(who, language=current_language())
    today = clock.local_day(now)
    usual: dict[str, Any] = {
        "unit": units[0][0] if units else "",
        "share": Share.RECEIVED.value,
        "first_day": today.replace(day=1),
        "last_day": today,
    }
    form = RegisterForm(formdata=request.args if request.args else None, **usual)
    form.unit.items = [{"value": value, "text": text} for value, text in units]
    form.share.items = [{"value": value, "text": text} for value, text in shares()]
    return form


def _open(session: Session, form: RegisterForm, who: Actor, now: datetime, *, most: int) -> _Opened:
    answers = form.answers
    register = Register(UUID(answers["unit"]), answers["first_day"], answers["last_day"], share=Share(answers["share"]))
    entries, has_more = list_entries(session, register, actor=who, now=now, most=most)
    personal_data.register_is_read(
        unit_id=register.unit_id, days=f"{register.first_day:%d/%m/%Y}–{register.last_day:%d/%m/%Y}", count=len(entries)
    )
    return _Opened(register, entries, has_more, read_directory(session))


def _sent(form: RegisterForm) -> dict[str, Any]:
    """The answers as the address of a file carries them."""
    answers = form.answers
    days = {
        f"{name}-{part}": str(getattr(answers[name], part))
        for name in ("first_day", "last_day")
        for part in ("day", "month", "year")
    }
    return {"unit": answers["unit"], "share": answers["share"], **days}
