"""Signing many documents, and numbering and sealing them: each row is done or untouched, for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.calendars import queries as calendars
from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.queues import count_desk
from portal.records.signing import WaitingDocument, list_waiting
from portal.web.languages import localized
from portal.web.official.deadlines import deadline_tag
from portal.web.official.menu import menu
from portal.web.official.row_results import for_each_row, tell_results
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import ActionKind

blueprint = Blueprint("official_signing", __name__, url_prefix="/can-bo")


@dataclass(frozen=True)
class Session:
    """One of the two pages: what it does to the documents, in words."""

    kind: ActionKind
    endpoint: str
    address: str
    heading: Words
    button: Words
    done: Words
    nothing: Words


SIGNING = Session(
    kind=ActionKind.SIGN,
    endpoint="official_signing.sign",
    address="/can-bo/trinh-ky",
    heading=__("Trình ký: %(count)s văn bản"),
    button=__("Ký các văn bản đã chọn"),
    done=__("Đã ký %(count)s văn bản."),
    nothing=__("Không có văn bản nào chờ ký."),
)
SEALING = Session(
    kind=ActionKind.ISSUE,
    endpoint="official_signing.seal",
    address="/can-bo/van-thu",
    heading=__("Cho số và đóng dấu: %(count)s văn bản"),
    button=__("Cho số và đóng dấu các văn bản đã chọn"),
    done=__("Đã cho số và đóng dấu %(count)s văn bản."),
    nothing=__("Không có văn bản nào chờ số."),
)


@dataclass(frozen=True)
class Row:
    task_id: UUID
    deadline: Tag
    title: str
    href: str | None
    name: str
    record_href: str
    code: str
    procedure: str
    hindrance: str  # why it cannot be ticked; "" when it can


@blueprint.route("/trinh-ky", methods=["GET", "POST"])
def sign() -> ResponseReturnValue:
    return _carry_out(SIGNING) if request.method == "POST" else _show(SIGNING)


@blueprint.route("/van-thu", methods=["GET", "POST"])
def seal() -> ResponseReturnValue:
    return _carry_out(SEALING) if request.method == "POST" else _show(SEALING)


def _show(session: Session) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as database:
        waiting = list_waiting(database, actor=actor(), kind=session.kind)
        counts = count_desk(database, actor=actor(), now=now)
        calendar = calendars.working_calendar(database, now=now)
    return page(
        "official/signing.html",
        heading=str(session.heading) % {"count": len(waiting)},
        button_text=str(session.button),
        nothing=str(session.nothing),
        rows=[_row(document, now, calendar) for document in waiting],
        navigation=menu(counts, actor=actor(), here=session.address),
    )


def _carry_out(session: Session) -> ResponseReturnValue:
    """Each ticked row in a unit of work of its own, so that one refusal keeps back no other."""
    with reading(actor()) as database:
        waiting = list_waiting(database, actor=actor(), kind=session.kind)
    ticked = set(request.form.getlist("task"))
    chosen = [document for document in waiting if str(document.task_id) in ticked]
    results = for_each_row(chosen, _act, named=lambda one: f"{one.applicant_name}, {localized(one.title)}")
    tell_results(
        results, done=str(session.done) % {"count": results.done}, refused=_("Các văn bản sau chưa xong, còn nguyên:")
    )
    if not ticked:
        flash(_("Chọn ít nhất một văn bản."), "notice")
    elif len(chosen) < len(ticked):
        flash(_("Có văn bản vừa được người khác xử lý. Danh sách dưới đây là mới nhất."), "notice")
    return redirect(url_for(session.endpoint), 303)


def _act(document: WaitingDocument) -> None:
    with unit_of_work(actor()) as database:
        service.act_on_task(database, document.task_id, document.action_id, actor=actor(), now=clock.now())


def _row(document: WaitingDocument, now: datetime, calendar: WorkingCalendar) -> Row:
    href = None
    if document.has_file:
        href = url_for("official_files.document", code=document.record_code, document_id=document.document_id)
    return Row(
        task_id=document.task_id,
        deadline=deadline_tag(document.due_at, now=now, calendar=calendar, paused=document.paused),
        title=localized(document.title),
        href=href,
        name=document.applicant_name,
        record_href=url_for("official_records.show", code=document.record_code, viec=document.task_id),
        code=document.record_code,
        procedure=localized(document.procedure_name),
        hindrance=_("Người soạn không được ký") if document.is_own_draft else "",
    )
