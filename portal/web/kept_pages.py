"""Pages that say the same to everybody who is not signed in, kept for the minute in which they were printed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import request, session

from portal.core.actor import ActorKind
from portal.web import sign_in
from portal.web.languages import current_language

MOST = 500
"""Pages in a process, some 10 MB: what a few hundred people open within a minute."""


class KeptPages:
    """Printing a record's page costs ten times what finding the record does, and whoever waits for news reloads.

    Of the same words of the database a page says the same until the minute is over: no shorter time than a minute is
    said, and procedures, units and calendar are kept in memory too.
    """

    def __init__(self) -> None:
        self._printed: dict[tuple[bytes, str, str, datetime], str] = {}

    def page(self, words: str, *, now: datetime, make: Callable[[], str]) -> str:
        """The page about these words of the database, made anew for whoever is known or is owed a message.

        The words may name people whom the page does not name: only their digest is kept.
        """
        if not _is_the_same_for_all():
            return make()
        digest = hashlib.sha256(words.encode()).digest()
        key = (digest, request.path, current_language(), now.replace(second=0, microsecond=0))
        found = self._printed.get(key)
        if found is None:
            found = self._printed[key] = make()
            for oldest in list(self._printed)[:-MOST]:
                self._printed.pop(oldest, None)
        return found


def _is_the_same_for_all() -> bool:
    """Nobody's name in the header, no message on top, nothing in the address that the link to English would repeat."""
    is_known = sign_in.actor().kind is not ActorKind.PUBLIC
    return not is_known and "_flashes" not in session and not request.query_string
