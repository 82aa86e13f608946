"""The registers of certifications (sổ chứng thực) of an agency: one book for copies, one for signatures, by year.

Numbers run through the year without gaps, because the seal takes them (Circular 01/2020/TT-BTP, article 2; Decree
23/2015/NĐ-CP, article 13). What stands in a line is read from record and document: nobody types into a book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.catalogue import queries as catalogue
from portal.catalogue.types import FieldType, Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.symbols import reference
from portal.payments.fees import fee_lines
from portal.records.books import NOT_YOURS, bounds
from portal.records.facts import facts_of_answers
from portal.units import queries as units


class Book(StrEnum):
    """Which register of certifications; the value is the template of what stands in it."""

    COPIES = "certified_copy"
    SIGNATURES = "certified_signature"


@dataclass(frozen=True)
class Certifications:
    """Whose register, which book, and from when to when by the day of certification, both included."""

    unit_id: UUID
    book: Book
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Certification:
    """A line: one number. `paper_copies` counts sheets handed out, of signatures the signed texts."""

    document_id: UUID
    number: int
    year: int
    series: str
    certified_at: datetime
    record_code: str
    requested_by: str
    identity: str  # of a certified signature: the number of the identity paper
    paper: str
    signed_by: str
    signed_as: str
    paper_copies: int
    electronic_copies: int
    fee: int | None  # VND; None when the parts do not make up what the record owed
    ended_at: datetime | None

    @property
    def reference(self) -> str:
        return reference(self.number, self.series)


_LINES = text("""
SELECT document.id, document.number, document.year, document.series, document.issued_at, document.signed_by,
  document.unit_id, document.row, document.content, document.ended_at, record.code, record.applicant_name,
  record.answers, record.version_id, record.accepted_at,
  (SELECT coalesce(sum(amount), 0) FROM fee_line WHERE fee_line.record_id = record.id AND moment = 'return') AS owed
FROM document JOIN record ON record.id = document.record_id
WHERE document.template = :book AND document.unit_id = :unit AND document.number IS NOT NULL
  AND document.issued_at >= :since AND document.issued_at < :until
ORDER BY document.year, document.number LIMIT :most
""")


def bodies_of(session: Session, actor: Actor) -> list[UUID]:
    """The agencies that the actor works for, under whose name things are certified."""
    directory = units.directory(session)
    return list(dict.fromkeys(directory.body_of(post.unit_id).id for post in actor.posts))


def list_certifications(
    session: Session, asked: Certifications, *, actor: Actor, most: int
) -> tuple[list[Certification], bool]:
    """The first lines in the order of their numbers, and whether there are more.

    Raises NotFound for another agency's register, InvalidInput for days that make no stretch.
    """
    if asked.unit_id not in bodies_of(session, actor):
        raise NotFound(NOT_YOURS)
    days = bounds(asked.first_day, asked.last_day)
    values = {"book": asked.book.value, "unit": asked.unit_id, "most": most + 1, **days}
    rows = session.execute(_LINES, values).all()

    @cache
    def signers(unit_id: UUID, day: date) -> dict[UUID, tuple[str, str]]:
        found = sorted(accounts.list_officials(session, unit_id, day=day), key=lambda one: one.role == "leader")
        return {one.person_id: (one.name, one.title) for one in found}

    lines = []
    for row in rows[:most]:
        procedure = catalogue.version(session, row.version_id).procedure
        known = signers(row.unit_id, clock.local_day(row.issued_at))
        lines.append(_written(row, procedure, known.get(row.signed_by), book=asked.book))
    return lines, len(rows) > most


def _written(row: Any, procedure: Procedure, signer: tuple[str, str] | None, *, book: Book) -> Certification:
    answers: Mapping[str, Any] = row.answers
    signed = row.content.get("signature") or {}
    name, title = signer or (signed.get("name", ""), (signed.get("capacity") or [""])[-1])
    what = _copy(procedure, answers, row.row) if book is Book.COPIES else _signature(procedure, answers)
    return Certification(
        document_id=row.id,
        number=row.number,
        year=row.year,
        series=row.series,
        certified_at=row.issued_at,
        record_code=row.code,
        requested_by=row.applicant_name,
        signed_by=name,
        signed_as=title.capitalize(),
        fee=_fee(procedure, answers, row),
        ended_at=row.ended_at,
        **what,
    )


def _copy(procedure: Procedure, answers: Mapping[str, Any], number: int | None) -> dict[str, Any]:
    """The paper of the row; of a record without rows of its own, all papers."""
    result = procedure.result
    every = list(answers.get(result.each or "") or [])
    rows = every if number is None else every[number : number + 1]
    return {
        "identity": "",
        "paper": "; ".join(str(row.get("title") or "") for row in rows),
        "paper_copies": sum(int(row.get("copies") or 0) for row in rows),
        "electronic_copies": sum(bool(result.scan and row.get(result.scan)) for row in rows),
    }


def _signature(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any]:
    choices = (field for page in procedure.pages for field in page.fields if field.type is FieldType.CHOICE)
    kind = next((field for field in choices if field.id == "kind"), None)
    labels = {choice.value: choice.label.vi for choice in kind.choices} if kind else {}
    signers = answers.get("signers") or []
    return {
        "identity": "; ".join(str(one.get("id_no") or "") for one in signers),
        "paper": labels.get(str(answers.get("kind")), ""),
        "paper_copies": int(answers.get("texts") or 1),
        "electronic_copies": 0,
    }


def _fee(procedure: Procedure, answers: Mapping[str, Any], row: Any) -> int | None:
    """What this number cost. Of a record with several papers the amounts of its rows, if they make up what it owed."""
    each = procedure.result.each
    rows = list(answers.get(each or "") or [])
    if each is None or row.row is None or len(rows) < 2:
        return int(row.owed)
    day = clock.local_day(row.issued_at)
    alone = [facts_of_answers({**answers, each: [one]}) for one in rows]
    parts = [sum(line.amount for line in fee_lines(procedure, facts, moment="return", day=day)) for facts in alone]
    return parts[row.row] if sum(parts) == row.owed else None
