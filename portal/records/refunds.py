"""Fees that are given back: the definition says when, the end of the record without a result makes it due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.payments.refunds import OWE_REFUND
from portal.records.changes import Change
from portal.records.types import CALLED_OFF, LockedRecord
from portal.workflow.definition import Facts

REFUND = text(
    "UPDATE fee_line SET refund_due_at = :moment "
    "WHERE record_id = :wanted AND rule = :rule AND paid_at IS NOT NULL AND amount > 0 AND refund_due_at IS NULL"
)
"""Told `moment`, `wanted` (the record) and `rule`: what of it was paid is given back."""


_REFUND_PAYMENT = text(
    "UPDATE fee_line SET refund_due_at = :moment WHERE record_id = :wanted AND payment_id = :payment "
    "AND refund_due_at IS NULL"
)


def owe_back(session: Session, record: LockedRecord, payment_id: str, *, now: datetime) -> None:
    """A payment that was captured after its record had been called off: all of it goes back."""
    if record.state in CALLED_OFF:
        session.execute(_REFUND_PAYMENT, {"moment": now, "wanted": record.id, "payment": payment_id})
        session.execute(OWE_REFUND, {"wanted": record.id})


def owe_refunds(change: Change, record: LockedRecord, procedure: Procedure, facts: Facts, *, now: datetime) -> None:
    """What was paid and is given back by its rule, now that the record has ended without a result."""
    is_owed = False
    for rule in procedure.fees_on(clock.local_day(record.submitted_at)):
        if rule.refund_if is not None and rule.refund_if.test(facts):
            change.write(REFUND, {"moment": now, "wanted": record.id, "rule": rule.id})
            is_owed = True
    if is_owed:
        change.write(OWE_REFUND, {"wanted": record.id})
