"""Several tasks of a queue at once: taking them, and putting them into somebody's hands. Each row stands for itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.types import OfficialView
from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.queues import QueueRow, count_desk, list_rows, tasks_held
from portal.web.official.action_forms import assign_form_of
from portal.web.official.menu import menu
from portal.web.official.row_results import RowResults, for_each_row, tell_results
from portal.web.pages import page
from portal.web.sign_in import actor, own_address
from portal.web.translation import gettext as _
from portal.web.translation import ngettext

blueprint = Blueprint("official_bulk", __name__, url_prefix="/can-bo")


@blueprint.post("/nhan-viec")
def claim() -> ResponseReturnValue:
    """Take the chosen tasks; one that somebody else has taken keeps back no other."""
    results = _claimed(_chosen())
    done = ngettext("Đã nhận %(num)s việc.", "Đã nhận %(num)s việc.", results.done)
    refused = ngettext("Chưa nhận được %(num)s việc:", "Chưa nhận được %(num)s việc:", len(results.refused))
    tell_results(results, done=done, refused=refused)
    return redirect(_back(request.form.get("back")), 303)


@blueprint.post("/chuyen-viec/chon")
def choose() -> ResponseReturnValue:
    """From the ticked rows to the page that asks who shall do them."""
    chosen = [str(task_id) for task_id, _version in _chosen()]
    back = _back(request.form.get("back"))
    if not chosen:
        flash(_("Chọn ít nhất một việc."), "notice")
        return redirect(back, 303)
    return redirect(url_for("official_bulk.assign", viec=chosen, ve=back), 303)


@blueprint.route("/chuyen-viec", methods=["GET", "POST"])
def assign() -> ResponseReturnValue:
    back = _back(request.args.get("ve"))
    with reading(actor()) as session:
        rows = list_rows(session, request.args.getlist("viec", type=UUID))
        units = {row.unit_id for row in rows}
        officials = _who_may(session, rows)
        held = {person: count for unit_id in units for person, count in tasks_held(session, unit_id).items()}
        counts = count_desk(session, actor=actor(), now=clock.now())
    form = assign_form_of(officials, held=held).from_request()
    if form.is_valid_submission():
        results = _assigned(rows, UUID(form.answers["assignee_id"]))
        done = ngettext("Đã chuyển %(num)s việc.", "Đã chuyển %(num)s việc.", results.done)
        refused = ngettext("Chưa chuyển được %(num)s việc:", "Chưa chuyển được %(num)s việc:", len(results.refused))
        tell_results(results, done=done, refused=refused)
        return redirect(back, 303)
    return page("official/bulk_assign.html", form, rows=rows, back=back, navigation=menu(counts, actor=actor()))


def _claimed(chosen: list[tuple[UUID, int]]) -> RowResults:
    def act(row: tuple[UUID, int]) -> None:
        with unit_of_work(actor()) as session:
            service.claim_task(session, row[0], actor=actor(), now=clock.now(), seen_version=row[1])

    with reading(actor()) as session:
        names = {row.id: row.applicant_name for row in list_rows(session, [task_id for task_id, _version in chosen])}
    return for_each_row(chosen, act, named=lambda row: names.get(row[0], _("Một việc")))


def _assigned(rows: list[QueueRow], person_id: UUID) -> RowResults:
    def act(row: QueueRow) -> None:
        with unit_of_work(actor()) as session:
            service.assign_task(session, row.id, person_id, actor=actor(), now=clock.now())

    return for_each_row(rows, act, named=lambda row: row.applicant_name)


def _who_may(session: Session, rows: list[QueueRow]) -> list[OfficialView]:
    """Everybody who can do at least one of the tasks; who cannot do another is refused there."""
    day = clock.local_day(clock.now())
    kinds = {(row.unit_id, row.role or "", row.function or "") for row in rows}
    return [
        official
        for unit_id, role, function in sorted(kinds)
        for official in accounts.list_officials(session, unit_id, day=day, role=role, function=function or None)
    ]


def _chosen() -> list[tuple[UUID, int]]:
    """The task whose own button was pressed, else the ticked ones, each with its version as the page showed it."""
    named = request.form.getlist("one") or request.form.getlist("task")
    try:
        return [(UUID(key), int(version)) for key, _mark, version in (one.partition("~") for one in named)]
    except ValueError:
        return []


def _back(wanted: str | None) -> str:
    return own_address(wanted, otherwise=url_for("official_queue.mine"))
