"""The whole city with its procedures, for pages that show them: `bells` of such a module is `filled_city`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from portal.catalogue.service import PROCEDURES, publish_file
from portal.core import unit_of_work
from portal.core.actor import SYSTEM
from portal.core.database import sessions_inside
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from tests.harness.city import NOW
from tests.harness.database import RungBells, never_committed, portal_inside


@pytest.fixture(scope="module")
def filled_connection(engine: Engine) -> Iterator[Connection]:
    """Units and procedures, loaded once for a module and never committed."""
    before = unit_of_work.sessions()
    with never_committed(engine) as connection:
        unit_of_work.use(sessions_inside(connection))
        with unit_of_work.unit_of_work(SYSTEM) as session:
            import_units(session, CITY_FILE, actor=SYSTEM, now=NOW)
            for file in sorted(PROCEDURES.glob("*.yaml")):
                publish_file(session, file, actor=SYSTEM, now=NOW)
        unit_of_work.use(before)
        yield connection


@pytest.fixture
def filled_city(filled_connection: Connection) -> Iterator[RungBells]:
    """What a test adds to the city is gone after it."""
    with portal_inside(filled_connection) as bells:
        yield bells
