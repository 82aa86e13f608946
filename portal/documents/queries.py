"""Reading documents. Row-level security shows those of records that the actor may see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.documents.models import Document
from portal.documents.types import IssuedDocument

_COLUMNS = (
    Document.id,
    Document.record_id,
    Document.unit_id,
    Document.kind,
    Document.template,
    Document.title,
    Document.title_en,
    Document.for_applicant,
    Document.series,
    Document.year,
    Document.number,
    Document.drafted_by,
    Document.initialled_by,
    Document.signed_by,
    Document.signed_at,
    Document.issued_at,
    Document.valid_until,
    Document.created_at,
    Document.file_digest,
)
_DOCUMENTS = select(*_COLUMNS)


def get_document(session: Session, document_id: UUID) -> IssuedDocument:
    """Raises NotFound when there is none, or the actor may not know of it."""
    row = session.execute(_DOCUMENTS.where(Document.id == document_id)).one_or_none()
    if row is None:
        raise NotFound
    return IssuedDocument(**row._mapping)
