"""What was owed in the past, done at its own time: messages, reminders, silence. Drawing is left to the workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import asked_in_one_trip, unit_of_work
from portal.jobs.models import Job
from portal.jobs.types import Handler
from portal.notifications import service as notifications
from portal.payments.jobs import KINDS as PAYMENT_KINDS
from portal.records.jobs import KINDS as RECORD_KINDS

HANDLERS: Mapping[str, Handler] = {
    **PAYMENT_KINDS,
    **{kind: handler for kind, handler in RECORD_KINDS.items() if kind not in ("make_document", "make_request")},
}
MESSAGES_OF: Mapping[str, Callable[..., None]] = {
    "tell_applicant": notifications.tell_applicant,
    "tell_officials": notifications.tell_officials,
    "tell_recipients": notifications.tell_recipients,
}
"""Done together in one unit of work, as far as they fall due together."""

_OWED = """
SELECT id, kind, arguments, due_at FROM job
WHERE queue = 'messages' AND finished_at IS NULL AND given_up_at IS NULL AND due_at BETWEEN %(since)s AND %(until)s
  AND kind = ANY(%(kinds)s)
ORDER BY due_at, id
"""
_SUPERSEDED = text("""
UPDATE job SET finished_at = :now FROM (
  SELECT id, row_number() OVER (PARTITION BY arguments ->> 'document_id' ORDER BY due_at DESC, id DESC) AS place
  FROM job WHERE kind = 'make_document' AND finished_at IS NULL
) drawing WHERE drawing.id = job.id AND drawing.place > 1
""")
_NEWEST_FIRST = text("""
UPDATE job SET due_at = span.first + (span.last - due_at)
FROM (SELECT min(due_at) AS first, max(due_at) AS last FROM job
  WHERE kind = 'make_document' AND finished_at IS NULL) span
WHERE kind = 'make_document' AND finished_at IS NULL
""")


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Past:
    """How far the past has been replayed: all that fell due until then has been done."""

    until: datetime = LONG_AGO

    def work_off(self, *, until: datetime) -> None:
        """Do all that fell due meanwhile, each at its own time; and what it brings about in turn."""
        while self._has_done_some(until):
            pass
        self.until = until

    def _has_done_some(self, until: datetime) -> bool:
        """Whether there was something to do that may bring about more: a message brings nothing about."""
        with unit_of_work(SYSTEM) as session:
            (owed,) = asked_in_one_trip(
                session, (_OWED, {"since": self.until, "until": until, "kinds": [*MESSAGES_OF, *HANDLERS]})
            )
            for job in owed:
                if job.kind in MESSAGES_OF:
                    MESSAGES_OF[job.kind](session, UUID(job.arguments["event_id"]), now=job.due_at)
            if owed:
                done = update(Job).where(Job.id.in_([job.id for job in owed]))
                session.execute(done.values(finished_at=Job.due_at), execution_options={"synchronize_session": False})
        others = [job for job in owed if job.kind in HANDLERS]
        for job in others:
            HANDLERS[job.kind](job.arguments, now=job.due_at)
        return bool(others)


def spare_drawings(session: Session, *, now: datetime) -> None:
    """Each document is drawn once, as it is now, and the newest first: somebody will soon look at those."""
    session.execute(_SUPERSEDED, {"now": now})
    session.execute(_NEWEST_FIRST)
