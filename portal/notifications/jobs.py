"""Messages that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.jobs.types import Handler
from portal.notifications import service


def tell_applicant(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write the message about one event of a record; a second run finds it written."""
    with unit_of_work(SYSTEM) as session:
        service.tell_applicant(session, UUID(arguments["event_id"]), now=now)


def tell_officials(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write to the officials whom an event names; a second run finds it written."""
    with unit_of_work(SYSTEM) as session:
        service.tell_officials(session, UUID(arguments["event_id"]), now=now)


def tell_recipients(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write to the units that received a copy; a second run finds it written."""
    with unit_of_work(SYSTEM) as session:
        service.tell_recipients(session, UUID(arguments["event_id"]), now=now)


KINDS: dict[str, Handler] = {
    "tell_applicant": tell_applicant,
    "tell_officials": tell_officials,
    "tell_recipients": tell_recipients,
}
