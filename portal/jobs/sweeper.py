"""The sweeper: rings the bell again for whatever is due, so that a lost bell costs seconds, never a job."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs import service

log = logging.getLogger(__name__)

EVERY_SECONDS = 5


def sweep_once(ring: Callable[..., None]) -> dict[str, int]:
    """Ring for the queues that owe something, all at once; answers how much each owes."""
    with reading(SYSTEM) as session:
        owed = service.due_counts(session)
    if owed:
        ring(*owed)
    return owed


class Turns:
    """Jobs that come again and again: each is owed once for every stretch of its time, whoever sweeps."""

    def __init__(self, periodic: Mapping[str, timedelta]) -> None:
        self.periodic = periodic
        self._owed: dict[str, int] = {}

    def owe(self, *, now: datetime) -> None:
        for kind, every in self.periodic.items():
            turn = int(now.timestamp() // every.total_seconds())
            if self._owed.get(kind) != turn:
                with unit_of_work(SYSTEM) as session:
                    service.owe(session, kind, arguments={}, natural_key=str(turn), now=now)
                self._owed[kind] = turn


def run(
    ring: Callable[..., None],
    *,
    every_seconds: float = EVERY_SECONDS,
    periodic: Mapping[str, timedelta] | None = None,
) -> None:
    """Sweep until told to stop. A database or Redis that is away is tried again at the next turn.

    `periodic`: kinds of jobs that are owed anew at each turn of their time.
    """
    turns = Turns(periodic or {})
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.is_set():
        try:
            turns.owe(now=clock.now())
            sweep_once(ring)
        except Exception:
            log.warning("a sweep failed", exc_info=True)
        stopped.wait(every_seconds)
