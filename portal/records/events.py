"""Rows of the history: one shape for everything that happens to a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.references import new_id
from portal.records.statements import APPEND_EVENT
from portal.records.types import LockedRecord, TaskRow
from portal.units.resolution import Directory
from portal.units.types import UnitView

_RAISE_VERSION = text("UPDATE record SET version = version + 1 WHERE id = :wanted")


def event_row(
    *,
    record_id: UUID,
    owner_id: UUID,
    number: int,
    kind: str,
    actor: Actor,
    now: datetime,
    state_before: str | None,
    state_after: str,
    event_id: UUID | None = None,
    task: TaskRow | None = None,
    unit_name: str = "",
    action: str | None = None,
    reason: str = "",
    opened: Iterable[Mapping[str, Any]] = (),
    details: Mapping[str, Any] | None = None,
    for_applicant: bool = True,
) -> dict[str, Any]:
    """The row of an event; `task` is the one that it happened to."""
    return {
        "id": event_id or new_id(),
        "record_id": record_id,
        "number": number,
        "owner_id": owner_id,
        "at": now,
        "kind": kind,
        "actor_id": actor.person_id,
        "actor_name": actor.name,
        "unit_id": task.unit_id if task else None,
        "unit_name": unit_name,
        "task_id": task.id if task else None,
        "step": task.step if task else None,
        "step_name": task.step_name if task else "",
        "action": action,
        "reason": reason,
        "state_before": state_before,
        "state_after": state_after,
        "opened": list(opened),
        "details": dict(details or {}),
        "for_applicant": for_applicant,
    }


def opened_steps(tasks: Iterable[Mapping[str, Any]], directory: Directory) -> list[dict[str, Any]]:
    """What an event says of the tasks that it opened: enough to play the history again."""
    return [
        {
            "task_id": str(task["id"]),
            "step": task["step"],
            "name": task["step_name"],
            "unit_id": str(task["unit_id"]) if task["unit_id"] else None,
            "unit": directory.unit(task["unit_id"]).name if task["unit_id"] else "",
        }
        for task in tasks
    ]


def append_note(
    session: Session,
    record: LockedRecord,
    *,
    kind: str,
    actor: Actor,
    now: datetime,
    task: TaskRow | None = None,
    action: str | None = None,
    details: Mapping[str, Any] | None = None,
    for_applicant: bool = False,
    reason: str = "",
    unit: UnitView | None = None,
) -> UUID:
    """Note something that moves no task, on a record that is locked. May be sent in a trip.

    `unit`: who acts, when it is no task's.
    """
    row = event_row(
        record_id=record.id,
        owner_id=record.owner_id,
        number=record.version + 1,
        kind=kind,
        actor=actor,
        now=now,
        state_before=record.state,
        state_after=record.state,
        task=task,
        action=action,
        details=details,
        for_applicant=for_applicant,
        reason=reason,
        unit_name=unit.name if unit else "",
    )
    if unit is not None:
        row["unit_id"] = unit.id
    session.connection().execute(APPEND_EVENT, row)
    session.connection().execute(_RAISE_VERSION, {"wanted": record.id})
    event_id: UUID = row["id"]
    return event_id
