"""A draft with all that its pages need, read once for a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import abort, redirect, url_for

from portal.accounts import queries as accounts
from portal.bookings.queries import list_slots
from portal.bookings.slots import Slot
from portal.catalogue.types import Page, Paper, Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.records.answers import Fault, asked_papers, faults_of, is_in_register
from portal.records.drafts import DraftView, get_draft, procedure_of
from portal.records.facts import facts_of_answers
from portal.records.older_results import older_facts
from portal.records.queries import code_of_draft
from portal.records.visits import booking_field
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.known_answers import FILER, known_answers
from portal.web.languages import current_language
from portal.workflow.definition import Text

TAKEN = Text("Giờ hẹn đã chọn vừa kín chỗ. Chọn giờ khác.", "That time is taken by now. Choose another.")


@dataclass(frozen=True)
class DraftFile:
    """A draft, the version of its procedure, and the city as it is today."""

    draft: DraftView
    procedure: Procedure
    directory: Directory
    now: datetime
    known: Mapping[str, Any] = field(default_factory=dict)
    older: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the result that this draft wants to change."""
    slots: Sequence[Slot] = ()
    """When the counter takes visitors, if the form asks for a visit."""

    @property
    def today(self) -> date:
        return clock.local_day(self.now)

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.draft.answers

    @cached_property
    def facts(self) -> dict[str, Any]:
        counter = self.directory.unit(self.draft.received_unit_id)
        return facts_of_answers(self.answers, receiving_level=counter.level, today=self.today)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is missing or does not fit, warnings too."""
        slots = [paper.slot for paper in self.draft.papers]
        found = faults_of(
            self.procedure,
            self.answers,
            slots=slots,
            today=self.today,
            has_consent=self.has_consent,
            older=self.older,
        )
        return (*found, *self._booked_by_others())

    def _booked_by_others(self) -> Iterator[Fault]:
        """The slot that was chosen is not free any more. It is taken when the record is sent."""
        field = booking_field(self.procedure)
        key = self.answers.get(field.id) if field else None
        if field is None or not key or any(slot.key == key and slot.left for slot in self.slots):
            return
        page = next(page.id for page in self.procedure.pages if field in page.fields)
        yield Fault(page, field.id, TAKEN)

    @property
    def visit_at(self) -> datetime | None:
        """When the applicant means to come to the counter, while that time is offered."""
        field = booking_field(self.procedure)
        key = self.answers.get(field.id) if field else None
        return next((slot.starts_at for slot in self.slots if slot.key == key), None)

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that these answers call for."""
        return asked_papers(self.procedure, self.facts, has_consent=self.has_consent)

    @property
    def has_consent(self) -> bool:
        """Whether registers may be asked for papers."""
        return self.draft.consented_at is not None

    def is_spared(self, paper: Paper) -> bool:
        """Whether a register is asked for it instead."""
        return self.has_consent and is_in_register(paper)

    @property
    def around(self) -> Surroundings:
        return Surroundings(
            directory=self.directory,
            language=current_language(),
            today=self.today,
            known=self.known,
            slots=self.slots,
        )

    def answered(self, answers: Mapping[str, Any]) -> DraftFile:
        """The same draft after these answers have been kept."""
        return replace(self, draft=replace(self.draft, answers={**self.answers, **answers}))

    @property
    def place_field(self) -> str:
        """The field that says where the matter lies, or nothing."""
        return self.procedure.place_field.removeprefix("form.")

    def page(self, page_id: str) -> Page:
        """Raises NotFound."""
        for page in self.procedure.pages:
            if page.id == page_id:
                return page
        raise NotFound("Tờ khai này không có phần đó. Mở lại bản nháp từ Hồ sơ của tôi.")

    def paper(self, slot: str) -> Paper:
        """Raises NotFound, also for a paper that these answers do not call for."""
        for paper in self.papers:
            if paper.id == slot:
                return paper
        raise NotFound("Tờ khai này không cần giấy tờ đó. Mở lại bản nháp từ Hồ sơ của tôi.")


def opened_draft(draft_id: UUID, *, actor: Actor, now: datetime, with_account: bool = False) -> DraftFile:
    """The actor's own draft; NotFound for anybody else. One that was sent leads to what it has become."""
    with reading(actor) as session:
        draft = get_draft(session, draft_id)
        if draft.submitted_at is not None:
            abort(redirect(url_for("sending.sent", code=code_of_draft(session, draft_id)), 303))
        procedure = procedure_of(session, draft).procedure
        directory = units.directory(session)
        known: Mapping[str, Any] = {}
        if with_account and actor.person_id is not None:
            person = accounts.get_person(session, actor.person_id)
            known = known_answers(procedure, person, None, filer=str(draft.answers.get(FILER, "self")))
        older = older_facts(session, procedure, draft.answers)
        asks = booking_field(procedure) is not None
        slots = list_slots(session, draft.received_unit_id, now=now) if asks else ()
    return DraftFile(
        draft=draft, procedure=procedure, directory=directory, now=now, known=known, older=older, slots=slots
    )
