"""An agency whose time ran out still says its opinion while the result is not signed: it changes no step, but whoever
concludes reads it, marked late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.sequences import SILENT
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import marked
from portal.core.unit_of_work import one_message
from portal.jobs.service import ring_after_commit
from portal.records import effects, policy, positions, statements
from portal.records.changes import Change, Situation
from portal.records.events import append_note
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.making import make_document
from portal.records.opinions import opinion_row
from portal.records.performing import ADD_JOBS
from portal.records.record_file import list_tasks
from portal.records.types import ActionAnswers, HeldPost, LockedRecord, TaskRow
from portal.workflow.definition import Action, ActionKind, Process, Step

OPINION_LATE = "opinion_late"

_OVER = marked("Hồ sơ đã ký kết quả hoặc đã kết thúc, nên không nhận ý kiến muộn nữa.")
_SAID = marked("Cơ quan đã gửi ý kiến muộn cho lần hỏi này.")
_SIGNED = text("SELECT 1 FROM document WHERE record_id = :wanted AND kind = 'result' AND signed_at IS NOT NULL")
_SENT = text("SELECT 1 FROM record_event WHERE record_id = :wanted AND kind = 'opinion_late' AND task_id = :silent")


def answer_of(process: Process, consultation: str) -> tuple[Step, Action] | None:
    """The step and action in which an asked agency says its opinion."""
    return _first(process, consultation, lambda action: action.kind is ActionKind.ANSWER)


def may_answer_late(task: TaskRow, tasks: Iterable[TaskRow], process: Process, *, posts: tuple[HeldPost, ...]) -> bool:
    """Whoever signs the opinions of the agency that stayed silent, unless it is being asked again."""
    if not is_silent(task, tasks, process):
        return False
    signs = replace(task, role=signing_role(process, task))
    return any(policy.fits(post, signs) for post in posts)


def is_silent(task: TaskRow, tasks: Iterable[TaskRow], process: Process) -> bool:
    """Whether an agency let its time run out on this task, and has not been asked again since."""
    if task.outcome != SILENT or task.consultation is None or answer_of(process, task.consultation) is None:
        return False
    agency, since = (task.consultation, task.unit_id), task.closed_at or task.opened_at
    later = (one for one in tasks if one.id != task.id and one.opened_at >= since)
    return not any((one.consultation, one.unit_id) == agency for one in later)


def signing_role(process: Process, task: TaskRow) -> str | None:
    """Who signs the opinions of the agency that was asked with this task."""
    last = _first(process, task.consultation or "", lambda action: action.joins is not None)
    return last[0].role if last else task.role


def said_late(situation: Situation) -> Change:
    """The opinion and its letter; nothing else of the record changes. Raises InvalidInput."""
    change = Change.of(situation.record, event_id=new_id())
    effects.require(situation)
    change.write(statements.ADD_OPINION, {**opinion_row(situation), "final_at": situation.now})
    for kind in _documents(situation.procedure.process, situation.step.consultation or ""):
        make_document(situation, change, kind)
    return change


def send_late_opinion(
    session: Session, record_id: UUID, task_id: UUID, *, answers: ActionAnswers, actor: Actor, now: datetime
) -> UUID:
    """Write the opinion and its letter; the record stays where it is. Returns the key of the event.

    Raises NotFound, NotAllowed, InvalidInput, and Conflict when the result is signed or a late opinion is there.
    """
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    process = grounds.procedure.process
    tasks = list_tasks(session, record_id)
    task = next((one for one in tasks if one.id == task_id), None)
    if task is None or task.outcome != SILENT or task.consultation is None:
        raise NotFound("Không thấy câu hỏi này. Mở lại hồ sơ để xem.")
    found = answer_of(process, task.consultation)
    if found is None or not may_answer_late(task, tasks, process, posts=position.posts):
        raise NotAllowed("Việc này thuộc vị trí khác. Chuyển cho người phụ trách.")
    _refuse_when_over(session, record, task)
    situation = Situation.of(
        replace(task, step=found[0].id),
        found[1],
        record=record,
        position=position,
        grounds=grounds,
        facts=facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now)),
        actor=actor,
        now=now,
        answers=answers,
    )
    return _write(session, record, task, situation, said_late(situation))


def _write(session: Session, record: LockedRecord, task: TaskRow, situation: Situation, change: Change) -> UUID:
    details: dict[str, Any] = {**change.details, "form": dict(situation.answers.form), "answers": situation.step.id}
    with one_message(session) as send:
        writes: list[tuple[Any, Any]] = change.writes
        for statement, parameters in writes:
            send(statement, parameters)
        send(statements.TELL_OPINION, {"wanted": record.id})
        if change.jobs:
            send(ADD_JOBS, change.jobs)
        event_id = append_note(
            session, record, kind=OPINION_LATE, actor=situation.actor, now=situation.now, task=task, details=details
        )
    for queue in {job["queue"] for job in change.jobs}:
        ring_after_commit(session, queue)
    return event_id


def _refuse_when_over(session: Session, record: LockedRecord, task: TaskRow) -> None:
    if record.finished_at or record.closed_at or session.execute(_SIGNED, {"wanted": record.id}).first():
        raise Conflict(_OVER)
    if session.execute(_SENT, {"wanted": record.id, "silent": task.id}).first():
        raise Conflict(_SAID)


def _documents(process: Process, consultation: str) -> tuple[str, ...]:
    last = _first(process, consultation, lambda action: action.joins is not None)
    return last[1].documents if last else ()


def _first(process: Process, consultation: str, wanted: Any) -> tuple[Step, Action] | None:
    steps = (step for step in process.steps.values() if step.consultation == consultation)
    return next(((step, action) for step in steps for action in step.actions if wanted(action)), None)
