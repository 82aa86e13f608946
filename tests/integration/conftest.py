"""The portal as a browser meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine

from portal import create_app
from portal.accounts import passwords
from portal.accounts.models import Person, SignIn
from portal.catalogue.service import PROCEDURES, publish_file
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.loading import load_people
from portal.files.models import StoredFile
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from portal.web import sign_in
from tests.cluster import Cluster, DatabaseUrls
from tests.harness.city import NOW, city, city_connection, writing_in  # noqa: F401 - fixtures
from tests.harness.client import PageClient
from tests.harness.database import RungBells, never_committed, portal_inside
from tests.integration.records.arranging import NOW as TODAY
from tests.integration.records.arranging import PDF

Client = PageClient
AsUser = Callable[[Person], PageClient]


@pytest.fixture(scope="session")
def filled_template(cluster: Cluster) -> str:
    """A database with units and the shipped procedures, and nobody in it: written once, to be cloned."""
    return cluster.once("city_without_people", _fill)


@pytest.fixture(scope="session")
def city_template(cluster: Cluster, filled_template: str) -> str:
    """A database with units, officials, citizens and the shipped procedures, and no record."""
    return cluster.once("city_with_people", _people, template=filled_template)


def _fill(urls: DatabaseUrls) -> None:
    with writing_in(urls):
        with unit_of_work(SYSTEM) as session:
            import_units(session, CITY_FILE, actor=SYSTEM, now=NOW)
        with unit_of_work(SYSTEM) as session:
            for file in sorted(PROCEDURES.glob("*.yaml")):
                publish_file(session, file, actor=SYSTEM, now=NOW)


def _people(urls: DatabaseUrls) -> None:
    with writing_in(urls), unit_of_work(SYSTEM) as session:
        load_people(session, now=TODAY)
        session.add(StoredFile(digest=PDF, size=10, media_type="application/pdf", pages=1, stored_at=TODAY))


@pytest.fixture(scope="session")
def settings(shared_database: DatabaseUrls, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(shared_database, redis_url=redis_url, folder=tmp_path_factory.mktemp("portal"))


def settings_for(urls: DatabaseUrls, *, redis_url: str, folder: Path) -> Settings:
    return Settings(
        database_url=urls.app,
        redis_url=redis_url,
        secret_key="secret of the tests for cookies",
        receipt_key="secret of the tests for receipts",
        payment_secret="secret of the tests for payments",
        payment_url="http://gateway.example/pay",
        registers_secret="secret of the tests for registers",
        registers_url="http://registers.example",
        public_url="http://portal.example",
        files_dir=folder / "files",
        data_dir=folder,
        bank_bin="970415",
        bank_name="VietinBank",
        bank_account="113366668888",
        bank_holder="TK THU PHI LE PHI",
        bank_secret="secret of the tests for transfers",
        demonstration=True,
    )


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """An application whose connections are closed in the end."""
    passwords.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = create_app(settings)
    made.config["TESTING"] = True
    made.test_client_class = PageClient
    try:
        yield made
    finally:
        made.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    with running(settings) as made:
        yield made


@pytest.fixture(scope="session")
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["engine"]
    return found


@pytest.fixture
def bells(engine: Engine) -> Iterator[RungBells]:
    """Everything in this test is rolled back; the queues that were rung are noted."""
    with never_committed(engine) as connection, portal_inside(connection) as rung:
        yield rung


@pytest.fixture
def client(app: Flask, bells: RungBells) -> Client:
    """A visitor whom nobody knows."""
    made: PageClient = app.test_client()  # type: ignore[assignment]
    return made


@pytest.fixture
def as_user(app: Flask, bells: RungBells) -> AsUser:
    """A browser in which that person has signed in."""

    def signed_in(person: Person) -> PageClient:
        now = clock.now()
        row = SignIn(id=new_id(), person_id=person.id, created_at=now, seen_at=now)
        with unit_of_work(SYSTEM) as session:
            session.add(row)
        browser: PageClient = app.test_client()  # type: ignore[assignment]
        with browser.session_transaction() as cookie:
            cookie[sign_in.KEY] = str(row.id)
            cookie[sign_in.SINCE] = cookie[sign_in.SEEN] = int(now.timestamp())
        return browser

    return signed_in
