"""Timers of tasks: remind, escalate, take a task out of its hands, or act because somebody stayed silent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue import sequences
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.core.references import new_id
from portal.core.unit_of_work import in_one_trip
from portal.records import positions, statements
from portal.records.changes import Situation
from portal.records.events import append_note
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.performing import perform, tokens_of
from portal.records.telling import tell_applicant
from portal.records.types import COUNTER, ActionAnswers, LockedRecord, Moved, Position, TaskRow
from portal.workflow import engine
from portal.workflow.definition import Action, Step, Timer, TimerEffect

SILENT = sequences.SILENT
RESULT = "result"

_TELL_NEWS = text("UPDATE task SET news = :news WHERE id = :wanted")
_TAKE_FROM_HANDS = text(
    "UPDATE task SET news = :news, assignee_id = NULL, assignee_name = '', version = version + 1 WHERE id = :wanted"
)

APPLICANT_REMINDED = "applicant_reminded"
UNCOLLECTED = "uncollected"
"""What is new about the task of a result that nobody has come for."""

_TOLD = {
    TimerEffect.REMIND: "task_reminded",
    TimerEffect.ESCALATE: "task_escalated",
    TimerEffect.REASSIGN: "task_released",
    TimerEffect.REMIND_APPLICANT: APPLICANT_REMINDED,
}


def fire_timer(session: Session, task_id: UUID, timer_index: int, *, now: datetime) -> Moved | None:
    """Do what the timer of the task says; None when the task has been closed meanwhile, or when it closes none.

    Acts as the portal itself. Running it twice does nothing more: the first run closes the task.
    """
    try:
        record, position = positions.lock_task(session, task_id, now=now)
    except NotFound:
        return None
    task = position.task(task_id)
    if not task.is_open:
        return None
    grounds = grounds_of(session, record, now=now)
    step = grounds.procedure.process.step(task.step)
    timer = step.timers[timer_index]
    if timer.effect is not TimerEffect.ACT or timer.action is None:
        if timer.effect is TimerEffect.REMIND_APPLICANT:
            _remind_applicant(session, record, task, step, now=now)
        else:
            _remind(session, record, task, timer, now=now)
        return None
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    move = engine.after_timer(grounds.procedure.process, tokens_of(position), task_id, timer_index, facts)
    situation = Situation.of(
        task,
        timer.action,
        record=record,
        position=position,
        grounds=grounds,
        facts=facts,
        actor=SYSTEM,
        now=now,
        answers=ActionAnswers(reason=_reason(timer)),
    )
    return perform(
        session,
        situation,
        move,
        kind="timer_fired",
        outcome=SILENT if timer.silence else timer.action.id,
        extra_writes=_silence(situation, position, timer, timer.action),
    )


def _silence(
    situation: Situation, position: Position, timer: Timer, action: Action
) -> tuple[tuple[Any, dict[str, Any]], ...]:
    """The silence of an asked agency stands among the opinions, with what the law takes it for."""
    if timer.silence is None or situation.step.consultation is None:
        return ()
    unit_id = situation.task.unit_id
    opinion = {
        "id": new_id(),
        "record_id": situation.record.id,
        "owner_id": situation.record.owner_id,
        "unit_id": unit_id,
        "unit_name": situation.directory.unit(unit_id).name if unit_id else "",
        "consultation": situation.step.consultation,
        "verdict": SILENT,
        "text": timer.silence,
        "given_by": None,
        "given_at": situation.now,
        "final_at": situation.now,
    }
    return ((statements.ADD_OPINION, opinion),)


def _reason(timer: Timer) -> str:
    return f"Hết hạn {timer.label}"


def _remind_applicant(session: Session, record: LockedRecord, task: TaskRow, step: Step, *, now: datetime) -> None:
    """The applicant gets the message of this state again, or, at the counter's step, that the result lies there."""
    is_result = step.state == RESULT
    if is_result and record.return_by != COUNTER:
        return  # it is in his account, or with the post
    with in_one_trip(session):
        if is_result:
            session.connection().execute(_TELL_NEWS, {"news": UNCOLLECTED, "wanted": task.id})
        event_id = append_note(
            session, record, kind=APPLICANT_REMINDED, actor=SYSTEM, now=now, task=task, for_applicant=True
        )
    tell_applicant(session, record.id, event_id, now=now)


def _remind(session: Session, record: LockedRecord, task: TaskRow, timer: Timer, *, now: datetime) -> None:
    if timer.effect is TimerEffect.REASSIGN and task.assignee_id is None:
        return  # nobody holds it
    statement = _TAKE_FROM_HANDS if timer.effect is TimerEffect.REASSIGN else _TELL_NEWS
    details = {"from": task.assignee_name} if timer.effect is TimerEffect.REASSIGN else {}
    with in_one_trip(session):
        session.connection().execute(statement, {"news": timer.effect.value, "wanted": task.id})
        append_note(session, record, kind=_TOLD[timer.effect], actor=SYSTEM, now=now, task=task, details=details)
