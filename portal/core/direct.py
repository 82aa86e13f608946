"""Hot statements, sent by the driver itself: SQLAlchemy writes their SQL once in a process, psycopg sends it.

What SQLAlchemy does around each execution (cache key, context, result) costs more than PostgreSQL's own work on one row
(docs/benchmarks.md). Errors are psycopg's own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Parameters = Mapping[str, Any] | Iterable[Mapping[str, Any]]
Question = tuple[str | ClauseElement, Mapping[str, Any]]
"""Driver's SQL with `%(name)s` for parameters, or a statement of SQLAlchemy's that is kept, and the parameters."""

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Written:
    """A statement as the driver takes it."""

    text: str
    fixed: dict[str, Any]
    """What the statement itself says: constants, and scalar defaults of columns that were not given."""
    converted: tuple[tuple[str, Convert], ...]

    def filled(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.fixed, **parameters}
        for name, convert in self.converted:
            values[name] = convert(values[name])
        return values


@dataclass(frozen=True)
class Sender:
    """Sends inside a pipeline: nothing is read before its end, and the first error ends the trip."""

    cursor: psycopg.Cursor[Any]
    dialect: Dialect

    def __call__(self, statement: ClauseElement, parameters: Parameters) -> None:
        """One row, or many one after another, which all name the same columns."""
        rows = [parameters] if isinstance(parameters, Mapping) else list(parameters)
        if not rows:
            return
        written = _written(statement, tuple(rows[0]), self.dialect)
        for row in rows:
            self.cursor.execute(written.text, written.filled(row))

    def ask(self, question: Question) -> psycopg.Cursor[Any]:
        """A question after what was sent before it; its rows are there when the trip is over."""
        return self.cursor.connection.execute(*as_sent(question, self.dialect), prepare=True)


@contextmanager
def one_message(driver: psycopg.Connection[Any]) -> Iterator[None]:
    """A pipeline of psycopg's whose statements leave together at its end.

    psycopg by itself hands each to the network as it comes, which wakes the server as many times. Nothing can be read
    inside either way; an error inside lets what was held back go in psycopg's own manner.
    """
    with driver.pipeline() as pipeline:
        pipeline._communicate_gen = _hold_back  # type: ignore[method-assign]
        try:
            yield
        finally:
            del pipeline._communicate_gen
        held = list(pipeline.command_queue)

        def write_all() -> None:
            for write in held:
                write()

        pipeline.command_queue.clear()
        pipeline.command_queue.append(write_all)


def _hold_back() -> Generator[Any, Any, None]:
    """In place of speaking with the server."""
    yield from ()


def as_sent(question: Question, dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
    """Text and parameters for the driver. A statement is written once: it must be the same object each time."""
    statement, parameters = question
    if isinstance(statement, str):
        return statement, parameters
    written = _written(statement, tuple(parameters), dialect)
    return written.text, written.filled(parameters)


@lru_cache(maxsize=2048)
def _written(statement: ClauseElement, names: tuple[str, ...], dialect: Dialect) -> Written:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"not a statement: {statement!r}")
    fixed = {name: value for name, value in compiled.construct_params(_check=False).items() if name not in names}
    for column in compiled.insert_prefetch:
        if not isinstance(column.default, ScalarElementColumnDefault):
            raise TypeError(f"{column} must be given: its default is not a constant")
        fixed[column.key] = column.default.arg
    converters = [
        (name, bound.type.dialect_impl(dialect).bind_processor(dialect)) for bound, name in compiled.bind_names.items()
    ]
    needed = tuple((name, convert) for name, convert in converters if convert is not None)
    return Written(compiled.string, fixed, needed)
