"""An action on a task: lock, read, decide, write in one trip."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.records import policy, positions
from portal.records.changes import Situation
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.performing import perform, tokens_of
from portal.records.types import ActionAnswers, LockedRecord, Moved, Position, TaskRow
from portal.workflow import engine
from portal.workflow.definition import Action, Facts, Step
from portal.workflow.engine import Move

NO_ANSWERS = ActionAnswers()

TAKEN = "%(name)s vừa xử lý hồ sơ này lúc %(time)s. Nội dung vừa viết vẫn ở dưới."
HELD = "%(name)s đang giữ việc này. Nội dung vừa viết vẫn ở dưới."
CHANGED = "Việc này vừa được chuyển cho %(name)s. Nội dung vừa viết vẫn ở dưới."


def act_on_task(
    session: Session,
    task_id: UUID,
    action_id: str,
    *,
    actor: Actor,
    now: datetime,
    answers: ActionAnswers = NO_ANSWERS,
    seen_version: int | None = None,
    extra_writes: tuple[tuple[Any, Any], ...] = (),
) -> Moved:
    """Close the task with one of its actions, and open what follows.

    seen_version: the version of the task that the page showed. extra_writes travel in the same trip.
    Raises NotFound, NotAllowed, InvalidInput, and Conflict when somebody else has finished or taken the task; the same
    action by the same person, sent again, answers like the first time.
    """
    record = positions.lock_record_of_task(session, task_id)
    position = positions.position_of(session, record.id, now=now)
    grounds = grounds_of(session, record, now=now)
    task = _task(position, task_id)
    step = grounds.procedure.process.step(task.step)
    repeated = _guard(record, position, task, step, action_id, actor=actor, seen_version=seen_version)
    if repeated is not None:
        return repeated
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    action = _action(grounds.procedure, task, action_id, facts)
    _four_eyes(position, step, actor)
    move = _asked(lambda: engine.after(grounds.procedure.process, tokens_of(position), task_id, action_id, facts))
    situation = Situation(
        record=record,
        position=position,
        procedure=grounds.procedure,
        directory=grounds.directory,
        calendar=grounds.calendar,
        task=task,
        step=step,
        action=action,
        answers=answers,
        actor=actor,
        now=now,
        facts=facts,
    )
    return perform(session, situation, move, kind="action_taken", extra_writes=extra_writes)


def _task(position: Position, task_id: UUID) -> TaskRow:
    try:
        return position.task(task_id)
    except KeyError as missing:
        raise NotFound(positions.UNSEEN) from missing


def _guard(
    record: LockedRecord,
    position: Position,
    task: TaskRow,
    step: Step,
    action_id: str,
    *,
    actor: Actor,
    seen_version: int | None,
) -> Moved | None:
    if not task.is_open:
        if (task.closed_by, task.outcome) == (actor.person_id, action_id):
            return Moved(record.id, record.code, record.state, task.id, (), record.closed_at is not None)
        raise Conflict(TAKEN, name=task.closed_by_name, time=_hour(task.closed_at))
    question = policy.Question(actor, position.posts, task, step.at.where, record.owner_id)
    if not policy.may(policy.Permission.ACT, question):
        if policy.may(policy.Permission.CLAIM, question):
            raise Conflict(HELD, name=task.assignee_name)
        raise NotAllowed("Việc này thuộc vị trí khác. Chuyển cho người phụ trách.")
    if seen_version is not None and seen_version != task.version and task.assignee_id not in (None, actor.person_id):
        raise Conflict(CHANGED, name=task.assignee_name)
    return None


def _action(procedure: Procedure, task: TaskRow, action_id: str, facts: Facts) -> Action:
    for action in engine.actions_from(procedure.process, task.step, facts):
        if action.id == action_id:
            return action
    raise NotFound("Bước này không có việc đó. Mở lại hồ sơ để xem các việc đang có.")


def _four_eyes(position: Position, step: Step, actor: Actor) -> None:
    """Compares persons, not posts: whoever drafted may not sign, whichever post he holds."""
    if actor.person_id is None:
        return
    for other in step.differs_from:
        hands = [task for task in position.tasks if task.step == other and task.closed_by is not None]
        if (
            hands
            and max(hands, key=lambda task: (task.closed_at or task.opened_at, task.id)).closed_by == actor.person_id
        ):
            raise NotAllowed("Người soạn không được ký. Chuyển cho người có thẩm quyền khác.")


def _asked(question: Any) -> Move:
    try:
        move: Move = question()
    except (engine.InvalidTransition, engine.TaskClosed) as refused:
        raise Conflict("Hồ sơ vừa chuyển bước. Mở lại hồ sơ để xem.") from refused
    return move


def _hour(moment: datetime | None) -> str:
    return clock.local(moment).strftime("%H:%M") if moment else ""
