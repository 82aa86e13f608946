"""The books of a simulator: a file of its own, so that the portal's can be compared with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Ledger:
    """A SQLite file. Each use has a connection of its own: pages and deliveries run in several threads."""

    def __init__(self, file: Path, *, schema: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        with self.open() as books:
            books.executescript(schema)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Everything or nothing; one writer at a time."""
        connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            if connection.in_transaction:
                connection.execute("COMMIT")
        finally:
            connection.close()

    def rows(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        with self.open() as books:
            return [dict(row) for row in books.execute(statement, parameters or {})]

    def row(self, statement: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def write(self, statement: str, parameters: Mapping[str, Any] | None = None) -> int:
        """How many rows it changed."""
        with self.open() as books:
            return books.execute(statement, parameters or {}).rowcount
