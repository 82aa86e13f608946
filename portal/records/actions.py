"""An action on a task: lock, read, decide, write in one trip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.sequences import RECALLED
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.text import marked
from portal.records import policy, positions
from portal.records.answers import asking
from portal.records.asking import with_asked
from portal.records.changes import Situation
from portal.records.collecting import NOT_KEPT, require_paid
from portal.records.delivering import refuse_giving
from portal.records.ending import said_moment
from portal.records.facts import facts_of
from portal.records.grounds import Grounds, grounds_of
from portal.records.limits import check_limit, limit_of
from portal.records.performing import perform, tokens_of
from portal.records.scans import require_scans
from portal.records.types import (
    CALLED_OFF,
    CANCELLED,
    ActionAnswers,
    LockedRecord,
    Moved,
    Position,
    RecordState,
    TaskRow,
)
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind, Facts, Process, Step
from portal.workflow.engine import Move

NO_ANSWERS = ActionAnswers()

TAKEN = marked("%(name)s vừa xử lý hồ sơ này lúc %(time)s. Nội dung vừa viết vẫn ở dưới.")
ENDED_BY = {
    RecordState.WITHDRAWN: marked("%(name)s đã rút hồ sơ này lúc %(time)s. Không phải làm gì thêm."),
    RecordState.STOPPED: marked("%(name)s đã dừng hồ sơ này lúc %(time)s. Không phải làm gì thêm."),
}
RECALLED_BY = marked("%(name)s đã rút câu hỏi này lúc %(time)s. Không phải trả lời nữa.")
HELD = marked("%(name)s đang giữ việc này. Nội dung vừa viết vẫn ở dưới.")

_TOLD = text("""
SELECT id, actor_id, action, reason, opened, coalesce(details -> 'form', '{}') AS form,
  coalesce((details ->> 'items')::integer, 0) AS items
FROM record_event WHERE record_id = :record AND task_id = :closed AND kind = 'action_taken' ORDER BY number DESC LIMIT 1
""")


def act_on_task(
    session: Session,
    task_id: UUID,
    action_id: str,
    *,
    actor: Actor,
    now: datetime,
    answers: ActionAnswers = NO_ANSWERS,
    extra_writes: tuple[tuple[Any, Any], ...] = (),
) -> Moved:
    """Close the task with one of its actions, and open what follows.

    extra_writes travel in the same trip.
    Raises NotFound, NotAllowed, InvalidInput, and Conflict when somebody else has finished or taken the task; the same
    action by the same person with the same content, sent again, answers like the first time.
    """
    record, position = positions.lock_task(session, task_id, now=now)
    grounds = grounds_of(session, record, now=now)
    task = _task(position, task_id)
    step = grounds.procedure.process.step(task.step)
    if not task.is_open:
        return _repeated(session, record, task, action_id, answers, actor=actor)
    _guard(record, position, task, step, actor=actor)
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    action, move = chosen_move(
        record, position, task, action_id, grounds=grounds, facts=facts, actor=actor, now=now, answers=answers
    )
    if action.kind is ActionKind.GIVE:
        refuse_giving(session, record)
        require_paid(session, record.id, outcome=record.outcome)
    situation = Situation.of(
        task,
        action,
        record=record,
        position=position,
        grounds=grounds,
        facts=facts,
        actor=actor,
        now=now,
        answers=answers,
    )
    require_scans(session, situation)
    return perform(session, situation, move, kind="action_taken", extra_writes=extra_writes)


def chosen_move(
    record: LockedRecord,
    position: Position,
    task: TaskRow,
    action_id: str,
    *,
    grounds: Grounds,
    facts: Facts,
    actor: Actor,
    now: datetime,
    answers: ActionAnswers = NO_ANSWERS,
) -> tuple[Action, Move]:
    """The action, when the person may take it now, and where it leads. Asks no database, so that a trial asks the same.

    Raises NotFound when the step does not offer it, NotAllowed to the same eyes, Conflict when its time is up,
    InvalidInput when it asks nobody.
    """
    process = grounds.procedure.process
    action = _action(grounds.procedure, task, action_id, facts)
    check_limit(limit_of(action, accepted_at=record.accepted_at, pauses=record.pauses, book=grounds.book), now=now)
    refuse_same_eyes(process, position, process.step(task.step), actor)
    known = with_asked(facts, action, task, record=record, grounds=grounds, answers=answers, now=now)
    return action, _asked(lambda: engine.after(process, tokens_of(position), task.id, action_id, known))


def _task(position: Position, task_id: UUID) -> TaskRow:
    try:
        return position.task(task_id)
    except KeyError as missing:
        raise NotFound(positions.UNSEEN) from missing


def _repeated(
    session: Session, record: LockedRecord, task: TaskRow, action_id: str, answers: ActionAnswers, *, actor: Actor
) -> Moved:
    """The answer that the same sending got the first time; Conflict when this is another one."""
    told = session.execute(_TOLD, {"record": record.id, "closed": task.id}).one_or_none()
    form = {name: said for name, said in answers.form.items() if name not in NOT_KEPT or (told and name in told.form)}
    said = (actor.person_id, action_id, answers.reason.strip(), form, len(answers.items))
    if told is None or said != (told.actor_id, told.action, told.reason, told.form, told.items):
        raise came_too_late(record, task)
    return Moved(
        record_id=record.id,
        code=record.code,
        state=record.state,
        event_id=told.id,
        opened=tuple(UUID(step["task_id"]) for step in told.opened),
        ended=record.closed_at is not None,
    )


def came_too_late(record: LockedRecord, task: TaskRow, *, sentence: str = TAKEN) -> Conflict:
    """Who has closed the task, and when: by acting on it (`sentence`), or by ending the whole record."""
    if task.outcome == CANCELLED and record.state in CALLED_OFF:
        ended = ENDED_BY[RecordState(record.state)]
        return Conflict(ended, name=task.closed_by_name, time=said_moment(task.closed_at))
    if task.outcome == RECALLED:
        return Conflict(RECALLED_BY, name=task.closed_by_name, time=said_moment(task.closed_at))
    return Conflict(sentence, name=task.closed_by_name, time=_hour(task.closed_at))


def _guard(record: LockedRecord, position: Position, task: TaskRow, step: Step, *, actor: Actor) -> None:
    question = policy.Question(actor, position.posts, task, step.at.where, record.owner_id)
    if policy.may(policy.Permission.ACT, question):
        return
    if policy.may(policy.Permission.CLAIM, question):
        raise Conflict(HELD, name=task.assignee_name)
    raise NotAllowed("Việc này thuộc vị trí khác. Chuyển cho người phụ trách.")


def _action(procedure: Procedure, task: TaskRow, action_id: str, facts: Facts) -> Action:
    for action in engine.actions_from(procedure.process, task.step, facts):
        if action.id == action_id:
            return asking(action, facts)
    raise NotFound("Bước này không có việc đó. Mở lại hồ sơ để xem các việc đang có.")


NEXT_HAND = {ActionKind.INITIAL: ActionKind.SIGN, ActionKind.SIGN: ActionKind.ISSUE}
"""Acts on one document, each of another person: initial, signature, number and seal."""


def refuse_same_eyes(process: Process, position: Position, step: Step, actor: Actor) -> None:
    """Compares persons, not posts: whoever drafted or initialled may not sign, and whoever signed may not seal,
    whichever post he holds. Raises NotAllowed."""
    if actor.person_id is None:
        return
    for other in (*step.differs_from, *_hands_before(process, step)):
        hands = [task for task in position.tasks if task.step == other and task.closed_by is not None]
        if (
            hands
            and max(hands, key=lambda task: (task.closed_at or task.opened_at, task.id)).closed_by == actor.person_id
        ):
            if other in step.differs_from:
                raise NotAllowed("Người soạn không được ký. Chuyển cho người có thẩm quyền khác.")
            name = process.step(other).name
            raise NotAllowed("Bạn đã làm bước %(step)s. Bước này phải do người khác làm.", step=name)


def _hands_before(process: Process, step: Step) -> Iterator[str]:
    """Steps that lead here with the act on the same document that comes before this one."""
    offered = {action.kind for action in step.actions}
    for name, other in process.steps.items():
        for action in other.actions:
            if NEXT_HAND.get(action.kind) in offered and any(branch.step == step.id for branch in action.branches):
                yield name


def _asked(question: Any) -> Move:
    try:
        move: Move = question()
    except (engine.InvalidTransition, engine.TaskClosed) as refused:
        raise Conflict("Hồ sơ vừa chuyển bước. Mở lại hồ sơ để xem.") from refused
    return move


def _hour(moment: datetime | None) -> str:
    return clock.local(moment).strftime("%H:%M") if moment else ""
