"""What the whole process shares beside the database: the bell and the throttle."""

from __future__ import annotations

import ipaddress
import logging

from flask import Response, request
from flask_limiter import Limiter
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

UNPROCESSABLE = 422

log = logging.getLogger(__name__)

DRAIN_SECONDS = 900
"""How long one bell's work may take; far above what its jobs need, so that only a hang is ended."""

PATIENCE = 0.5
"""Seconds that a page waits for Redis: it only rings and counts, the portal works without it."""


def network_of_caller() -> str:
    """The caller's /24 or /64: who rents many addresses mostly rents neighbours."""
    address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - an unknown caller, not a bind
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def was_refused(response: Response) -> bool:
    """Only tries that failed are counted: a family behind one address may sign in as often as it likes."""
    return response.status_code == UNPROCESSABLE


class Throttle(Limiter):
    """Limits stand on single views and are looked at there. What flask-limiter looks for before every request, limits
    of the whole application, there is none of: that search took a quarter of a small page."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = Throttle(key_func=network_of_caller, strategy="moving-window", in_memory_fallback_enabled=True)


class Bell:
    """Tells the workers of a queue to look into the job table. A bell that is not heard costs seconds, never a job."""

    def __init__(self, redis_url: str) -> None:
        self._connection = Redis.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)

    def __call__(self, *queues: str) -> None:
        """Ring at each queue, unless somebody has rung there and nobody has come yet."""
        try:
            rung = [Queue(queue, connection=self._connection, serializer=JSONSerializer) for queue in queues]
            with self._connection.pipeline(transaction=False) as asked:
                for queue in rung:
                    asked.llen(queue.key)
                waiting = asked.execute()
            for queue in (queue for queue, count in zip(rung, waiting, strict=True) if count == 0):
                queue.enqueue("portal.worker.drain", queue.name, job_timeout=DRAIN_SECONDS, result_ttl=0, failure_ttl=0)
        except RedisError as silent:
            log.warning("the bell cannot be rung", extra={"queues": queues, "error": type(silent).__name__})
