"""Runs migrations as `portal_owner`, one at a time: an advisory lock on a connection of its own keeps others out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from portal.core.database import Base, engine_url
from portal.schema import load_all

LOCK = 7_303_260_914

load_all()


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Holds the advisory lock, not inside a transaction: CREATE INDEX CONCURRENTLY would wait for it for ever.

    Nor may anybody wait for it inside a statement: a statement that waits is a snapshot that the index waits for.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        while not guard.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar_one():
            time.sleep(0.2)
        try:
            yield
        finally:
            guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


def migrate(connection: Connection | None, **options: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    migrate(None, url="postgresql+psycopg://", literal_binds=True, dialect_opts={"paramstyle": "named"})
else:
    engine = create_engine(engine_url(context.config.attributes["url"]), poolclass=NullPool)
    with alone(engine), engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        migrate(connection)
