"""Receipts that were given up because the token was away: owed again once it answers.

Only the worker of documents may speak with the token: the watch asks it to look, when something waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.jobs import queries
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS, Handler
from portal.records.fee_receipts import KIND
from portal.signing import service as signing
from portal.signing.token import TokenUnavailable

LOOKS_BACK = timedelta(days=30)
"""What was owed longer ago has another cause: an administrator looks at it."""


def watch_receipts(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Have the token looked at while receipts wait for it."""
    with unit_of_work(SYSTEM) as session:
        if signing.is_on() and _given_up(session, now=now):
            jobs.owe(session, "seal_receipts", queue=DOCUMENTS, arguments={}, natural_key=f"{now:%y%m%d%H%M}", now=now)


def seal_receipts(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Owe the receipts again when the token answers; nothing else."""
    try:
        with signing.open_desk():
            pass
    except TokenUnavailable:
        return
    with unit_of_work(SYSTEM) as session:
        jobs.try_again(session, _given_up(session, now=now), now=now)


def _given_up(session: Session, *, now: datetime) -> list[UUID]:
    return queries.list_given_up(session, "make_document", key_ends=f":{KIND}", since=now - LOOKS_BACK)


KINDS: dict[str, Handler] = {"watch_receipts": watch_receipts, "seal_receipts": seal_receipts}

PERIODIC = {"watch_receipts": timedelta(minutes=15)}
"""What the sweeper owes again and again."""
