"""The two roles, the migrated database, and a database from the future."""

from __future__ import annotations

import psycopg
import pytest
from click.testing import CliRunner

from portal.commands import main
from tests.cluster import DatabaseUrls


@pytest.mark.committed
def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_urls.owner, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setenv("PORTAL_OWNER_DATABASE_URL", database_urls.owner)
    result = CliRunner().invoke(main, ["database", "migrate"])
    assert result.exit_code == 1
    assert "newer version than this program (it has revision 9999)" in result.stderr
    with psycopg.connect(database_urls.owner) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_neither_role_passes_row_level_security_and_the_application_owns_nothing(database_urls: DatabaseUrls) -> None:
    with psycopg.connect(database_urls.superuser) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles "
            "WHERE rolname LIKE 'portal_%' ORDER BY rolname"
        ).fetchall()
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = 'portal_app'::regrole").fetchone()
    assert roles == [("portal_app", False, False, False, False), ("portal_owner", False, False, False, False)]
    assert owned == (0,)


def test_the_printed_roles_can_be_applied_again_and_again(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_urls.app)
    monkeypatch.setenv("PORTAL_OWNER_DATABASE_URL", database_urls.owner)
    monkeypatch.setenv("PORTAL_SUPERUSER_DATABASE_URL", database_urls.superuser)
    printed = CliRunner().invoke(main, ["database", "roles"])
    assert printed.exit_code == 0
    assert printed.stdout.count("NOBYPASSRLS") == 2
    for _ in range(2):
        assert CliRunner().invoke(main, ["database", "roles", "--apply"]).exit_code == 0
    with psycopg.connect(database_urls.app) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_roles_with_another_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://postgres:p@127.0.0.1/portal")
    monkeypatch.setenv("PORTAL_OWNER_DATABASE_URL", "postgresql://portal_owner:p@127.0.0.1/portal")
    result = CliRunner().invoke(main, ["database", "roles"])
    assert result.exit_code == 1
    assert "PORTAL_DATABASE_URL portal_app" in result.stderr
