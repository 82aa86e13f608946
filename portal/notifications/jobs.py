"""Messages that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.types import Handler
from portal.notifications import mailing, service
from portal.notifications.letters import letter_of


def tell_applicant(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write the message about one event of a record; a second run finds it written."""
    with unit_of_work(SYSTEM) as session:
        service.tell_applicant(session, UUID(arguments["event_id"]), now=now)


def mail_message(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Send the message by e-mail with its papers; a second run sends the same letter, which arrives once."""
    server = mailing.server()
    if server is None:
        return
    with reading(SYSTEM) as session:
        letter = letter_of(session, UUID(arguments["event_id"]), owner_id=UUID(arguments["owner_id"]), server=server)
    if letter is not None:
        mailing.send(letter)


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
    "mail_message": mail_message,
    "tell_officials": tell_officials,
    "tell_recipients": tell_recipients,
}
