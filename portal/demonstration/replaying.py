"""What was owed in the past, done at its own time: messages, reminders, silence. Drawing is left to the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.models import Job
from portal.jobs.types import MESSAGES, Handler
from portal.notifications.jobs import KINDS as NOTIFICATION_KINDS
from portal.payments.jobs import KINDS as PAYMENT_KINDS
from portal.records.jobs import KINDS as RECORD_KINDS

HANDLERS: Mapping[str, Handler] = {
    **NOTIFICATION_KINDS,
    **PAYMENT_KINDS,
    **{kind: handler for kind, handler in RECORD_KINDS.items() if kind != "make_document"},
}

_OWED = select(Job.id, Job.kind, Job.arguments, Job.due_at).where(
    Job.queue == MESSAGES, Job.finished_at.is_(None), Job.given_up_at.is_(None), Job.kind.in_(HANDLERS)
)
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
        while owed := self._owed(until):
            for job in owed:
                HANDLERS[job.kind](job.arguments, now=job.due_at)
            with unit_of_work(SYSTEM) as session:
                done = update(Job).where(Job.id.in_([job.id for job in owed]))
                session.execute(done.values(finished_at=Job.due_at), execution_options={"synchronize_session": False})
            if all(job.kind in NOTIFICATION_KINDS for job in owed):
                break  # a message brings nothing about
        self.until = until

    def _owed(self, until: datetime) -> Sequence[Row[tuple[UUID, str, dict[str, str], datetime]]]:
        with reading(SYSTEM) as session:
            return session.execute(
                _OWED.where(Job.due_at >= self.until, Job.due_at <= until).order_by(Job.due_at, Job.id)
            ).all()


def spare_drawings(session: Session, *, now: datetime) -> None:
    """Each document is drawn once, as it is now, and the newest first: somebody will soon look at those."""
    session.execute(_SUPERSEDED, {"now": now})
    session.execute(_NEWEST_FIRST)
