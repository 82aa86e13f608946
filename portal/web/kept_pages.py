"""Pages that say the same to everybody who is not signed in, kept for the minute in which they were printed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request, session

from portal.core.actor import ActorKind
from portal.web import sign_in

Place = tuple[Hashable, str, str]
"""What a page is about, the root of its address (which says the language), and its path."""

MOST = 500
"""Pages in a process, some 15 MB: what a few hundred people open within a minute."""


@dataclass(frozen=True)
class KeptPage:
    """`stamp` says of what state of the record it is: whoever hands it out asks whether that still holds."""

    stamp: str
    minute: datetime
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    """Those of the whole answer, once it has been given."""


class KeptPages:
    """Printing a record's page costs ten times what finding the record does, and whoever waits for news reloads.

    Of the same state a page says the same until the minute is over: no shorter time than a minute is said, and
    procedures, units and calendar are kept in memory too.
    """

    def __init__(self) -> None:
        self._printed: dict[Place, KeptPage] = {}

    def find(self, about: Hashable, *, now: datetime) -> KeptPage | None:
        """The page asked for as it was printed this minute; None for whoever is known or is owed a message."""
        return self.at((about, request.script_root, request.path), now=now) if _is_the_same_for_all() else None

    def at(self, place: Place, *, now: datetime) -> KeptPage | None:
        """The page as it was printed this minute."""
        found = self._printed.get(place)
        return found if found and found.minute == _minute(now) else None

    def complete(self, place: Place, headers: Iterable[tuple[str, str]]) -> None:
        """Keep the headers too that the page was sent with, unless they give one person something."""
        found, given = self._printed.get(place), tuple(headers)
        by_name = {name.lower(): value for name, value in given}
        if found is None or found.headers or "set-cookie" in by_name:
            return
        if by_name.get("content-length") == str(len(found.body)):  # another thread may have kept a newer page
            self._printed[place] = replace(found, headers=given)

    def keep(self, about: Hashable, page: str, *, stamp: str, now: datetime) -> None:
        """Keep what was just printed, unless it was printed for one person."""
        if not _is_the_same_for_all():
            return
        place = (about, request.script_root, request.path)
        self._printed.pop(place, None)  # the newest stand last
        self._printed[place] = KeptPage(stamp, _minute(now), page.encode())
        for oldest in list(self._printed)[:-MOST]:
            self._printed.pop(oldest, None)


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _is_the_same_for_all() -> bool:
    """Nobody's name in the header, no message on top, nothing in the address that the link to English would repeat."""
    is_known = sign_in.actor().kind is not ActorKind.PUBLIC
    return not is_known and "_flashes" not in session and not request.query_string
