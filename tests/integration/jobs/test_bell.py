"""Redis is a bell: it may lose everything it knows, or be away, and nothing that is owed is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from rq import Queue

from portal.commands.data_folder import free_port
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import unit_of_work, use
from portal.extensions import Bell
from portal.jobs import service
from portal.jobs.drain import drain
from portal.jobs.sweeper import EVERY_SECONDS, sweep_once
from tests.cluster import DatabaseUrls

pytestmark = pytest.mark.committed

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def redis(own_redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(own_redis_url) as connection:
        yield connection


@pytest.fixture
def rings(own_redis_url: str, database_urls: DatabaseUrls) -> Iterator[Bell]:
    bind = engine(database_urls.app)
    bell = Bell(own_redis_url)
    use(sessions(bind), bell=bell)
    yield bell
    bind.dispose()


def owe(name: str) -> None:
    with unit_of_work(SYSTEM) as session:
        service.owe(session, "note", arguments={"name": name}, now=NOW)


def test_a_redis_that_forgets_everything_again_and_again_loses_no_job(redis: Redis, rings: Bell) -> None:
    for number in range(100):
        owe(str(number))
        if number % 7 == 0:
            redis.flushall()
    redis.flushall()
    assert Queue("messages", connection=redis).count == 0
    assert sweep_once(rings) == {"messages": 100}
    assert Queue("messages", connection=redis).count == 1
    done: list[str] = []

    def note(arguments: Mapping[str, str], *, now: datetime) -> None:
        done.append(arguments["name"])

    assert drain("messages", {"note": note}) == 100
    assert sorted(done, key=int) == [str(number) for number in range(100)]


def test_a_redis_that_is_away_holds_nobody_up(database_urls: DatabaseUrls) -> None:
    bind = engine(database_urls.app)
    use(sessions(bind), bell=Bell(f"redis://127.0.0.1:{free_port()}/0"))
    before = time.monotonic()
    owe("kept")
    assert time.monotonic() - before < 2
    with psycopg.connect(database_urls.app) as connection:
        assert connection.execute("SELECT count(*) FROM job").fetchone() == (1,)
    bind.dispose()


def test_the_sweeper_brings_a_lost_bell_back_and_stops_when_told(
    redis: Redis, rings: Bell, own_redis_url: str, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    owe("kept")
    redis.flushall()
    settings = {
        "PORTAL_DATABASE_URL": database_urls.app,
        "PORTAL_REDIS_URL": own_redis_url,
        "PORTAL_SECRET_KEY": "s",
        "PORTAL_RECEIPT_KEY": "r",
        "PORTAL_PAYMENT_SECRET": "p",
        "PORTAL_REGISTERS_SECRET": "q",
        "PORTAL_REGISTERS_URL": "http://registers.example",
        "PORTAL_PAYMENT_URL": "http://127.0.0.1:1",
        "PORTAL_PUBLIC_URL": "http://127.0.0.1:1",
        "PORTAL_FILES_DIR": str(tmp_path),
        "PORTAL_DEMONSTRATION": "1",
    }
    sweeper = subprocess.Popen([sys.executable, "-m", "portal", "sweep"], env={**os.environ, **settings})
    try:
        gives_up_at = time.monotonic() + 20
        for _ in range(2):
            while not Queue("messages", connection=redis).count:
                assert sweeper.poll() is None
                assert time.monotonic() < gives_up_at
                time.sleep(0.05)
            redis.flushall()
            gives_up_at = time.monotonic() + EVERY_SECONDS + 3
    finally:
        sweeper.send_signal(signal.SIGTERM)
        assert sweeper.wait(10) == 0
