"""Counting how often the portal waits for the database: what a page costs when the database is on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import Pipeline


@dataclass
class Waits:
    """What was waited for, in order: a statement by itself, `COMMIT`, or a whole pipeline (`trip`)."""

    seen: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.seen)


@contextmanager
def count_waits() -> Iterator[Waits]:
    """Every wait of psycopg inside, on any connection: a statement outside a pipeline, COMMIT, the end of a pipeline."""
    waits = Waits()
    wait, leave = psycopg.Connection.wait, Pipeline.__exit__

    def noted_wait(self: Any, generator: Any, *rest: Any, **more: Any) -> Any:
        if self._pipeline is None:
            waits.seen.append(generator.__qualname__.rpartition(".")[2])
        return wait(self, generator, *rest, **more)

    def noted_exit(self: Any, *why: Any) -> None:
        if self.level == 1:
            waits.seen.append("trip")
        return leave(self, *why)

    with patch.object(psycopg.Connection, "wait", noted_wait), patch.object(Pipeline, "__exit__", noted_exit):
        yield waits
