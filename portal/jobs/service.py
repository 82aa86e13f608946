"""Owing, leasing and finishing jobs. PostgreSQL holds them; Redis only rings the bell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.orm import Session

from portal.core.references import new_id
from portal.jobs.models import Job
from portal.jobs.types import FRESH, LEASE, MESSAGES, MOST_ATTEMPTS, Lease

_OWE = insert(Job)
_OWE_ONCE = insert_or_nothing(Job).on_conflict_do_nothing(
    index_elements=[Job.kind, Job.natural_key], index_where=Job.natural_key.is_not(None)
)
_RIGHT_NOW: ColumnElement[datetime] = literal_column(
    "clock_timestamp()"
)  # leases follow the database's clock, not one worker's
_OPEN_AND_DUE = (
    Job.finished_at.is_(None),
    Job.given_up_at.is_(None),
    Job.due_at <= _RIGHT_NOW,
    or_(Job.lease_until.is_(None), Job.lease_until < _RIGHT_NOW),
)


def owe(
    session: Session,
    kind: str,
    *,
    arguments: Mapping[str, str],
    now: datetime,
    queue: str = MESSAGES,
    due_at: datetime | None = None,
    natural_key: str | None = None,
) -> None:
    """Write down that something must happen, in the caller's transaction; the bell is rung after COMMIT.

    With a natural key it is owed once, however often it is asked for.
    """
    statement = _OWE if natural_key is None else _OWE_ONCE
    session.execute(
        statement, job_row(kind, arguments=arguments, queue=queue, due_at=due_at or now, natural_key=natural_key)
    )
    if due_at is None or due_at <= now:
        ring_after_commit(session, queue)


def job_row(
    kind: str, *, arguments: Mapping[str, str], queue: str, due_at: datetime, natural_key: str | None = None
) -> dict[str, Any]:
    """The row of a job: identifiers only, never personal data."""
    return {
        "id": new_id(),
        "queue": queue,
        "kind": kind,
        "arguments": dict(arguments),
        "natural_key": natural_key,
        "due_at": due_at,
    }


def ring_after_commit(session: Session, queue: str) -> None:
    """Remember to ring the bell of a queue once this unit of work has been committed."""
    session.info.setdefault("bells", set()).add(queue)


def lease_next(session: Session, queue: str) -> Lease | None:
    """Take the job that has been due longest, skipping those that others hold; None when nothing is due.

    What became due within `FRESH` goes before all that is older: somebody waits for it at a page, and must not wait for
    the end of a backlog. One at a time, so that a job that ends its worker uses up no attempt of another.
    """
    still_fresh = Job.due_at > _RIGHT_NOW - FRESH
    taken = session.execute(
        update(Job)
        .where(Job.id == func.coalesce(_longest_due(queue, still_fresh), _longest_due(queue, ~still_fresh)))
        .values(lease_until=_RIGHT_NOW + LEASE, fence=Job.fence + 1, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.arguments, Job.fence, Job.attempts)
    ).one_or_none()
    return None if taken is None else Lease(**taken._mapping)


def _longest_due(queue: str, narrowed: ColumnElement[bool]) -> ScalarSelect[UUID]:
    return (
        select(Job.id)
        .where(Job.queue == queue, *_OPEN_AND_DUE, narrowed)
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def finish(session: Session, lease: Lease) -> bool:
    """Mark the job done. False when the lease was lost meanwhile: somebody else does it now."""
    return _close(session, lease, finished_at=_RIGHT_NOW, lease_until=None)


def postpone(session: Session, lease: Lease, *, error: str) -> bool:
    """Try again later: after 10, 40, 90 … seconds; given up after the last attempt."""
    if lease.attempts >= MOST_ATTEMPTS:
        return give_up(session, lease, error=error)
    pause = timedelta(seconds=10 * lease.attempts**2)
    return _close(session, lease, due_at=_RIGHT_NOW + pause, lease_until=None, last_error=error)


def give_up(session: Session, lease: Lease, *, error: str) -> bool:
    """Set the job aside: the administrator sees it, the others go on."""
    return _close(session, lease, given_up_at=_RIGHT_NOW, lease_until=None, last_error=error)


def try_again(session: Session, job_ids: Collection[UUID], *, now: datetime) -> int:
    """Owe what was given up once more, from the first attempt on; returns how many that are."""
    again = session.execute(
        update(Job)
        .where(Job.id.in_(job_ids), Job.given_up_at.is_not(None), Job.finished_at.is_(None))
        .values(given_up_at=None, attempts=0, due_at=now, lease_until=None)
        .returning(Job.queue)
    ).all()
    for queue in {row.queue for row in again}:
        ring_after_commit(session, queue)
    return len(again)


def due_counts(session: Session) -> dict[str, int]:
    """How many jobs each queue owes right now: the sweeper rings for those."""
    rows = session.execute(select(Job.queue, func.count()).where(*_OPEN_AND_DUE).group_by(Job.queue))
    return {queue: count for queue, count in rows}


def _close(session: Session, lease: Lease, **values: Any) -> bool:
    closed = session.execute(
        update(Job)
        .where(Job.id == lease.id, Job.fence == lease.fence, Job.finished_at.is_(None))
        .values(**values)
        .returning(Job.id)
    ).first()
    return closed is not None
