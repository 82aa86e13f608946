"""Counting what a page asks of the database, by SQLAlchemy and by the driver itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

NOT_ASKED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config(")
"""What stands for a test's transactions, and telling the database who acts."""


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The statements that this process sends inside, in order."""
    sent: list[str] = []

    def noted(way: Any) -> Any:
        def send(self: psycopg.Cursor[Any], query: Any, *rest: Any, **more: Any) -> Any:
            if not str(query).startswith(NOT_ASKED):
                sent.append(str(query))
            return way(self, query, *rest, **more)

        return send

    ways = {name: noted(getattr(psycopg.Cursor, name)) for name in ("execute", "executemany")}
    with patch.multiple(psycopg.Cursor, **ways):
        yield sent
