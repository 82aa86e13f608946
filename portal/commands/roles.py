"""The two roles that the portal uses, and its database, as a superuser makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

ROLES = ("portal_owner", "portal_app")
"""Owns the schema and migrates it; does everything else. Neither passes row-level security."""

Connection = psycopg.Connection[tuple[Any, ...]]


def role_statements(passwords: Mapping[str, str], *, existing: frozenset[str] = frozenset()) -> list[sql.Composed]:
    """What makes the roles, or gives an existing one its password again."""
    return [
        sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {password}").format(
            verb=sql.SQL("ALTER" if role in existing else "CREATE"),
            role=sql.Identifier(role),
            password=sql.Literal(passwords[role]),
        )
        for role in ROLES
    ]


def database_statements(name: str, *, template: str = "template1", exists: bool = False) -> list[sql.Composed]:
    """What makes a database of the owner that nobody but the two roles may enter."""
    database = sql.Identifier(name)
    create = sql.SQL("CREATE DATABASE {database} OWNER portal_owner TEMPLATE {template}")
    return [
        *([] if exists else [create.format(database=database, template=sql.Identifier(template))]),
        sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(database=database),
        sql.SQL("GRANT CONNECT ON DATABASE {database} TO portal_app").format(database=database),
    ]


def create_roles(connection: Connection, passwords: Mapping[str, str]) -> None:
    """Safe to repeat."""
    found = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)]).fetchall()
    for statement in role_statements(passwords, existing=frozenset(name for (name,) in found)):
        connection.execute(statement)


def create_database(connection: Connection, name: str, *, template: str = "template1") -> None:
    """Safe to repeat; an existing database stays as it is."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    for statement in database_statements(name, template=template, exists=found is not None):
        connection.execute(statement)
