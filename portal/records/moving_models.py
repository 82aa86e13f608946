"""Tables of moves: open records that go to another version of their procedure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class RecordMoving(Identified, Base):
    """One bulk move of open records to another version of their procedure, or its rehearsal."""

    __tablename__ = "record_moving"
    __table_args__ = (
        CheckConstraint("purpose IN ('rehearsal', 'move')", name="purpose"),
        Index(
            "uq_record_moving_running",
            "procedure_code",
            unique=True,
            postgresql_where=text("purpose = 'move' AND finished_at IS NULL"),
        ),
    )

    purpose: Mapped[str] = mapped_column(server_default="move", comment="rehearsal, move")

    procedure_code: Mapped[str]
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("procedure_version.id"))
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("procedure_version.id"))
    mapping: Mapped[dict]  # type: ignore[type-arg]
    requested_by: Mapped[UUID | None]
    requested_by_name: Mapped[str] = mapped_column(server_default="")
    requested_at: Mapped[datetime]
    batches: Mapped[int | None] = mapped_column(comment="none: the records have not been looked for yet")
    finished_at: Mapped[datetime | None] = mapped_column(comment="none: it runs, there or back")
    reverted_at: Mapped[datetime | None]
    reverted_by_name: Mapped[str] = mapped_column(server_default="")
    stopped_at: Mapped[datetime | None] = mapped_column(comment="the last time that it was stopped, there or back")
    stopped_by_name: Mapped[str] = mapped_column(server_default="")
    sent_at: Mapped[datetime | None] = mapped_column(
        comment="of a rehearsal: a second administrator is asked to decide"
    )
    returned_by_name: Mapped[str] = mapped_column(server_default="")
    return_reason: Mapped[str] = mapped_column(server_default="")
    approved_by_name: Mapped[str] = mapped_column(
        server_default="", comment="of a move: the second administrator, where one was needed"
    )


class MovedRecord(Identified, Base):
    """One record of a bulk move: whether it was moved, why not, and what leads it back."""

    __tablename__ = "moved_record"
    __table_args__ = (
        Index("uq_moved_record_record_id_moving_id", "record_id", "moving_id", unique=True),
        Index("ix_moved_record_moving_id", "moving_id", "batch"),
    )

    moving_id: Mapped[UUID] = mapped_column(ForeignKey("record_moving.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    batch: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(comment="fits, moved, refused, gone, reverted, kept; none: waits")
    reasons: Mapped[list] = mapped_column(comment="[{vi, en}]: why it stays")  # type: ignore[type-arg]
    before: Mapped[dict | None] = mapped_column(comment="what the way back restores")  # type: ignore[type-arg]
    record_version: Mapped[int | None] = mapped_column(comment="number of the event that moved it")
    at: Mapped[datetime | None]
