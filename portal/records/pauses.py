"""When the statutory clock of a record stood still: as it is stored, and as the legal clock wants it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from portal.workflow.deadlines import Pause

Pauses = tuple[tuple[datetime, datetime | None], ...]
"""Since when, until when: None while the clock still stands."""


def moment_or_none(stored: str | None) -> datetime | None:
    """A moment that JSON keeps as text."""
    return datetime.fromisoformat(stored) if stored else None


def pauses_of(stored: Iterable[Sequence[str | None]]) -> Pauses:
    return tuple((datetime.fromisoformat(str(paused)), moment_or_none(resumed)) for paused, resumed in stored)


def paused_since(pauses: Pauses) -> datetime | None:
    """Since when the clock stands still now, or None."""
    return pauses[-1][0] if pauses and pauses[-1][1] is None else None


def resumed(pauses: Pauses, *, now: datetime) -> Pauses:
    """The clock does not stand still any more."""
    return tuple((paused, until or now) for paused, until in pauses)


def for_clock(pauses: Pauses) -> list[Pause]:
    return [Pause(paused, resumed) for paused, resumed in pauses]
