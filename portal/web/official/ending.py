"""Stopping a whole record, and what an official reads who comes too late to one that has ended."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.sequences import RECALLED
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict, NotFound
from portal.core.text import with_full_stop
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import moment
from portal.records import service
from portal.records.desk import Desk, get_desk
from portal.records.queues import count_desk
from portal.records.types import CALLED_OFF, RecordState, TaskRow
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import current_language, localized
from portal.web.official.action_forms import LONGEST_REASON
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.person_names import person_name
from portal.web.sign_in import actor
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Action, ActionKind

blueprint = Blueprint("official_ending", __name__, url_prefix="/can-bo/ho-so/<code>")

ENDED: dict[str, Words] = {
    RecordState.WITHDRAWN: __("%(name)s đã rút hồ sơ này lúc %(moment)s. Lý do: %(reason)s"),
    RecordState.STOPPED: __("%(name)s đã dừng hồ sơ này lúc %(moment)s. Lý do: %(reason)s"),
}


class StopForm(BaseForm):
    reason = LongTextField(__("Lý do"), max_length=LONGEST_REASON, hint=__("Người nộp đọc nguyên văn lý do này"))


@blueprint.route("/dung", methods=["GET", "POST"])
def stop(code: str) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
        counts = count_desk(session, actor=actor(), now=now)
    form, status = StopForm.from_request(), None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.stop_record(session, desk.file.record.id, reason=form.answers["reason"], actor=actor(), now=now)
        except Conflict as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã dừng hồ sơ của %(name)s.", name=desk.file.record.applicant_name), "success")
            return redirect(url_for("official_records.show", code=code), 303)
    elif stop_of(desk) is None:
        raise NotFound("Hồ sơ này không dừng được ở đây. Mở lại hồ sơ để xem các việc đang có.")
    return page("official/stop.html", form, status=status, navigation=menu(counts, actor=actor()), **_shown(desk))


def _shown(desk: Desk) -> dict[str, Any]:
    return {
        "record": desk.file.record,
        "procedure": localized(desk.grounds.procedure.everyday_name),
        "is_open": stop_of(desk) is not None,
        "open_steps": [localized(met.step.name) for met in desk.open_tasks],
    }


def stop_of(desk: Desk) -> Action | None:
    """The action with which this official may stop the record as it stands."""
    return next((action for action in desk.endings if action.kind is ActionKind.STOP), None)


def ended_words(desk: Desk) -> str:
    """Who took the record back or stopped it, when and why; nothing of a record that is under way or done."""
    record = desk.file.record
    if record.state not in CALLED_OFF or record.closed_at is None:
        return ""
    event = desk.file.events[-1]
    return str(ENDED[record.state]) % {
        "name": event.actor_name,
        "moment": moment(record.closed_at, language=current_language()),
        "reason": with_full_stop(event.reason),
    }


def closed_words(desk: Desk, task: TaskRow) -> str:
    """Why nothing can be done with a task any more; nothing while it is open."""
    if task.closed_at is None:
        return ""
    if ended := ended_words(desk):
        return ended
    when = moment(task.closed_at, language=current_language())
    name = person_name(task.closed_by_name or SYSTEM.name)
    if task.outcome == RECALLED:
        return _("%(name)s đã rút câu hỏi này lúc %(moment)s. Không phải trả lời nữa.", name=name, moment=when)
    return _("%(name)s đã xử lý việc này lúc %(moment)s.", name=name, moment=when)
