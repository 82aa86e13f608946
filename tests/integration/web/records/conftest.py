"""The city with its people, loaded once for a module, and records carried into states by the right hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from tests.harness.client import PageClient
from tests.harness.database import RungBells
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import citizen


@pytest.fixture
def bells(peopled_city: RungBells) -> RungBells:
    return peopled_city


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
