"""Books of an office as PDF: asked for on a page, drawn by the worker, fetched by who asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import NotFound
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents.jobs import pages_of
from portal.files import service as files
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS
from portal.records import certifications, register_book
from portal.records.book_models import BookPrint
from portal.records.contents import certification_sheet, register_sheet
from portal.units.queries import directory

PRINTED = 200
"""Lines of one PDF: a line takes some 30 ms, and a worker holds a job for two minutes."""

GONE = "Không thấy bản in này. Mở sổ và in lại."
_DRAW = "draw_book"


class BookName(StrEnum):
    RECORDS = "records"
    CERTIFICATIONS = "certifications"


@dataclass(frozen=True)
class AskedPrint:
    """What was asked for. `kind`: of that unit's books of the name; both days are included."""

    unit_id: UUID
    book: BookName
    kind: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class BookPrintView(AskedPrint):
    id: UUID
    person_id: UUID
    title: str
    file_digest: str | None


def ask_print(session: Session, asked: AskedPrint, *, actor: Actor, now: datetime) -> UUID:
    """Owe the PDF to the actor. What the book shows is what the actor may see when it is drawn."""
    print_id = new_id()
    row: dict[str, Any] = {name: getattr(asked, name) for name in AskedPrint.__dataclass_fields__}
    session.execute(insert(BookPrint).values(id=print_id, person_id=actor.person_id, requested_at=now, **row))
    key = {"print_id": str(print_id)}
    jobs.owe(session, _DRAW, queue=DOCUMENTS, arguments=key, natural_key=str(print_id), now=now)
    return print_id


def get_print(session: Session, print_id: UUID) -> BookPrintView:
    """Raises NotFound, also for what somebody else asked for."""
    row = session.get(BookPrint, print_id)
    if row is None:
        raise NotFound(GONE)
    book = BookName(row.book)
    return BookPrintView(
        unit_id=row.unit_id,
        book=book,
        kind=row.kind,
        first_day=row.first_day,
        last_day=row.last_day,
        id=row.id,
        person_id=row.person_id,
        title=_TITLES[book](row.kind),
        file_digest=row.file_digest,
    )


def waits_for(print_id: UUID) -> tuple[str, str]:
    """Kind and natural key of the job that draws it."""
    return _DRAW, str(print_id)


def draw_book(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Draw the book as the person who asked may see it now; nothing when it is drawn. Raises NotFound when that person
    has left the unit meanwhile."""
    with reading(SYSTEM) as session:
        wanted = get_print(session, UUID(arguments["print_id"]))
        actor = accounts.as_official(session, wanted.person_id, day=clock.local_day(now))
    if wanted.file_digest is not None:
        return
    content = _PRINTED[wanted.book](wanted, actor, now)
    stored = files.store_produced(content)
    with unit_of_work(SYSTEM) as session:
        files.write_row(session, stored, media_type="application/pdf", pages=pages_of(content), now=now)
        drawn = update(BookPrint).where(BookPrint.id == wanted.id, BookPrint.file_digest.is_(None))
        session.execute(drawn.values(file_digest=stored.digest, drawn_at=now))


def _of_records(wanted: AskedPrint, actor: Actor, now: datetime) -> bytes:
    share = register_book.Share(wanted.kind)
    register = register_book.Register(wanted.unit_id, wanted.first_day, wanted.last_day, share=share)
    with reading(actor) as session:
        entries, _has_more = register_book.list_entries(session, register, actor=actor, now=now, most=PRINTED)
        units = directory(session)
    return register_sheet.printed(register, entries, units, now=now)


def _of_certifications(wanted: AskedPrint, actor: Actor, now: datetime) -> bytes:
    book = certifications.Book(wanted.kind)
    asked = certifications.Certifications(wanted.unit_id, book, wanted.first_day, wanted.last_day)
    with reading(actor) as session:
        entries, _has_more = certifications.list_certifications(session, asked, actor=actor, most=PRINTED)
        units = directory(session)
    return certification_sheet.printed(asked, entries, units, now=now)


_PRINTED: Mapping[BookName, Callable[[AskedPrint, Actor, datetime], bytes]] = {
    BookName.RECORDS: _of_records,
    BookName.CERTIFICATIONS: _of_certifications,
}
_TITLES: Mapping[BookName, Callable[[str], str]] = {
    BookName.RECORDS: lambda kind: register_sheet.TITLE,
    BookName.CERTIFICATIONS: lambda kind: certification_sheet.TITLES[certifications.Book(kind)],
}

KINDS = {_DRAW: draw_book}
