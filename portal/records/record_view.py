"""What pages show of a record, the same from its file and from the public look-up, which knows less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.catalogue import giving
from portal.delivery.types import Tracking
from portal.records.due_changes import DueChanges, due_changes_of
from portal.records.models import RecordEvent
from portal.records.pauses import Pauses, moment_or_none, paused_since, pauses_of
from portal.records.record_file import RecordFile
from portal.records.types import NOTHING_OWED, RecordState, TaskRow
from portal.workflow.definition import Text


@dataclass(frozen=True)
class WayChange:
    """How the result was to be received, and how it is now; the units are those at whose counter."""

    before: str
    after: str
    before_unit: UUID | None
    after_unit: UUID | None

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> WayChange:
        units = [UUID(details[name]) if details.get(name) else None for name in ("from_unit", "to_unit")]
        return cls(details["from"], details["to"], *units)


@dataclass(frozen=True)
class EventView:
    """Something that happened, as far as the reader may know. `reason` and `actor_name` are empty in the look-up."""

    number: int
    at: datetime
    kind: str
    unit_id: UUID | None
    unit_name: str
    step: str | None
    step_name: str
    action: str | None
    state_before: str | None
    state_after: str
    reason: str = ""
    actor_name: str = ""
    due_at: datetime | None = None  # of the record, after the event
    came: str = ""  # who came for the result: self, authorised
    way: WayChange | None = None


@dataclass(frozen=True)
class Verdict:
    """What an asked agency said: agree, agree_with_conditions, disagree, silent."""

    consultation: str
    verdict: str
    given_at: datetime


@dataclass(frozen=True)
class Asked:
    """The supplement that waits for the applicant."""

    unit_id: UUID
    items: int
    answer_by: date | None


@dataclass(frozen=True)
class RecordView:
    """A record for its pages. `unpaid` in VND."""

    code: str
    subject: Text
    procedure_name: str
    version_id: UUID
    place: str
    received_unit_id: UUID
    return_unit_id: UUID
    return_by: str
    state: str
    outcome: str | None
    submitted_at: datetime
    reception_due_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    pauses: Pauses
    due_changes: DueChanges
    finished_at: datetime | None
    closed_at: datetime | None
    tasks: tuple[TaskRow, ...]
    events: tuple[EventView, ...]
    supplement: Asked | None = None
    verdicts: tuple[Verdict, ...] = ()
    unpaid: int = 0
    parcel: Tracking | None = None
    answers: Mapping[str, Any] | None = None  # the look-up does not know them

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        return tuple(task for task in self.tasks if task.is_open)

    @property
    def ended_from(self) -> str | None:
        """In which state it was when it expired; None when it has not, or the events are not known."""
        return ended_from(self.events)

    @property
    def is_paused(self) -> bool:
        return paused_since(self.pauses) is not None


def ended_from(events: Iterable[EventView | RecordEvent]) -> str | None:
    """The state before the record expired."""
    ends = [one.state_before for one in events if one.state_after == RecordState.EXPIRED != one.state_before]
    return ends[-1] if ends else None


_AS_STORED = (
    "code", "procedure_name", "version_id", "place", "received_unit_id", "return_unit_id", "return_by", "state",
    "outcome", "submitted_at", "accepted_at", "due_at", "finished_at", "closed_at",
)  # fmt: skip


def view_from(record: Any, **more: Any) -> RecordView:
    """The view of a record, a row of its table or one in memory, with `more` of what is not the same in both."""
    return RecordView(**{name: getattr(record, name) for name in _AS_STORED}, **more)


def view_of(file: RecordFile) -> RecordView:
    """The view of a record whose file the reader may see."""
    record, waiting = file.record, file.open_supplement
    return view_from(
        record,
        subject=Text(record.subject, record.subject_en),
        reception_due_at=record.reception_due_at,
        pauses=pauses_of(record.pauses),
        due_changes=due_changes_of(record.due_changes),
        tasks=file.tasks,
        events=tuple(_event(event) for event in file.events),
        supplement=Asked(waiting.unit_id, len(waiting.items), waiting.answer_by) if waiting else None,
        verdicts=tuple(Verdict(opinion.consultation, opinion.verdict, opinion.given_at) for opinion in file.opinions),
        unpaid=file.unpaid,
        parcel=_tracking(file),
        answers=record.answers,
    )


def _tracking(file: RecordFile) -> Tracking | None:
    """Without the wish that came to nothing."""
    parcel = file.parcel
    return Tracking.of(parcel) if parcel and (parcel.ended_at is None or parcel.ordered_at) else None


_IN_DETAILS = ("due_at", "came", "way")


def _event(event: RecordEvent) -> EventView:
    details = event.details
    told = {name: getattr(event, name) for name in EventView.__dataclass_fields__ if name not in _IN_DETAILS}
    came = (details.get("form") or {}).get(giving.CAME, "")
    way = WayChange.of(details) if event.kind == "way_changed" else None
    return EventView(**told, due_at=moment_or_none(details.get("due_at")), came=came, way=way)


def view_of_answer(found: Mapping[str, Any]) -> RecordView:
    """The view of what `queries.find_by_receipt` and `find_by_key` answer, and of a row of `list_my_records`."""
    record, waiting = found["record"], found["supplement"]
    return RecordView(
        code=record["code"],
        subject=Text(record["subject"], record.get("subject_en") or ""),  # the look-up tells no title
        procedure_name=record["procedure_name"],
        version_id=UUID(record["version_id"]),
        place=record["place"],
        received_unit_id=UUID(record["received_unit_id"]),
        return_unit_id=UUID(record["return_unit_id"]),
        return_by=record["return_by"],
        state=record["state"],
        outcome=record["outcome"],
        submitted_at=datetime.fromisoformat(record["submitted_at"]),
        reception_due_at=datetime.fromisoformat(record["reception_due_at"]),
        accepted_at=moment_or_none(record["accepted_at"]),
        due_at=moment_or_none(record["due_at"]),
        pauses=pauses_of(record["pauses"]),
        due_changes=due_changes_of(record["due_changes"]),
        finished_at=moment_or_none(record["finished_at"]),
        closed_at=moment_or_none(record["closed_at"]),
        tasks=tuple(_task(task) for task in found["tasks"]),
        events=tuple(
            EventView(
                number=event["number"],
                at=datetime.fromisoformat(event["at"]),
                kind=event["kind"],
                unit_id=_key(event["unit_id"]),
                unit_name=event["unit_name"],
                step=event["step"],
                step_name=event["step_name"],
                action=event["action"],
                state_before=event["state_before"],
                state_after=event["state_after"],
                due_at=moment_or_none(event["due_at"]),
                way=WayChange.of(event["way"]) if event.get("way") else None,
            )
            for event in found["events"]
        ),
        supplement=waiting
        and Asked(
            UUID(waiting["unit_id"]),
            len(waiting["items"]),
            date.fromisoformat(waiting["answer_by"]) if waiting["answer_by"] else None,
        ),
        verdicts=tuple(
            Verdict(said["consultation"], said["verdict"], datetime.fromisoformat(said["given_at"]))
            for said in found["opinions"]
        ),
        unpaid=0 if record["state"] in NOTHING_OWED else found["unpaid"],
        parcel=Tracking.read(found["parcel"]) if found.get("parcel") else None,
    )


def _task(task: Mapping[str, Any]) -> TaskRow:
    """A task without the persons who did it."""
    return TaskRow(
        id=UUID(task["id"]),
        step=task["step"],
        step_name=task["step_name"],
        unit_id=_key(task["unit_id"]),
        function=task["function"],
        role=task["role"],
        split=task["split"],
        origin=task["origin"],
        consultation=task["consultation"],
        version=task["version"],
        opened_at=datetime.fromisoformat(task["opened_at"]),
        anchored_at=datetime.fromisoformat(task["anchored_at"]),
        due_at=datetime.fromisoformat(task["due_at"]),
        assignee_id=None,
        assignee_name="",
        closed_at=moment_or_none(task["closed_at"]),
        closed_by=None,
        closed_by_name="",
        outcome=task["outcome"],
    )


def _key(stored: str | None) -> UUID | None:
    return UUID(stored) if stored else None
