"""What the events alone say of a record: its history must lead to exactly what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from portal.records.models import RecordEvent
from portal.records.pauses import moment_or_none
from portal.records.record_file import RecordFile
from portal.records.types import ENDED

MOVES = frozenset({"action_taken", "timer_fired", "question_recalled"})
"""Events that close their task."""
ENDINGS = frozenset({"record_withdrawn", "record_stopped"})
"""Events that close every task."""


@dataclass(frozen=True)
class Replayed:
    """A record as its events leave it. `open_tasks` are the keys of its tasks, as text."""

    version: int = 0
    state: str = ""
    outcome: str | None = None
    due_at: datetime | None = None
    open_tasks: frozenset[str] = frozenset()


def replay(events: Iterable[RecordEvent]) -> Replayed:
    """Play the events in their order. Raises ValueError when one does not follow from the one before."""
    record = Replayed()
    for event in events:
        if (event.number, event.state_before or "") != (record.version + 1, record.state):
            raise ValueError(f"event {event.number} does not follow version {record.version} in {record.state!r}")
        record = _after(record, event)
    return record


def _after(record: Replayed, event: RecordEvent) -> Replayed:
    record = replace(record, version=event.number, state=event.state_after)
    opened = frozenset(step["task_id"] for step in event.opened)
    if event.kind == "action_undone":
        return _taken_back(record, event, opened)
    if event.kind not in MOVES | ENDINGS:
        due_at = moment_or_none(event.details["due_at"]) if "due_at" in event.details else record.due_at
        return replace(record, open_tasks=record.open_tasks | opened, due_at=due_at)
    closed = {str(event.task_id)} if event.kind in MOVES else record.open_tasks
    if not closed <= record.open_tasks or not closed:
        raise ValueError(f"event {event.number} closes a task that is not open")
    closed |= frozenset(event.details.get("cancelled", ()))
    staying = frozenset() if event.state_after in ENDED else (record.open_tasks - closed) | opened
    return replace(
        record,
        open_tasks=staying,
        outcome=event.details["outcome"],
        due_at=moment_or_none(event.details["due_at"]),
    )


def _taken_back(record: Replayed, event: RecordEvent, opened: frozenset[str]) -> Replayed:
    closed = frozenset(event.details["closed"])
    if not closed <= record.open_tasks:
        raise ValueError(f"event {event.number} takes back tasks that are not open")
    return replace(
        record,
        open_tasks=(record.open_tasks - closed) | opened,
        outcome=event.details["outcome"],
        due_at=moment_or_none(event.details["due_at"]),
    )


def differences(file: RecordFile) -> list[str]:
    """Where the stored record is not what its events say; empty when they agree."""
    try:
        told = replay(file.events)
    except ValueError as broken:
        return [str(broken)]
    record = file.record
    stored = Replayed(
        version=record.version,
        state=record.state,
        outcome=record.outcome,
        due_at=record.due_at,
        open_tasks=frozenset(str(task.id) for task in file.open_tasks),
    )
    names = Replayed.__dataclass_fields__
    return [name for name in names if getattr(told, name) != getattr(stored, name)]
