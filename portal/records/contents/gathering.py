"""All that a document may quote, gathered from the record as the session sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.types import OfficialView
from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.records.batch_queries import listed_records
from portal.records.contents.writing import Writing
from portal.records.listing import TEMPLATE
from portal.records.older_results import older_of
from portal.records.record_file import get_record_file_by_id
from portal.records.scans import list_scans
from portal.units import queries as units


def writing_of(session: Session, record_id: UUID, document_id: UUID, *, now: datetime) -> Writing:
    """What the document may quote. The event is the newest that made or changed it."""
    file = get_record_file_by_id(session, record_id)
    document = next(document for document in file.documents if document.id == document_id)
    day = clock.local_day(now)

    def official(person_id: UUID, unit_id: UUID) -> OfficialView | None:
        posts = [post for post in accounts.list_officials(session, unit_id, day=day) if post.person_id == person_id]
        leading = [post for post in posts if post.role in ("leader", "head")]
        return next(iter([*leading, *posts]), None)

    made_by = [event for event in file.events if _made(event.details, document_id)]
    procedure = catalogue.version(session, file.record.version_id).procedure
    return Writing(
        file=file,
        document=document,
        event=(made_by or list(file.events))[-1],
        procedure=procedure,
        directory=units.directory(session),
        official=official,
        scans=list_scans(session, record_id) if procedure.result.scan else {},
        older=older_of(session, procedure, file),
        listed=listed_records(session, document_id) if document.template == TEMPLATE else (),
    )


def _made(details: Mapping[str, object], document_id: UUID) -> bool:
    made = details.get("documents")
    return isinstance(made, list) and any(document["id"] == str(document_id) for document in made)
