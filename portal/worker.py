"""Workers: hear the bell in Redis, work off what PostgreSQL says is owed.

Two kinds: `messages` works in its own process (many small jobs), `documents` and `signatures` fork for every bell, so
that memory comes back with the child and a hang in C is ended by the parent. WeasyPrint is loaded before the fork.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
from collections.abc import Mapping

from redis import Redis
from rq import Queue, SimpleWorker, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import Engine

from portal.config import Settings
from portal.delivery.jobs import KINDS as DELIVERY_KINDS
from portal.documents import printing
from portal.extensions import Bell
from portal.integration.jobs import KINDS as INTEGRATION_KINDS
from portal.jobs.drain import drain as drain_queue
from portal.jobs.types import MESSAGES, Handler
from portal.notifications.jobs import KINDS as NOTIFICATION_KINDS
from portal.payments.jobs import KINDS as PAYMENT_KINDS
from portal.payments.jobs import PERIODIC as PAYMENT_PERIODIC
from portal.processes import die_with_parent
from portal.records.jobs import KINDS as RECORD_KINDS
from portal.records.jobs import PERIODIC as RECORD_PERIODIC
from portal.web.logs import write_json
from portal.wiring import wire

HANDLERS: Mapping[str, Handler] = {
    **DELIVERY_KINDS,
    **INTEGRATION_KINDS,
    **NOTIFICATION_KINDS,
    **PAYMENT_KINDS,
    **RECORD_KINDS,
}
"""Every kind of job, and who does it."""

PERIODIC = {**RECORD_PERIODIC, **PAYMENT_PERIODIC}
"""Kinds that the sweeper owes anew at each turn of their time."""

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space that a child which draws or signs documents may take."""

_engine: Engine | None = None


def drain(queue: str) -> int:
    """What the bell asks for: work off the queue."""
    return drain_queue(queue, HANDLERS)


class InProcess(SimpleWorker):
    """Many small jobs in one process."""


class Forking(Worker):
    """A child for every bell; it ends with its parent, and may not take all the machine's memory."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        die_with_parent(signal.SIGTERM, parent_id=os.getppid())
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        if _engine is not None:
            _engine.dispose(close=False)  # the parent's connections stay the parent's
        super().main_work_horse(job, queue)


def run(settings: Settings, *, queue: str) -> None:
    """Work until told to stop. What is owed already is worked off first: the bell may have rung for nobody."""
    global _engine
    write_json()
    _engine = wire(settings)
    connection = Redis.from_url(settings.redis_url)
    kind: type[InProcess | Forking] = InProcess
    if queue != MESSAGES:
        if settings.signs:
            settings.signing_pin()  # refused now, not when somebody signs
        printing.warm_up()
        gc.collect()
        gc.freeze()  # what is loaded stays: its children need not look through it again and again
        kind = Forking
    Bell(settings.redis_url)(queue)
    worker = kind([queue], connection=connection, serializer=JSONSerializer, log_job_description=False)
    worker.work(logging_level="WARNING")
