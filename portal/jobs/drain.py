"""Working off what is owed: lease a job, do it, note the outcome, until nothing is left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.jobs import service
from portal.jobs.types import MOST_ATTEMPTS, GiveUp, Handler, Lease, RetryLater

log = logging.getLogger(__name__)

Note = Callable[[Session], object]
"""Writes down what came of a job."""

WORKER_ENDED = "WorkerEnded"
"""Stands for the class of the error where none could be noted."""


MOST_OF_A_BELL = 500
"""Jobs that one bell works off: what is left rings again with the sweeper, and a child's memory comes back."""


def drain(queue: str, handlers: Mapping[str, Handler], *, most: int = MOST_OF_A_BELL) -> int:
    """Work off the due jobs of the queue; answers how many were tried. An extra bell costs one short query."""
    tried = 0
    lease = _next(queue)
    while lease is not None:
        outcome = work_off(lease, handlers)
        tried += 1
        lease = _next(queue if tried < most else None, after=outcome)
    return tried


def _next(queue: str | None, *, after: Note | None = None) -> Lease | None:
    """The next job of the queue; what came of the one before is noted in the same transaction."""
    with unit_of_work(SYSTEM) as session:
        if after is not None:
            after(session)
        return service.lease_next(session, queue) if queue else None


def work_off(lease: Lease, handlers: Mapping[str, Handler]) -> Note:
    """One job: done, postponed or given up, which what it answers notes. An error of one never stops the others."""
    about = {"job": str(lease.id), "kind": lease.kind, "attempt": lease.attempts}
    if lease.attempts > MOST_ATTEMPTS:  # every attempt ended its worker before it could say anything
        log.error("a job was given up", extra=about)
        return partial(service.give_up, lease=lease, error=WORKER_ENDED)
    try:
        handlers[lease.kind](lease.arguments, now=clock.now())
    except GiveUp as hopeless:
        log.error("a job was given up", extra=about)
        return partial(service.give_up, lease=lease, error=_name(hopeless))
    except Exception as failure:
        log.warning("a job is postponed", extra=about, exc_info=not isinstance(failure, RetryLater))
        return partial(service.postpone, lease=lease, error=_name(failure))
    return partial(service.finish, lease=lease)


def _name(error: BaseException) -> str:
    cause = error.__cause__ or error
    return type(cause).__name__
