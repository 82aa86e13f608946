"""The papers that go with a message: what the agency made for the applicant since the message before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.notifications.types import MessagePaper

_PAPERS = text("""
WITH told AS (
  SELECT message.event_id, message.owner_id, event.record_id, event.number, event.at,
    lag(event.at) OVER (PARTITION BY message.owner_id, event.record_id ORDER BY event.number) AS before
  FROM message JOIN record_event AS event ON event.id = message.event_id
  WHERE message.owner_id = :owner
    AND event.record_id IN (SELECT record_id FROM record_event WHERE id = ANY (CAST(:events AS uuid[])))
)
SELECT told.event_id, document.id, document.title, document.title_en, document.series, document.number,
  CASE WHEN document.awaits_signature_since IS NULL
      AND (document.issued_at IS NULL OR document.rendered_at >= document.issued_at)
    THEN document.file_digest END
    AS file_digest
FROM told JOIN document ON document.record_id = told.record_id AND document.owner_id = told.owner_id
  AND document.for_applicant AND (document.series IS NULL OR document.number IS NOT NULL)
  AND coalesce(document.issued_at, document.created_at) <= told.at
  AND (told.before IS NULL OR coalesce(document.issued_at, document.created_at) > told.before)
WHERE told.event_id = ANY (CAST(:events AS uuid[]))
ORDER BY document.created_at, document.row NULLS FIRST, document.id
""")


def papers_of(session: Session, events: Collection[UUID], *, owner_id: UUID) -> Mapping[UUID, tuple[MessagePaper, ...]]:
    """By the event that the owner was told of. A paper whose file the worker has not drawn yet has no digest."""
    found: dict[UUID, tuple[MessagePaper, ...]] = defaultdict(tuple)
    if events:
        for event_id, *paper in session.execute(_PAPERS, {"events": list(events), "owner": owner_id}):
            found[event_id] += (MessagePaper(*paper),)
    return found
