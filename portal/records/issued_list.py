"""Issued results (sổ văn bản) as their agency sees them: in lists by how they stand, and one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.text import marked
from portal.documents.models import Document, DocumentDecision
from portal.documents.symbols import kept_reference, read_reference, reference
from portal.records.models import Record
from portal.units import queries as units

KINDS = ("result", "further_result")
PAGE = 50
SOON = timedelta(days=30)
"""Before the last day of validity: then the holder is told too."""

GONE = marked("Không thấy văn bản này trong sổ của cơ quan.")


class Which(StrEnum):
    """Which of them a list shows."""

    ALL = "tat-ca"
    WAITING = "cho-quyet-dinh"  # something is proposed about them
    EXPIRING = "sap-het-han"
    EXPIRED = "het-han"
    ENDED = "het-gia-tri"  # replaced, revoked or put right


@dataclass(frozen=True)
class IssuedRow:
    """A result in the list of its agency. `waits`: something about it waits for the leader."""

    id: UUID
    record_id: UUID
    owner_id: UUID
    title: str
    title_en: str
    series: str
    number: int
    unit_id: UUID
    issued_at: datetime
    valid_until: date | None
    ended_at: datetime | None
    record_code: str
    applicant_name: str
    waits: bool

    @property
    def reference(self) -> str:
        return reference(self.number, self.series)

    def in_language(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title


@dataclass(frozen=True)
class Wanted:
    """`number`: only the one, "45/GPXD" or the code under which it is found. `after`: where the page begins, newest
    first."""

    which: Which = Which.ALL
    number: str = ""
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True)
class IssuedPage:
    """`following`: where the next page begins; None on the last one. `waiting`: how many wait for a decision."""

    rows: tuple[IssuedRow, ...]
    following: tuple[datetime, UUID] | None
    waiting: int


_COLUMNS = [getattr(Document, name) for name in IssuedRow.__dataclass_fields__ if hasattr(Document, name)]
_WAITS = (
    select(DocumentDecision.id)
    .where(DocumentDecision.document_id == Document.id, DocumentDecision.decided_at.is_(None))
    .exists()
)
_RESULTS = (
    select(*_COLUMNS, Record.code, Record.applicant_name, _WAITS)
    .join(Record, Record.id == Document.record_id)
    .where(Document.kind.in_(KINDS), Document.number.is_not(None), Document.template != "rejection")
)


def list_issued(session: Session, wanted: Wanted, *, today: date, actor: Actor) -> IssuedPage:
    """A page of the results of the bodies that the actor works for."""
    issuers = _issuers(session, actor)
    found = _RESULTS.where(Document.unit_id.in_(issuers), *_standing(wanted.which, today=today))
    if wanted.number.strip():
        found = found.where(_numbered(wanted.number))
    if wanted.after:
        found = found.where(tuple_(Document.issued_at, Document.id) < wanted.after)
    newest = found.order_by(Document.issued_at.desc(), Document.id.desc()).limit(PAGE + 1)
    rows = [IssuedRow(*row) for row in _rows(session, newest)]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return IssuedPage(
        rows=tuple(rows[:PAGE]),
        following=(last.issued_at, last.id) if last else None,
        waiting=_waiting(session, issuers),
    )


def get_issued_row(session: Session, document_id: UUID, *, actor: Actor) -> IssuedRow:
    """One of them. Raises NotFound."""
    wanted = _RESULTS.where(Document.id == document_id, Document.unit_id.in_(_issuers(session, actor)))
    row: Any = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return IssuedRow(*row)


def _rows(session: Session, wanted: Select[Any]) -> Iterable[Any]:
    return session.execute(wanted)


def _waiting(session: Session, issuers: list[UUID]) -> int:
    waiting = select(func.count()).where(DocumentDecision.unit_id.in_(issuers), DocumentDecision.decided_at.is_(None))
    return session.scalars(waiting).one()


def _standing(which: Which, *, today: date) -> list[ColumnElement[bool]]:
    stands = Document.ended_at.is_(None)
    asked: dict[Which, list[ColumnElement[bool]]] = {
        Which.ALL: [],
        Which.WAITING: [_WAITS],
        Which.EXPIRING: [stands, Document.valid_until.between(today, today + SOON)],
        Which.EXPIRED: [stands, Document.valid_until < today],
        Which.ENDED: [Document.ended_at.is_not(None)],
    }
    return asked[which]


def _numbered(asked: str) -> ColumnElement[bool]:
    by_code, read = Document.registered_no == kept_reference(asked), read_reference(asked)
    if read is None:
        return by_code
    return or_(by_code, and_(Document.number == read[0], Document.series == read[1]))


def _issuers(session: Session, actor: Actor) -> list[UUID]:
    """The units of the actor and the bodies that they belong to."""
    directory = units.directory(session)
    return sorted({*actor.unit_ids, *(directory.body_of(unit_id).id for unit_id in actor.unit_ids)})
