"""The table of trials: what was done, never what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class DefinitionTrial(Identified, Base):
    """A definition being tried by one administrator: how it began and what was done. It belongs to nobody else."""

    __tablename__ = "definition_trial"
    __table_args__ = (Index("uq_definition_trial_draft_id_person_id", "draft_id", "person_id", unique=True),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    start: Mapped[dict] = mapped_column(comment="place, counter, time, answers")  # type: ignore[type-arg]
    moves: Mapped[list] = mapped_column(comment="what was done, in order; played anew each time")  # type: ignore[type-arg]
    changed_at: Mapped[datetime]
