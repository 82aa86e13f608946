"""What is owed and not done: waiting, late, given up; trying again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.audit import service as audit
from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import short_moment
from portal.jobs import queries, service
from portal.jobs.queries import MOST, JobState, JobView
from portal.jobs.types import MOST_ATTEMPTS
from portal.web.admin.job_words import QUEUES, kind_words
from portal.web.admin.layout import admin_page
from portal.web.languages import current_language
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.web.translation import ngettext

blueprint = Blueprint("admin_jobs", __name__, url_prefix="/quan-tri/hang-doi")

STATES = {
    JobState.GIVEN_UP: __("Đã bỏ dở"),
    JobState.LATE: __("Trễ"),
    JobState.WAITING: __("Đang chờ"),
    JobState.PLANNED: __("Hẹn sau"),
}
EMPTY = {
    JobState.GIVEN_UP: __("Không có việc nào bị kẹt."),
    JobState.LATE: __("Không có việc nào trễ."),
    JobState.WAITING: __("Không có việc nào đang chờ."),
    JobState.PLANNED: __("Không có việc nào hẹn sau."),
}


@blueprint.get("")
def show() -> ResponseReturnValue:
    now, state = clock.now(), _asked_state()
    with reading(actor()) as session:
        counts = queries.count_jobs(session, now=now)
        found = queries.list_jobs(session, state, now=now)
    return admin_page(
        "jobs.html",
        here="/quan-tri/hang-doi",
        pills=[
            {"text": f"{words} {counts[one]}", "href": url_for(".show", loc=one.value), "current": one is state}
            for one, words in STATES.items()
        ],
        rows=[_row(job, state) for job in found],
        may_try=state is JobState.GIVEN_UP and bool(found),
        is_cut=counts[state] > MOST,
        most=MOST,
        empty=str(EMPTY[state]),
    )


@blueprint.post("/chay-lai")
def try_again() -> ResponseReturnValue:
    """Those ticked, or the one whose own button was pressed."""
    chosen = _chosen()
    with unit_of_work(actor()) as session:
        count = service.try_again(session, chosen, now=clock.now())
        audit.note(session, "jobs_tried_again", actor=actor(), now=clock.now(), jobs=count)
    if count:
        flash(ngettext("Đang chạy lại %(num)s việc.", "Đang chạy lại %(num)s việc.", count), "success")
    else:
        flash(_("Chưa chọn việc nào, hoặc việc đã được chạy lại."), "notice")
    return redirect(url_for(".show"), 303)


def _asked_state() -> JobState:
    try:
        return JobState(request.args.get("loc", JobState.GIVEN_UP))
    except ValueError:
        return JobState.GIVEN_UP


def _chosen() -> list[UUID]:
    try:
        return [UUID(key) for key in request.form.getlist("one") or request.form.getlist("job")]
    except ValueError:
        return []


def _row(job: JobView, state: JobState) -> dict[str, object]:
    tag = {"text": str(STATES[state]), "colour": _COLOURS[state]}
    return {
        "id": job.id,
        "kind": kind_words(job.kind),
        "queue": str(QUEUES[job.queue]),
        "due": _moment(job.due_at),
        "attempts": _("%(count)s trên %(most)s lần", count=job.attempts, most=MOST_ATTEMPTS),
        "error": job.last_error or "",
        "since": _moment(job.given_up_at) if job.given_up_at else "",
        "tag": tag,
    }


def _moment(moment: datetime) -> str:
    return short_moment(moment, language=current_language())


_COLOURS = {
    JobState.GIVEN_UP: "red",
    JobState.LATE: "orange",
    JobState.WAITING: "blue",
    JobState.PLANNED: "grey",
}
