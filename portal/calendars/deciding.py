"""What every decision about the calendar needs: one at a time, and the document that orders it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.calendars.book import CalendarBook
from portal.calendars.queries import read_calendars
from portal.core.errors import InvalidInput
from portal.core.text import composed, marked

_LOCK = text("SELECT pg_advisory_xact_lock(7303260915)")
"""One decision at a time, so that two officers cannot each add what the other has just added."""

NO_SOURCE = marked("Ghi số, ngày của văn bản quyết định.")
NO_ROW = marked("Không thấy dòng này trong lịch. Có thể vừa được bỏ.")


def locked(session: Session, now: datetime) -> CalendarBook:
    """The calendar as it is, and nobody else decides until this transaction ends."""
    session.execute(_LOCK)
    return read_calendars(session, now=now)


def document(source: str) -> str:
    """The document that orders a decision, as it is kept. Raises InvalidInput without one."""
    kept = composed(source).strip()
    if not kept:
        raise InvalidInput(NO_SOURCE, field="source")
    return kept
