"""The table of messages to applicants and officials."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class Message(Identified, Base):
    """What the portal tells an applicant or an official about a record: one message for one event and person."""

    __tablename__ = "message"
    __table_args__ = (
        Index("uq_message_event_id_owner_id", "event_id", "owner_id", unique=True),
        Index("ix_message_owner_id_sent_at", "owner_id", "sent_at"),
        Index("ix_message_record_id", "record_id"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("record_event.id"))
    owner_id: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    subject_en: Mapped[str] = mapped_column(default="")
    body_en: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
