"""Tables of the personal document store: papers that a person keeps, results that a person does not want listed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class VaultPaper(Identified, Base):
    """A paper that a person keeps, to hand it in again. Results need no row: they are there because they were issued.

    What it is stands here as the person wrote it, unless it is a result of this portal.
    """

    __tablename__ = "vault_paper"
    __table_args__ = (
        Index("uq_vault_paper_owner_id_file_digest", "owner_id", "file_digest", unique=True),
        CheckConstraint("expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on", name="expires_on"),
    )

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(comment="the last day of validity")
    file_digest: Mapped[str] = mapped_column(ForeignKey("file.digest"))
    file_name: Mapped[str]
    signatures: Mapped[dict | None] = mapped_column(  # type: ignore[type-arg]
        comment="what its signatures said when it was kept; none: it has none"
    )
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="the issued result that the file is, byte for byte"
    )
    about: Mapped[str] = mapped_column(comment="the subject of the record that it was handed in with; empty: none")
    about_en: Mapped[str]
    kept_at: Mapped[datetime]


class HiddenResult(Base):
    """A result that its owner leaves out of the store's list. Nothing else knows of it: the result stays what it is."""

    __tablename__ = "hidden_result"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    hidden_at: Mapped[datetime]
