"""What is asked of gateways: payments of which they said nothing, refunds that two persons agreed on, daily files."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.core.actor import SYSTEM
from portal.core.errors import Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.service import owe
from portal.jobs.types import Handler
from portal.payments import gateways, matching, queries, reconciliation, refunds, service
from portal.payments.gateways import Gateway
from portal.payments.types import CONFIRMED, Heard, PaymentStatus

log = logging.getLogger(__name__)

LOOKS_BACK = 31
"""Days whose files are asked for again as long as they were not there."""


def poll_payment(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Ask how a payment ended. While the gateway does not say, ask again later, at most for a day.

    The gateway may be down longer than the attempts of one job last: each question is a job of its own.
    """
    reference, turn = arguments["reference"], int(arguments["turn"])
    with reading(SYSTEM) as session:
        payment = queries.payment_status_or_none(session, reference)
    if payment is None or not payment.is_waiting:
        return
    gateway = gateways.of(payment.gateway)
    try:
        outcome = gateway.ask(reference=reference, created_at=payment.created_at, now=now)
    except Unavailable:
        _ask_again(payment, turn=turn, now=now)
        return
    if outcome is None and now > payment.created_at + gateway.may_pay_for:
        with unit_of_work(SYSTEM) as session:
            service.close_unpaid(session, gateway=gateway.name, reference=reference)
        return
    if outcome is not None:
        with unit_of_work(SYSTEM) as session:
            answer = service.settle(session, outcome, heard=Heard.QUESTION, now=now)
        if answer == CONFIRMED:
            return
    _ask_again(payment, turn=turn, now=now)


def _ask_again(payment: PaymentStatus, *, turn: int, now: datetime) -> None:
    with unit_of_work(SYSTEM) as session:
        if not service.poll_later(session, payment.reference, created_at=payment.created_at, turn=turn + 1, now=now):
            log.error("a payment stays open: the gateway never said how it ended", extra={"payment": str(payment.id)})


def send_refund(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Ask the gateway to give money back, under the same request until it has decided."""
    refund_id, turn = UUID(arguments["refund_id"]), int(arguments.get("turn", "0"))
    with reading(SYSTEM) as session:
        wanted = refunds.order_of(session, refund_id)
    if wanted is None:
        return
    name, order = wanted
    try:
        outcome = gateways.of(name).refund(order, now=now)
    except Unavailable:
        outcome = None
    with unit_of_work(SYSTEM) as session:
        if outcome is not None and refunds.note_answer(session, refund_id, outcome, now=now):
            return
        if turn == refunds.LAST_TURN:
            log.error("a refund stays open: the gateway never said how it ended", extra={"refund": str(refund_id)})
            return
        owe(
            session,
            "send_refund",
            arguments={"refund_id": str(refund_id), "turn": str(turn + 1)},
            due_at=now + refunds.ASK_AGAIN_AFTER[turn],
            natural_key=f"{order.request}:{turn + 1}",
            now=now,
        )


def match_suspense(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Two persons agreed whose fee the money is."""
    with unit_of_work(SYSTEM) as session:
        matching.match(session, UUID(arguments["refund_id"]), now=now)


def compare_books(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Fetch the daily files that are not here yet, and compare each with our books."""
    for gateway in gateways.offered():
        with reading(SYSTEM) as session:
            days = reconciliation.days_without_file(session, gateway.name, days=LOOKS_BACK, now=now)
        for day in days:
            if not _compare(gateway, day, now=now):
                break


def _compare(gateway: Gateway, day: date, *, now: datetime) -> bool:
    """False when the gateway does not answer: the next turn asks again."""
    try:
        file = gateway.daily_file(day, now=now)
    except Unavailable as failure:
        log.warning("a daily file could not be read", extra={"gateway": gateway.name, "reason": str(failure.details)})
        return False
    if file is not None:
        with unit_of_work(SYSTEM) as session:
            reconciliation.compare(session, gateway.name, file, now=now)
    return True


KINDS: dict[str, Handler] = {
    "poll_payment": poll_payment,
    "send_refund": send_refund,
    "match_suspense": match_suspense,
    "compare_books": compare_books,
}

PERIODIC = {"compare_books": timedelta(hours=6)}
"""What the sweeper owes again and again."""
