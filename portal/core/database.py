"""The base of all models, and the two kinds of session. No other code names an isolation level."""

from __future__ import annotations

import select
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Text,
    Uuid,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    registry,
    sessionmaker,
)

from portal.core.held_back import watch
from portal.core.references import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            str: Text(),
            datetime: DateTime(timezone=True),
            UUID: Uuid(),
            dict: JSONB(none_as_null=True),
            list: JSONB(none_as_null=True),
        },
    )


class Identified:
    """A key made by the client, so that no INSERT under row-level security needs RETURNING."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class PortalSession(Session):
    """Writes: a transaction that `unit_of_work` opens and closes."""


class ReadingSession(Session):
    """Reads: each statement for itself (AUTOCOMMIT), so that a page costs no BEGIN and ROLLBACK."""


class ConsistentSession(Session):
    """Reads of one moment: REPEATABLE READ READ ONLY, for pages whose statements must agree."""


@dataclass(frozen=True)
class Sessions:
    writer: sessionmaker[PortalSession]
    reader: sessionmaker[ReadingSession]
    consistent: sessionmaker[ConsistentSession]


def engine_url(address: str) -> URL:
    """The address as SQLAlchemy wants it: the settings name no driver, psycopg is ours."""
    return make_url(address).set(drivername="postgresql+psycopg")


def engine(address: str, *, pool_size: int = 5) -> Engine:
    """The engine of this process. Sessions tell the database who acts, so PgBouncer only in session mode.

    Errors hide their parameters: they may be what a citizen typed.
    """
    bind = create_engine(engine_url(address), pool_size=pool_size, hide_parameters=True)
    event.listen(bind, "checkout", partial(_notice_a_server_that_went_away, bind.dialect))
    watch(bind)
    return bind


def _notice_a_server_that_went_away(dialect: Dialect, connection: Any, record: object, fairy: object) -> None:
    """A server that ends closes its connections: that can be seen without asking it, which would cost a wait."""
    watched = select.poll()
    watched.register(connection.pgconn.socket, select.POLLIN)
    if not watched.poll(0):
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as gone:
        raise DisconnectionError from gone


def sessions(bind: Engine) -> Sessions:
    """The three kinds of session on one pool."""
    autocommit = bind.execution_options(isolation_level="AUTOCOMMIT")
    repeatable = bind.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Sessions(
        writer=sessionmaker(bind, class_=PortalSession, expire_on_commit=False),
        reader=sessionmaker(autocommit, class_=ReadingSession, expire_on_commit=False),
        consistent=sessionmaker(repeatable, class_=ConsistentSession, expire_on_commit=False),
    )


def sessions_inside(connection: Connection, *, savepoints: bool = True) -> Sessions:
    """All kinds of session inside one outer transaction: for tests that leave nothing behind, and for loads.

    With savepoints each session may fail for itself; without, the first that fails takes back everything.
    """
    within: dict[str, Any] = {
        "bind": connection,
        "expire_on_commit": False,
        "join_transaction_mode": "create_savepoint" if savepoints else "rollback_only",
    }
    return Sessions(
        writer=sessionmaker(class_=PortalSession, **within),
        reader=sessionmaker(class_=ReadingSession, **within),
        consistent=sessionmaker(class_=ConsistentSession, **within),
    )
