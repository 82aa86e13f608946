"""What every document of a record shares: the head of the agency, the applicant, the signature."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.accounts.types import OfficialView
from portal.catalogue.types import FieldType, LegalBasis, Procedure
from portal.core import clock
from portal.documents.parts import Applicant, FeeLine, Head, PaperLine, Signature
from portal.documents.words import copies
from portal.payments.fees import fee_lines as fee_lines_of
from portal.records.answers import asked_papers
from portal.records.batch_queries import ListedRecord
from portal.records.copies import receivers
from portal.records.facts import facts_of_answers
from portal.records.models import RecordEvent
from portal.records.older_results import OlderResult
from portal.records.record_file import DocumentView, FeeView, RecordFile
from portal.records.scans import Scan
from portal.records.whereabouts import Whereabouts
from portal.units.resolution import Directory
from portal.units.types import COUNTER_NAME, UnitView
from portal.workflow.definition import Recipient


@dataclass(frozen=True)
class Writing:
    """Everything a document may quote. `official` finds the post in which a person acts for a unit."""

    file: RecordFile
    document: DocumentView
    event: RecordEvent
    procedure: Procedure
    directory: Directory
    official: Callable[[UUID, UUID], OfficialView | None]
    older: OlderResult | None = None  # the result that this record changes, as far as it is known
    scans: Mapping[int, Scan] = dataclasses.field(default_factory=dict)  # by row: what was scanned at the counter
    listed: tuple[ListedRecord, ...] = ()  # of a list: the records that stand in it

    @property
    def answers(self) -> Mapping[str, Any]:
        answers: Mapping[str, Any] = self.file.record.answers
        return answers

    @property
    def unit(self) -> UnitView:
        return self.directory.unit(self.document.unit_id)

    def text(self, name: str) -> str:
        """An answer as text; empty when it was not given."""
        value = self.answers.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> float:
        return float(self.answers.get(name) or 0)

    def day(self, name: str) -> date | None:
        value = self.answers.get(name)
        return date.fromisoformat(value) if value else None

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        return list(self.answers.get(name) or [])

    def rows_of_document(self, name: str) -> list[Mapping[str, Any]]:
        """The row that the document is about, or all rows while it is about the whole record."""
        rows, row = self.rows(name), self.document.row
        return rows if row is None else rows[row : row + 1]

    def choice(self, name: str) -> str:
        """The label of a chosen answer."""
        for page in self.procedure.pages:
            for field in page.fields:
                if field.id == name and field.type is FieldType.CHOICE:
                    chosen = [choice.label.vi for choice in field.choices if choice.value == self.answers.get(name)]
                    return chosen[0] if chosen else ""
        return ""

    def place(self, name: str) -> str:
        """The name of a place that an answer gives by its code."""
        place = self.directory.place_or_none(self.text(name))
        return place.name if place else ""


def filled_in_forms(writing: Writing) -> Iterator[Mapping[str, Any]]:
    """What officials, registers and the applicant filled in along the way, newest first."""
    for event in reversed(writing.file.events):
        yield event.details.get("form") or {}


def copied_to(writing: Writing) -> list[str]:
    """Who receives a copy of the result, by name, as `Nơi nhận` lists them."""
    return _names(writing, writing.procedure.copies_to)


def reported_to(writing: Writing) -> list[str]:
    """Who receives a copy of what the action made."""
    step = writing.procedure.process.steps.get(writing.event.step or "")
    actions = (action for action in step.actions if action.id == writing.event.action) if step else ()
    return _names(writing, [action.report_to for action in actions if action.report_to is not None])


def _names(writing: Writing, recipients: Iterable[Recipient]) -> list[str]:
    record = writing.file.record
    where = Whereabouts(
        directory=writing.directory,
        place=record.place,
        received_unit_id=record.received_unit_id,
        return_unit_id=record.return_unit_id,
        facts=facts_of_answers(writing.answers),
        day=clock.local_day(writing.document.issued_at or writing.event.at),
    )
    return [found.name.vi for found in receivers(recipients, where, sender=writing.document.unit_id)]


def home(writing: Writing) -> str:
    """Where the applicant lives."""
    return ", ".join(part for part in (writing.text("address"), writing.place("commune")) if part)


def head(writing: Writing, unit: UnitView | None = None, *, made_at: datetime | None = None) -> Head:
    """The agency above, the agency, the place and the day (Decree 30/2020/NĐ-CP, annex I)."""
    return head_of(writing.directory, unit or writing.unit, day=clock.local_day(made_at) if made_at else None)


def counter_head(writing: Writing, *, made_at: datetime) -> Head:
    """The head of what a counter hands over: the body above, its counter below. Another unit signs as itself."""
    if writing.document.unit_id != writing.file.record.received_unit_id:
        return head(writing, made_at=made_at)
    return counter_head_of(writing.directory, writing.unit, day=clock.local_day(made_at))


def counter_head_of(directory: Directory, unit: UnitView, *, day: date) -> Head:
    """The same for a unit that receives: the body, and under it its counter, whatever office runs it. A centre stands
    under its own name."""
    known = head_of(directory, unit, day=day)
    if unit.is_centre:
        return known
    return {**known, "agency_above": printed(directory.body_of(unit.id).name), "agency": printed(COUNTER_NAME)}


def head_of(directory: Directory, agency: UnitView, *, day: date | None) -> Head:
    """The head of what a unit makes. A committee of the people stands alone: no agency is in charge of it (Decree
    30/2020/NĐ-CP, annex I, part II, section 2)."""
    above = () if agency.is_body else directory.ancestors(agency.id)
    place = directory.place_or_none(agency.place)
    return Head(
        agency_above=printed(above[0].name) if above else "",
        agency=printed(_without_place(agency.name, above[0].name) if above else agency.name),
        place=place.bare_name if place else "Cần Thơ",
        made_on=day,
    )


def _without_place(office: str, body: str) -> str:
    """An office below its body leaves out the place that stands there already: "Phòng Quản lý đô thị"."""
    place = body.removeprefix("UBND").strip()
    return office.removesuffix(f" {place}") if body.startswith("UBND") else office


def printed(name: str) -> str:
    """The name of an agency as it stands at the head of a document."""
    return name.replace("UBND", "Ủy ban nhân dân").upper()


def applicant(writing: Writing) -> Applicant:
    parts = [writing.text("address"), writing.place("commune")]
    return Applicant(
        name=writing.file.record.applicant_name,
        address=", ".join(part for part in parts if part),
        phone=writing.text("phone"),
        email=writing.text("email"),
    )


def salutation(writing: Writing) -> str:
    """What stands before the name of the addressee: a person is addressed as one, an organisation is not."""
    return "" if writing.text("org_name") else "Ông/Bà"


def you(writing: Writing) -> str:
    """The applicant within a sentence."""
    return salutation(writing) or "quý tổ chức"


def holder_number(writing: Writing) -> str:
    """What tells who the applicant is: an organisation by its tax code, a person by the personal number."""
    return writing.text("id_no") if salutation(writing) else writing.text("tax_code")


def signature(writing: Writing, person_id: UUID | None, unit_id: UUID | None = None, *, role: str = "") -> Signature:
    """Capacity and name of who signs; before that, the place is left open."""
    official = writing.official(person_id, unit_id or writing.document.unit_id) if person_id else None
    if official is None:
        return Signature(capacity=[role.upper()] if role else [], name="")
    return signature_of(official)


def signature_of(official: OfficialView) -> Signature:
    """Each line of the capacity stands alone: a deputy of a committee signs TM. and KT. (Decree 30/2020/NĐ-CP)."""
    lines = [*official.capacity.splitlines(), official.title]
    return Signature(capacity=[line.strip().upper() for line in lines if line.strip()], name=official.name)


def paper_lines(writing: Writing) -> list[PaperLine]:
    """The papers supplied, as a receipt lists them: what was filled in on the portal comes first."""
    lines = [PaperLine(name=writing.procedure.form_name.vi, kind="bản điện tử", quantity=1)]
    for paper in asked_papers(writing.procedure, facts_of_answers(writing.answers)):
        if writing.file.papers_of(paper.id):
            kind, quantity = copies(paper.copies)
            lines.append(PaperLine(name=paper.name.vi, kind=kind, quantity=quantity))
    return lines


def fee_lines(writing: Writing) -> list[FeeLine]:
    """The fees of the record: those owed, and those that will be owed with the result."""
    moments = {"receiving": "nộp khi tiếp nhận", "return": "nộp khi nhận kết quả", "supplement": "nộp khi bổ sung"}
    owed = [
        FeeLine(name=fee.name, amount=fee.amount, status=_standing(fee, moments.get(fee.moment, "")))
        for fee in writing.file.fees
    ]
    known = {fee.rule for fee in writing.file.fees}
    facts = facts_of_answers(writing.answers, channel=writing.file.record.channel)
    day = clock.local_day(writing.event.at)
    later = fee_lines_of(writing.procedure, facts, moment="return", day=day)
    return owed + [
        FeeLine(name=line.name, amount=line.amount, status=moments["return"] if line.amount else NOTHING_TO_PAY)
        for line in later
        if line.rule not in known
    ]


NOTHING_TO_PAY = "không phải nộp"


def _standing(fee: FeeView, moment: str) -> str:
    if not fee.amount:
        return NOTHING_TO_PAY
    return "đã nộp" if fee.paid_at else moment


_NUMBERED = ("Nghị định", "Thông tư", "Nghị quyết", "Quyết định")


def basis_of(law: LegalBasis) -> str:
    """A law as the head of a decision cites it: the number of a decree or circular follows its kind, that of a law its
    name (Decree 30/2020/NĐ-CP)."""
    kind = next((kind for kind in _NUMBERED if law.title.vi.startswith(kind)), law.title.vi)
    return f"{kind} số {law.number}{law.title.vi.removeprefix(kind)}"


def reason_of(writing: Writing, *action_kinds: str) -> str:
    """The reason given with the newest action of one of these kinds."""
    for event in reversed(writing.file.events):
        if event.reason and event.details.get("action_kind") in action_kinds:
            return event.reason
    return writing.event.reason


def term_in_words(procedure: Procedure) -> str:
    units = {"working_days": "ngày làm việc", "calendar_days": "ngày", "working_hours": "giờ làm việc"}
    if procedure.term.unit == "same_day":
        return "trong ngày"
    stages = procedure.term.stages or (procedure.term,)
    return ", sau đó ".join(f"{int(stage.value):02d} {units[stage.unit]}" for stage in stages)
