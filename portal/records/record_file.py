"""Everything about one record, read at one moment: for its page, its documents and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.delivery.queries import parcel_of
from portal.delivery.types import ParcelView
from portal.documents.symbols import reference
from portal.records.models import Opinion, Record, RecordEvent, RecordPaper, Supplement
from portal.records.opinions import SAID
from portal.records.types import NOTHING_OWED, POST, TaskRow

_TASKS = text(f"""
SELECT id, step, step_name, unit_id, function, role, split, origin, consultation, version, opened_at, anchored_at,
  due_at, assignee_id, assignee_name, closed_at, closed_by, closed_by_name, outcome, 1 AS times,
  {SAID.format(record=":wanted")} AS said
FROM app.tasks_of(:wanted) AS task
""")  # noqa: S608 - our own words
_DOCUMENTS = text("""
SELECT id, unit_id, kind, template, title, title_en, for_applicant, series, year, number, drafted_by, drafted_at,
  signed_by, signed_at, issued_at, valid_until, created_at, file_digest, rendered_at, registered_no, changes_id,
  ended_at, row, awaits_signature_since, data_digest
FROM document WHERE record_id = :wanted AND (number IS NOT NULL OR ended_at IS NULL)
ORDER BY created_at, row NULLS FIRST, id
""")
_FEES = text("""
SELECT id, rule, kind, name, name_en, amount, legal_basis, note, note_en, moment, paid_at, refund_due_at,
  (SELECT refund.done_at FROM refund WHERE refund.fee_line_id = fee_line.id) AS refunded_at
FROM fee_line
WHERE record_id = :wanted ORDER BY owed_at, rule
""")


@dataclass(frozen=True)
class DocumentView:
    id: UUID
    unit_id: UUID
    kind: str
    template: str
    title: str
    title_en: str
    for_applicant: bool
    series: str | None
    year: int | None
    number: int | None
    drafted_by: UUID | None
    drafted_at: datetime | None
    signed_by: UUID | None
    signed_at: datetime | None
    issued_at: datetime | None
    valid_until: date | None
    created_at: datetime
    file_digest: str | None
    rendered_at: datetime | None
    registered_no: str | None = None
    changes_id: UUID | None = None
    ended_at: datetime | None = None
    row: int | None = None
    awaits_signature_since: datetime | None = None
    data_digest: str | None = None

    def in_language(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title

    @property
    def reference(self) -> str:
        """Number and symbol as printed: 45/GPXD; empty before it has them."""
        return reference(self.number, self.series or "") if self.number is not None else ""


@dataclass(frozen=True)
class FeeView:
    id: UUID
    rule: str
    kind: str
    name: str
    name_en: str
    amount: int
    legal_basis: str
    note: str
    """How it was counted, or why it is not the usual amount."""
    note_en: str
    moment: str
    paid_at: datetime | None
    refund_due_at: datetime | None
    refunded_at: datetime | None

    def in_language(self, language: str) -> str:
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True)
class RecordFile:
    """A record with all that hangs on it. Models are read-only here: the session that loaded them is gone."""

    record: Record
    tasks: tuple[TaskRow, ...]
    events: tuple[RecordEvent, ...]
    papers: tuple[RecordPaper, ...]
    documents: tuple[DocumentView, ...]
    supplements: tuple[Supplement, ...]
    opinions: tuple[Opinion, ...]
    fees: tuple[FeeView, ...]
    parcel: ParcelView | None = None

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        return tuple(task for task in self.tasks if task.is_open)

    @property
    def open_supplement(self) -> Supplement | None:
        """The request that waits for the applicant."""
        waiting = [s for s in self.supplements if s.sent_at and not s.answered_at and not s.cancelled_at]
        return waiting[-1] if waiting else None

    @property
    def fees_to_pay(self) -> tuple[FeeView, ...]:
        """What may be asked for: nothing of a record that ended before it was decided."""
        if self.record.state in NOTHING_OWED:
            return ()
        return tuple(fee for fee in self.fees if fee.amount and fee.paid_at is None)

    @property
    def unpaid(self) -> int:
        """VND still owed."""
        return sum(fee.amount for fee in self.fees_to_pay)

    @property
    def result(self) -> DocumentView | None:
        """The newest result, drafted or issued; of several, one for each row, the first."""
        results = [document for document in self.documents if document.kind == "result" and not document.row]
        return results[-1] if results else None

    def waits_for_fee(self, document: DocumentView) -> bool:
        """Whether a result is handed over only once the fee is paid that falls due with it. A refusal never waits."""
        if document.kind not in ("result", "further_result") or document.template == "rejection":
            return False
        return any(fee.moment == "return" and fee.amount and fee.paid_at is None for fee in self.fees)

    @property
    def results_in_force(self) -> tuple[DocumentView, ...]:
        """What was issued and stands, one for each row where there are rows."""
        issued = (one for one in self.documents if one.kind == "result" and one.number is not None)
        return tuple(one for one in issued if one.ended_at is None and one.template != "rejection")

    def puts_right(self, document: DocumentView) -> DocumentView | None:
        """The document of this record that stands for another of it."""
        return next((one for one in self.documents if one.changes_id == document.id), None)

    def papers_of(self, slot: str) -> tuple[RecordPaper, ...]:
        """The papers of a slot that are in force."""
        return tuple(paper for paper in self.papers if paper.slot == slot and paper.replaced_at is None)

    def task(self, task_id: UUID) -> TaskRow | None:
        return next((task for task in self.tasks if task.id == task_id), None)


def get_record_file(session: Session, code: str) -> RecordFile:
    """The record by its code, for an actor who may see it; NotFound otherwise (row-level security)."""
    record = session.scalars(select(Record).where(Record.code == code)).one_or_none()
    if record is None:
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    return file_of(session, record)


def get_record_file_by_id(session: Session, record_id: UUID) -> RecordFile:
    """The record by its key; NotFound when the actor may not see it."""
    record = session.get(Record, record_id)
    if record is None:
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    return file_of(session, record)


def file_of(session: Session, record: Record) -> RecordFile:
    wanted: Mapping[str, Any] = {"wanted": record.id}
    execute = session.connection().execute
    events = _all(session, select(RecordEvent).where(RecordEvent.record_id == record.id).order_by(RecordEvent.number))
    goes_by_post = record.return_by == POST or any(event.kind.startswith("parcel_") for event in events)
    return RecordFile(
        record=record,
        tasks=tuple(TaskRow(*row) for row in execute(_TASKS, wanted)),
        events=events,
        papers=_all(
            session,
            select(RecordPaper)
            .where(RecordPaper.record_id == record.id)
            .order_by(RecordPaper.slot, RecordPaper.supplied_at, RecordPaper.position),
        ),
        documents=tuple(DocumentView(*row) for row in execute(_DOCUMENTS, wanted)),
        supplements=_all(
            session, select(Supplement).where(Supplement.record_id == record.id).order_by(Supplement.sheet)
        ),
        opinions=_all(
            session, select(Opinion).where(Opinion.record_id == record.id).order_by(Opinion.given_at, Opinion.id)
        ),
        fees=tuple(FeeView(*row) for row in execute(_FEES, wanted)),
        parcel=parcel_of(session, record.id) if goes_by_post else None,
    )


def list_tasks(session: Session, record_id: UUID) -> tuple[TaskRow, ...]:
    """Every task of a record, without the rest of it."""
    return tuple(TaskRow(*row) for row in session.connection().execute(_TASKS, {"wanted": record_id}))


def list_open_tasks(session: Session, record_id: UUID) -> tuple[TaskRow, ...]:
    """The open tasks of a record, without the rest of it."""
    return tuple(task for task in list_tasks(session, record_id) if task.is_open)


def _all(session: Session, query: Any) -> tuple[Any, ...]:
    return tuple(session.scalars(query))


def get_paper(session: Session, code: str, paper_id: UUID) -> RecordPaper:
    """A paper of the record, replaced ones too, for an actor who may see the record; NotFound otherwise."""
    paper: RecordPaper | None = session.scalars(
        select(RecordPaper)
        .join(Record, Record.id == RecordPaper.record_id)
        .where(RecordPaper.id == paper_id, Record.code == code)
    ).one_or_none()
    if paper is None:
        raise NotFound("Không thấy giấy tờ này. Mở lại hồ sơ để xem.")
    return paper
