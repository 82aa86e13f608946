"""Pages that say the same to everybody who is not signed in, kept for the minute in which they were printed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from flask import request, session

from portal.core.actor import ActorKind
from portal.web import sign_in

MOST = 500
"""Pages in a process, some 15 MB: what a few hundred people open within a minute."""


@dataclass(frozen=True)
class KeptPage:
    """`stamp` says of what state of the record it is: whoever hands it out asks whether that still holds."""

    stamp: str
    minute: datetime
    body: bytes


class KeptPages:
    """Printing a record's page costs ten times what finding the record does, and whoever waits for news reloads.

    Of the same state a page says the same until the minute is over: no shorter time than a minute is said, and
    procedures, units and calendar are kept in memory too.
    """

    def __init__(self) -> None:
        self._printed: dict[tuple[Hashable, str, str], KeptPage] = {}

    def find(self, about: Hashable, *, now: datetime) -> KeptPage | None:
        """The page asked for as it was printed this minute; None for whoever is known or is owed a message."""
        if not _is_the_same_for_all():
            return None
        found = self._printed.get(_key(about))
        return found if found and found.minute == _minute(now) else None

    def keep(self, about: Hashable, page: str, *, stamp: str, now: datetime) -> None:
        """Keep what was just printed, unless it was printed for one person."""
        if not _is_the_same_for_all():
            return
        self._printed.pop(_key(about), None)  # the newest stand last
        self._printed[_key(about)] = KeptPage(stamp, _minute(now), page.encode())
        for oldest in list(self._printed)[:-MOST]:
            self._printed.pop(oldest, None)


def _key(about: Hashable) -> tuple[Hashable, str, str]:
    """The root says the language."""
    return about, request.script_root, request.path


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _is_the_same_for_all() -> bool:
    """Nobody's name in the header, no message on top, nothing in the address that the link to English would repeat."""
    is_known = sign_in.actor().kind is not ActorKind.PUBLIC
    return not is_known and "_flashes" not in session and not request.query_string
