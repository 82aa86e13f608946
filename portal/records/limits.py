"""Actions that the law allows only for some time after acceptance: the first notice of what is missing, say."""

from __future__ import annotations

from datetime import datetime

from portal.calendars.book import CalendarBook
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.text import marked
from portal.records.due_changes import promised_calendar
from portal.records.pauses import Pauses, for_clock
from portal.workflow.deadlines import TermLength, due_at
from portal.workflow.definition import Action

TIME_IS_UP = marked("Việc này chỉ làm được đến hết ngày %(day)s. Quyết định theo hồ sơ đang có.")


def limit_of(action: Action, *, accepted_at: datetime | None, pauses: Pauses, book: CalendarBook) -> datetime | None:
    """Until when the action may be taken: `within`, counted as the term is, pauses added. None when it always may."""
    if action.within is None or accepted_at is None:
        return None
    return due_at(
        TermLength(action.within.value, action.within.unit),
        accepted_at=accepted_at,
        calendar=promised_calendar(book, accepted_at, pauses=pauses, changes=()),
        pauses=for_clock(pauses),
    )


def check_limit(limit: datetime | None, *, now: datetime) -> None:
    """Raises Conflict when the time of the action is up."""
    if limit is not None and now > limit:
        raise Conflict(TIME_IS_UP, day=clock.local_day(limit))
