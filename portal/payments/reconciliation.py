"""Our books against a gateway's daily file, to the đồng: what we never heard of is booked, what differs is found.

The file is the gateway's last word on its own day. It never changes an amount that stands in our books.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core import clock
from portal.core.references import new_id
from portal.payments.captures import settle
from portal.payments.gateways import DailyFile, Ending, Outcome, SettledLine
from portal.payments.models import Capture, Refund, Settlement, SettlementLine
from portal.payments.types import Finding, Heard, RefundState

log = logging.getLogger(__name__)

CAPTURE, REFUND = "capture", "refund"

_ADD_SETTLEMENT = (
    insert(Settlement).on_conflict_do_nothing(index_elements=["gateway", "day", "digest"]).returning(Settlement.id)
)


def compare(
    session: Session,
    gateway: str,
    file: DailyFile,
    *,
    now: datetime,
    is_first_word: bool = False,
    is_whole_day: bool = True,
) -> UUID | None:
    """Compare the file with our books and write down what was found; None when that was done before. Run as SYSTEM.

    `is_first_word`: nobody tells of this money before the file does, so that what it adds is no difference.
    `is_whole_day`: the file has all of its day, so that what it does not name is missing.
    """
    totals = {kind: sum(line.amount for line in file.lines if line.kind == kind) for kind in (CAPTURE, REFUND)}
    row = {
        "id": new_id(),
        "gateway": gateway,
        "day": file.day,
        "digest": file.digest,
        "received_at": now,
        "captured": totals[CAPTURE],
        "refunded": totals[REFUND],
    }
    settlement_id = session.execute(_ADD_SETTLEMENT, row).scalar_one_or_none()
    if settlement_id is None:
        return None
    known = {
        CAPTURE: captured(session, gateway, _numbers(file, CAPTURE)),
        REFUND: paid_back(session, gateway, _numbers(file, REFUND)),
    }
    rows = [
        _row(settlement_id, line, _finding(session, gateway, line, known[line.kind], day=file.day, now=now))
        for line in file.lines
    ]
    if is_whole_day:
        rows += [_row(settlement_id, line, Finding.MISSING) for line in _missing(session, gateway, file)]
    if rows:
        session.execute(insert(SettlementLine), rows)
    expected = (Finding.AGREES, Finding.ADDED) if is_first_word else (Finding.AGREES,)
    differing = sum(row["finding"] not in expected for row in rows)
    if differing:
        log.error("a daily file differs from our books", extra={"settlement": str(settlement_id), "lines": differing})
    return settlement_id


def note_missing(session: Session, gateway: str, file: DailyFile) -> None:
    """Of a file that was compared as a part of its day and has all of it after all: what of our books it lacks.

    Safe to run twice. Run as SYSTEM.
    """
    wanted = (Settlement.gateway == gateway, Settlement.day == file.day, Settlement.digest == file.digest)
    settlement_id = session.scalars(select(Settlement.id).where(*wanted)).one()
    rows = [_row(settlement_id, line, Finding.MISSING) for line in _missing(session, gateway, file)]
    if rows:
        once = insert(SettlementLine).on_conflict_do_nothing(index_elements=["settlement_id", "kind", "number"])
        session.execute(once, rows)


def _finding(
    session: Session, gateway: str, line: SettledLine, known: dict[str, int], *, day: date, now: datetime
) -> Finding:
    """`known`: what our books say of such lines, by number."""
    amount = known.get(line.transaction)
    if amount is not None:
        return Finding.AGREES if amount == line.amount else Finding.OTHER_AMOUNT
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


def captured(session: Session, gateway: str, numbers: Collection[str]) -> dict[str, int]:
    """VND that came in under these numbers of the gateway, however many they are."""
    found = select(Capture.number, Capture.amount).where(Capture.gateway == gateway)
    rows = session.execute(found.where(_is_one_of(Capture.number, numbers)))
    return {number: amount for number, amount in rows}


def paid_back(session: Session, gateway: str, numbers: Collection[str]) -> dict[str, int]:
    """The same of refunds."""
    found = (
        select(Refund.number, Refund.amount)
        .join(Capture, Capture.id == Refund.capture_id)
        .where(Capture.gateway == gateway, _is_one_of(Refund.number, numbers), Refund.state == RefundState.DONE)
    )
    return {number: amount for number, amount in session.execute(found)}


def _is_one_of(column: InstrumentedAttribute[str], numbers: Collection[str]) -> ColumnElement[bool]:
    """As one array: PostgreSQL takes 65,535 values in a statement, and a file may name more."""
    return column == any_(literal(list(numbers), ARRAY(Text())))


def _numbers(file: DailyFile, kind: str) -> set[str]:
    return {line.transaction for line in file.lines if line.kind == kind}


def _missing(session: Session, gateway: str, file: DailyFile) -> Iterator[SettledLine]:
    """What our books have under that day, and the file has not."""
    named = _numbers(file, CAPTURE)
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
