"""The table of what happened outside records. `record_event` is the audit trail of records."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from portal.core.database import Base, Identified


class AuditEntry(Identified, Base):
    """Appended, never changed: sign-in, rights, publication, reading of personal data."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"), Index("ix_audit_entry_record_id", "record_id"))

    at: Mapped[datetime]
    kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    record_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict]  # type: ignore[type-arg]
