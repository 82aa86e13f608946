"""A citizen of the demonstration city who files records through the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from portal.accounts.models import Membership, Organisation, Person
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from tests.harness.client import PageClient
from tests.harness.database import RungBells
from tests.harness.people import NO_PASSWORD
from tests.integration.conftest import AsUser

CAI_KHE = "31117"


@pytest.fixture
def bells(filled_city: RungBells) -> Iterator[RungBells]:
    return filled_city  # type: ignore[return-value]


@pytest.fixture
def person(bells: RungBells) -> Person:
    return make_applicant("092085001234", "Nguyễn Mẫu An")


@pytest.fixture
def citizen(as_user: AsUser, person: Person) -> PageClient:
    return as_user(person)


@pytest.fixture
def another(as_user: AsUser) -> PageClient:
    """A citizen whom all of it does not concern."""
    return as_user(make_applicant("092190004321", "Trần Mẫu Bình"))


@pytest.fixture
def organisation(person: Person) -> Organisation:
    """One that the citizen represents."""
    made = Organisation(id=new_id(), name="Công ty TNHH Mẫu Phù Sa", tax_code="1899000007")
    with unit_of_work(SYSTEM) as session:
        session.add(made)
        session.flush()
        session.add(Membership(id=new_id(), organisation_id=made.id, person_id=person.id, role="representative"))
    return made


def make_applicant(number: str, name: str) -> Person:
    person = Person(
        id=new_id(),
        login=number,
        id_number=number,
        full_name=name,
        sort_key=name,
        password_hash=NO_PASSWORD,
        birth_date=date(1985, 3, 12),
        gender="male",
        phone="+84900000001",
        address="Số 12 đường Mẫu",
        place=CAI_KHE,
    )
    with unit_of_work(SYSTEM) as session:
        session.add(person)
    return person


Begin = Callable[..., str]
