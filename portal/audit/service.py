"""Writing down what happened outside records."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.core.actor import Actor
from portal.core.references import new_id


def note(
    session: Session,
    kind: str,
    *,
    actor: Actor,
    now: datetime,
    record_id: UUID | None = None,
    subject_id: UUID | None = None,
    **details: object,
) -> None:
    """Append one entry. `subject_id` is the person whose data or rights it is about; `details` name nobody."""
    session.execute(
        insert(AuditEntry).values(
            id=new_id(),
            at=now,
            kind=kind,
            actor_id=actor.person_id,
            record_id=record_id,
            subject_id=subject_id,
            details=details,
        )
    )
