"""A record of the person who is signed in, read once for a page of his."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.calendars.book import CalendarBook
from portal.calendars.queries import calendar_book
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.records.ending import offered_endings
from portal.records.facts import facts_of
from portal.records.grounds import Grounds
from portal.records.record_file import RecordFile, get_record_file
from portal.records.record_view import RecordView, view_of
from portal.records.reopening import Ended, may_ask
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web.languages import current_language
from portal.web.record_words import Status, status_of
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import ActionKind


@dataclass(frozen=True)
class OwnRecord:
    """The file of a record with what its pages count and name with."""

    file: RecordFile
    view: RecordView
    procedure: Procedure
    directory: Directory
    calendar: WorkingCalendar
    book: CalendarBook
    now: datetime

    @property
    def code(self) -> str:
        return self.view.code

    @property
    def grounds(self) -> Grounds:
        return Grounds(self.procedure, self.directory, self.calendar, self.book)

    def may_withdraw(self, person: Actor) -> bool:
        """Whether the record may still be taken back."""
        record, tasks = self.file.record, self.file.tasks
        facts = facts_of(record, tasks, directory=self.directory, today=clock.local_day(self.now))
        offered = offered_endings(record, tasks, self.grounds, facts, actor=person, posts=(), now=self.now)
        return any(action.kind is ActionKind.WITHDRAW for action in offered)

    def may_correct(self, person: Actor) -> bool:
        """Whether the owner may ask that the issued result be put right."""
        ended = Ended.of(self.file.record, self.procedure)
        asked = may_ask(ended, actor=person, posts=(), tasks=())
        return asked and bool(self.file.results_in_force)

    def status(self) -> Status:
        return status_of(
            self.view, self.procedure, self.directory, self.calendar, now=self.now, language=current_language()
        )


def opened_own(code: str, *, actor: Actor) -> OwnRecord:
    """As `own_record`, all of it as it is at one moment."""
    with reading(actor, consistent=True) as session:
        return own_record(session, code, actor=actor)


def own_record(session: Session, code: str, *, actor: Actor) -> OwnRecord:
    """The record of that code; NotFound when it is not the actor's own, whoever he is beside that."""
    file = get_record_file(session, code)
    if file.record.owner_id != actor.person_id:
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    now = clock.now()
    book = calendar_book(session, now=now)
    return OwnRecord(
        file=file,
        view=view_of(file),
        procedure=catalogue.version(session, file.record.version_id).procedure,
        directory=units.directory(session),
        calendar=book.as_known(now),
        book=book,
        now=now,
    )
