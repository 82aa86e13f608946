"""Reading documents. Row-level security shows those of records that the actor may see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.documents.models import Document
from portal.documents.types import IssuedDocument

_DOCUMENTS = select(*(getattr(Document, name) for name in IssuedDocument.__dataclass_fields__))


def get_document(session: Session, document_id: UUID) -> IssuedDocument:
    """Raises NotFound when there is none, or the actor may not know of it."""
    row = session.execute(_DOCUMENTS.where(Document.id == document_id)).one_or_none()
    if row is None:
        raise NotFound
    return IssuedDocument(**row._mapping)
