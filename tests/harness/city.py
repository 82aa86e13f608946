"""A city for tests that need units and people: loaded once, inside a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection

from portal.accounts import passwords
from portal.core import database
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions_inside
from portal.core.unit_of_work import unit_of_work
from portal.schema import load_all
from portal.units import queries as units
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from tests.harness.database import named

if TYPE_CHECKING:
    from tests.cluster import DatabaseUrls

NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
"""Monday, 2 June 2025, nine in the morning in Cần Thơ."""

load_all()


@contextmanager
def writing_in(urls: DatabaseUrls) -> Iterator[None]:
    """Every `unit_of_work` and `reading` inside happens in that database, and commits."""
    passwords.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    bind = engine(urls.app)
    with named(database.sessions(bind)):
        units.forget()
        yield
        units.forget()
    bind.dispose()


@contextmanager
def working_in(connection: Connection) -> Iterator[None]:
    """Every `unit_of_work` and `reading` inside happens on this connection."""
    with named(sessions_inside(connection)):
        yield


@pytest.fixture(scope="module")
def city_connection(shared_database: DatabaseUrls) -> Iterator[Connection]:
    """One outer transaction per module that holds the city's units; nothing of it stays."""
    passwords.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    bind = engine(shared_database.app)
    with bind.connect() as connection, connection.begin() as outer, working_in(connection):
        with unit_of_work(SYSTEM) as session:
            import_units(session, CITY_FILE, actor=SYSTEM, now=NOW)
        yield connection
        outer.rollback()
    bind.dispose()


@pytest.fixture
def city(city_connection: Connection) -> Iterator[Connection]:
    """The city's units; what a test adds is gone after it."""
    with city_connection.begin_nested() as savepoint, working_in(city_connection):
        yield city_connection
        savepoint.rollback()
