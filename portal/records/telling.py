"""The applicant is told of an event: a job owed with the event, worked off by `portal.notifications`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.jobs.service import job_row, owe
from portal.jobs.types import MESSAGES

TELL_APPLICANT = "tell_applicant"


def tell_applicant(session: Session, record_id: UUID, event_id: UUID, *, now: datetime) -> None:
    """Owe the message about an event that was appended, once."""
    owe(session, TELL_APPLICANT, arguments=_told(record_id, event_id), natural_key=str(event_id), now=now)


def telling_row(record_id: UUID, event_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The same as a row, for whoever writes his jobs with the event in one trip."""
    return job_row(
        TELL_APPLICANT,
        arguments=_told(record_id, event_id),
        queue=MESSAGES,
        due_at=now,
        natural_key=str(event_id),
    )


def _told(record_id: UUID, event_id: UUID) -> dict[str, str]:
    return {"record_id": str(record_id), "event_id": str(event_id)}
