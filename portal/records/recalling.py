"""Taking back a question to another agency while it is not answered: its branch arrives without an opinion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.catalogue.sequences import RECALLED
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.text import marked
from portal.records import policy, positions, statements
from portal.records.changes import Situation
from portal.records.ending import said_moment
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.performing import perform, tokens_of
from portal.records.record_file import list_tasks
from portal.records.types import ActionAnswers, HeldPost, Moved, TaskRow
from portal.workflow import engine
from portal.workflow.definition import Process
from portal.workflow.splits import names_of

QUESTION_RECALLED = "question_recalled"

_ANSWERED = marked("%(name)s đã trả lời lúc %(time)s, nên không rút câu hỏi được nữa.")
_OVER = marked("Câu hỏi này không còn chờ trả lời. Mở lại hồ sơ để xem.")


def asking_task(task: TaskRow, tasks: Iterable[TaskRow]) -> TaskRow | None:
    """The task from which an opinion was asked for; None for what is no question to an agency."""
    if task.consultation is None or not task.split:
        return None
    asker = names_of(task.split)[-1].partition("*")[0]
    asked = [one for one in tasks if one.step == asker and one.closed_at and one.closed_at <= task.anchored_at]
    return max(asked, key=lambda one: (one.closed_at or one.opened_at, one.id), default=None)


def may_recall(
    task: TaskRow, tasks: Iterable[TaskRow], process: Process, *, actor: Actor, posts: tuple[HeldPost, ...]
) -> bool:
    """Whoever worked on the record in the unit that asked, or leads it, while nobody has signed an answer."""
    known = tuple(tasks)
    asking = asking_task(task, known)
    token = engine.Token(task.id, task.step, task.split, task.origin)
    if not task.is_open or asking is None or engine.recall_of(process, token) is None:
        return False
    if not any(post.unit_id == asking.unit_id for post in posts):
        return False
    own = (one for one in known if one.unit_id == asking.unit_id and one.consultation is None)
    worked = any(actor.person_id in (one.closed_by, one.assignee_id) for one in own)
    return worked or policy.leads(posts, asking.unit_id)


def recall_question(
    session: Session, record_id: UUID, task_id: UUID, *, reason: str, actor: Actor, now: datetime
) -> Moved:
    """Close the open task of the asked agency. Whoever holds it there is told, with the reason.

    Raises NotFound, NotAllowed, InvalidInput without a reason, Conflict when it is answered or over.
    """
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    process = grounds.procedure.process
    tasks = list_tasks(session, record_id)
    task = next((one for one in tasks if one.id == task_id), None)
    if task is None or asking_task(task, tasks) is None:
        raise NotFound(_OVER)
    if not task.is_open:
        answered = task.closed_by is not None and task.outcome != RECALLED
        raise Conflict(_ANSWERED if answered else _OVER, name=task.closed_by_name, time=said_moment(task.closed_at))
    if not may_recall(task, tasks, process, actor=actor, posts=position.posts):
        raise NotAllowed("Chỉ nơi đã hỏi mới rút được câu hỏi này.")
    token = next(token for token in tokens_of(position) if token.task_id == task_id)
    action, asking = engine.recall_of(process, token), asking_task(task, tasks)
    if action is None:
        raise Conflict(_OVER)
    situation = Situation.of(
        task,
        action,
        record=record,
        position=position,
        grounds=grounds,
        facts=facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now)),
        actor=actor,
        now=now,
        answers=ActionAnswers(reason=reason),
    )
    move = engine.after_recall(process, tokens_of(position), task_id)
    return perform(
        session,
        situation,
        move,
        kind=QUESTION_RECALLED,
        outcome=RECALLED,
        closing=statements.RECALL_TASK,
        by_unit=asking.unit_id if asking else None,
        tells=_who_was_asked(session, task, now=now),
    )


def _who_was_asked(session: Session, task: TaskRow, *, now: datetime) -> tuple[UUID, ...]:
    """Whoever holds the question, else everybody in the agency whose post fits it."""
    if task.assignee_id is not None or task.unit_id is None:
        return (task.assignee_id,) if task.assignee_id else ()
    officials = accounts.list_officials(session, task.unit_id, day=clock.local_day(now), role=task.role)
    return tuple(dict.fromkeys(official.person_id for official in officials))
