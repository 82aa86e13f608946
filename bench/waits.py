"""How often a process waits for the database: psycopg's own waiting, counted where nothing can go on without an answer."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import waiting
from psycopg.waiting import Ready, Wait


@dataclass
class Waits:
    count: int = 0


@contextmanager
def counted() -> Iterator[Waits]:
    """Counts every exchange that ends in waiting for an answer, BEGIN and COMMIT included.

    Statements sent inside a pipeline are written without waiting; its end waits once for all of them.
    """
    waits = Waits()
    usual = waiting.wait

    def wait(generator: Any, descriptor: int, interval: float = 0.0, timeout: float | None = None) -> Any:
        asked = False
        try:
            wanted = next(generator)
            while True:
                asked = asked or wanted == Wait.R
                wanted = generator.send(_ready(wanted, descriptor))
        except StopIteration as ended:
            waits.count += asked
            return ended.value

    waiting.wait = wait  # type: ignore[assignment]
    try:
        yield waits
    finally:
        waiting.wait = usual


def _ready(wanted: Wait, descriptor: int) -> Ready:
    readable, writable, _ = select.select(
        [descriptor] if wanted & Wait.R else [], [descriptor] if wanted & Wait.W else [], [], 10
    )
    return Ready((Ready.R if readable else 0) | (Ready.W if writable else 0))
