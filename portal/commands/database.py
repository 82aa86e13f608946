"""`portal database`: its roles and its migrations."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from portal.commands.migrations import migrate_database, models_differ, write_sql
from portal.commands.roles import ROLES, create_database, create_roles, database_statements, role_statements
from portal.config import SettingsError, owner_database_url


@click.group()
def database() -> None:
    """Roles, migrations and their checks."""


@database.command()
@click.option("--apply", "apply", is_flag=True, help="Do it, as the superuser of PORTAL_SUPERUSER_DATABASE_URL.")
def roles(apply: bool) -> None:
    """Print the SQL that makes the portal's two roles and its database.

    Their passwords and the name of the database are those of PORTAL_DATABASE_URL and PORTAL_OWNER_DATABASE_URL.
    """
    import psycopg  # inside the function: not every command needs the driver

    passwords, name = roles_in_environment()
    if not apply:
        for statement in [*role_statements(passwords), *database_statements(name)]:
            click.echo(statement.as_string() + ";")
        return
    superuser_url = os.environ.get("PORTAL_SUPERUSER_DATABASE_URL")
    if not superuser_url:
        raise SettingsError("These settings are missing from the environment: PORTAL_SUPERUSER_DATABASE_URL")
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        create_roles(connection, passwords)
        create_database(connection, name)


@database.command()
def migrate() -> None:
    """Bring the database of PORTAL_OWNER_DATABASE_URL to this program's version."""
    migrate_database(owner_database_url())


@database.command()
def check() -> None:
    """Migrate an empty scratch database and compare it with the models."""
    with scratch_database() as owner_url:
        migrate_database(owner_url)
        differences = models_differ(owner_url)
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        raise click.ClickException("The models and the migrations differ: write a migration.")


@database.command()
@click.option("--from", "base", default="base", show_default=True, help="The revision to start from.")
def sql(base: str) -> None:
    """Print the SQL of the migrations, for a linter or a careful reader."""
    write_sql(sys.stdout, base=base)


def roles_in_environment() -> tuple[dict[str, str], str]:
    """The passwords of both roles and the name of the database; raises SettingsError when the addresses disagree."""
    urls = [urlsplit(owner_database_url()), urlsplit(os.environ.get("PORTAL_DATABASE_URL", ""))]
    found = tuple(url.username for url in urls)
    if found != ROLES or any(not url.password for url in urls) or urls[0].path != urls[1].path:
        raise SettingsError(
            "PORTAL_OWNER_DATABASE_URL must name portal_owner, PORTAL_DATABASE_URL portal_app, both a password and "
            "the same database."
        )
    return {url.username or "": unquote(url.password or "") for url in urls}, urls[0].path.removeprefix("/")


@contextmanager
def scratch_database() -> Iterator[str]:
    """The owner's address of an empty database that is gone afterwards."""
    # Inside the function: a production image has no embedded server.
    from portal.commands.data_folder import DataFolder, free_port
    from portal.commands.embedded import Postgres
    from portal.commands.supervisor import Supervisor

    with tempfile.TemporaryDirectory(prefix="portal-check-") as place:
        postgres = Postgres(folder=DataFolder.open(Path(place)), port=free_port(), durable=False)
        supervisor = Supervisor()
        postgres.prepare()
        try:
            postgres.start(supervisor)
            yield postgres.url("portal_owner", "portal")
        finally:
            supervisor.stop()
