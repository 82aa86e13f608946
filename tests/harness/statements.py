"""Counting what a page asks of the database, by SQLAlchemy and by the driver itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from portal.core import direct

NOT_ASKED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT set_config(")
"""What stands for transactions, and telling the database who acts."""


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

    dumped = direct._dumped

    def noted_trip(driver: psycopg.Connection[Any], statements: Any) -> Any:
        texts = [text.decode() for text, _values in statements]
        sent.extend(text for text in texts if not text.startswith(NOT_ASKED))
        return dumped(driver, statements)

    ways = {name: noted(getattr(psycopg.Cursor, name)) for name in ("execute", "executemany")}
    with patch.multiple(psycopg.Cursor, **ways), patch.object(direct, "_dumped", noted_trip):
        yield sent
