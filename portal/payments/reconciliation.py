"""Our books against a gateway's daily file, to the đồng: what we never heard of is booked, what differs is found.

The file is the gateway's last word on its own day. It never changes an amount that stands in our books.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.references import new_id
from portal.payments.captures import settle
from portal.payments.gateways import DailyFile, Ending, Outcome, SettledLine
from portal.payments.models import Capture, Refund, Settlement, SettlementLine
from portal.payments.types import Finding, Heard, RefundState

log = logging.getLogger(__name__)

CAPTURE, REFUND = "capture", "refund"


@dataclass(frozen=True)
class _Known:
    id: UUID
    amount: int


def is_known(session: Session, *, gateway: str, day: date, digest: str) -> bool:
    """Whether this very file was compared already."""
    wanted = select(Settlement.id).where(
        Settlement.gateway == gateway, Settlement.day == day, Settlement.digest == digest
    )
    return session.execute(wanted).first() is not None


def compare(
    session: Session, gateway: str, file: DailyFile, *, now: datetime, is_first_word: bool = False
) -> UUID | None:
    """Compare the file with our books and write down what was found; None when that was done before. Run as SYSTEM.

    `is_first_word`: nobody tells of this money before the file does, so that what it adds is no difference.
    """
    if is_known(session, gateway=gateway, day=file.day, digest=file.digest):
        return None
    settlement_id = new_id()
    totals = {kind: sum(line.amount for line in file.lines if line.kind == kind) for kind in (CAPTURE, REFUND)}
    session.execute(
        insert(Settlement),
        {
            "id": settlement_id,
            "gateway": gateway,
            "day": file.day,
            "digest": file.digest,
            "received_at": now,
            "captured": totals[CAPTURE],
            "refunded": totals[REFUND],
        },
    )
    captures, refunds = _captures(session, gateway, file), _refunds(session, gateway, file)
    rows = [
        _row(settlement_id, line, _finding(session, gateway, line, captures, refunds, day=file.day, now=now))
        for line in file.lines
    ]
    rows += [_row(settlement_id, line, Finding.MISSING) for line in _missing(session, gateway, file)]
    if rows:
        session.execute(insert(SettlementLine), rows)
    expected = (Finding.AGREES, Finding.ADDED) if is_first_word else (Finding.AGREES,)
    differing = sum(row["finding"] not in expected for row in rows)
    if differing:
        log.error("a daily file differs from our books", extra={"settlement": str(settlement_id), "lines": differing})
    return settlement_id


def _finding(
    session: Session,
    gateway: str,
    line: SettledLine,
    captures: dict[str, _Known],
    refunds: dict[str, _Known],
    *,
    day: date,
    now: datetime,
) -> Finding:
    known = (captures if line.kind == CAPTURE else refunds).get(line.transaction)
    if known is not None:
        return Finding.AGREES if known.amount == line.amount else Finding.OTHER_AMOUNT
    if line.kind == REFUND:
        return Finding.UNKNOWN
    outcome = Outcome(
        gateway=gateway,
        reference=line.reference,
        amount=line.amount,
        transaction=line.transaction,
        ending=Ending.CAPTURED,
        paid_on=day,
    )
    settle(session, outcome, heard=Heard.DAILY_FILE, now=now)
    return Finding.ADDED


def _captures(session: Session, gateway: str, file: DailyFile) -> dict[str, _Known]:
    wanted = [line.transaction for line in file.lines if line.kind == CAPTURE]
    found = session.execute(
        select(Capture.number, Capture.id, Capture.amount).where(Capture.gateway == gateway, Capture.number.in_(wanted))
    )
    return {number: _Known(key, amount) for number, key, amount in found}


def _refunds(session: Session, gateway: str, file: DailyFile) -> dict[str, _Known]:
    wanted = [line.transaction for line in file.lines if line.kind == REFUND]
    found = session.execute(
        select(Refund.number, Refund.id, Refund.amount)
        .join(Capture, Capture.id == Refund.capture_id)
        .where(Capture.gateway == gateway, Refund.number.in_(wanted), Refund.state == RefundState.DONE)
    )
    return {number: _Known(key, amount) for number, key, amount in found}


def _missing(session: Session, gateway: str, file: DailyFile) -> Iterator[SettledLine]:
    """What our books have under that day, and the file has not."""
    named = {line.transaction for line in file.lines if line.kind == CAPTURE}
    found = session.execute(
        select(Capture.number, Capture.reference, Capture.amount)
        .where(Capture.gateway == gateway, Capture.paid_on == file.day)
        .order_by(Capture.number)
    )
    for number, reference, amount in found:
        if number not in named:
            yield SettledLine(CAPTURE, number, reference, amount)


def _row(settlement_id: UUID, line: SettledLine, finding: Finding) -> dict[str, object]:
    return {
        "id": new_id(),
        "settlement_id": settlement_id,
        "kind": line.kind,
        "number": line.transaction,
        "reference": line.reference,
        "amount": line.amount,
        "finding": finding,
    }


def days_without_file(session: Session, gateway: str, *, days: int, now: datetime) -> list[date]:
    """The days before today for which no file was compared yet, oldest first."""
    today = clock.local_day(now)
    wanted = [date.fromordinal(today.toordinal() - back) for back in range(days, 0, -1)]
    known = set(
        session.scalars(select(Settlement.day).where(Settlement.gateway == gateway, Settlement.day.in_(wanted)))
    )
    return [day for day in wanted if day not in known]
