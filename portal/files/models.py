"""The table of stored files: one row for one content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base


class StoredFile(Base):
    """A content in the store, named by its SHA-256. The row is written after the file has been fsynced."""

    __tablename__ = "file"
    __table_args__ = (
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
        CheckConstraint("size > 0", name="size"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    media_type: Mapped[str] = mapped_column(comment="found from the content, never from the name")
    pages: Mapped[int | None]
    stored_at: Mapped[datetime]
