"""Who handed a record to whom, and when: read from its events, never typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.documents.form_types import HandOver
from portal.records.models import RecordEvent
from portal.records.record_file import RecordFile
from portal.records.types import UNDONE, RecordState, TaskRow
from portal.workflow.definition import Where

EARLY, ON_TIME, LATE = "Trước hạn", "Đúng hạn", "Quá hạn"
APPLICANT = "Người nộp hồ sơ"
PORTAL = "Cổng dịch vụ công (tự động)"
RETURN = "Trả kết quả"


def hand_overs_of(file: RecordFile, procedure: Procedure) -> list[HandOver]:
    """From the applicant to the counter, from each unit to the next, to the applicant and back.

    What is received at once by the portal itself is no hand-over, nor is what was taken back.
    """
    return [hand_over for event in file.events for hand_over in _of_event(file, procedure, event)]


def _of_event(file: RecordFile, procedure: Procedure, event: RecordEvent) -> Iterator[HandOver]:
    giver = file.task(event.task_id) if event.task_id else None
    from_unit = event.unit_name or (PORTAL if event.actor_id is None else APPLICANT)
    for opened in event.opened:
        task = next((task for task in file.tasks if str(task.id) == opened["task_id"]), None)
        to_unit = _receiver(procedure, opened)
        if task is None or task.outcome == UNDONE or not to_unit or to_unit == from_unit:
            continue
        taken = _taken(file, task)
        yield HandOver(
            from_unit=from_unit,
            from_person=event.actor_name if event.actor_id else "",
            handed_at=event.at,
            to_unit=to_unit,
            to_person=taken.actor_name if taken else task.assignee_name,
            received_at=taken.at if taken else None,
            outcome=_outcome(giver),
            note=opened["name"],
        )
    if event.state_after == RecordState.RETURNED and event.state_before != RecordState.RETURNED and not event.opened:
        yield HandOver(
            from_unit=from_unit,
            from_person=event.actor_name if event.actor_id else "",
            handed_at=event.at,
            to_unit=APPLICANT,
            to_person=file.record.applicant_name,
            received_at=event.at,
            outcome=_outcome(giver),
            note=RETURN,
        )


def _receiver(procedure: Procedure, opened: Mapping[str, Any]) -> str:
    """The unit, or the applicant; nobody where the portal goes on by itself."""
    if opened["unit"]:
        return str(opened["unit"])
    step = procedure.process.steps.get(opened["step"])
    return APPLICANT if step and step.at.where is Where.APPLICANT else ""


def _taken(file: RecordFile, task: TaskRow) -> RecordEvent | None:
    """The first thing that somebody did with the task."""
    return next((event for event in file.events if event.task_id == task.id and event.actor_id is not None), None)


def _outcome(task: TaskRow | None) -> str:
    """How the giver kept the time of the step; nothing where none was set."""
    if task is None or task.closed_at is None or task.unit_id is None:
        return ""
    if task.closed_at > task.due_at:
        return LATE
    return EARLY if clock.local_day(task.closed_at) < clock.local_day(task.due_at) else ON_TIME
