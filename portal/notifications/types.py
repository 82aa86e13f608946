"""Values of messages that pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from portal.documents.symbols import reference
from portal.workflow.definition import Text


class MessageKind(StrEnum):
    """What somebody is told about. Most are states of the record; the others are steps between two states."""

    SUBMITTED = "submitted"
    SUPPLEMENT_BEFORE_ACCEPTANCE = "supplement_before_acceptance"
    SUPPLEMENT_RECEIVED = "supplement_received"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    CONSULTING = "consulting"
    APPLICANT_CONFIRMS = "applicant_confirms"
    SUPPLEMENT = "supplement"
    FEE_DUE = "fee_due"
    PAID = "paid"
    STOPPED = "stopped"
    GRANTED = "granted"
    GRANTED_UNPAID = "granted_unpaid"
    NOT_GRANTED = "not_granted"
    RETURNED = "returned"
    ARCHIVED = "archived"
    UNCOLLECTED = "uncollected"
    PAPER_LATE = "paper_late"
    EXTENDED = "extended"
    APOLOGY = "apology"
    QUESTION_RECALLED = "question_recalled"
    LATENESS_FORESEEN = "lateness_foreseen"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    COPY = "copy"
    CORRECTION = "correction"
    CORRECTION_DECLINED = "correction_declined"
    RESULT_REVOKED = "result_revoked"
    RESULT_REPLACED = "result_replaced"
    RESULT_EXTENDED = "result_extended"
    RESULT_EXPIRING = "result_expiring"
    BOOKING_MADE = "booking_made"
    BOOKING_MOVED = "booking_moved"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_MISSED = "booking_missed"
    BOOKING_NEAR = "booking_near"
    WAY_CHANGED = "way_changed"
    PARCEL_SENT = "parcel_sent"
    PARCEL_OUT = "parcel_out"
    PARCEL_FAILED = "parcel_failed"
    PARCEL_RETURNING = "parcel_returning"
    PARCEL_BACK = "parcel_back"
    PARCEL_REFUSED = "parcel_refused"
    PARCEL_LOST = "parcel_lost"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    EXPIRED_UNPAID = "expired_unpaid"


ASKING_TO_PAY = frozenset({MessageKind.FEE_DUE, MessageKind.GRANTED_UNPAID, MessageKind.UNCOLLECTED})
"""With these goes the way to pay, as long as a fee is owed."""

UNKNOWN = Text("")


@dataclass(frozen=True)
class About:
    """What a message may say: no name, number or address of a person. What is empty is left unsaid."""

    code: str
    on: date
    """The day of the event."""
    unit: Text = UNKNOWN
    """Who acts, or for a new record who will answer."""
    place: Text = UNKNOWN
    """Where the result can be fetched."""
    asked: Text = UNKNOWN
    """The agencies whose opinion is awaited."""
    reason: str = ""
    reception_due_at: datetime | None = None
    visit_at: datetime | None = None
    """When the applicant comes to the counter."""
    was_visit_at: datetime | None = None
    due_at: datetime | None = None
    was_due_at: datetime | None = None
    answer_by: date | None = None
    come_to: Text = UNKNOWN
    """Where the result must be fetched in person; then `place` is empty."""
    kept_at: Text = UNKNOWN
    """Where the paper of a result is kept that nobody collected."""
    archived_on: date | None = None
    bring: Text = UNKNOWN
    """The papers that are taken in when the result is given."""
    items: tuple[Text, ...] = ()
    """What has to be supplied, by its label."""
    number: str = ""
    """Of the result, as it is printed; of a parcel, by which it is tracked."""
    newer: str = ""
    """The number of the result that stands for it."""
    until: date | None = None
    """The last day of its validity."""
    way: Text = UNKNOWN
    """How the result is received."""
    posted: Text = UNKNOWN
    """Said where the result goes by post; then `place` is empty."""
    electronic: Text = UNKNOWN
    """What a result that is not on paper is; then `place` is empty."""
    postage: int = 0
    """VND, paid to the postman."""
    amount: int = 0
    """VND: unpaid, or just paid."""


@dataclass(frozen=True)
class MessageText:
    subject: Text
    body: Text


@dataclass(frozen=True)
class MessagePaper:
    """A document that goes with a message. `file_digest` is None until the worker has drawn it."""

    id: UUID
    title: str
    title_en: str
    series: str | None
    number: int | None
    file_digest: str | None

    def in_language(self, language: str) -> str:
        """The title, with the number where there is one."""
        title = self.title_en if language == "en" and self.title_en else self.title
        return f"{title} {reference(self.number, self.series)}" if self.series and self.number else title


@dataclass(frozen=True)
class MessageView:
    """A message in its owner's list."""

    id: UUID
    record_id: UUID
    record_code: str
    kind: str
    text: MessageText
    sent_at: datetime
    read_at: datetime | None
    papers: tuple[MessagePaper, ...] = ()
    asks_to_pay: bool = False
    """It names a fee, which is still owed."""
