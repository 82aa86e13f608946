"""Table of what was scanned at the counter: one scan in force for each paper that becomes an electronic copy."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class RecordScan(Identified, Base):
    """The scan of an original, row by row of the answer that lists the papers; compared once, replaced by another."""

    __tablename__ = "record_scan"
    __table_args__ = (
        CheckConstraint("(compared_at IS NULL) = (compared_by IS NULL)", name="compared"),
        CheckConstraint("pages > 0", name="pages"),
        Index("uq_record_scan_in_force", "record_id", "row", unique=True, postgresql_where=text("replaced_at IS NULL")),
        Index("ix_record_scan_record_id", "record_id"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    row: Mapped[int] = mapped_column(comment="which of the papers, from 0")
    file_digest: Mapped[str] = mapped_column(ForeignKey("file.digest"))
    file_name: Mapped[str]
    pages: Mapped[int]
    scanned_by: Mapped[UUID]
    scanned_by_name: Mapped[str]
    scanned_at: Mapped[datetime]
    compared_by: Mapped[UUID | None]
    compared_by_name: Mapped[str] = mapped_column(server_default="")
    compared_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
