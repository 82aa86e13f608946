"""The portal inside one outer transaction: what a test writes, through pages or beside them, is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from portal.core import unit_of_work
from portal.core.database import sessions_inside


@dataclass
class RungBells:
    """Stands for the workers: which queues were told that something is owed."""

    queues: list[str] = field(default_factory=list)

    def __call__(self, *queues: str) -> None:
        self.queues += queues


@contextmanager
def never_committed(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction ends with a rollback."""
    with engine.connect() as connection, connection.begin() as outer:
        yield connection
        outer.rollback()


@contextmanager
def portal_inside(connection: Connection) -> Iterator[RungBells]:
    """Every `unit_of_work` and `reading` inside happens on this connection and is undone at the end."""
    before = unit_of_work.sessions()
    bells = RungBells()
    with connection.begin_nested() as savepoint:
        unit_of_work.use(sessions_inside(connection), bell=bells)
        try:
            yield bells
        finally:
            unit_of_work.use(before)
            savepoint.rollback()
