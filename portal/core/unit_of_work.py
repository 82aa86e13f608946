"""The only two ways to a session: `unit_of_work(actor)` to write, `reading(actor)` to read.

One listener tells the database who acts, so that row-level security knows. It guards against a forgotten WHERE,
not against injected SQL.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from portal.core.actor import Actor, ActorKind
from portal.core.database import (
    ConsistentSession,
    PortalSession,
    ReadingSession,
    Sessions,
    sessions_inside,
)
from portal.core.direct import Link, Question, Sender, as_sent, exchanged
from portal.core.errors import Conflict, OutcomeUnknown
from portal.core.held_back import TELL_TRANSACTION, begin_later, finish, hold_back, take_up
from portal.core.text import marked

log = logging.getLogger(__name__)

_TELL_SESSION = "SELECT set_config('app.person', %(person)s, false), set_config('app.kind', %(kind)s, false)"
_WAS_CANCELLED = "canceling wait for synchronous replication"
UNKNOWN = marked("Đang kiểm tra việc vừa gửi. Mở lại trang này sau ít phút, không cần gửi lại.")

Ask = Callable[[Question], list[Any]]
"""Asks one question and gives its rows."""

_sessions: Sessions | None = None
_bell: Callable[..., None] | None = None


def use(sessions: Sessions, *, bell: Callable[..., None] | None = None) -> None:
    """Name the sessions of this process, and the bell, called with the queues of the jobs that a unit of work owes."""
    global _sessions, _bell
    _sessions = sessions
    _bell = bell


def sessions() -> Sessions:
    if _sessions is None:
        raise RuntimeError("no database has been named: call core.unit_of_work.use first")
    return _sessions


@contextmanager
def all_or_nothing() -> Iterator[Connection]:
    """Every unit of work and every reading inside belongs to one transaction, for loading much at once.

    The first error takes everything back. No bell rings: the sweeper finds what is owed.
    """
    before, bell = sessions(), _bell
    bind = before.writer.kw["bind"]
    with ExitStack() as opened:
        opened.callback(lambda: use(before, bell=bell))
        connection: Connection = opened.enter_context(bind.connect()) if isinstance(bind, Engine) else bind
        if not connection.in_transaction():
            opened.enter_context(connection.begin())
        opened.enter_context(connection.begin_nested())  # readers ask for it, and tell anew who reads
        use(sessions_inside(connection, savepoints=False))
        yield connection


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[PortalSession]:
    """One accepted action: everything or nothing. Rings the bell for owed jobs after COMMIT.

    Raises Conflict when a natural key shows that the same thing was done already, and OutcomeUnknown when the
    answer of COMMIT was lost or synchronous replication was cancelled (then nobody may be told that it succeeded).
    """
    with sessions().writer() as session:
        session.info.update(actor=actor, bells=set())
        cancelled = _watch_replication(session)
        try:
            yield session
            session.flush()
        except (IntegrityError, psycopg.errors.UniqueViolation) as twice:
            session.rollback()
            raise _translated(twice) from twice
        except BaseException:
            session.rollback()
            raise
        _commit(session, cancelled)
    if _bell is not None and session.info["bells"]:
        _bell(*sorted(session.info["bells"]))


@contextmanager
def reading(actor: Actor, *, consistent: bool = False) -> Iterator[Session]:
    """Reads. With `consistent`, all statements see one moment; without, each is for itself and costs no BEGIN."""
    factory: Any = sessions().consistent if consistent else sessions().reader
    with factory() as session:
        session.info["actor"] = actor
        yield session


def recognise(find: Callable[[Ask], Actor | None]) -> Actor | None:
    """Who asks, found by one statement that itself tells the connection so (`accounts.queries.actor_of`).

    What this person then reads on the same connection is not preceded by another telling. The statement may rely on
    nothing that row-level security decides: whoever used the connection before is still told there.
    """
    with _lent() as link:
        told = link.about
        told.pop("identity", None)  # until the answer is here: an error in between must not leave it to the next reader
        found = find(partial(_rows, link))
        if found is not None:
            told["identity"] = _identity(found)
        return found


def asked_alone(actor: Actor, question: Question) -> Any:
    """The only row, None without one, for a page that asks nothing else."""
    with _lent() as link:
        _tell_once(link.about, link.driver, actor)
        rows = _rows(link, question)
    return rows[0] if rows else None


@contextmanager
def _lent() -> Iterator[Link]:
    """A connection to read on, and what it was told, without a session: that takes three times as long to be opened and
    closed as one row to be found."""
    bind = sessions().reader.kw["bind"]
    if isinstance(bind, Engine):
        lent: Any = bind.raw_connection()
        driver = lent.driver_connection
        try:
            driver.autocommit = True
            yield Link(driver, bind.dialect, lent.info)
        finally:
            driver.autocommit = False  # as it was lent
            lent.close()
    else:  # one transaction around everything, a test's or a load's: what was told goes with each savepoint
        with sessions().reader() as session:
            session.info["unknown"] = True
            lent = session.connection().connection
            lent.info.pop("identity", None)
            yield Link(lent.driver_connection, bind.dialect, lent.info)


def _rows(link: Link, question: Question) -> list[Any]:
    return exchanged(link, [as_sent(question, link.dialect)])[0].fetchall()


@contextmanager
def in_one_trip(session: Session) -> Iterator[None]:
    """Send what the session executes inside together: psycopg's pipeline. The first error ends the trip."""
    link = _link(session)
    if before := take_up(link):
        exchanged(link, before)
    with link.driver.pipeline():
        yield


@contextmanager
def one_message(session: Session) -> Iterator[Sender]:
    """Send statements together, in one message, by what this gives.

    The last message takes COMMIT with it: what asks nothing is held back until something else is sent or the
    unit of work ends; its error comes then. The first error ends everything.
    """
    link = _link(session)
    send = Sender(link.dialect)
    yield send
    if send.answers or not hold_back(link, send.statements):
        before = take_up(link)
        answers = exchanged(link, [*before, *send.statements])[len(before) :]
        for place, later in send.answers.items():
            later.answer = answers[place]


def asked(session: Session, question: Question) -> list[Any]:
    """The rows of one question, sent by the driver itself."""
    link = _link(session)
    return exchanged(link, [*take_up(link), as_sent(question, link.dialect)])[-1].fetchall()


def asked_in_one_trip(session: Session, *questions: Question) -> list[list[Any]]:
    """Send questions together, and give the rows of each.

    Each is a statement of its own with its own snapshot: what is asked after a lock is answered once the lock is held.
    """
    link = _link(session)
    sent = [*take_up(link), *(as_sent(question, link.dialect) for question in questions)]
    return [answer.named() for answer in exchanged(link, sent)[-len(questions) :]]


@event.listens_for(PortalSession, "after_begin")
def _begin_and_tell_the_database_who_acts(session: Session, transaction: Any, connection: Any) -> None:
    """BEGIN and the actor travel with the first statement: each by itself would be one more wait."""
    driver = connection.connection.driver_connection
    if driver.info.transaction_status is not TransactionStatus.IDLE:  # a savepoint of a test
        _tell_the_database_who_acts(session, transaction, connection)
        return
    begin_later(connection.connection.info, _identity(session.info.get("actor")))


@event.listens_for(ConsistentSession, "after_begin")
def _tell_the_database_who_acts(session: Session, transaction: Any, connection: Any) -> None:
    driver = connection.connection.driver_connection
    person, kind = _identity(session.info.get("actor"))
    driver.execute(TELL_TRANSACTION, {"person": person, "kind": kind}, prepare=True)


@event.listens_for(ReadingSession, "after_begin")
def _tell_the_connection_who_reads(session: Session, transaction: Any, connection: Any) -> None:
    if session.info.get("unknown"):
        return
    lent = connection.connection
    if connection.in_nested_transaction():  # what was told to a savepoint went with it
        lent.info.pop("identity", None)
    _tell_once(lent.info, lent.driver_connection, session.info.get("actor"))


def _tell_once(told: dict[Any, Any], driver: psycopg.Connection[Any], actor: Actor | None) -> None:
    """Tell a connection who reads on it, unless it knows."""
    identity = _identity(actor)
    if told.get("identity") != identity:
        person, kind = identity
        driver.execute(_TELL_SESSION, {"person": person, "kind": kind}, prepare=True)
        told["identity"] = identity


def _identity(actor: Actor | None) -> tuple[str, str]:
    if actor is None:
        return "", ActorKind.PUBLIC.value
    return actor.key, actor.kind.value


def _link(session: Session) -> Link:
    connection = session.connection()
    fairy: Any = connection.connection
    return Link(fairy.driver_connection, connection.dialect, fairy.info)


def _watch_replication(session: PortalSession) -> list[str]:
    heard: list[str] = []
    session.info["notices"] = heard
    return heard


@event.listens_for(PortalSession, "after_begin")
def _hear_notices(session: Session, transaction: Any, connection: Any) -> None:
    driver = connection.connection.driver_connection
    about = connection.connection.info
    if "notices" not in about:
        relay: list[list[str]] = [[]]
        about["notices"] = relay
        driver.add_notice_handler(lambda notice: relay[0].append(str(notice.message_primary)))
    about["notices"][0] = session.info["notices"]


def _commit(session: PortalSession, heard: list[str]) -> None:
    """COMMIT travels with what was held back. An error of the server's is certain: nothing has happened. Without its
    answer nobody knows."""
    link = _link(session)
    try:
        finish(link)
        session.commit()
    except (DBAPIError, psycopg.Error) as failed:
        if isinstance(failed, IntegrityError) or (link.is_open and isinstance(failed, psycopg.Error)):
            session.rollback()
            raise _translated(failed) from failed
        log.warning("the answer of COMMIT was lost")
        if not link.is_open:
            session.invalidate()
        raise OutcomeUnknown(UNKNOWN) from failed
    if any(_WAS_CANCELLED in sentence for sentence in heard):
        log.warning("synchronous replication was cancelled")
        raise OutcomeUnknown(UNKNOWN)


def _translated(error: Exception) -> Exception:
    original = getattr(error, "orig", error)
    if isinstance(original, psycopg.errors.UniqueViolation):
        name = original.diag.constraint_name or ""
        return Conflict("Việc này vừa được làm rồi. Mở lại trang để xem.", constraint=name)
    return error
