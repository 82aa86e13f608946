"""Telling applicants and officials, and their reading of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.references import new_id
from portal.jobs import service as jobs
from portal.notifications import mailing, queries
from portal.notifications.models import Message
from portal.notifications.types import MessageText
from portal.notifications.writing import message_for

UNTIL_DRAWN = timedelta(seconds=20)
"""A letter takes its papers along, which are drawn at the same time."""

_MESSAGE = cast(Table, Message.__table__)
_WRITE_MESSAGE = insert(_MESSAGE).on_conflict_do_nothing(index_elements=["event_id", "owner_id"])


def message_row(
    *, record_id: UUID, event_id: UUID, owner_id: UUID, kind: str, text: MessageText, now: datetime
) -> dict[str, Any]:
    """The row of a message: one for each event."""
    return {
        "id": new_id(),
        "record_id": record_id,
        "event_id": event_id,
        "owner_id": owner_id,
        "kind": kind,
        "subject": text.subject.vi,
        "subject_en": text.subject.en,
        "body": text.body.vi,
        "body_en": text.body.en,
        "sent_at": now,
    }


def tell_applicant(session: Session, event_id: UUID, *, now: datetime) -> None:
    """Write the message about an event, unless there is nothing to say or it stands there already. Run as SYSTEM."""
    due = queries.message_due(session, event_id)
    if due is None:
        return
    row = message_row(
        record_id=due.record_id,
        event_id=event_id,
        owner_id=due.owner_id,
        kind=due.kind,
        text=message_for(due.kind, due.about),
        now=now,
    )
    session.execute(_WRITE_MESSAGE, row)
    if mailing.server() is not None:
        _owe_letter(session, event_id, owner_id=due.owner_id, now=now)


def _owe_letter(session: Session, event_id: UUID, *, owner_id: UUID, now: datetime) -> None:
    jobs.owe(
        session,
        "mail_message",
        arguments={"event_id": str(event_id), "owner_id": str(owner_id)},
        due_at=now + UNTIL_DRAWN,
        natural_key=f"{event_id}:{owner_id}",
        now=now,
    )


def tell_officials(session: Session, event_id: UUID, *, now: datetime) -> None:
    """Write to each official whom the event names, once. Run as SYSTEM."""
    _write_all(session, event_id, queries.message_to_officials(session, event_id), now=now)


def tell_recipients(session: Session, event_id: UUID, *, now: datetime) -> None:
    """Write to those who lead the units that received a copy of what the event issued, once. Run as SYSTEM."""
    _write_all(session, event_id, queries.message_to_recipients(session, event_id), now=now)


def _write_all(
    session: Session, event_id: UUID, due: tuple[queries.Told, tuple[UUID, ...]] | None, *, now: datetime
) -> None:
    if due is None:
        return
    told, people = due
    text = message_for(told.kind, told.about)
    for person_id in people:
        row = message_row(
            record_id=told.record_id, event_id=event_id, owner_id=person_id, kind=told.kind, text=text, now=now
        )
        session.execute(_WRITE_MESSAGE, row)


def mark_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """The actor has read all his own messages. Nothing changes for those read before."""
    unread = update(Message).where(Message.owner_id == actor.person_id, Message.read_at.is_(None))
    session.execute(unread.values(read_at=now))
