"""The city with its people, loaded once for a module, and records carried into states by the right hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.core import clock, unit_of_work
from portal.core.actor import SYSTEM
from portal.core.database import sessions_inside
from portal.core.unit_of_work import reading
from portal.demonstration.loading import load_people
from portal.demonstration.walking import Walk
from portal.files.models import StoredFile
from portal.units import queries as units
from tests.harness.client import PageClient
from tests.harness.database import RungBells, portal_inside
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import NOW, PDF, citizen


@pytest.fixture(scope="module")
def peopled_connection(filled_connection: Connection) -> Iterator[Connection]:
    """The city with its officials and citizens; never committed."""
    before = unit_of_work.sessions()
    unit_of_work.use(sessions_inside(filled_connection))
    units.forget()
    with unit_of_work.unit_of_work(SYSTEM) as session:
        load_people(session, now=NOW)
        session.add(StoredFile(digest=PDF, size=10, media_type="application/pdf", pages=1, stored_at=NOW))
    unit_of_work.use(before)
    yield filled_connection
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
