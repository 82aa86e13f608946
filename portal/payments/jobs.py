"""Asking the gateway about payments of which it has said nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from portal.core.actor import SYSTEM
from portal.core.errors import Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.types import Handler
from portal.payments import gateway, queries, service
from portal.payments.types import CONFIRMED, PaymentStatus

log = logging.getLogger(__name__)


def poll_payment(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Ask how a payment ended. While the gateway does not say, ask again later, at most for a day.

    The gateway may be down longer than the attempts of one job last: each question is a job of its own.
    """
    reference, turn = arguments["reference"], int(arguments["turn"])
    with reading(SYSTEM) as session:
        payment = queries.payment_status_or_none(session, reference)
    if payment is None or not payment.is_waiting:
        return
    try:
        outcome = gateway.current().ask(reference=reference, created_at=payment.created_at, now=now)
    except Unavailable:
        _ask_again(payment, turn=turn, now=now)
        return
    if outcome is None and now > payment.created_at + gateway.MAY_PAY_FOR:
        with unit_of_work(SYSTEM) as session:
            service.close_unpaid(session, reference)
        return
    if outcome is not None:
        with unit_of_work(SYSTEM) as session:
            answer = service.settle(session, outcome, now=now)
        if answer == CONFIRMED:
            return
    _ask_again(payment, turn=turn, now=now)


def _ask_again(payment: PaymentStatus, *, turn: int, now: datetime) -> None:
    with unit_of_work(SYSTEM) as session:
        if not service.poll_later(session, payment.reference, created_at=payment.created_at, turn=turn + 1, now=now):
            log.error("a payment stays open: the gateway never said how it ended", extra={"payment": str(payment.id)})


KINDS: dict[str, Handler] = {"poll_payment": poll_payment}
