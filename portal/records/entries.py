"""Where a record stands in the register of its counter: each month is a book, and the day's number its entry."""

from __future__ import annotations

from datetime import datetime

from portal.core import clock


def book_of(submitted_at: datetime) -> str:
    """The book: "02/2026"."""
    return f"{clock.local(submitted_at):%m/%Y}"


def entry_of(code: str, submitted_at: datetime) -> str:
    """The entry, which never changes: the day and the number of the record on it, "05-0007"."""
    return f"{clock.local(submitted_at):%d}-{code.rpartition('-')[2]}"
