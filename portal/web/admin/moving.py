"""Records in flight to the newest version: the mapping, the rehearsal and who decides about it, the move, its report,
stopping it, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import administration
from portal.catalogue.mapping import MappingError
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents import sheets
from portal.jobs import queries as jobs
from portal.records import moving as service
from portal.records import moving_approval as approval
from portal.records import moving_queries as queries
from portal.records.moving_plan import Versions
from portal.records.moving_queries import Moving, MovingReport
from portal.web.admin import moving_words as words
from portal.web.admin.definition_forms import ReturnForm
from portal.web.admin.layout import admin_page
from portal.web.admin.moving_forms import MappingForm, mapping_form
from portal.web.errors import said, tell
from portal.web.fields import BaseForm
from portal.web.languages import localized
from portal.web.sent_files import SPREADSHEET, made_here
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.definition import Text

blueprint = Blueprint("admin_moving", __name__, url_prefix="/quan-tri")

HERE = "/quan-tri/thu-tuc"
PAGE = 50
"""Records that stay, on one page of the report."""
MOST_PAGES = 1_000_000
OUTCOMES = ("fits", "moved", "refused", "gone", "reverted", "kept")


@blueprint.route("/thu-tuc/<code>/<int:number>/chuyen-ho-so", methods=["GET", "POST"])
def propose(code: str, number: int) -> ResponseReturnValue:
    with reading(actor()) as session:
        old, new = _versions(session, code, number)
        loads = queries.step_loads(session, code).get(old.version_id, {})
        before = _asked_mapping(session)
    form = mapping_form(old, new, loads=loads, proposed=before.mapping if before else None)
    status = None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                versions = Versions(old, new, form.mapping)
                rehearsal_id = approval.ask_rehearsal(session, versions, actor=actor(), now=clock.now())
        except MappingError as refused:
            form.tell(refused)
        except Conflict as refused:
            status = _told(form, refused)
        else:
            return redirect(url_for(".show", moving_id=rehearsal_id), 303)
    name = localized(old.procedure.name)
    return admin_page("moving/mapping.html", form, here=HERE, status=status, old=old, new=new, procedure_name=name)


@blueprint.get("/chuyen-ho-so/<uuid:moving_id>")
def show(moving_id: UUID) -> ResponseReturnValue:
    return _page(moving_id)


@blueprint.post("/chuyen-ho-so/<uuid:moving_id>/bat-dau")
def start(moving_id: UUID) -> ResponseReturnValue:
    return _done(moving_id, approval.start_rehearsed)


@blueprint.post("/chuyen-ho-so/<uuid:moving_id>/gui")
def send(moving_id: UUID) -> ResponseReturnValue:
    return _done(moving_id, approval.send_rehearsal)


@blueprint.post("/chuyen-ho-so/<uuid:moving_id>/tra-lai")
def give_back(moving_id: UUID) -> ResponseReturnValue:
    form = ReturnForm.from_request()
    try:
        return _done(moving_id, partial(approval.return_rehearsal, reason=str(form.reason.data or "")))
    except InvalidInput as refused:
        tell(form, refused)
        return _page(moving_id, form=form)


@blueprint.post("/chuyen-ho-so/<uuid:moving_id>/dung")
def stop(moving_id: UUID) -> ResponseReturnValue:
    return _done(moving_id, service.stop_moving)


def _done(moving_id: UUID, do: Callable[..., UUID | None]) -> ResponseReturnValue:
    """The page of the move afterwards, or of the one that was started; refused, the same page with the reason."""
    try:
        with unit_of_work(actor()) as session:
            started = do(session, moving_id, actor=actor(), now=clock.now())
    except Conflict as refused:
        return _page(moving_id, refused=refused)
    return redirect(url_for(".show", moving_id=started or moving_id), 303)


@blueprint.route("/chuyen-ho-so/<uuid:moving_id>/chuyen-lai", methods=["GET", "POST"])
def revert(moving_id: UUID) -> ResponseReturnValue:
    form = BaseForm.from_request()
    if form.is_valid_submission():
        return _done(moving_id, service.revert_moving)
    with reading(actor()) as session:
        moving = queries.get_moving(session, moving_id)
        report = queries.get_report(session, moving_id, most=0)
        gone_on = queries.count_gone_on(session, moving_id)
    if not moving.may_be_reverted:
        return redirect(url_for(".show", moving_id=moving_id), 303)
    return admin_page(
        "moving/revert.html",
        form,
        here=HERE,
        moving=moving,
        procedure=moving.old.procedure,
        moved=report.moved,
        gone_on=gone_on,
    )


@blueprint.get("/chuyen-ho-so/<uuid:moving_id>/tai-ve")
def download(moving_id: UUID) -> Response:
    with reading(actor()) as session:
        moving = queries.get_moving(session, moving_id)
        found = queries.list_outcomes(session, moving_id, OUTCOMES)
    rows = [
        [code, words.outcome_word(outcome, moving), "\n".join(localized(Text(**reason)) for reason in reasons)]
        for code, outcome, reasons in found
    ]
    headings = [_("Mã hồ sơ"), _("Kết quả"), _("Lý do")]
    made_at = moving.finished_at or moving.requested_at
    content = sheets.spreadsheet(
        words.heading_of(moving), headings, rows, made_at=made_at, sheet_name=_("Hồ sơ"), widths=(30, 20, 90)
    )
    stem = f"{moving.old.procedure.code}-{moving.old.number}-{moving.new.number}"
    return made_here(content, media_type=SPREADSHEET, stem=stem, extension="xlsx")


def _page(moving_id: UUID, *, refused: Conflict | None = None, form: ReturnForm | None = None) -> ResponseReturnValue:
    """A rehearsal or a move: how far it has come, or what has come of it, with what was refused above it."""
    with reading(actor()) as session:
        moving = queries.get_moving(session, moving_id)
        found = _result(session, moving) if moving.finished_at else _progress(session, moving)
        movings = queries.list_movings(session, moving.old.procedure.code)
    if refused is not None:
        running = next((one for one in movings if not one.finished_at and one.id != moving_id), None)
        flash({"text": said(refused), "link": words.link_to(running)}, "notice")  # type: ignore[arg-type]
    return admin_page(
        "moving/show.html" if moving.finished_at else "moving/progress.html",
        form or ReturnForm(),
        here=HERE,
        status=409 if refused else None,
        moving=moving,
        procedure=moving.old.procedure,
        heading=words.heading_of(moving),
        state=words.state_tag(moving),
        who=words.who_sentence(moving),
        **found,
    )


def _progress(session: Session, moving: Moving) -> dict[str, Any]:
    report = queries.get_report(session, moving.id, most=0)
    stuck = jobs.count_given_up(session, _jobs_of(moving))
    return {"progress": words.progress_of(moving, report), "stuck": stuck}


def _result(session: Session, moving: Moving) -> dict[str, Any]:
    """The figures, why records stay, and one page of those that do."""
    asked = max(1, min(request.args.get("trang", 1, type=int), MOST_PAGES))
    report = queries.get_report(session, moving.id, most=PAGE, passed=(asked - 1) * PAGE)
    staying = report.refused + report.kept
    address = partial(url_for, ".show", moving_id=moving.id)
    return {
        "second": _second(session, moving, report),
        "kept_days": approval.KEPT.days,
        "kept_until": moving.requested_at + approval.KEPT,
        "report": report,
        "facts": words.counts_of(moving, report),
        "reasons": [words.reason_row(*reason) for reason in queries.count_reasons(session, moving.id)],
        "rows": [words.staying_row(refusal) for refusal in report.refusals],
        "first": (asked - 1) * PAGE + 1,
        "staying": staying,
        "previous": {"href": address(trang=asked - 1)} if asked > 1 else None,
        "next": {"href": address(trang=asked + 1)} if asked * PAGE < staying else None,
    }


def _second(session: Session, moving: Moving, report: MovingReport) -> dict[str, Any] | None:
    """Why a second administrator decides about what was rehearsed, and whether this one may."""
    if not moving.is_rehearsal or moving.is_stopped or not report.fits:
        return None
    weight = approval.weight_of(session, moving)
    if not weight.needs_second:
        return None
    return {"why": words.why_second(moving, weight), "mine": moving.requested_by == actor().person_id}


def _versions(session: Session, code: str, number: int) -> tuple[PublishedProcedure, PublishedProcedure]:
    """The version to move from, and the newest, or the one that was the newest when the form was opened."""
    old, _source = administration.get_version(session, code, number)
    new = administration.newest_version(session, code)
    seen = request.form.get("seen_number", "")
    if new is not None and seen.isascii() and seen.isdigit() and 0 < int(seen[:9]) < new.number:
        new, _source = administration.get_version(session, code, int(seen))
    if new is None or new.number <= old.number:
        raise NotFound("Bản này đang dùng. Chưa có bản mới hơn để chuyển hồ sơ sang.")
    return old, new


def _asked_mapping(session: Session) -> Moving | None:
    """The rehearsal whose mapping is to be changed."""
    try:
        return queries.get_moving(session, UUID(request.args["thu"])) if "thu" in request.args else None
    except (ValueError, NotFound):
        return None


def _told(form: MappingForm, refused: Conflict) -> int:
    form.form_errors.append(said(refused))
    return 409


def _jobs_of(moving: Moving) -> list[tuple[str, str]]:
    """Kind and key of every job of this move that may have been given up."""
    kind = "rehearse_records" if moving.is_rehearsal else "restore_records" if moving.reverted_at else "move_records"
    since = moving.reverted_at
    batches = [(kind, service.batch_key(moving.id, batch, since=since)) for batch in range(moving.batches or 0)]
    return [("collect_records", str(moving.id)), *batches]
