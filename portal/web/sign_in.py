"""Who is asking: the actor of a request, from a signed cookie that holds nothing but the key of a sign-in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import g, request, session

from portal.accounts import queries
from portal.core import clock
from portal.core.actor import PUBLIC, Actor, ActorKind
from portal.core.unit_of_work import recognise

KEY = "sign_in"
SEEN = "seen"
SINCE = "since"

ABSOLUTE = timedelta(hours=12)
IDLE = {ActorKind.OFFICIAL: timedelta(minutes=30), ActorKind.CITIZEN: timedelta(hours=2)}
"""How long a sign-in lasts at all, and without a page being opened. The times stand in the cookie, which is signed:
reading a page must not write a row. Revoking the row ends the sign-in at once."""

WRITTEN_EVERY = timedelta(minutes=1)

_OWN_ADDRESS = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")


def actor() -> Actor:
    """Who asks, read in one statement and kept for this request."""
    if "actor" not in g:
        g.actor = _signed_in(clock.now())
    found: Actor = g.actor
    return found


def begin(person: Actor, *, now: datetime) -> None:
    """Keep a new sign-in in the cookie. Everything older goes, the secret of form tokens too."""
    session.clear()
    session[KEY] = str(person.sign_in_id)
    session[SINCE] = session[SEEN] = int(now.timestamp())
    g.actor = person


def forget() -> None:
    """Empty the cookie and be nobody from here on."""
    session.clear()
    g.actor = PUBLIC


def own_address(wanted: str | None, *, otherwise: str) -> str:
    """An address of this site to go on to, or `otherwise`: nobody is sent elsewhere by a link that he was given."""
    return wanted if wanted and _OWN_ADDRESS.fullmatch(wanted) else otherwise


def this_address() -> str:
    """The page asked for, to come back to after signing in."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")


def _signed_in(now: datetime) -> Actor:
    if KEY not in session:
        return PUBLIC
    sign_in_id = UUID(session[KEY])
    found = recognise(lambda ask: queries.actor_of(ask, sign_in_id, now=now))
    if found is None or _is_over(found, now):
        session.pop(KEY, None)
        return PUBLIC
    if now - _moment(SEEN) >= WRITTEN_EVERY:
        session[SEEN] = int(now.timestamp())
    return found


def _is_over(found: Actor, now: datetime) -> bool:
    return now - _moment(SINCE) > ABSOLUTE or now - _moment(SEEN) > IDLE.get(found.kind, ABSOLUTE)


def _moment(key: str) -> datetime:
    return datetime.fromtimestamp(session.get(key, 0), UTC)
