"""What is measured stands on one server of its own: durable, started for this run, its loaded databases kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench import courses
from portal import paths, wiring
from portal.catalogue.service import PROCEDURES, publish, publish_file
from portal.commands.data_folder import DataFolder, free_port
from portal.commands.embedded import Postgres, Valkey
from portal.commands.migrations import migrate_database
from portal.commands.roles import create_database
from portal.commands.supervisor import Supervisor
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import unit_of_work, use
from portal.demonstration.loading import load_people
from portal.files.models import StoredFile
from portal.schema import load_all
from portal.units.seed import CITY_FILE
from portal.units.service import import_units

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".bench"
CITY = "bench_city"
PORTAL = "bench_portal"
PEERS = "bench_peers"
EMPTY = "template0"
PAPER = "a" * 64
"""Digest of the one stored paper: submitting reads its row, never its bytes."""


@dataclass(frozen=True)
class Ground:
    postgres: Postgres
    valkey: Valkey
    supervisor: Supervisor

    def url(self, database: str, *, role: str = "portal_app") -> str:
        return self.postgres.url(role, database)

    def settings(self, database: str, *, port: int = 8000) -> Settings:
        return Settings.from_environment(self.environment(database, port=port))

    def environment(self, database: str, *, port: int) -> dict[str, str]:
        folder = self.postgres.folder
        return {
            "PORTAL_DATABASE_URL": self.url(database),
            "PORTAL_REDIS_URL": self.valkey.url,
            "PORTAL_SECRET_KEY": folder.secret("cookies"),
            "PORTAL_RECEIPT_KEY": folder.secret("receipts"),
            "PORTAL_PAYMENT_SECRET": folder.secret("payments"),
            "PORTAL_PAYMENT_URL": "http://127.0.0.1:9/payments",
            "PORTAL_REGISTERS_SECRET": folder.secret("registers"),
            "PORTAL_REGISTERS_URL": "http://127.0.0.1:9/registers",
            "PORTAL_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORTAL_FILES_DIR": str(folder.path / "files"),
            "PORTAL_DATA_DIR": str(folder.path),
            "PORTAL_PORT": str(port),
            "PORTAL_DEMONSTRATION": "1",
        }

    def wire(self, database: str) -> None:
        """Let the portal of this process work in the database."""
        wiring.wire(self.settings(database)).dispose()
        use(sessions(engine(self.url(database))))

    def database(self, name: str, *, mark: str, fill: Callable[[], None], template: str = EMPTY) -> bool:
        """The database as `fill` leaves it; kept from run to run as long as the mark is the same. True when new."""
        if self._mark_of(name) == mark:
            return False
        with self.postgres.superuser("postgres") as connection:
            named = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
            create_database(connection, name, template=template)
            fill()
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(named, sql.Literal(mark)))
        return True

    def fresh(self, name: str, *, template: str = EMPTY) -> None:
        """The database, new in this run."""
        with self.postgres.superuser("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            create_database(connection, name, template=template)

    def superuser(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(database, role="postgres"), autocommit=True)

    def _mark_of(self, name: str) -> str | None:
        with self.postgres.superuser("postgres") as connection:
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
        return row[0] if row else None


@contextmanager
def running() -> Iterator[Ground]:
    """Server and bell, stopped at the end; a database with units, people and procedures is ready as a template."""
    folder = DataFolder.open(FOLDER / "data")
    with folder.locked("the benchmark"):
        postgres = Postgres(folder=folder, port=free_port())
        valkey = Valkey(folder=folder, port=free_port())
        supervisor = Supervisor()
        postgres.prepare()
        try:
            postgres.start(supervisor)
            supervisor.start(valkey.child())
            ground = Ground(postgres, valkey, supervisor)
            load_all()
            ground.database(CITY, mark=city_mark(), fill=lambda: _load_city(ground))
            ground.fresh(PORTAL, template=CITY)
            ground.fresh(PEERS)
            yield ground
        finally:
            supervisor.stop()


def city_mark() -> str:
    """Changes with everything that the template is made from."""
    definitions = [*PROCEDURES.rglob("*.yaml"), *HERE.glob("*.yaml"), HERE / "courses.py"]
    files = [*paths.MIGRATIONS.rglob("*.py"), *definitions, CITY_FILE]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _load_city(ground: Ground) -> None:
    migrate_database(ground.url(CITY, role="portal_owner"))
    bind = engine(ground.url(CITY))
    use(sessions(bind))
    now = clock.now()
    with unit_of_work(SYSTEM) as session:
        import_units(session, CITY_FILE, actor=SYSTEM, now=now)
    with unit_of_work(SYSTEM) as session:
        load_people(session, now=now)
        session.add(StoredFile(digest=PAPER, size=10_000, media_type="application/pdf", pages=1, stored_at=now))
    with unit_of_work(SYSTEM) as session:
        for file in (PROCEDURES / "1.009994.yaml", HERE / "ten_tasks.yaml"):
            publish_file(session, file, actor=SYSTEM, now=now)
        for text in courses.definitions():
            publish(session, text, actor=SYSTEM, now=now)
    bind.dispose()


def quiet_environment() -> Mapping[str, str]:
    """Of a child: nothing of this process but where programs and home are."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def address_of(url: str) -> dict[str, str]:
    """The parts of a database's address, for a driver that wants them one by one."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "",
        "port": str(parts.port),
        "user": parts.username or "",
        "password": parts.password or "",
        "dbname": parts.path.removeprefix("/"),
    }
