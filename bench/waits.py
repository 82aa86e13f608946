"""How often a process waits for the database: psycopg's own waiting, where nothing goes on without an answer."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import waiting
from psycopg.waiting import Ready, Wait

from portal.core import direct

TELLING = "SELECT set_config("
AROUND = (TELLING.encode(), b"BEGIN", b"COMMIT")


@dataclass
class Waits:
    count: int = 0
    statements: int = 0


@contextmanager
def counted() -> Iterator[Waits]:
    """Counts every exchange that ends in waiting for an answer, BEGIN and COMMIT included.

    Statements sent inside a pipeline are written without waiting; its end waits once for all of them. Telling the
    database who acts is no statement, but it is a wait.
    """
    waits = Waits()
    usual, usual_execute, usual_dumped = waiting.wait, psycopg.Cursor.execute, direct._dumped

    def execute(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
        waits.statements += not str(query).startswith(TELLING)
        return usual_execute(cursor, query, *rest, **more)

    def dumped(driver: Any, statements: Any) -> Any:
        waits.statements += sum(not text.startswith(AROUND) for text, _values in statements)
        return usual_dumped(driver, statements)

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
    psycopg.Cursor.execute = execute  # type: ignore[method-assign, assignment]
    direct._dumped = dumped
    try:
        yield waits
    finally:
        waiting.wait = usual
        psycopg.Cursor.execute = usual_execute  # type: ignore[method-assign]
        direct._dumped = usual_dumped


def _ready(wanted: Wait, descriptor: int) -> Ready:
    """Writing comes first: what may be sent without an answer is sent, and only then is an answer waited for."""
    if wanted & Wait.W and select.select([], [descriptor], [], 0)[1]:
        return Ready.W
    readable, writable, _ = select.select([descriptor], [descriptor] if wanted & Wait.W else [], [], 10)
    return Ready.R if readable else Ready.W if writable else Ready.NONE
