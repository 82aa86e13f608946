"""What PROTECTION declares and what PostgreSQL enforces are the same thing, for every table and function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from portal.core.database import Base
from portal.core.protection import DEFINER_FUNCTIONS, PROTECTION, Protection, statements
from portal.schema import load_all
from tests.cluster import DatabaseUrls

Connection = psycopg.Connection[tuple[Any, ...]]

TABLES = "relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
PROTECTED = sorted(table for table, protection in PROTECTION.items() if not protection.is_public)
WRITTEN_ONCE = ("record_event", "procedure_version", "audit_entry", "file")


@pytest.fixture
def catalogue(shared_database: DatabaseUrls) -> Iterator[Connection]:
    """The catalogues, as somebody who sees all of them."""
    with psycopg.connect(shared_database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(shared_database: DatabaseUrls) -> Iterator[Connection]:
    """The owner; what it does here is rolled back."""
    with psycopg.connect(shared_database.owner) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def app(shared_database: DatabaseUrls) -> Iterator[Connection]:
    """The application as the system itself, so that only grants can refuse; what it does here is rolled back."""
    with psycopg.connect(shared_database.app) as connection:
        connection.execute("SELECT set_config('app.kind', 'system', false)")
        connection.commit()
        yield connection
        connection.rollback()


def column(connection: Connection, query: str) -> set[Any]:
    return {value for (value,) in connection.execute(query.encode())}


def rights(table: str, protection: Protection) -> set[str]:
    insert = {"INSERT"} if table != "alembic_version" else set()
    changes = {"UPDATE"} if protection.update else set()
    return {"SELECT"} | insert | changes | ({"DELETE"} if protection.delete else set())


def enforced(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Policies and rights, as PostgreSQL itself prints them."""
    policies = connection.execute(
        "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
    ).fetchall()
    granted = connection.execute(
        "SELECT relname, privilege_type, is_grantable FROM pg_class, aclexplode(relacl) "
        f"WHERE {TABLES} AND grantee = 'portal_app'::regrole ORDER BY 1, 2"
    ).fetchall()
    protected = connection.execute(
        f"SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE {TABLES} ORDER BY 1"
    ).fetchall()
    return {"policies": policies, "granted": granted, "protected": protected}


def test_every_table_is_declared_and_every_declared_table_exists(catalogue: Connection) -> None:
    load_all()
    tables = column(catalogue, f"SELECT relname FROM pg_class WHERE {TABLES}")
    assert tables == set(PROTECTION)
    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_the_application_has_exactly_the_declared_rights(catalogue: Connection) -> None:
    granted: dict[str, set[str]] = {table: set() for table in PROTECTION}
    for table, right in catalogue.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'portal_app'"
    ):
        granted[table].add(right)
    assert granted == {table: rights(table, protection) for table, protection in PROTECTION.items()}


def test_nobody_else_has_a_right_and_no_single_column_has_one(catalogue: Connection) -> None:
    grantees = column(
        catalogue,
        f"SELECT grantee::regrole::text FROM pg_class, aclexplode(relacl) WHERE {TABLES}",
    )
    columns = column(
        catalogue,
        "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        f"WHERE {TABLES} AND attacl IS NOT NULL",
    )
    assert grantees == {"portal_owner", "portal_app"}
    assert columns == set()


def test_every_protected_table_forces_row_level_security_even_on_its_owner(catalogue: Connection) -> None:
    found = catalogue.execute(
        f"SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE {TABLES}"
    ).fetchall()
    assert sorted(table for table, enabled, forced in found if enabled and forced) == PROTECTED
    assert sorted(table for table, enabled, forced in found if enabled or forced) == PROTECTED


def test_the_database_has_the_declared_protection_to_the_letter(owner: Connection) -> None:
    """Take all of it away, put the declared one in its place, and see no difference."""
    found = enforced(owner)
    for table, policy in owner.execute("SELECT tablename, policyname FROM pg_policies").fetchall():
        owner.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), sql.Identifier(table)))
    for table in PROTECTION:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("REVOKE ALL ON {} FROM portal_app").format(name))
        owner.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY").format(name))
    assert enforced(owner) != found
    for table in PROTECTION:
        for statement in statements(table):
            owner.execute(statement.encode())
    assert enforced(owner) == found


@pytest.mark.parametrize("table", PROTECTED)
def test_the_owner_passes_the_protection_of_each_table_by_a_policy(catalogue: Connection, table: str) -> None:
    found = catalogue.execute(
        "SELECT roles, cmd, qual, with_check FROM pg_policies WHERE tablename = %s AND policyname = %s",
        [table, f"{table}_owner"],
    ).fetchall()
    assert found == [(["portal_owner"], "ALL", "true", "true")]


def test_no_policy_speaks_of_everybody(catalogue: Connection) -> None:
    assert column(catalogue, "SELECT DISTINCT unnest(roles)::text FROM pg_policies") == {"portal_owner", "portal_app"}


def test_only_listed_functions_run_with_the_owners_rights_and_none_looks_for_tables_elsewhere(
    catalogue: Connection,
) -> None:
    found = catalogue.execute(
        "SELECT pronamespace::regnamespace::text, proname, proowner::regrole::text, "
        "coalesce(proconfig::text, CASE WHEN prosqlbody IS NOT NULL THEN 'bound when it was created' END) FROM pg_proc "
        "WHERE prosecdef AND pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
    ).fetchall()
    assert {name for _, name, _, _ in found} == DEFINER_FUNCTIONS
    assert {(schema, holder) for schema, _, holder, _ in found} == {("app", "portal_owner")}
    bound = {'{"search_path=public, pg_temp"}', "bound when it was created"}
    assert {where for *_, where in found} <= bound


def test_the_application_may_call_each_function_but_the_one_that_trusts_its_caller(catalogue: Connection) -> None:
    callable_by_app = column(
        catalogue,
        "SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace "
        "AND has_function_privilege('portal_app', oid, 'EXECUTE')",
    )
    everything = column(catalogue, "SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace")
    assert everything - callable_by_app == {"lookup_view"}
    by_anybody = column(
        catalogue,
        "SELECT proname FROM pg_proc, aclexplode(proacl) "
        "WHERE pronamespace = 'app'::regnamespace AND (grantee = 0 OR proacl IS NULL)",
    )
    assert by_anybody == set()


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("relations", "SELECT relname FROM pg_class WHERE relowner = 'portal_app'::regrole"),
        ("functions", "SELECT proname FROM pg_proc WHERE proowner = 'portal_app'::regrole"),
        ("types", "SELECT typname FROM pg_type WHERE typowner = 'portal_app'::regrole"),
        ("schemas", "SELECT nspname FROM pg_namespace WHERE nspowner = 'portal_app'::regrole"),
        ("databases", "SELECT datname FROM pg_database WHERE datdba = 'portal_app'::regrole"),
        ("memberships", "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'portal_app'::regrole"),
        (
            "schemas to write in",
            "SELECT nspname FROM pg_namespace WHERE has_schema_privilege('portal_app', oid, 'CREATE')",
        ),
        (
            "rights on the database",
            "SELECT 'TEMPORARY' WHERE has_database_privilege('portal_app', current_database(), 'CREATE, TEMPORARY')",
        ),
    ],
)
def test_the_application_role_owns_nothing_and_can_make_nothing(catalogue: Connection, kind: str, query: str) -> None:
    assert column(catalogue, query) == set(), kind


@pytest.mark.parametrize("table", WRITTEN_ONCE)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_is_written_once_cannot_be_changed_even_by_the_system(app: Connection, table: str, verb: str) -> None:
    name = sql.Identifier(table)
    some_column = app.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(name)).description
    assert some_column is not None
    statement = {
        "UPDATE": sql.SQL("UPDATE {table} SET {column} = {column}"),
        "DELETE": sql.SQL("DELETE FROM {table}"),
        "TRUNCATE": sql.SQL("TRUNCATE {table} CASCADE"),
    }[verb].format(table=name, column=sql.Identifier(some_column[0].name))
    with pytest.raises(InsufficientPrivilege, match=f"permission denied for table {table}"):
        app.execute(statement)


def test_the_application_cannot_lift_the_protection(app: Connection) -> None:
    for attempt in (
        "ALTER TABLE record DISABLE ROW LEVEL SECURITY",
        "DROP POLICY record_read ON record",
        "SET ROLE portal_owner",
        "UPDATE alembic_version SET version_num = '0000'",
    ):
        with pytest.raises(InsufficientPrivilege), app.transaction():
            app.execute(attempt)


def test_a_person_is_seen_by_himself_and_the_system_and_by_nobody_else(app: Connection) -> None:
    himself, stranger = uuid4(), uuid4()
    app.execute(
        "INSERT INTO person (id, login, password_hash, full_name, sort_key, gender, phone, email, address, place, "
        "language) VALUES (%s, 'a', '', 'Nguyễn Văn A', '', '', '', '', '', '', 'vi')",
        [himself],
    )
    seen_by = {}
    asking = [(himself, "citizen"), (stranger, "citizen"), (stranger, "official"), ("", "public"), ("", "system")]
    for who, kind in asking:
        app.execute("SELECT set_config('app.person', %s, true), set_config('app.kind', %s, true)", [str(who), kind])
        seen_by[who, kind] = app.execute("SELECT count(*) FROM person WHERE id = %s", [himself]).fetchone() == (1,)
    assert [who for who, sees in seen_by.items() if sees] == [(himself, "citizen"), ("", "system")]
