"""The demonstration city in a database that may be committed to: loaded once, cloned for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from portal.core import unit_of_work as units_of_work
from portal.core.database import engine, sessions
from portal.core.unit_of_work import use
from portal.documents import rendering
from portal.files import store
from portal.files.folder import FolderStore
from portal.schema import load_all
from portal.units import queries as units
from tests.cluster import Cluster, DatabaseUrls
from tests.integration.records.arranging import RECEIPT_KEY

load_all()


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
    store.use(FolderStore(tmp_path / "files"))
    rendering.use(rendering.Issuer("https://dichvucong.vidu.vn", RECEIPT_KEY, "0292 1022"))
    yield bind
    bind.dispose()
    units.forget()
    if before is not None:
        use(before)
