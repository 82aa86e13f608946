"""Tables of signing: who confirmed to sign, until when; which signature was put on which document."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Identified


class SigningSession(Identified, Base):
    """The authority to use a person's key, or an agency's through its clerk: given by a step-up sign-in, for a while.

    It belongs to one sign-in and ends with it.
    """

    __tablename__ = "signing_session"
    __table_args__ = (
        CheckConstraint("expires_at > stepped_up_at", name="expires"),
        Index("ix_signing_session_sign_in_id", "sign_in_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in.id"))
    stepped_up_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class DocumentSignature(Identified, Base):
    """One electronic signature: on what was shown, by whose act, with which certificate. Nothing changes it."""

    __tablename__ = "document_signature"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'agency')", name="kind"),
        CheckConstraint("(person_id IS NULL) = (signing_session_id IS NULL)", name="actor"),
        CheckConstraint("kind = 'agency' OR person_id IS NOT NULL", name="person"),
        Index("ix_document_signature_document_id", "document_id"),
        Index("ix_document_signature_file_digest", "file_digest"),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    owner_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(comment="person, agency")
    field: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(
        comment="who acted: the signer, or the clerk who sealed; none: the portal, on a fee receipt"
    )
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), comment="whose document it is")
    signing_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("signing_session.id"))
    certificate_serial: Mapped[str]
    subject: Mapped[str]
    shown_digest: Mapped[str] = mapped_column(comment="SHA-256 of the file that was signed, as it was shown")
    file_digest: Mapped[str] = mapped_column(comment="SHA-256 of the file with the signature")
    signed_at: Mapped[datetime]
