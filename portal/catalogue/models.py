"""Tables of procedures and their immutable versions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class ProcedureRow(Identified, Base):
    """A procedure by its national code. New records take its version with the highest number."""

    __tablename__ = "procedure"
    __table_args__ = (CheckConstraint(r"code ~ '^\d\.\d{6}$'", name="code"),)

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    field: Mapped[str]
    competent_level: Mapped[str]
    sort_key: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class ProcedureVersion(Identified, Base):
    """One published definition. No UPDATE is granted: a change is a new version."""

    __tablename__ = "procedure_version"
    __table_args__ = (Index("uq_procedure_version_procedure_id_number", "procedure_id", "number", unique=True),)

    procedure_id: Mapped[UUID] = mapped_column(ForeignKey("procedure.id"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(comment="the whole definition as YAML, shared process included")
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the source: the same text is not published twice")
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ProcedureWord(Identified, Base):
    """Folded words by which a procedure is found, with the weight of the place they stand in."""

    __tablename__ = "procedure_word"
    __table_args__ = (Index("ix_procedure_word_word", "word", postgresql_ops={"word": "text_pattern_ops"}),)

    procedure_id: Mapped[UUID] = mapped_column(ForeignKey("procedure.id"))
    word: Mapped[str]
    weight: Mapped[int]
