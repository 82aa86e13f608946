"""Results that nobody collected in time: whoever comes later still gets the paper, on the counter's own terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.text import marked
from portal.records import positions
from portal.records.answers import asking, faults_of_fields
from portal.records.collecting import archiving_end, require_paid, who_came
from portal.records.events import append_note
from portal.records.facts import facts_of
from portal.records.grounds import Grounds, grounds_of
from portal.records.models import Record
from portal.records.telling import tell_applicant
from portal.records.types import COUNTER, HeldPost, LockedRecord, RecordState, TaskRow
from portal.workflow.definition import Action, ActionKind, Facts, Step

GIVEN = "archived_result_given"
"""Kind of the event: the paper has left the archive. The record stays as it ended."""

NOT_THERE = marked("Hồ sơ này không có kết quả trong lưu. Mở lại hồ sơ để xem.")
NOT_YOURS = marked("Bộ phận một cửa đang lưu kết quả mới trả được. Chuyển cho đơn vị đó.")
ALREADY = marked("Kết quả trong lưu của hồ sơ này đã trả. Mở lại hồ sơ để xem.")

_TOLD = text("SELECT 1 FROM record_event WHERE record_id = :wanted AND kind = :kind")


@dataclass(frozen=True)
class Kept:
    """A result in the archive: the task at which nobody came, and the action that would have given it."""

    task: TaskRow
    step: Step
    action: Action


def kept_result(record: Record | LockedRecord, tasks: Iterable[TaskRow], grounds: Grounds, facts: Facts) -> Kept | None:
    """None when the record has not ended in the archive."""
    if record.state != RecordState.ARCHIVED:
        return None
    facts = {**facts, "record": {**facts["record"], "return_by": COUNTER}}  # whatever was chosen once
    process = grounds.procedure.process
    for task in reversed(tuple(tasks)):
        step = process.steps.get(task.step)
        if step is None or not archiving_end(process, step):
            continue
        for action in step.actions:
            if action.kind is ActionKind.GIVE:
                return Kept(task, step, asking(action, facts))
    return None


def may_give(kept: Kept, posts: Iterable[HeldPost]) -> bool:
    """Whoever could have given it at the counter, or leads there."""
    return any(post.unit_id == kept.task.unit_id and post.role in (kept.step.role, "counter_leader") for post in posts)


def give_from_archive(
    session: Session, record_id: UUID, *, form: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """Note who came for the paper, and what was taken in. Raises NotFound, NotAllowed, InvalidInput, Conflict."""
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    kept = kept_result(record, position.tasks, grounds, facts)
    if kept is None:
        raise NotFound(NOT_THERE)
    if not may_give(kept, position.posts):
        raise NotAllowed(NOT_YOURS)
    if session.execute(_TOLD, {"wanted": record.id, "kind": GIVEN}).first() is not None:
        raise Conflict(ALREADY)
    require_paid(session, record.id, outcome=record.outcome)
    for name, sentence in faults_of_fields(kept.action.form, form):
        raise InvalidInput(sentence.vi, field=name)
    event_id = append_note(
        session,
        record,
        kind=GIVEN,
        actor=actor,
        now=now,
        task=kept.task,
        action=kept.action.id,
        details={"form": who_came(kept.action, form, answers=record.answers)},
        for_applicant=True,
    )
    tell_applicant(session, record.id, event_id, now=now)
