"""The demonstration city in a database that may be committed to: loaded once, cloned for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from portal.accounts import passwords
from portal.catalogue.service import PROCEDURES, publish_file
from portal.core import unit_of_work as units_of_work
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import unit_of_work, use
from portal.demonstration.loading import load_people
from portal.documents import rendering
from portal.files import store
from portal.files.models import StoredFile
from portal.schema import load_all
from portal.units import queries as units
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from tests.cluster import Cluster, DatabaseUrls
from tests.integration.records.arranging import NOW, PDF, RECEIPT_KEY

load_all()


@pytest.fixture(scope="session")
def city_template(cluster: Cluster) -> Iterator[str]:
    """A database with units, officials, citizens and the shipped procedures, and no record."""
    name = f"city_{uuid4().hex}"
    urls = cluster.clone(name)
    passwords.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    bind = engine(urls.app)
    before = units_of_work._sessions
    use(sessions(bind))
    units.forget()
    with unit_of_work(SYSTEM) as session:
        import_units(session, CITY_FILE, actor=SYSTEM, now=NOW)
    with unit_of_work(SYSTEM) as session:
        load_people(session, now=NOW)
        session.add(StoredFile(digest=PDF, size=10, media_type="application/pdf", pages=1, stored_at=NOW))
    with unit_of_work(SYSTEM) as session:
        for file in sorted(PROCEDURES.glob("*.yaml")):
            publish_file(session, file, actor=SYSTEM, now=NOW)
    bind.dispose()
    if before is not None:
        use(before)
    yield name
    cluster.drop(name)


@pytest.fixture
def own_database(cluster: Cluster, city_template: str) -> Iterator[DatabaseUrls]:
    """A city of this one test."""
    name = f"own_{uuid4().hex}"
    yield cluster.clone(name, template=city_template)
    cluster.drop(name)


@pytest.fixture
def database(own_database: DatabaseUrls, tmp_path: Path) -> Iterator[Engine]:
    """The portal on that city; everything commits."""
    bind = engine(own_database.app, pool_size=20)
    before = units_of_work._sessions
    use(sessions(bind))
    units.forget()
    store.use(store.Store(tmp_path / "files"))
    rendering.use(rendering.Issuer("https://dichvucong.vidu.vn", RECEIPT_KEY, "0292 1022"))
    yield bind
    bind.dispose()
    units.forget()
    if before is not None:
        use(before)
