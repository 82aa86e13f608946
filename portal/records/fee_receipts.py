"""Receipts for fees (biên lai, Decree 123/2020/NĐ-CP, as amended by 70/2025/NĐ-CP): one for each capture that pays,
numbered without gaps. When a fee is given back, the receipt ends, and another says what stays paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.clock import local_day
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS
from portal.records import positions
from portal.records.events import append_note
from portal.records.types import LockedRecord
from portal.units import queries as units

KIND = "fee_receipt"
LETTERS = "AA"
"""Of the receipt's symbol; the year in which it is used and E, electronic, follow: AA-26E."""
TITLE, TITLE_EN = "Biên lai thu phí, lệ phí", "Fee receipt"

_CAPTURE = text(
    "SELECT id, gateway, number, captured_at, taken_by_name, taken_unit_id FROM capture "
    "WHERE payment_id = :payment AND state = 'matched'"
)
_STILL_PAID = text("""
SELECT name, kind, amount FROM fee_line
WHERE payment_id = :payment AND amount > 0
  AND NOT EXISTS (SELECT FROM refund WHERE refund.fee_line_id = fee_line.id AND refund.state = 'done')
ORDER BY rule
""")
_GIVEN_BACK = text("""
SELECT refund.record_id, refund.amount, capture.id AS capture_id, capture.payment_id
FROM refund JOIN capture ON capture.id = refund.capture_id
WHERE refund.id = :wanted AND refund.state = 'done' AND refund.fee_line_id IS NOT NULL
""")
_NOTED = text(
    "SELECT 1 FROM record_event WHERE record_id = :wanted AND kind = 'fee_returned' "
    "AND details ->> 'refund_id' = :refund"
)
_END = text(
    "UPDATE document SET ended_at = :moment WHERE record_id = :wanted AND capture_id = :capture AND ended_at IS NULL "
    "RETURNING id"
)


def symbol_on(day: date) -> str:
    """The symbol of receipts of that day. Their numbers begin with 1 in each year (article 32 of the Decree)."""
    return f"{LETTERS}-{day:%y}E"


def add_receipt(
    session: Session, record: LockedRecord, payment_id: UUID, *, now: datetime, changes_id: UUID | None = None
) -> Mapping[str, Any]:
    """Number a receipt for what a payment pays now, and owe its PDF. The record is locked.

    Says what the event of the record tells of it: nothing when the payment pays nothing (any more). `changes_id` is the
    receipt that it stands for.
    """
    capture = session.execute(_CAPTURE, {"payment": payment_id}).one_or_none()
    lines = [dict(row._mapping) for row in session.execute(_STILL_PAID, {"payment": payment_id})]
    if capture is None or not lines:
        return {}
    document_id = new_id()
    collector = units.directory(session).collector_of(capture.taken_unit_id or record.received_unit_id)
    session.execute(
        documents.ADD_DOCUMENT,
        {
            "id": document_id,
            "record_id": record.id,
            "owner_id": record.owner_id,
            "unit_id": collector.id,
            "kind": KIND,
            "template": KIND,
            "title": TITLE,
            "title_en": TITLE_EN,
            "content": {},
            "for_applicant": True,
            "series": symbol_on(local_day(now)),
            "created_at": now,
            "capture_id": capture.id,
            "changes_id": changes_id,
        },
    )
    session.execute(NUMBER_AND_SEAL, sealing(document_id, sealed_by=None, now=now))
    jobs.owe(
        session,
        "make_document",
        queue=DOCUMENTS,
        arguments={"document_id": str(document_id)},
        natural_key=f"{document_id}:{KIND}",
        now=now,
    )
    told = {
        "lines": lines,
        "way": capture.gateway,
        "number": capture.number,
        "paid_at": capture.captured_at.isoformat(),
        "taken_by": capture.taken_by_name,
        "taken_at": str(capture.taken_unit_id) if capture.taken_unit_id else "",
    }
    return {"documents": [{"id": str(document_id), "kind": KIND}], "receipt": told}


def fee_returned(arguments: Mapping[str, str], *, now: datetime) -> None:
    """A fee has gone back: its receipt ends, and what stays paid has a new one. Once for each refund."""
    refund_id = UUID(arguments["refund_id"])
    with unit_of_work(SYSTEM) as session:
        refund = session.execute(_GIVEN_BACK, {"wanted": refund_id}).one_or_none()
        if refund is None:
            return
        record, _ = positions.lock_record(session, refund.record_id, now=now)
        if session.execute(_NOTED, {"wanted": record.id, "refund": str(refund_id)}).first() is not None:
            return
        ended = {"moment": now, "wanted": record.id, "capture": refund.capture_id}
        older = session.execute(_END, ended).scalar_one_or_none()
        made = add_receipt(session, record, refund.payment_id, now=now, changes_id=older)
        details = {"refund_id": str(refund_id), "amount": refund.amount, **made}
        append_note(session, record, kind="fee_returned", actor=SYSTEM, now=now, details=details, for_applicant=True)
