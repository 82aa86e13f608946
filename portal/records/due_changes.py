"""What moved the promised date of a record beside pauses, as it is stored, and the date that follows from all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.records.pauses import Pauses, for_clock
from portal.workflow.deadlines import Appointment, DueChange, Extension, due_at, promised_at
from portal.workflow.working_time import WorkingCalendar

DueChanges = tuple[DueChange, ...]

EXTENDED = "extended"
APPOINTED = "appointed"


def due_changes_of(stored: Iterable[Mapping[str, str]]) -> DueChanges:
    """The changes as they stand in `record.due_changes`, the earliest first."""
    return tuple(_change(row) for row in stored)


def stored_changes(changes: Iterable[DueChange]) -> list[dict[str, Any]]:
    return [_stored(change) for change in changes]


def promised_calendar(
    book: CalendarBook, accepted_at: datetime, *, pauses: Pauses, changes: DueChanges
) -> WorkingCalendar:
    """The calendar with which the date of a record was promised: a later decision moves nothing of it."""
    return book.as_promised(promised_at(accepted_at, for_clock(pauses), changes))


def promised_due(
    procedure: Procedure, book: CalendarBook, accepted_at: datetime, *, pauses: Pauses, changes: DueChanges
) -> datetime:
    """When the result is due, by everything that has happened to the record."""
    return due_at(
        procedure.term,
        accepted_at=accepted_at,
        calendar=promised_calendar(book, accepted_at, pauses=pauses, changes=changes),
        pauses=for_clock(pauses),
        rule=procedure.supplement.clock,
        changes=changes,
    )


def _change(row: Mapping[str, str]) -> DueChange:
    at = datetime.fromisoformat(row["at"])
    if row["kind"] == EXTENDED:
        return Extension(at, Decimal(row["value"]), row["unit"])
    return Appointment(at, date.fromisoformat(row["day"]), datetime.fromisoformat(row["instead_of"]))


def _stored(change: DueChange) -> dict[str, Any]:
    at = change.at.isoformat()
    if isinstance(change, Extension):
        return {"kind": EXTENDED, "at": at, "value": str(change.value), "unit": str(change.unit)}
    missed = change.instead_of.isoformat() if change.instead_of else at
    return {"kind": APPOINTED, "at": at, "day": change.day.isoformat(), "instead_of": missed}
