"""Whom an action asks: the agencies that are ticked, and the opinions that an office would ask of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.catalogue.consulting import ASKED, named_by
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.records.grounds import Grounds
from portal.records.models import Record, RecordEvent
from portal.records.types import ActionAnswers, LockedRecord, TaskRow
from portal.records.whereabouts import Whereabouts
from portal.workflow import engine, splits
from portal.workflow.definition import Action, Facts


def with_asked(
    facts: Facts, action: Action, task: TaskRow, *, record: LockedRecord, grounds: Grounds, answers: ActionAnswers,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The facts that the engine needs beside a record's own when the action opens branches.

    Raises InvalidInput when a consulting action asks nobody.
    """
    known: Mapping[str, Any] = {**facts, "asked": ticked(action, answers)}
    process = grounds.procedure.process
    if action.consults and not known["asked"]:
        raise InvalidInput("Chọn ít nhất một cơ quan để hỏi.", field=ASKED)
    if not engine.is_split(action):
        return dict(known)
    where = whereabouts_of(record, grounds, known, now=now)
    itself = []
    for name, value in engine.branches_opened(action, known):
        step = process.step(name)
        if step.same_office is None:
            continue
        unit = where.desk_of(step, split=splits.inside(task.split, task.step, value)).unit
        if unit is not None and unit.id == task.unit_id:
            itself.append(engine.branch_name(name, value))
    return {**known, "same_office": itself}


def whereabouts_of(record: LockedRecord | Record, grounds: Grounds, facts: Facts, *, now: datetime) -> Whereabouts:
    """What says where the steps of the record are done today."""
    return Whereabouts(
        directory=grounds.directory,
        place=record.place,
        received_unit_id=record.received_unit_id,
        return_unit_id=record.return_unit_id,
        facts=facts,
        day=clock.local_day(now),
    )


def ticked(action: Action, answers: ActionAnswers) -> list[str]:
    """The steps that a consulting action asks, or proposes to ask, in the order of the definition."""
    given = answers.form.get(ASKED) or []
    return [name for name in named_by(action) if name in given]


def proposed(task_id: UUID, events: Iterable[RecordEvent]) -> dict[str, Any]:
    """What was filled in by whoever proposed to ask, for the task that approves it; empty for another task."""
    for event in events:
        form = event.details.get("form", {})
        if ASKED in form and any(step["task_id"] == str(task_id) for step in event.opened):
            return dict(form)
    return {}
