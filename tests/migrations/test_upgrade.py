"""From an empty database to this program's schema."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic.script import ScriptDirectory

from portal.commands.migrations import alembic_config, migrate_database, models_differ
from tests.cluster import Cluster, DatabaseUrls

Row = tuple[object, ...]
LEFT_OUT = {37}
"""Numbers that no migration has."""


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[DatabaseUrls]:
    name = f"empty_{uuid4().hex}"
    yield cluster.clone(name, template="template1")
    cluster.drop(name)


def revisions(urls: DatabaseUrls) -> list[Row]:
    with psycopg.connect(urls.owner) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall()


def everything(urls: DatabaseUrls) -> list[Row]:
    """Each object of the schema with its identity: a repeated CREATE would change it."""
    with psycopg.connect(urls.owner) as connection:
        return connection.execute(
            "SELECT oid, relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
        ).fetchall()


def newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_an_empty_database_gets_the_newest_schema_and_a_second_migration_changes_nothing(
    empty_database: DatabaseUrls,
) -> None:
    migrate_database(empty_database.owner)
    first = everything(empty_database)
    assert revisions(empty_database) == [(newest(),)]
    migrate_database(empty_database.owner)
    assert everything(empty_database) == first


def test_the_migrated_schema_is_that_of_the_models(shared_database: DatabaseUrls) -> None:
    assert models_differ(shared_database.owner) == []


def test_two_migrations_at_once_do_the_work_once(empty_database: DatabaseUrls) -> None:
    command = [sys.executable, "-m", "portal", "database", "migrate"]
    environment = {**os.environ, "PORTAL_OWNER_DATABASE_URL": empty_database.owner}
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert revisions(empty_database) == [(newest(),)]


def test_the_history_is_one_line_that_only_grows_at_its_end() -> None:
    """A migration put before one that is in use would never run where that one has: its number stays unused."""
    scripts = list(ScriptDirectory.from_config(alembic_config()).walk_revisions("base", "heads"))
    assert [script.is_merge_point or script.is_branch_point for script in scripts] == [False] * len(scripts)
    numbers = [int(script.revision) for script in reversed(scripts)]
    assert numbers == [number for number in range(1, numbers[-1] + 1) if number not in LEFT_OUT]
