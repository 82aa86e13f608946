"""Tables of batches: many tasks that one official acted on at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Batch(Identified, Base):
    """What was ticked on one page, written down before any of it is done. It belongs to who ticked it."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("purpose IN ('initial', 'sign', 'issue', 'list')", name="purpose"),
        Index("ix_batch_person_id", "person_id", "requested_at"),
    )

    purpose: Mapped[str] = mapped_column(comment="initial, sign, issue, list")
    title: Mapped[str] = mapped_column(comment="the label of the action, when it is one for all")
    title_en: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), comment="none: the portal itself")
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    signing_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("signing_session.id"), comment="the authority to use keys; none: nothing is signed electronically"
    )


class BatchedTask(Identified, Base):
    """One row of a batch: done, or refused with the reason; none of both while it waits."""

    __tablename__ = "batched_task"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),
        Index("ix_batched_task_batch_id", "batch_id", "number"),
        CheckConstraint("(task_id IS NULL) <> (document_id IS NULL)", name="subject"),
        Index("uq_batched_task_waiting", "task_id", unique=True, postgresql_where=text("outcome IS NULL")),
        Index("uq_batched_task_waiting_letter", "document_id", unique=True, postgresql_where=text("outcome IS NULL")),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    number: Mapped[int] = mapped_column(comment="its place on the page, from 1")
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="a letter that is signed, in place of a task"
    )
    action: Mapped[str]
    outcome: Mapped[str | None] = mapped_column(comment="done, refused; none: waits")
    reason: Mapped[dict | None] = mapped_column(comment="sentence and details of a refusal")  # type: ignore[type-arg]
    at: Mapped[datetime | None]
    shown_digest: Mapped[str | None] = mapped_column(
        comment="SHA-256 of each document that was shown to be signed, apart by spaces"
    )
