"""Taking a task into one's own hands, and putting it into somebody else's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed
from portal.core.text import marked
from portal.core.unit_of_work import in_one_trip
from portal.records import policy, positions
from portal.records.actions import came_too_late
from portal.records.events import append_note
from portal.records.grounds import grounds_of
from portal.records.types import LockedRecord, TaskRow

DONE = marked("%(name)s vừa xử lý hồ sơ này lúc %(time)s.")

_PUT_INTO_HANDS = text("""
UPDATE task SET assignee_id = :person, assignee_name = :person_name, version = version + 1 WHERE id = :wanted
""")


def claim_task(
    session: Session, task_id: UUID, *, actor: Actor, now: datetime, seen_version: int | None = None
) -> None:
    """Take the task. Raises Conflict when somebody else has finished it, NotAllowed when the post does not fit.

    Taking over what a colleague holds is allowed and stands in the history; claiming twice does nothing more.
    seen_version: the version of the task that the page showed. Who saw it free takes it over from nobody: Conflict.
    """
    record, task = _open_task(session, task_id, permission=policy.Permission.CLAIM, actor=actor, now=now)
    if task.assignee_id == actor.person_id:
        return
    if seen_version is not None and seen_version != task.version and task.assignee_id is not None:
        raise Conflict("%(name)s vừa nhận việc này.", name=task.assignee_name)
    _put(session, record, task, person_id=actor.person_id, name=actor.name, kind="task_claimed", actor=actor, now=now)


def assign_task(session: Session, task_id: UUID, person_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Put the task into the hands of an official of the unit: the head's right."""
    record, task = _open_task(session, task_id, permission=policy.Permission.ASSIGN, actor=actor, now=now)
    if task.unit_id is None:
        raise NotAllowed("Việc này không phải của đơn vị.")
    officials = {
        official.person_id: official.name
        for official in accounts.list_officials(
            session, task.unit_id, day=clock.local_day(now), role=task.role, function=task.function
        )
    }
    if person_id not in officials:
        raise NotAllowed("Người này không làm được việc này. Chọn người khác trong đơn vị.")
    name = officials[person_id]
    _put(session, record, task, person_id=person_id, name=name, kind="task_assigned", actor=actor, now=now)


def _open_task(
    session: Session, task_id: UUID, *, permission: policy.Permission, actor: Actor, now: datetime
) -> tuple[LockedRecord, TaskRow]:
    record, position = positions.lock_task(session, task_id, now=now)
    task = position.task(task_id)
    if not task.is_open:
        raise came_too_late(record, task, sentence=DONE)
    step = grounds_of(session, record, now=now).procedure.process.step(task.step)
    question = policy.Question(actor, position.posts, task, step.at.where, record.owner_id)
    if not policy.may(permission, question):
        raise NotAllowed("Việc này thuộc vị trí khác. Chuyển cho người phụ trách.")
    return record, task


def _put(
    session: Session,
    record: LockedRecord,
    task: TaskRow,
    *,
    person_id: UUID | None,
    name: str,
    kind: str,
    actor: Actor,
    now: datetime,
) -> None:
    with in_one_trip(session):
        hands = {"person": person_id, "person_name": name, "wanted": task.id}
        session.connection().execute(_PUT_INTO_HANDS, hands)
        details = {"from": task.assignee_name, "to": name}
        append_note(session, record, kind=kind, actor=actor, now=now, task=task, details=details)
