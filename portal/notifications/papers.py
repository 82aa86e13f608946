"""The papers that go with a message: what the agency made for the applicant since the message before it.

A result for which a fee is owed goes with the message that comes when it is paid (see `RecordFile.waits_for_fee`).
"""

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
LEFT JOIN LATERAL (
  SELECT bool_or(fee_line.paid_at IS NULL) AS waits, max(fee_line.paid_at) AS paid_at FROM fee_line
  WHERE fee_line.record_id = document.record_id AND fee_line.moment = 'return' AND fee_line.amount > 0
    AND document.kind IN ('result', 'further_result') AND document.template <> 'rejection'
) AS fee ON true
CROSS JOIN LATERAL (
  SELECT greatest(coalesce(document.issued_at, document.created_at), fee.paid_at) AS moment
) AS given
WHERE fee.waits IS NOT TRUE AND given.moment <= told.at AND (told.before IS NULL OR given.moment > told.before)
  AND told.event_id = ANY (CAST(:events AS uuid[]))
ORDER BY document.created_at, document.row NULLS FIRST, document.id
""")


def papers_of(session: Session, events: Collection[UUID], *, owner_id: UUID) -> Mapping[UUID, tuple[MessagePaper, ...]]:
    """By the event that the owner was told of. A paper whose file the worker has not drawn yet has no digest."""
    found: dict[UUID, tuple[MessagePaper, ...]] = defaultdict(tuple)
    if events:
        for event_id, *paper in session.execute(_PAPERS, {"events": list(events), "owner": owner_id}):
            found[event_id] += (MessagePaper(*paper),)
    return found
