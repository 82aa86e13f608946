"""The city with its people, loaded once for a module, and records carried into states by the right hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.database import engine
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.units import queries as units
from tests.cluster import Cluster
from tests.harness.client import PageClient
from tests.harness.database import RungBells, never_committed, portal_inside
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import citizen


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
def bells(peopled_connection: Connection) -> Iterator[RungBells]:
    with portal_inside(peopled_connection) as rung:
        yield rung


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The portal's clock shows that moment from now on."""

    def show(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return show


@pytest.fixture
def owner(bells: RungBells) -> Person:
    with reading(SYSTEM) as session:
        return session.get_one(Person, citizen().person_id)


@dataclass
class Visitor:
    """The applicant with a browser. Whenever time moves on, the person signs in again."""

    person: Person
    sign_in: AsUser
    clock_at: Callable[[datetime], None]

    def at(self, moment: datetime) -> PageClient:
        """The browser at that moment."""
        self.clock_at(moment)
        return self.sign_in(self.person)

    def open(self, walk: Walk, path: str = "", *, english: bool = False) -> TestResponse:
        """The page of the record as it is when the walk has come so far."""
        return self.at(walk.now).get(f"{'/en' if english else ''}{address(walk)}{path}")


def address(walk: Walk) -> str:
    return f"/ho-so/{walk.file().record.code}"


@pytest.fixture
def visitor(as_user: AsUser, owner: Person, clock_at: Callable[[datetime], None]) -> Visitor:
    return Visitor(owner, as_user, clock_at)
