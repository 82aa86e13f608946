"""Days that an address names."""

from __future__ import annotations

from datetime import date

from flask import request

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
"""Days beyond are none: nobody chooses them, and there is no day after the last that can be written."""


def asked_day(name: str) -> date | None:
    """The day of the page's address under this name; None when it is missing or is no day."""
    return day_of(request.args.get(name, ""))


def day_of(written: str) -> date | None:
    """2026-11-24 as a day."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
