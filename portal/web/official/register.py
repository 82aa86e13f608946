"""The register of records of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.records.book_prints import BookName
from portal.records.contents import register_sheet
from portal.records.register_book import Entry, Register, Share, list_entries
from portal.web.languages import current_language
from portal.web.official import books
from portal.web.official.books import OfficeBook
from portal.web.official.register_words import SHARES, row_of, units_of

blueprint = Blueprint("official_register", __name__, url_prefix="/can-bo/so-theo-doi")


def _asked(answers: Mapping[str, Any]) -> Register:
    return Register(UUID(answers["unit"]), answers["first_day"], answers["last_day"], share=Share(answers["kind"]))


def _entries(session: Session, asked: Register, who: Actor, now: datetime, most: int) -> tuple[list[Entry], bool]:
    return list_entries(session, asked, actor=who, now=now, most=most)


def _shown(asked: Register, entries: list[Entry], now: datetime) -> dict[str, Any]:
    return {"rows": [row_of(entry, now=now) for entry in entries]}


def _month(today: date) -> date:
    return today.replace(day=1)


BOOK: OfficeBook[Register, Entry] = OfficeBook(
    template="official/register.html",
    address="/can-bo/so-theo-doi",
    units=lambda session, who: units_of(who, language=current_language()),
    kinds={share.value: words for share, words in SHARES.items()},
    usual_first_day=_month,
    asked=_asked,
    entries=_entries,
    shown=_shown,
    name=BookName.RECORDS,
    title=lambda asked: register_sheet.TITLE,
    spreadsheet=register_sheet.spreadsheet,
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
