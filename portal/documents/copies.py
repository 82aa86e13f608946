"""Copies of documents as the agencies that receive them find them, and those that a clerk sends by post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.text import composed, marked
from portal.documents.models import Document, DocumentCopy
from portal.documents.symbols import reference

MOST = 100
"""So many are listed: those not read yet first, then the newest."""

GONE = marked("Không thấy văn bản này. Mở lại mục Nhận để biết.")
POSTED = marked("%(name)s đã ghi là đã gửi.")


@dataclass(frozen=True)
class Copy:
    """A copy with the card of its record. `unit_id` is None for a body without accounts, named by `body`."""

    id: UUID
    document_id: UUID
    record_id: UUID
    owner_id: UUID
    unit_id: UUID | None
    body: str
    body_en: str
    sender_id: UUID
    purpose: str  # copy, report
    record_code: str
    applicant_name: str
    subject: str
    subject_en: str
    version_id: UUID
    created_at: datetime
    sent_at: datetime | None
    sent_by_name: str
    sent_how: str
    read_at: datetime | None
    read_by_name: str
    title: str
    title_en: str
    issuer_id: UUID
    series: str | None
    number: int | None
    issued_at: datetime | None
    valid_until: Any
    ended_at: datetime | None
    file_digest: str | None

    def in_language(self, language: str) -> str:
        """The title of the document."""
        return self.title_en if language == "en" and self.title_en else self.title

    @property
    def reference(self) -> str:
        return reference(self.number, self.series or "") if self.number is not None else ""


_OF_COPY = [getattr(DocumentCopy, name) for name in Copy.__dataclass_fields__ if name in DocumentCopy.__table__.columns]
_OF_DOCUMENT = (
    Document.title, Document.title_en, Document.unit_id, Document.series, Document.number, Document.issued_at,
    Document.valid_until, Document.ended_at, Document.file_digest,
)  # fmt: skip
_COPIES = select(*_OF_COPY, *_OF_DOCUMENT).join(Document, Document.id == DocumentCopy.document_id)


def list_received(session: Session, *, actor: Actor) -> list[Copy]:
    """What the actor's units have received."""
    mine = _COPIES.where(DocumentCopy.unit_id.in_(sorted(actor.unit_ids)))
    order = (DocumentCopy.read_at.is_not(None), DocumentCopy.created_at.desc(), DocumentCopy.id)
    return _read(session, mine.order_by(*order).limit(MOST))


def list_to_post(session: Session, *, actor: Actor) -> list[Copy]:
    """What the clerks of the actor's units send to bodies without accounts: what waits first, then what went last."""
    mine = _COPIES.where(DocumentCopy.unit_id.is_(None), DocumentCopy.sender_id.in_(sorted(actor.unit_ids)))
    order = (DocumentCopy.sent_at.is_not(None), DocumentCopy.created_at.desc(), DocumentCopy.id)
    return _read(session, mine.order_by(*order).limit(MOST))


def list_of_record(session: Session, record_id: UUID) -> list[Copy]:
    """Who received what of a record, for whoever sees the record."""
    found = _COPIES.where(DocumentCopy.record_id == record_id).order_by(DocumentCopy.created_at, DocumentCopy.id)
    return _read(session, found)


def get_received(session: Session, copy_id: UUID, *, actor: Actor) -> Copy:
    """One that a unit of the actor has received; NotFound otherwise."""
    return _one(session, copy_id, DocumentCopy.unit_id.in_(sorted(actor.unit_ids)))


def get_to_post(session: Session, copy_id: UUID, *, actor: Actor) -> Copy:
    """One that a unit of the actor sends by post; NotFound otherwise, also for who keeps no registry."""
    if not actor.has_role("clerk"):
        raise NotFound(GONE)
    return _one(session, copy_id, DocumentCopy.unit_id.is_(None), DocumentCopy.sender_id.in_(sorted(actor.unit_ids)))


def mark_read(session: Session, copy_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The unit has read it. Nothing changes when it was read before. Raises NotFound."""
    get_received(session, copy_id, actor=actor)
    unread = update(DocumentCopy).where(DocumentCopy.id == copy_id, DocumentCopy.read_at.is_(None))
    session.execute(unread.values(read_at=now, read_by_name=actor.name))


def note_posted(session: Session, copy_id: UUID, *, how: str, actor: Actor, now: datetime) -> None:
    """The clerk has sent it, with the number of the item if there is one. Raises NotFound, and Conflict when somebody
    has noted that already.
    """
    get_to_post(session, copy_id, actor=actor)
    waiting = update(DocumentCopy).where(DocumentCopy.id == copy_id, DocumentCopy.sent_at.is_(None))
    values = {"sent_at": now, "sent_by_name": actor.name, "sent_how": composed(how).strip()}
    changed: Any = session.execute(waiting.values(**values))
    if not changed.rowcount:
        raise Conflict(POSTED, name=get_to_post(session, copy_id, actor=actor).sent_by_name)


def _one(session: Session, copy_id: UUID, *conditions: Any) -> Copy:
    found = _read(session, _COPIES.where(DocumentCopy.id == copy_id, *conditions))
    if not found:
        raise NotFound(GONE)
    return found[0]


def _read(session: Session, wanted: Select[Any]) -> list[Copy]:
    rows: Iterable[Any] = session.execute(wanted)
    return [Copy(*row) for row in rows]
