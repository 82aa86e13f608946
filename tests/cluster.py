"""One embedded PostgreSQL for a whole test run: migrated once, cloned for whoever needs a database."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from psycopg import sql

from portal.commands.data_folder import DataFolder, free_port, is_free
from portal.commands.embedded import Postgres, Valkey
from portal.commands.migrations import migrate_database
from portal.commands.roles import create_database
from portal.commands.supervisor import Supervisor

TEMPLATE = "portal_template"


@dataclass(frozen=True)
class DatabaseUrls:
    """One database, as the three who may enter it."""

    app: str
    owner: str
    superuser: str


@dataclass(frozen=True)
class Cluster:
    """A running server; plain text inside, so that it can be told to another process."""

    place: str
    port: int

    def urls(self, database: str) -> DatabaseUrls:
        postgres = self._postgres()
        roles = ("portal_app", "portal_owner", "postgres")
        return DatabaseUrls(*(postgres.url(role, database) for role in roles))

    def clone(self, database: str, *, template: str = TEMPLATE) -> DatabaseUrls:
        """A new database with the schema of the template: 50-180 ms."""
        with self._postgres().superuser("postgres") as connection:
            create_database(connection, database, template=template)
        return self.urls(database)

    def once(self, database: str, fill: Callable[[DatabaseUrls], None], *, template: str = TEMPLATE) -> str:
        """A template of that name, filled by whichever process of the run asks first: the others wait for it."""
        with self._postgres().superuser("postgres") as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [database])
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                filling = f"{database}_being_filled"
                fill(self.clone(filling, template=template))
                names = sql.Identifier(filling), sql.Identifier(database)
                connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
        return database

    def drop(self, database: str) -> None:
        """Also when somebody is still connected."""
        with self._postgres().superuser("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def told(self) -> dict[str, object]:
        return asdict(self)

    def _postgres(self) -> Postgres:
        return Postgres(folder=DataFolder(Path(self.place)), port=self.port, durable=False)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start it, migrate the template, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="portal-tests-", ignore_cleanup_errors=True) as place:
        postgres = Postgres(folder=DataFolder.open(Path(place)), port=free_port(), durable=False)
        supervisor = Supervisor()
        postgres.prepare()
        try:
            postgres.start(supervisor)
            with postgres.superuser("postgres") as connection:
                create_database(connection, TEMPLATE)
            migrate_database(postgres.url("portal_owner", TEMPLATE))
            yield Cluster(place=place, port=postgres.port)
        finally:
            supervisor.stop()


@contextmanager
def running_valkey() -> Iterator[str]:
    """Start one and give its address; several may run side by side."""
    with tempfile.TemporaryDirectory(prefix="portal-tests-", ignore_cleanup_errors=True) as place:
        valkey = Valkey(folder=DataFolder.open(Path(place)), port=free_port())
        supervisor = Supervisor()
        process = supervisor.start(valkey.child())
        try:
            while is_free(valkey.port) and process.poll() is None:
                time.sleep(0.01)
            yield valkey.url
        finally:
            supervisor.stop()
