"""The record after this one in the queue from which an official came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.records.queues import DeskCounts, QueueKey, QueueRow, count_desk, read_desk
from portal.records.types import TaskRow
from portal.web.official.queue_address import QueueAddress

LOOKED_AT = 5
"""Rows after the task: parallel tasks of one record stand beside each other."""


def next_and_counts(
    session: Session, *, actor: Actor, now: datetime, queue: QueueAddress | None, task: TaskRow | None, code: str
) -> tuple[QueueRow | None, DeskCounts]:
    """The first row after the task that is of another record, with the counts of the menu, in one trip.

    No row when the official did not come from a queue, or when the queue ends here.
    """
    if queue is None or task is None:
        return None, count_desk(session, actor=actor, now=now)
    rows_after = queue.part(after=QueueKey(task.due_at, task.id), size=LOOKED_AT)
    found, counts = read_desk(session, rows_after, actor=actor, now=now)
    return next((row for row in found.rows if row.record_code != code), None), counts
