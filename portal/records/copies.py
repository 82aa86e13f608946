"""Copies of what is issued, for other agencies: who receives them, and the rows that open the document to them.

A receiver reads the document and the card that stands in the row, and nothing else of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.catalogue.words import place
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.records.changes import Change, Situation
from portal.records.whereabouts import Whereabouts
from portal.units.types import UnitView, UnresolvedFunction
from portal.workflow.definition import Recipient, Text

COPY = "copy"
REPORT = "report"


@dataclass(frozen=True)
class Receiver:
    """`unit` is None for a body without accounts, and where nobody holds the function: the clerk sends it there."""

    unit: UnitView | None
    name: Text


def receivers(recipients: Iterable[Recipient], where: Whereabouts, *, sender: UUID) -> Iterator[Receiver]:
    """Who receives a copy of this record's document, each once; the unit that sends it does not."""
    met: set[str] = set()
    for recipient in recipients:
        if recipient.when is not None and not recipient.when.test(where.facts):
            continue
        found = _receiver(recipient, where)
        if found.name.vi not in met and (found.unit is None or found.unit.id != sender):
            met.add(found.name.vi)
            yield found


def _receiver(recipient: Recipient, where: Whereabouts) -> Receiver:
    try:
        unit = where.receiver(recipient.at)
    except (UnresolvedFunction, InvalidInput):  # a copy that cannot be delivered here must not hold the result up
        unit = None
    if unit is not None:
        return Receiver(unit, Text(unit.name, unit.name_en))
    return Receiver(None, recipient.at.body or place(recipient.at))


def send_copies(
    situation: Situation, change: Change, document_id: UUID, recipients: Iterable[Recipient], *, purpose: str = COPY
) -> None:
    """Open the document to whoever receives it, and owe them a message; note what the clerk must post."""
    where = Whereabouts(
        directory=situation.directory,
        place=situation.record.place,
        received_unit_id=situation.record.received_unit_id,
        return_unit_id=situation.record.return_unit_id,
        facts=situation.facts,
        day=clock.local_day(situation.now),
    )
    sender = situation.task.unit_id or situation.record.received_unit_id
    for found in receivers(recipients, where, sender=sender):
        row = _row(situation, document_id, found, sender=sender, purpose=purpose)
        change.write(documents.ADD_COPY, row)
        change.details.setdefault("copies", []).append(
            {"unit_id": str(found.unit.id) if found.unit else None, "name": found.name.vi, "name_en": found.name.en,
             "purpose": purpose}
        )  # fmt: skip
        if found.unit is not None:
            _owe_telling(situation, change)


def _row(situation: Situation, document_id: UUID, found: Receiver, *, sender: UUID, purpose: str) -> dict[str, Any]:
    record = situation.record
    return {
        "id": new_id(),
        "document_id": document_id,
        "record_id": record.id,
        "owner_id": record.owner_id,
        "unit_id": found.unit.id if found.unit else None,
        "body": "" if found.unit else found.name.vi,
        "body_en": "" if found.unit else found.name.en,
        "sender_id": sender,
        "purpose": purpose,
        "record_code": record.code,
        "applicant_name": record.applicant_name,
        "subject": record.subject,
        "subject_en": record.subject_en,
        "version_id": record.version_id,
        "created_at": situation.now,
        "sent_at": situation.now if found.unit else None,
        "sent_by_name": situation.actor.name if found.unit else "",
        "sent_how": "",
        "read_at": None,
        "read_by_name": "",
    }


def _owe_telling(situation: Situation, change: Change) -> None:
    natural_key = f"{change.event_id}:copies"
    if any(job["natural_key"] == natural_key for job in change.jobs):
        return
    change.owe(
        "tell_recipients",
        arguments={"event_id": str(change.event_id)},
        due_at=situation.now,
        natural_key=natural_key,
    )
