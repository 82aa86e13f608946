"""The portal inside one outer transaction: what a test writes, through pages or beside them, is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from portal.core import unit_of_work
from portal.core.database import Sessions, sessions_inside


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
def named(sessions: Sessions, *, bell: RungBells | None = None) -> Iterator[None]:
    """The sessions of this process for a while; then those from before, where there were any."""
    try:
        before = unit_of_work.sessions()
    except RuntimeError:  # nobody has named a database yet
        before = None
    unit_of_work.use(sessions, bell=bell)
    try:
        yield
    finally:
        if before is not None:
            unit_of_work.use(before)


@contextmanager
def portal_inside(connection: Connection) -> Iterator[RungBells]:
    """Every `unit_of_work` and `reading` inside happens on this connection and is undone at the end."""
    bells = RungBells()
    with connection.begin_nested() as savepoint:
        try:
            with named(sessions_inside(connection), bell=bells):
                yield bells
        finally:
            savepoint.rollback()
