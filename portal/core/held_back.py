"""What a transaction has not said to the server yet: its beginning, and writes that nobody waits for.

Each message to the server is a wait. BEGIN and the actor travel with the first statement, the last writes with COMMIT;
whatever else is sent on the connection takes with it what was held back before, so that the order is kept.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event

from portal.core.direct import Filled, Link, as_sent, exchanged, forget_prepared

_BEGIN: Filled = (b"BEGIN", [])
_COMMIT: Filled = (b"COMMIT", [])
TELL_TRANSACTION = "SELECT set_config('app.person', %(person)s, true), set_config('app.kind', %(kind)s, true)"

_OPENING, _HELD = "opening", "held"
"""In what is kept with a connection: who begins a transaction on it; the statements of that transaction to come."""


def begin_later(about: dict[Any, Any], identity: tuple[str, str]) -> None:
    """A transaction of this actor begins with the first statement."""
    about[_OPENING] = identity
    about[_HELD] = []


def hold_back(link: Link, statements: list[Filled]) -> bool:
    """Keep writes until something else is sent; False in a transaction whose end is not ours, as a test's."""
    held = link.about.get(_HELD)
    if held is None:
        return False
    held.extend(statements)
    return True


def take_up(link: Link) -> list[Filled]:
    """What must be sent first."""
    about = link.about
    identity = about.pop(_OPENING, None)
    held = about.get(_HELD) or []
    if held:
        about[_HELD] = []
    if identity is None:
        return held
    person, kind = identity
    return [_BEGIN, as_sent((TELL_TRANSACTION, {"person": person, "kind": kind}), link.dialect), *held]


def finish(link: Link) -> None:
    """Send what was held back, and COMMIT with it. Without anything held back, COMMIT is left to the session."""
    if not link.about.get(_HELD):
        forget_held(link.about)
        return
    statements = take_up(link)
    forget_held(link.about)
    exchanged(link, [*statements, _COMMIT])


def forget_held(about: dict[Any, Any]) -> None:
    """The transaction is over."""
    about.pop(_OPENING, None)
    about.pop(_HELD, None)


def watch(bind: Engine) -> None:
    """Let what SQLAlchemy sends on the engine's connections come after what was held back."""
    event.listen(bind, "before_cursor_execute", _send_first)
    event.listen(bind, "rollback", _rolled_back)
    event.listen(bind, "rollback_savepoint", _rolled_back_to)
    event.listen(bind, "reset", _reset)


def _send_first(connection: Connection, *_rest: Any) -> None:
    fairy: Any = connection.connection
    about = fairy.info
    if _OPENING in about or about.get(_HELD):
        link = Link(fairy.driver_connection, connection.dialect, about)
        exchanged(link, take_up(link))


def _rolled_back(connection: Connection) -> None:
    if not connection.invalidated:
        fairy: Any = connection.connection
        _reset(fairy.driver_connection, fairy, None)


def _rolled_back_to(connection: Connection, name: str, context: object) -> None:
    forget_prepared(connection.connection.info)


def _reset(driver: psycopg.Connection[Any] | None, kept: Any, state: object) -> None:
    """What is rolled back, or goes back to the pool: `kept` has what is kept with the connection."""
    forget_held(kept.info)
    if driver is not None and driver.info.transaction_status is not TransactionStatus.IDLE:  # a true ROLLBACK follows
        forget_prepared(kept.info)
