"""Values of jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

MESSAGES = "messages"
DOCUMENTS = "documents"
SIGNATURES = "signatures"
"""Batches that sign and seal: an official waits for them in front of the page, so they wait for no drawing."""

QUEUES = (MESSAGES, DOCUMENTS, SIGNATURES)
"""Each has workers of its own."""

LEASE = timedelta(minutes=2)
"""How long a worker may hold a job before another takes it over."""

FRESH = timedelta(hours=1)
"""What has been due for longer is a backlog, and yields to what somebody waits for now."""

MOST_ATTEMPTS = 5

Handler = Callable[..., None]
"""`handler(arguments, *, now)`: opens its own unit of work, reloads, and may safely run twice."""


class RetryLater(Exception):
    """The outside world does not answer: try again after a pause."""


class GiveUp(Exception):
    """Trying again cannot help. The handler has written what it could on the record."""


@dataclass(frozen=True)
class Lease:
    """A job in the hands of one worker. `fence` rises with each lease; an old holder's closing write finds no row."""

    id: UUID
    kind: str
    arguments: Mapping[str, str]
    fence: int
    attempts: int
