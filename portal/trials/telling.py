"""What the applicant, or the officials who answer for a record, would be told: the very words of real messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.core import clock
from portal.notifications.queries import kind_of
from portal.notifications.types import About, MessageText
from portal.notifications.writing import message_for
from portal.records import statements
from portal.records.record_view import RecordView
from portal.records.types import TaskRow
from portal.units.resolution import Directory
from portal.workflow.definition import Text


@dataclass(frozen=True)
class Request:
    """The newest request for a supplement: its items, and until when it is answered once it was sent."""

    items: tuple[Text, ...] = ()
    answer_by: date | None = None

    def written(self, statement: Any, parameters: Mapping[str, Any]) -> Request:
        """As a statement of a change leaves it."""
        if statement is statements.ADD_SUPPLEMENT:
            return Request(tuple(Text(item["label"], item["label_en"]) for item in parameters["items"]))
        if statement is statements.SEND_SUPPLEMENT:
            return Request(self.items, parameters["answer_by"])
        return Request() if statement is statements.CANCEL_SUPPLEMENT else self


@dataclass(frozen=True)
class Told:
    """An event, as far as a message speaks of it."""

    kind: str
    before: str | None
    unit_id: UUID | None = None
    reason: str = ""
    was_due_at: datetime | None = None
    opened: tuple[TaskRow, ...] = ()
    amount: int = 0  # VND: just paid, or still owed


def message_about(
    told: Told, view: RecordView, request: Request, directory: Directory, *, now: datetime
) -> MessageText | None:
    """The message that the event brings; None when there is nothing to say."""
    has_new_date = told.was_due_at is not None
    kind = kind_of(
        told.kind, before=told.before, after=view.state, has_new_date=has_new_date, is_unpaid=told.amount > 0
    )
    if kind is None:
        return None
    about = About(
        code=view.code,
        on=clock.local_day(now),
        unit=_named(directory, [told.unit_id or view.received_unit_id]),
        place=_named(directory, [view.return_unit_id]),
        asked=_named(directory, (task.unit_id for task in told.opened if task.consultation)),
        reason=told.reason,
        reception_due_at=view.reception_due_at,
        due_at=view.due_at,
        was_due_at=told.was_due_at,
        answer_by=request.answer_by,
        items=request.items if request.answer_by else (),
        amount=told.amount,
    )
    return message_for(kind, about)


def _named(directory: Directory, unit_ids: Iterable[UUID | None]) -> Text:
    units = [directory.unit(unit_id) for unit_id in dict.fromkeys(unit_ids) if unit_id is not None]
    return Text(*(", ".join(sorted({unit.in_language(language) for unit in units})) for language in ("vi", "en")))
