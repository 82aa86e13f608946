"""Hot statements, sent by the driver itself: SQLAlchemy writes their SQL once in a process, libpq sends it.

What SQLAlchemy and psycopg's cursors do around each execution (cache key, context, result) costs more than PostgreSQL's
own work on one row (docs/benchmarks.md). So these statements go through `psycopg.pq`, the driver's documented door to
libpq: a trip is one message to the server and one wait for all of its answers. Errors are psycopg's own.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha1
from typing import Any

import psycopg
from psycopg import generators
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Parameters = Mapping[str, Any] | Iterable[Mapping[str, Any]]
Question = tuple[str | ClauseElement, Mapping[str, Any]]
"""Driver's SQL with `%(name)s` for parameters, or a statement of SQLAlchemy's that is kept, and the parameters."""

Convert = Callable[[Any], Any]
MOST_PREPARED = 300
"""Statements that a connection keeps prepared."""
PREPARED = "prepared"

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as libpq takes it."""

    text: bytes
    names: tuple[str, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What the statement itself says: constants, and scalar defaults of columns that were not given."""
    converted: Mapping[str, Convert] = field(default_factory=dict)

    def filled(self, parameters: Mapping[str, Any]) -> Filled:
        fixed, converted = self.fixed, self.converted
        values = [parameters[name] if name in parameters else fixed[name] for name in self.names]
        if converted:
            for place, name in enumerate(self.names):
                if name in converted:
                    values[place] = converted[name](values[place])
        return self.text, values


Filled = tuple[bytes, list[Any]]
"""A statement, and its parameters in their order."""


@dataclass(frozen=True, slots=True)
class Link:
    """A connection to send on; `about` is kept with it and dies with it."""

    driver: psycopg.Connection[Any]
    dialect: Dialect
    about: dict[Any, Any]

    @property
    def is_open(self) -> bool:
        return not self.driver.closed and not self.driver.broken


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one statement."""

    driver: psycopg.Connection[Any]
    result: PGresult

    def fetchall(self) -> list[Any]:
        """The rows as tuples."""
        return self._loaded(_as_it_is)

    def named(self) -> list[Any]:
        """The rows as tuples whose values have the names of their columns."""
        result = self.result
        names = tuple((result.fname(column) or b"").decode() for column in range(result.nfields))
        return self._loaded(_named(names))

    def _loaded(self, make: Callable[[Sequence[Any]], Any]) -> list[Any]:
        loading = Transformer(self.driver)
        loading.set_pgresult(self.result)
        return loading.load_rows(0, self.result.ntuples, make)


@dataclass(frozen=True, slots=True)
class Sender:
    """Collects what a trip will send: nothing is read before its end, and the first error ends the trip."""

    dialect: Dialect
    statements: list[Filled] = field(default_factory=list)
    answers: dict[int, Later] = field(default_factory=dict)

    def __call__(self, statement: ClauseElement, parameters: Parameters) -> None:
        """One row, or many one after another, which all name the same columns."""
        rows = [parameters] if isinstance(parameters, Mapping) else list(parameters)
        if not rows:
            return
        written = _written(statement, tuple(rows[0]), self.dialect)
        self.statements.extend(written.filled(row) for row in rows)

    def ask(self, question: Question) -> Later:
        """A question after what was sent before it; its rows are there when the trip is over."""
        later = self.answers[len(self.statements)] = Later()
        self.statements.append(as_sent(question, self.dialect))
        return later


@dataclass(slots=True)
class Later:
    """An answer that is there when the trip is over."""

    answer: Answer | None = None

    def fetchall(self) -> list[Any]:
        """The rows as tuples."""
        if self.answer is None:
            raise RuntimeError("the trip is not over")
        return self.answer.fetchall()


def as_sent(question: Question, dialect: Dialect) -> Filled:
    """Text and parameters. A statement is written once: it must be the same object each time."""
    statement, parameters = question
    written = _read(statement) if isinstance(statement, str) else _written(statement, tuple(parameters), dialect)
    return written.filled(parameters)


def exchanged(link: Link, statements: Sequence[Filled]) -> list[Answer]:
    """Send the statements in one message and wait once, for the answers of all.

    Raises the first error, after which the server has done nothing of what came later.
    """
    driver = link.driver
    pgconn = driver.pgconn
    prepared: dict[bytes, bytes] = link.about.pop(PREPARED, {})  # comes back when all went well
    dumped = _dumped(driver, statements)
    are_answers: list[bool] = []
    pgconn.enter_pipeline_mode()
    try:
        for text, values in dumped:
            if text not in prepared:
                are_answers += [False] * _prepare(pgconn, text, prepared)
            pgconn.send_query_prepared(prepared[text], values)
            are_answers.append(True)
        pgconn.pipeline_sync()
        results = driver.wait(_answered(pgconn, len(are_answers)))
    finally:
        _leave(driver)
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
    link.about[PREPARED] = prepared
    return [Answer(driver, result) for result, is_answer in zip(results, are_answers, strict=True) if is_answer]


def forget_prepared(about: dict[Any, Any]) -> None:
    """psycopg deallocates everything with each ROLLBACK: what was prepared here is gone, too."""
    about.pop(PREPARED, None)


def _dumped(driver: psycopg.Connection[Any], statements: Sequence[Filled]) -> list[tuple[bytes, Sequence[Any]]]:
    """The parameters as PostgreSQL reads them. Their types are for the statement to say."""
    dumping = Transformer(driver)
    return [(text, dumping.dump_sequence(values, [PyFormat.TEXT] * len(values))) for text, values in statements]


def _prepare(pgconn: PGconn, text: bytes, prepared: dict[bytes, bytes]) -> int:
    """How many messages it took. What was forgotten may still be there: closing what is not there is no error."""
    name = prepared[text] = b"trip_" + sha1(text, usedforsecurity=False).hexdigest().encode()
    pgconn.send_close_prepared(name)
    pgconn.send_prepare(name, text)
    if len(prepared) <= MOST_PREPARED:
        return 2
    pgconn.send_close_prepared(prepared.pop(next(iter(prepared))))
    return 3


def _answered(pgconn: PGconn, expected: int) -> PQGen[list[PGresult]]:
    """One result for each message, and the end of the pipeline after them."""
    yield from generators.send(pgconn)
    results: list[PGresult] = []
    for _ in range(expected):
        results += yield from generators.fetch_many(pgconn)
    yield from generators.fetch_many(pgconn)
    return results


def _leave(driver: psycopg.Connection[Any]) -> None:
    """Out of the pipeline; a connection on which answers are still to come is of no use to anybody."""
    try:
        driver.pgconn.exit_pipeline_mode()
    except psycopg.OperationalError:
        driver.close()


def _as_it_is(row: Sequence[Any]) -> Any:
    return row


@lru_cache(maxsize=512)
def _named(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("row", names, rename=True)  # type: ignore[misc]  # names are known when it runs
    made: Callable[[Sequence[Any]], Any] = row._make
    return made


@lru_cache(maxsize=512)
def _read(text: str) -> Written:
    return _numbered(text)


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
    converters = {
        name: bound.type.dialect_impl(dialect).bind_processor(dialect) for bound, name in compiled.bind_names.items()
    }
    converted = {name: convert for name, convert in converters.items() if convert is not None}
    return _numbered(compiled.string, fixed, converted)


def _numbered(
    text: str, fixed: Mapping[str, Any] | None = None, converted: Mapping[str, Convert] | None = None
) -> Written:
    """PostgreSQL numbers its parameters, Python names them."""
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"${places.setdefault(name, len(places) + 1)}" if name else "%"

    numbered = _PARAMETER.sub(number, text).encode()
    return Written(numbered, tuple(places), fixed or {}, converted or {})
