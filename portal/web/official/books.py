"""The books of an office: one unit and a stretch of days, on a page, to print, as a spreadsheet.

What the address names are unit, kind and days only, so that it may be kept and sent on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.text import marked
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import book_prints
from portal.records.book_prints import PRINTED, AskedPrint, BookName
from portal.records.queues import count_desk
from portal.units.queries import directory as read_directory
from portal.units.resolution import Directory
from portal.web import personal_data
from portal.web.asked_days import LAST
from portal.web.errors import tell
from portal.web.fields import BaseForm, DateField, SelectField
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sent_files import SPREADSHEET, made_here
from portal.web.sign_in import actor
from portal.web.translation import Words
from portal.web.translation import lazy_gettext as __

SHOWN = 100
LISTED = 20_000
"""Lines of the page and of the spreadsheet."""

TOO_MANY = marked("Sổ dài quá %(most)s dòng. Chọn ít ngày hơn, hoặc tải bảng tính.")


class Stretch(Protocol):
    """What is asked of a book: whose, and from when to when, both days included."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...


Asked = TypeVar("Asked", bound=Stretch)
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class OfficeBook(Generic[Asked, Entry]):
    """What differs from book to book."""

    name: BookName
    template: str
    address: str
    units: Callable[[Session, Actor], list[tuple[str, str]]]
    """The units whose book the actor may open, the usual one first."""
    kinds: Mapping[str, Words]
    """The kinds of this book, the usual one first."""
    usual_first_day: Callable[[date], date]
    asked: Callable[[Mapping[str, Any]], Asked]
    entries: Callable[[Session, Asked, Actor, datetime, int], tuple[list[Entry], bool]]
    """At most so many lines, and whether there are more. Raises InvalidInput, NotFound."""
    shown: Callable[[Asked, list[Entry], datetime], dict[str, Any]]
    """What the page says of the lines."""
    title: Callable[[Asked], str]
    spreadsheet: Callable[..., bytes]
    """The file, of what was asked, its lines, the directory and `now`."""


class BookForm(BaseForm):
    """Changes nothing, so it needs no token and its answers stand in the address."""

    class Meta:
        csrf = False

    unit = SelectField(__("Sổ của đơn vị"))
    kind = SelectField(__("Loại sổ"))
    first_day = DateField(__("Từ ngày"))
    last_day = DateField(__("Đến hết ngày"), latest=LAST)


@dataclass(frozen=True)
class _Opened(Generic[Asked, Entry]):
    asked: Asked
    kind: str
    entries: list[Entry]
    has_more: bool
    directory: Directory


def show(book: OfficeBook[Asked, Entry]) -> ResponseReturnValue:
    """The page of the book; 422 when what is asked makes none."""
    now, who = clock.now(), actor()
    opened = None
    with reading(who) as session:
        form = _form(book, session, who, now)
        if form.validate():
            try:
                opened = _open(book, session, form, who, now, most=SHOWN)
            except InvalidInput as refused:
                tell(form, refused)
        counts = count_desk(session, actor=who, now=now)
    navigation = menu(counts, actor=who, here=book.address)
    if opened is None:
        return page(book.template, form, status=422, rows=None, navigation=navigation)
    words = book.shown(opened.asked, opened.entries, now)
    files = {name: url_for(f".{name}", **_sent(form)) for name in ("ask_print", "sheet")}
    return page(book.template, form, has_more=opened.has_more, most=SHOWN, files=files, navigation=navigation, **words)


def ask_print(book: OfficeBook[Asked, Entry]) -> ResponseReturnValue:
    """The book as PDF takes too long for a page: the worker draws it. Raises InvalidInput for one that is too long."""
    now, who = clock.now(), actor()
    opened = _file(book, who, now, most=PRINTED)
    if not isinstance(opened, _Opened):
        return opened
    days = {"first_day": opened.asked.first_day, "last_day": opened.asked.last_day}
    wanted = AskedPrint(opened.asked.unit_id, book.name, opened.kind, **days)
    with unit_of_work(who) as session:
        print_id = book_prints.ask_print(session, wanted, actor=who, now=now)
    return redirect(url_for("official_book_prints.show", print_id=print_id), 303)


def sheet(book: OfficeBook[Asked, Entry]) -> ResponseReturnValue:
    """The book as .xlsx. Raises InvalidInput for one that is too long."""
    now, who = clock.now(), actor()
    opened = _file(book, who, now, most=LISTED)
    if not isinstance(opened, _Opened):
        return opened
    content = book.spreadsheet(opened.asked, opened.entries, opened.directory, now=now)
    stem = f"{book.title(opened.asked)} {opened.asked.first_day} {opened.asked.last_day}"
    return made_here(content, media_type=SPREADSHEET, stem=stem, extension="xlsx")


def _file(
    book: OfficeBook[Asked, Entry], who: Actor, now: datetime, *, most: int
) -> _Opened[Asked, Entry] | ResponseReturnValue:
    """What a file holds, or the page with the faults of the form."""
    with reading(who) as session:
        form = _form(book, session, who, now)
        if not form.validate():
            navigation = menu(count_desk(session, actor=who, now=now), actor=who, here=book.address)
            return page(book.template, form, status=422, rows=None, navigation=navigation)
        opened = _open(book, session, form, who, now, most=most)
    if opened.has_more:
        raise InvalidInput(TOO_MANY, most=most)
    return opened


def _form(book: OfficeBook[Asked, Entry], session: Session, who: Actor, now: datetime) -> BookForm:
    """As the address fills it; without any, the usual book of the official's own unit until today."""
    units, today = book.units(session, who), clock.local_day(now)
    usual: dict[str, Any] = {
        "unit": units[0][0] if units else "",
        "kind": next(iter(book.kinds)),
        "first_day": book.usual_first_day(today),
        "last_day": today,
    }
    form = BookForm(formdata=request.args if request.args else None, **usual)
    form.unit.items = [{"value": value, "text": text} for value, text in units]
    form.kind.items = [{"value": value, "text": text} for value, text in book.kinds.items()]
    return form


def _open(
    book: OfficeBook[Asked, Entry], session: Session, form: BookForm, who: Actor, now: datetime, *, most: int
) -> _Opened[Asked, Entry]:
    asked = book.asked(form.answers)
    entries, has_more = book.entries(session, asked, who, now, most)
    days = f"{asked.first_day:%d/%m/%Y}–{asked.last_day:%d/%m/%Y}"
    personal_data.register_is_read(unit_id=asked.unit_id, days=days, count=len(entries))
    return _Opened(asked, form.answers["kind"], entries, has_more, read_directory(session))


def _sent(form: BookForm) -> dict[str, Any]:
    """The answers as the address of a file carries them."""
    answers = form.answers
    return {"unit": answers["unit"], "kind": answers["kind"], **form.first_day.sent(), **form.last_day.sent()}
