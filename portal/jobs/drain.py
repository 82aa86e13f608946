"""Working off what is owed: lease a job, do it, note the outcome, until nothing is left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.jobs import service
from portal.jobs.types import MOST_ATTEMPTS, GiveUp, Handler, Lease, RetryLater

log = logging.getLogger(__name__)

WORKER_ENDED = "WorkerEnded"
"""Stands for the class of the error where none could be noted."""


MOST_OF_A_BELL = 500
"""Jobs that one bell works off: what is left rings again with the sweeper, and a child's memory comes back."""


def drain(queue: str, handlers: Mapping[str, Handler], *, most: int = MOST_OF_A_BELL) -> int:
    """Work off the due jobs of the queue; answers how many were tried. An extra bell costs one short query."""
    tried = 0
    while tried < most and (lease := _leased(queue)):
        work_off(lease, handlers)
        tried += 1
    return tried


def _leased(queue: str) -> Lease | None:
    with unit_of_work(SYSTEM) as session:
        return service.lease_next(session, queue)


def work_off(lease: Lease, handlers: Mapping[str, Handler]) -> None:
    """One job: done, postponed or given up. An error of one never stops the others."""
    about = {"job": str(lease.id), "kind": lease.kind, "attempt": lease.attempts}
    if lease.attempts > MOST_ATTEMPTS:  # every attempt ended its worker before it could say anything
        log.error("a job was given up", extra=about)
        return _note(service.give_up, lease, error=WORKER_ENDED)
    try:
        handlers[lease.kind](lease.arguments, now=clock.now())
    except GiveUp as hopeless:
        log.error("a job was given up", extra=about)
        _note(service.give_up, lease, error=_name(hopeless))
    except Exception as failure:
        log.warning("a job is postponed", extra=about, exc_info=not isinstance(failure, RetryLater))
        _note(service.postpone, lease, error=_name(failure))
    else:
        with unit_of_work(SYSTEM) as session:
            service.finish(session, lease)


def _note(outcome: Callable[..., bool], lease: Lease, *, error: str) -> None:
    with unit_of_work(SYSTEM) as session:
        outcome(session, lease, error=error)


def _name(error: BaseException) -> str:
    cause = error.__cause__ or error
    return type(cause).__name__
