"""The sweeper: rings the bell again for whatever is due, so that a lost bell costs seconds, never a job."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.jobs import service

log = logging.getLogger(__name__)

EVERY_SECONDS = 5


def sweep_once(ring: Callable[[str], None]) -> dict[str, int]:
    """Ring for each queue that owes something; answers how much each owes."""
    with reading(SYSTEM) as session:
        owed = service.due_counts(session)
    for queue in owed:
        ring(queue)
    return owed


def run(ring: Callable[[str], None], *, every_seconds: float = EVERY_SECONDS) -> None:
    """Sweep until told to stop. A database or Redis that is away is tried again at the next turn."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.is_set():
        try:
            sweep_once(ring)
        except Exception:
            log.warning("a sweep failed", exc_info=True)
        stopped.wait(every_seconds)
