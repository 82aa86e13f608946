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
    withdrawal: Mapped[str | None] = mapped_column(comment="why it is withdrawn")
    replaced_by: Mapped[str | None] = mapped_column(comment="code of the procedure that takes its place")


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


class DefinitionDraft(Identified, Base):
    """A definition being written in the browser, as YAML: kept with its mistakes, published by a second person."""

    __tablename__ = "definition_draft"
    __table_args__ = (
        CheckConstraint("state IN ('written', 'sent', 'returned', 'published', 'discarded')", name="state"),
        CheckConstraint("decided_by <> written_by", name="four_eyes"),
        CheckConstraint("(state = 'published') = (version_id IS NOT NULL)", name="published"),
        CheckConstraint("state <> 'sent' OR mistakes = 0", name="sent_without_mistakes"),
    )

    code: Mapped[str | None] = mapped_column(comment="of the procedure, as far as the text can be read")
    name: Mapped[str]
    source: Mapped[str]
    mistakes: Mapped[int] = mapped_column(comment="found when it was last saved")
    based_on: Mapped[int] = mapped_column(comment="number of the version in force when it was last saved; 0 is none")
    revision: Mapped[int] = mapped_column(comment="raised by each change: what was seen is what is decided on")
    state: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_by_name: Mapped[str]
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(comment="why it was returned")
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("procedure_version.id"))
