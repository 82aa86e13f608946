"""Table of books that somebody asked to have as PDF."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class BookPrint(Identified, Base):
    """A stretch of a unit's book, to be drawn by the worker. It belongs to who asked for it."""

    __tablename__ = "book_print"
    __table_args__ = (
        CheckConstraint("book IN ('records', 'certifications')", name="book"),
        CheckConstraint("(file_digest IS NULL) = (drawn_at IS NULL)", name="drawn"),
        Index("ix_book_print_person_id", "person_id", "requested_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="whose book it is")
    book: Mapped[str] = mapped_column(comment="records, certifications")
    kind: Mapped[str] = mapped_column(comment="which of the unit's books of that name")
    first_day: Mapped[date]
    last_day: Mapped[date]
    requested_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("file.digest"))
