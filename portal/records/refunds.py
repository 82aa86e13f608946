"""Fees that are given back: the definition says when, the end of the record without a result makes it due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.payments.refunds import OWE_REFUND
from portal.records.changes import Change
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.types import CANCELLED, NOTHING_OWED, LockedRecord, TaskRow
from portal.workflow.definition import Facts

REFUND = text(
    "UPDATE fee_line SET refund_due_at = :moment "
    "WHERE record_id = :wanted AND rule = :rule AND paid_at IS NOT NULL AND amount > 0 AND refund_due_at IS NULL"
)
"""Told `moment`, `wanted` (the record) and `rule`: what of it was paid is given back."""


_REFUND_LATE = text(
    "UPDATE fee_line SET refund_due_at = :moment WHERE record_id = :wanted AND payment_id = :payment "
    "AND paid_at >= :ended AND refund_due_at IS NULL"
)


def owe_back(
    session: Session, record: LockedRecord, tasks: Iterable[TaskRow], payment_id: str, *, now: datetime
) -> None:
    """A payment of a record that ended undecided: captured after that, when nothing was owed any more, all of it goes
    back; captured before, what its rule gives back, which the end did not see while both were under way."""
    if record.state not in NOTHING_OWED:
        return
    late = {"moment": now, "wanted": record.id, "payment": payment_id, "ended": record.closed_at}
    session.execute(_REFUND_LATE, late)
    grounds, done = grounds_of(session, record, now=now), (task for task in tasks if task.outcome != CANCELLED)
    facts = facts_of(record, done, directory=grounds.directory, today=clock.local_day(now))
    for rule in _given_back(record, grounds.procedure, facts):
        session.execute(REFUND, {"moment": now, "wanted": record.id, "rule": rule})
    session.execute(OWE_REFUND, {"wanted": record.id})


def owe_refunds(change: Change, record: LockedRecord, procedure: Procedure, facts: Facts, *, now: datetime) -> None:
    """What was paid and is given back by its rule, now that the record has ended without a result."""
    given_back = _given_back(record, procedure, facts)
    for rule in given_back:
        change.write(REFUND, {"moment": now, "wanted": record.id, "rule": rule})
    if given_back:
        change.write(OWE_REFUND, {"wanted": record.id})


def _given_back(record: LockedRecord, procedure: Procedure, facts: Facts) -> list[str]:
    """The rules that give their fee back as the record stands."""
    rules = procedure.fees_on(clock.local_day(record.submitted_at))
    return [rule.id for rule in rules if rule.refund_if is not None and rule.refund_if.test(facts)]
