"""Tables of official forms and results, and of their number series."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Document(Identified, Base):
    """A form or result made for a record: what it says is fixed in `content`, the file follows from the worker."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("(file_digest IS NULL) = (rendered_at IS NULL)", name="rendered"),
        CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="issued"),
        Index("ix_document_record_id", "record_id"),
        Index(
            "uq_document_unit_id_series_year_number",
            "unit_id",
            "series",
            "year",
            "number",
            unique=True,
            postgresql_where=text("number IS NOT NULL AND batch_id IS NULL"),
        ),
        Index("ix_document_batch_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index(
            "ix_document_registered_no",
            "registered_no",
            postgresql_where=text("kind = 'result' AND number IS NOT NULL"),
        ),
        Index(
            "uq_document_capture_id",
            "capture_id",
            unique=True,
            postgresql_where=text("capture_id IS NOT NULL AND ended_at IS NULL"),
        ),
        Index(
            "ix_document_awaits_signature",
            "unit_id",
            "awaits_signature_since",
            postgresql_where=text("awaits_signature_since IS NOT NULL"),
        ),
        Index("ix_document_changes_id", "changes_id", postgresql_where=text("changes_id IS NOT NULL")),
        Index("ix_document_series_number", "series", "number", postgresql_where=text("number IS NOT NULL")),
        Index("ix_document_file_digest", "file_digest", postgresql_where=text("file_digest IS NOT NULL")),
        Index(
            "ix_document_valid_until",
            "valid_until",
            postgresql_where=text("valid_until IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="whose document it is")
    kind: Mapped[str] = mapped_column(comment="form01, form02, form03, slip, letter, minutes, result")
    template: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    content: Mapped[dict] = mapped_column(comment="the values that the template prints")  # type: ignore[type-arg]
    for_applicant: Mapped[bool] = mapped_column(default=False)
    series: Mapped[str | None]
    year: Mapped[int | None]
    number: Mapped[int | None]
    drafted_by: Mapped[UUID | None]
    drafted_at: Mapped[datetime | None]
    initialled_by: Mapped[UUID | None]
    initialled_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    sealed_by: Mapped[UUID | None]
    issued_at: Mapped[datetime | None]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime]
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("file.digest"))
    rendered_at: Mapped[datetime | None]
    data_digest: Mapped[str | None] = mapped_column(
        ForeignKey("file.digest"), comment="of a fee receipt: its data as XML, beside the PDF"
    )
    row: Mapped[int | None] = mapped_column(
        comment="which row of a repeating answer it is about, from 0; none: all of the record"
    )
    registered_no: Mapped[str | None] = mapped_column(
        comment="under which a result is found: its number, or a code from outside"
    )
    changes_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="the older result that this one amends, replaces or revokes"
    )
    batch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("batch.id"), comment="the list of a batch hangs on each of its records, under one number"
    )
    ended_at: Mapped[datetime | None] = mapped_column(
        comment="since when another result has replaced or revoked this one"
    )
    awaits_signature_since: Mapped[datetime | None] = mapped_column(
        comment="of a letter with its number: since when it is printed to be signed electronically, and is not yet"
    )
    capture_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("capture.id"), comment="of a fee receipt: the money that it receipts"
    )


class DocumentDecision(Identified, Base):
    """What is decided about an issued result afterwards, by two persons. Its effect stands in the document itself."""

    __tablename__ = "document_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('revoke', 'replace', 'extend')", name="kind"),
        CheckConstraint("(kind = 'extend') = (valid_until IS NOT NULL)", name="extend"),
        CheckConstraint("(kind = 'replace') = (newer_id IS NOT NULL)", name="replace"),
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (agreed IS NULL)", name="decided"
        ),
        Index("ix_document_decision_document_id", "document_id"),
        Index("ix_document_decision_waiting", "unit_id", postgresql_where=text("decided_at IS NULL")),
        Index("uq_document_decision_open", "document_id", unique=True, postgresql_where=text("decided_at IS NULL")),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="whose document it is")
    kind: Mapped[str] = mapped_column(comment="revoke, replace, extend")
    reason: Mapped[str]
    reference: Mapped[str] = mapped_column(comment="number of the decision on paper: 12/QĐ-UBND")
    valid_until: Mapped[date | None] = mapped_column(comment="of an extension: the new last day")
    newer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="of a replacement: which document stands for it"
    )
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None] = mapped_column(comment="false: the leader sent it back")


class DocumentCopy(Identified, Base):
    """A document as another agency receives it, for information. What its list shows stands in the row itself."""

    __tablename__ = "document_copy"
    __table_args__ = (
        CheckConstraint("purpose IN ('copy', 'report')", name="purpose"),
        CheckConstraint("(unit_id IS NULL) = (body <> '')", name="receiver"),
        CheckConstraint("unit_id IS NULL OR sent_at IS NOT NULL", name="sent"),
        Index("ix_document_copy_document_id", "document_id"),
        Index("ix_document_copy_record_id", "record_id"),
        Index("ix_document_copy_unit_id", "unit_id", "created_at"),
        Index("ix_document_copy_sender_id", "sender_id", postgresql_where=text("sent_at IS NULL")),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("unit.id"), comment="who receives it; none: a body without accounts"
    )
    body: Mapped[str] = mapped_column(comment="the name of a body without accounts")
    body_en: Mapped[str]
    sender_id: Mapped[UUID] = mapped_column(
        ForeignKey("unit.id"), comment="whose clerk sends it to a body without accounts"
    )
    purpose: Mapped[str] = mapped_column(comment="copy: for information; report: to the superior body")
    record_code: Mapped[str]
    applicant_name: Mapped[str]
    subject: Mapped[str]
    subject_en: Mapped[str] = mapped_column(
        server_default="", comment="the same in English, where the definition has it"
    )
    version_id: Mapped[UUID] = mapped_column(ForeignKey("procedure_version.id"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(
        comment="when it was there to be read, or was posted; none: waits for the clerk"
    )
    sent_by_name: Mapped[str]
    sent_how: Mapped[str] = mapped_column(comment="of a posted copy: the number of the item")
    read_at: Mapped[datetime | None]
    read_by_name: Mapped[str]


class DocumentSeries(Base):
    """The last number of a unit's series in a year. Taken by UPDATE … RETURNING inside the sealing transaction."""

    __tablename__ = "document_series"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
