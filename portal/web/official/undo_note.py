"""The line "Đã chuyển lúc 10:12. Hoàn tác" on the page of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portal.core import clock
from portal.core.actor import Actor
from portal.core.wording import time_of_day
from portal.records import policy
from portal.records.desk import Desk
from portal.records.undoing import Asker, undoable
from portal.web.languages import localized
from portal.web.official.deadlines import shown_day
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class UndoNote:
    text: str
    href: str


def undo_note(desk: Desk, *, actor: Actor, now: datetime) -> UndoNote | None:
    """What this official did last, when it can still be taken back."""
    found = undoable(
        reversed(desk.file.events),
        desk.file.tasks,
        desk.grounds.procedure.process,
        asker=Asker(actor, policy.held_posts(actor)),
        owner_id=desk.file.record.owner_id,
        is_paused=desk.file.record.paused_at is not None,
    )
    if found is None:
        return None
    done = found.event.at
    time = time_of_day(done)
    if clock.local_day(done) != clock.local_day(now):
        time = f"{time} {shown_day(done, now=now)}"
    text = _("Đã chuyển lúc %(time)s: %(what)s.", time=time, what=localized(found.action.label))
    return UndoNote(text, url_for("official_acting.undo", task_id=found.task.id))
