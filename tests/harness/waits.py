"""Counting how often the portal waits for the database: what it costs when the database is on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import Pipeline
from psycopg.pq import TransactionStatus

SPEAKING = {"_execute_gen": "statement", "_answered": "trip", "_commit_gen": "commit", "_rollback_gen": "rollback"}
"""Generators of psycopg that speak with the server, and what each is; the others set something in the client."""


@dataclass
class Waits:
    """What was waited for, in order: statement, trip (one message of ours, or a whole pipeline), commit, rollback."""

    seen: list[str] = field(default_factory=list)


@contextmanager
def count_waits() -> Iterator[Waits]:
    """Every wait of psycopg inside, on any connection of this process."""
    waits = Waits()
    wait, leave = psycopg.Connection.wait, Pipeline.__exit__

    def noted_wait(self: psycopg.Connection[Any], generator: Any, *rest: Any, **more: Any) -> Any:
        kind = SPEAKING.get(generator.__qualname__.rpartition(".")[2])
        is_idle = self.pgconn.transaction_status == TransactionStatus.IDLE
        if self._pipeline is None and kind and not (kind in ("commit", "rollback") and is_idle):
            waits.seen.append(kind)
        return wait(self, generator, *rest, **more)

    def noted_exit(self: Pipeline, *why: Any) -> None:
        if self.level == 1:
            waits.seen.append("trip")
        return leave(self, *why)

    with patch.object(psycopg.Connection, "wait", noted_wait), patch.object(Pipeline, "__exit__", noted_exit):
        yield waits
