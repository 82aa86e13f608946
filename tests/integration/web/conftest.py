"""The whole city with its procedures, for pages that show them: `bells` of such a module is `filled_city`."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from portal.core.database import engine
from portal.units import queries as units
from tests.cluster import Cluster
from tests.harness.database import RungBells, never_committed, portal_inside


@pytest.fixture(scope="session")
def filled_engine(cluster: Cluster, filled_template: str) -> Iterator[Engine]:
    """Connections to a database with units and procedures, to which nothing is committed."""
    name = f"shown_{uuid4().hex}"
    bind = engine(cluster.clone(name, template=filled_template).app)
    yield bind
    bind.dispose()
    cluster.drop(name)


@pytest.fixture(scope="module")
def filled_connection(filled_engine: Engine) -> Iterator[Connection]:
    with never_committed(filled_engine) as connection:
        yield connection


@pytest.fixture
def filled_city(filled_connection: Connection) -> Iterator[RungBells]:
    """What a test adds to the city is gone after it."""
    with portal_inside(filled_connection) as bells:
        yield bells


@pytest.fixture(scope="session")
def peopled_engine(cluster: Cluster, city_template: str) -> Iterator[Engine]:
    """Connections to a database with the city and its people, to which nothing is committed."""
    name = f"peopled_{uuid4().hex}"
    bind = engine(cluster.clone(name, template=city_template).app)
    yield bind
    bind.dispose()
    cluster.drop(name)


@pytest.fixture(scope="module")
def peopled_connection(peopled_engine: Engine) -> Iterator[Connection]:
    units.forget()
    with never_committed(peopled_engine) as connection:
        yield connection
    units.forget()


@pytest.fixture
def peopled_city(peopled_connection: Connection) -> Iterator[RungBells]:
    """The city with officials and citizens; what a test adds is gone after it."""
    with portal_inside(peopled_connection) as bells:
        yield bells
