"""Tables of the record itself: drafts, records, tasks, events, supplements, opinions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified
from portal.records.batch_models import Batch as Batch
from portal.records.batch_models import BatchedTask as BatchedTask
from portal.records.book_models import BookPrint as BookPrint
from portal.records.moving_models import MovedRecord as MovedRecord
from portal.records.moving_models import RecordMoving as RecordMoving
from portal.records.scan_models import RecordScan as RecordScan
from portal.records.types import RecordState
from portal.records.vault_models import HiddenResult as HiddenResult
from portal.records.vault_models import VaultPaper as VaultPaper

_ON_THE_WAY = "arrived_at IS NULL AND dropped_at IS NULL"
_STATES = ", ".join(f"'{state}'" for state in RecordState)


class Draft(Identified, Base):
    """What an applicant has typed so far. Nothing typed lives anywhere else."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_owner_id", "owner_id", "updated_at"),)

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("procedure_version.id"))
    procedure_code: Mapped[str]
    place: Mapped[str] = mapped_column(comment="code of the commune where the matter lies")
    received_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="the counter that will receive it")
    answers: Mapped[dict]  # type: ignore[type-arg]
    consented_at: Mapped[datetime | None] = mapped_column(comment="when the applicant let registers be asked; or never")
    pages_done: Mapped[list] = mapped_column(comment="ids of pages whose answers were accepted")  # type: ignore[type-arg]
    last_page: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_on: Mapped[date]
    submitted_at: Mapped[datetime | None]


class DraftPaper(Identified, Base):
    """A file put into a slot of a draft."""

    __tablename__ = "draft_paper"
    __table_args__ = (Index("ix_draft_paper_draft_id", "draft_id"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID]
    slot: Mapped[str]
    position: Mapped[int]
    file_digest: Mapped[str] = mapped_column(ForeignKey("file.digest"))
    file_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    signatures: Mapped[dict | None] = mapped_column(  # type: ignore[type-arg]
        comment="what its signatures said when it was uploaded; none: it has none"
    )
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="the issued result that the file is, byte for byte"
    )
    from_vault: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="taken from the applicant's own store instead of uploaded"
    )


class Record(Identified, Base):
    """A submitted matter. Its position in the process is its set of open tasks."""

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("due_at IS NULL OR accepted_at IS NOT NULL", name="due_after_acceptance"),
        Index(
            "ix_record_found_by",
            "unit_ids",
            text("app.search_words((applicant_name || ' '::text) || code)"),
            postgresql_using="gin",
        ),
        Index("ix_record_owner_id", "owner_id", "submitted_at"),
        Index("ix_record_due_at", "due_at", postgresql_where=text("finished_at IS NULL AND closed_at IS NULL")),
        Index("ix_record_received_unit_id", "received_unit_id", "submitted_at"),
        Index("ix_record_submitted_at", "submitted_at", postgresql_using="brin"),
        Index("ix_record_version_id", "version_id", "id", postgresql_where=text("closed_at IS NULL")),
    )

    draft_id: Mapped[UUID] = mapped_column(
        ForeignKey("draft.id"), unique=True, comment="submitting twice is one record"
    )
    code: Mapped[str] = mapped_column(unique=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("procedure_version.id"))
    procedure_code: Mapped[str]
    procedure_name: Mapped[str]
    subject: Mapped[str] = mapped_column(comment="what the matter is, in everyday words")
    subject_en: Mapped[str] = mapped_column(
        server_default="", comment="the same in English, where the definition has it"
    )
    applicant_name: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    place: Mapped[str]
    channel: Mapped[str] = mapped_column(default="online", comment="counter, online, post")
    received_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    return_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    return_by: Mapped[str] = mapped_column(comment="counter, post, online")
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), comment="every unit that ever took part; never shrinks")
    answers: Mapped[dict]  # type: ignore[type-arg]
    consented_at: Mapped[datetime | None] = mapped_column(comment="when the applicant let registers be asked; or never")
    state: Mapped[str]
    outcome: Mapped[str | None] = mapped_column(comment="granted, rejected; apart from the path")
    version: Mapped[int] = mapped_column(comment="numbers the events of the record")
    secret_version: Mapped[int] = mapped_column(default=1)
    receipt_digest: Mapped[str] = mapped_column(comment="SHA-256 of the look-up secret on the receipt")
    token_digest: Mapped[str] = mapped_column(comment="SHA-256 of the token in the receipt's QR code")
    submitted_at: Mapped[datetime]
    reception_due_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None] = mapped_column(comment="since when the statutory clock stands still")
    pauses: Mapped[list] = mapped_column(  # type: ignore[type-arg]
        default=list, comment="[[paused_at, resumed_at or null], …]: what the due date is computed from"
    )
    due_changes: Mapped[list] = mapped_column(  # type: ignore[type-arg]
        default=list,
        server_default=text("'[]'"),
        comment="[{kind: extended|appointed, at, …}]: what moved the due date beside pauses",
    )
    finished_at: Mapped[datetime | None] = mapped_column(comment="when the clock ended: result issued or record ended")
    closed_at: Mapped[datetime | None]
    supplements: Mapped[int] = mapped_column(default=0, comment="requests sent to the applicant so far")


class RecordSeries(Base):
    """The last record number of a receiving unit on a day."""

    __tablename__ = "record_series"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class RecordPaper(Identified, Base):
    """A file that the applicant supplied. A replaced paper stays, with the time it was replaced."""

    __tablename__ = "record_paper"
    __table_args__ = (Index("ix_record_paper_record_id", "record_id"),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    slot: Mapped[str]
    position: Mapped[int]
    file_digest: Mapped[str] = mapped_column(ForeignKey("file.digest"))
    file_name: Mapped[str]
    supplied_at: Mapped[datetime]
    supplement_id: Mapped[UUID | None]
    replaced_at: Mapped[datetime | None]
    signatures: Mapped[dict | None] = mapped_column(  # type: ignore[type-arg]
        comment="what its signatures said when it was uploaded; none: it has none"
    )
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="the issued result that the file is, byte for byte"
    )
    from_vault: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="taken from the applicant's own store instead of uploaded"
    )


class Task(Identified, Base):
    """A step open on one record for one unit. What a queue row shows stands in the row itself."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="outcome"),
        Index(
            "ix_task_queue",
            "unit_id",
            "due_at",
            "id",
            postgresql_where=text("closed_at IS NULL"),
            postgresql_include=[
                "owner_id",
                "record_id",
                "step",
                "function",
                "role",
                "assignee_id",
                "assignee_name",
                "record_code",
                "applicant_name",
                "step_name",
                "procedure_name",
                "place_name",
                "record_due_at",
                "news",
                "opened_at",
                "version",
                "paused",
            ],
        ),
        Index("ix_task_record_id", "record_id"),
        Index("ix_task_standing", "record_id", postgresql_where=text("standing")),
        Index("ix_task_owner_id", "owner_id", postgresql_where=text("closed_at IS NULL")),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID] = mapped_column(comment="the applicant, who sees every task of the record")
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("unit.id"), comment="None: the applicant or the portal acts"
    )
    step: Mapped[str]
    function: Mapped[str | None]
    role: Mapped[str | None]
    split: Mapped[str] = mapped_column(default="", comment="path of parallel splits that the task is inside of")
    origin: Mapped[str | None] = mapped_column(comment="the step that asked for the supplement this task belongs to")
    consultation: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, comment="raised by claim and reassignment: what was seen")
    opened_at: Mapped[datetime]
    anchored_at: Mapped[datetime] = mapped_column(comment="from when timers count; shared within a consultation")
    due_at: Mapped[datetime]
    assignee_id: Mapped[UUID | None]
    assignee_name: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_by_name: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str | None] = mapped_column(comment="the action that closed it, cancelled, or silence")
    step_name: Mapped[str]
    record_code: Mapped[str]
    applicant_name: Mapped[str]
    procedure_name: Mapped[str]
    place_name: Mapped[str]
    record_due_at: Mapped[datetime | None]
    news: Mapped[str] = mapped_column(default="", comment="what is new: supplement answered, opinion received")
    paused: Mapped[bool] = mapped_column(default=False)
    times: Mapped[int] = mapped_column(
        server_default=text("1"), comment="how often the record has seen a task end so, this one included"
    )
    standing: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="false when a later one that ended in the same way stands for it"
    )


class RecordEvent(Identified, Base):
    """What happened, appended and never changed: the audit trail of records."""

    __tablename__ = "record_event"
    __table_args__ = (Index("uq_record_event_record_id_number", "record_id", "number", unique=True),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    number: Mapped[int]
    owner_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(comment="record_submitted, action_taken, timer_fired, task_claimed …")
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    unit_id: Mapped[UUID | None]
    unit_name: Mapped[str] = mapped_column(default="")
    task_id: Mapped[UUID | None]
    step: Mapped[str | None]
    step_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    state_before: Mapped[str | None]
    state_after: Mapped[str]
    opened: Mapped[list] = mapped_column(comment="steps opened, with their units")  # type: ignore[type-arg]
    details: Mapped[dict]  # type: ignore[type-arg]
    for_applicant: Mapped[bool] = mapped_column(default=True)


class Supplement(Identified, Base):
    """One request to the applicant, naming everything, item by item."""

    __tablename__ = "supplement"
    __table_args__ = (Index("uq_supplement_record_id_sheet", "record_id", "sheet", unique=True),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="who asks")
    sheet: Mapped[int] = mapped_column(comment="1 for the first request of the record")
    step: Mapped[str] = mapped_column(comment="the step that asked")
    items: Mapped[list] = mapped_column(  # type: ignore[type-arg]
        comment="[{kind: paper|field, id, label, reason, wish, basis, answer}]"
    )
    contact: Mapped[str] = mapped_column(default="")
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class Opinion(Identified, Base):
    """The answer of an asked agency, or its silence."""

    __tablename__ = "opinion"
    __table_args__ = (Index("ix_opinion_record_id", "record_id"),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str]
    consultation: Mapped[str]
    verdict: Mapped[str] = mapped_column(comment="agree, agree_with_conditions, disagree, silent")
    text: Mapped[str] = mapped_column(default="")
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
    final_at: Mapped[datetime | None] = mapped_column(comment="when the agency's head signed it, or silence counted")


class Apology(Identified, Base):
    """The apology for a date that will not be kept, with the one new date: prepared by the portal, signed by a leader.

    One a record: a result is promised anew only once.
    """

    __tablename__ = "apology"
    __table_args__ = (
        Index("uq_apology_record_id", "record_id", unique=True),
        Index("ix_apology_unit_id", "unit_id", postgresql_where=text("signed_at IS NULL AND dropped_at IS NULL")),
        CheckConstraint("signed_at IS NULL OR dropped_at IS NULL", name="signed_or_dropped"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="the agency that decides, and apologises")
    role: Mapped[str] = mapped_column(comment="who signs there")
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    was_due_at: Mapped[datetime] = mapped_column(comment="the date that will not be kept")
    proposed_day: Mapped[date] = mapped_column(comment="worked out from the steps that are left")
    prepared_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    new_day: Mapped[date | None]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None] = mapped_column(comment="the result came in time, or the record ended")


class PaperTransfer(Identified, Base):
    """The paper of a record on its way after the electronic record, which nobody waits with."""

    __tablename__ = "paper_transfer"
    __table_args__ = (
        Index("ix_paper_transfer_record_id", "record_id"),
        Index("ix_paper_transfer_task_id", "task_id"),
        Index("ix_paper_transfer_to", "to_unit_id", "due_at", postgresql_where=text(_ON_THE_WAY)),
        Index("ix_paper_transfer_from", "from_unit_id", "due_at", postgresql_where=text(_ON_THE_WAY)),
        CheckConstraint("arrived_at IS NULL OR dropped_at IS NULL", name="arrived_or_dropped"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    task_id: Mapped[UUID] = mapped_column(comment="the task that was closed by handing over")
    from_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str] = mapped_column(server_default="")
    due_at: Mapped[datetime] = mapped_column(comment="until when the paper must have arrived")
    arrived_at: Mapped[datetime | None]
    arrived_by_name: Mapped[str] = mapped_column(server_default="")
    dropped_at: Mapped[datetime | None] = mapped_column(comment="the hand-over was taken back, or there is no paper")
