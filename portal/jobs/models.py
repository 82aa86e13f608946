"""The table of what is owed: outbox and job list in one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Job(Identified, Base):
    """One thing that must happen, or has happened, or was given up. Arguments are identifiers, never personal data."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due",
            "queue",
            "due_at",
            postgresql_where=text("finished_at IS NULL AND given_up_at IS NULL"),
        ),
        Index(
            "uq_job_natural_key",
            "kind",
            "natural_key",
            unique=True,
            postgresql_where=text("natural_key IS NOT NULL"),
        ),
    )

    queue: Mapped[str] = mapped_column(comment="messages, documents, signatures")
    kind: Mapped[str]
    arguments: Mapped[dict]  # type: ignore[type-arg]
    natural_key: Mapped[str | None] = mapped_column(comment="owed once, however often it is asked for")
    due_at: Mapped[datetime]
    owed_at: Mapped[datetime] = mapped_column(
        server_default=text("now()"), comment="since when anybody could do it: what is told of the past is due before"
    )
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0, comment="raised by each lease; an old holder writes nothing")
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(comment="class of the error, never its text")
