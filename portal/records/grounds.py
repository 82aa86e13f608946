"""What a record stands on: its immutable definition, the units and the calendar, all kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calendars import queries as calendars
from portal.calendars.book import CalendarBook
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core.errors import NotFound
from portal.records.openings import Ground
from portal.records.types import LockedRecord
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.units.types import Function, UnresolvedFunction
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import Facts


@dataclass(frozen=True)
class Grounds:
    procedure: Procedure
    directory: Directory
    calendar: WorkingCalendar
    book: CalendarBook


def grounds_of(session: Session, record: LockedRecord, *, now: datetime) -> Grounds:
    """The record's version, and the units and calendar as they are now."""
    book = calendars.calendar_book(session, now=now)
    return Grounds(
        procedure=catalogue.version(session, record.version_id).procedure,
        directory=units.directory(session, version=record.directory_version),
        calendar=book.as_known(now),
        book=book,
    )


def deciding_unit(procedure: Procedure, directory: Directory, *, place: str, day: date) -> UUID | None:
    """The leadership of the body that decides there; None when there is none."""
    level = procedure.competent_level
    try:
        return directory.resolve(level=level, function=Function.LEADERSHIP, place=place, day=day).id
    except (UnresolvedFunction, NotFound):
        return None


def ground_of(
    record: LockedRecord, grounds: Grounds, facts: Facts, *, now: datetime, due: datetime | None, is_paused: bool
) -> Ground:
    """What new tasks of the record stand on."""
    return Ground(
        record_id=record.id,
        owner_id=record.owner_id,
        applicant_name=record.applicant_name,
        procedure=grounds.procedure,
        procedure_name=record.procedure_name,
        place=record.place,
        received_unit_id=record.received_unit_id,
        return_unit_id=record.return_unit_id,
        due_at=due,
        facts=facts,
        directory=grounds.directory,
        book=grounds.book,
        now=now,
        is_paused=is_paused,
    )
