"""Reading what is owed: how much of it is stuck, and which jobs those are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.jobs.models import Job

LATE = timedelta(minutes=10)
"""A job that has been due for longer than this, and that nobody holds, is late: workers or sweeper stand still."""

MOST = 100


class JobState(StrEnum):
    """Where a job that has not been done stands."""

    GIVEN_UP = "given_up"
    LATE = "late"
    WAITING = "waiting"  # due, or in the hands of a worker
    PLANNED = "planned"  # due later: timers


@dataclass(frozen=True)
class JobView:
    """A job without its arguments: they are keys, and say nothing to a reader."""

    id: UUID
    queue: str
    kind: str
    due_at: datetime
    attempts: int
    given_up_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class KindCount:
    """How many jobs of a kind are in a state."""

    kind: str
    count: int
    oldest: datetime


_DUE = func.greatest(Job.due_at, Job.owed_at)
"""Nobody could have done it before it was owed."""

_VIEW = (Job.id, Job.queue, Job.kind, _DUE.label("due_at"), Job.attempts, Job.given_up_at, Job.last_error)


def count_given_up(session: Session, jobs: Collection[tuple[str, str]]) -> int:
    """How many of these, by kind and natural key, have been given up."""
    if not jobs:
        return 0
    wanted = select(func.count()).where(
        tuple_(Job.kind, Job.natural_key).in_(jobs), Job.natural_key.is_not(None), Job.given_up_at.is_not(None)
    )
    return session.scalar(wanted) or 0


def list_given_up(session: Session, kind: str, *, key_ends: str, since: datetime) -> list[UUID]:
    """The jobs of a kind that were given up and owed since then, whose natural key ends so."""
    wanted = select(Job.id).where(
        Job.kind == kind,
        Job.natural_key.endswith(key_ends, autoescape=True),
        Job.owed_at >= since,
        Job.given_up_at.is_not(None),
        Job.finished_at.is_(None),
    )
    return list(session.scalars(wanted))


def unfinished(kind: str, argument: str, value: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a job of the kind with this argument is still to be done, for the statement of another domain."""
    wanted = select(Job.id).where(
        Job.kind == kind,
        Job.natural_key.is_not(None),  # there is an index of those
        Job.finished_at.is_(None),
        Job.given_up_at.is_(None),
        Job.arguments[argument].astext == value,
    )
    return wanted.exists()


def _condition(state: JobState, now: datetime) -> ColumnElement[bool]:
    unfinished = and_(Job.finished_at.is_(None), Job.given_up_at.is_(None))
    free = or_(Job.lease_until.is_(None), Job.lease_until < now)
    late = and_(unfinished, now - LATE > _DUE, free)
    match state:
        case JobState.GIVEN_UP:
            return and_(Job.finished_at.is_(None), Job.given_up_at.is_not(None))
        case JobState.LATE:
            return late
        case JobState.WAITING:
            return and_(unfinished, Job.due_at <= now, or_(now - LATE <= _DUE, Job.lease_until >= now))
        case JobState.PLANNED:
            return and_(unfinished, Job.due_at > now)


def count_jobs(session: Session, *, now: datetime) -> dict[JobState, int]:
    """How many jobs are in each state."""
    counted = [func.count().filter(_condition(state, now)) for state in JobState]
    row = session.execute(select(*counted).where(Job.finished_at.is_(None))).one()
    return dict(zip(JobState, row, strict=True))


def count_kinds(session: Session, state: JobState, *, now: datetime) -> list[KindCount]:
    """The kinds of jobs in a state, the largest number first."""
    rows: Any = session.execute(
        select(Job.kind, func.count(), func.min(_DUE))
        .where(_condition(state, now))
        .group_by(Job.kind)
        .order_by(func.count().desc(), Job.kind)
    )
    return [KindCount(*row) for row in rows]


def list_jobs(session: Session, state: JobState, *, now: datetime) -> list[JobView]:
    """The jobs in a state, the longest due first; at most MOST."""
    wanted = select(*_VIEW).where(_condition(state, now)).order_by(Job.due_at, Job.id).limit(MOST)
    return [JobView(*row) for row in session.execute(wanted)]
