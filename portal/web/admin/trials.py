"""Trying a definition draft: pretended officials and a movable clock, and no real record, number, message or job."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.findings import DefinitionError
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import unit_of_work
from portal.records.types import ActionAnswers
from portal.trials import service
from portal.trials.stage import GONE
from portal.trials.types import MoveKind, TrialMove
from portal.web.admin.layout import admin_page, menu
from portal.web.admin.opened_trial import Walked, opened_trial, walked
from portal.web.admin.trial_forms import ApologyForm, ReasonForm, WaitForm, late_form, move_form
from portal.web.admin.trial_page import CHOSEN, moment_of, trial_page
from portal.web.admin.trial_start import rows_were_changed, start_form, start_of
from portal.web.due_date import Asked, answer
from portal.web.errors import said, tell
from portal.web.languages import localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.definition import Text

blueprint = Blueprint("admin_trials", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/chay-thu")

HERE = "/quan-tri/thu-tuc"
LATE = Text("Gửi ý kiến muộn", "Send a late opinion")
REFUSALS = (Conflict, InvalidInput, NotAllowed)


@blueprint.errorhandler(DefinitionError)
def tell_of_mistakes(error: DefinitionError) -> ResponseReturnValue:
    """A text that cannot be built cannot be tried: its mistakes are in the report."""
    report = url_for("admin_definitions.show", draft_id=(request.view_args or {})["draft_id"], section="thu")
    return admin_page("trial/unbuildable.html", here=HERE, status=422, report=report, count=len(error.findings))


@blueprint.get("")
def show(draft_id: UUID) -> ResponseReturnValue:
    found = opened_trial(draft_id).walked
    if found is None:
        return redirect(url_for(".begin", draft_id=draft_id), 303)
    return walk_page(found, WaitForm())


@blueprint.route("/bat-dau", methods=["GET", "POST"])
def begin(draft_id: UUID) -> ResponseReturnValue:
    opened = opened_trial(draft_id)
    test = opened.test(request.args.get("phep-thu"))
    form = start_form(opened.ground, now=opened.now, test=test)
    if not rows_were_changed() and form.is_valid_submission():
        try:
            start = start_of(form, opened.ground.procedure)
            with unit_of_work(actor()) as session:
                service.begin_trial(session, draft_id, start, actor=actor(), now=clock.now())
        except REFUSALS as refused:
            tell(form, refused)
        else:
            return back_to_trial(draft_id)
    return admin_page("trial/start.html", form, here=HERE, opened=opened, test=test)


@blueprint.route("/viec/<int:task>/<action_id>", methods=["GET", "POST"])
def act(draft_id: UUID, task: int, action_id: str) -> ResponseReturnValue:
    found = walked(draft_id)
    offered = found.offered(task, action_id)
    if offered is None:
        return gone(draft_id)
    met, action = offered
    form = move_form(found.ground, found.trial, met, action)
    if form.is_valid_submission():
        try:
            make(draft_id, TrialMove(MoveKind.ACT, task=task, action=action_id, answers=form.action_answers()))
        except REFUSALS as refused:
            tell(form, refused)
        else:
            return back_to_trial(draft_id)
    return admin_page("trial/act.html", form, here=HERE, draft=found.draft, action=action, met=met)


@blueprint.route("/viec/<int:task>/rut-cau-hoi", methods=["GET", "POST"])
def recall(draft_id: UUID, task: int) -> ResponseReturnValue:
    found = walked(draft_id)
    met = found.trial.open_task(task)
    if met is None or met.recall is None:
        return gone(draft_id)
    form = ReasonForm.from_request(reason=_("Lý do khi chạy thử"))
    if form.is_valid_submission():
        answers = ActionAnswers(reason=form.answers["reason"])
        make(draft_id, TrialMove(MoveKind.RECALL, task=task, answers=answers))
        return back_to_trial(draft_id)
    return admin_page("trial/act.html", form, here=HERE, draft=found.draft, action=met.recall, met=met)


@blueprint.route("/viec/<int:task>/y-kien-muon", methods=["GET", "POST"])
def say_late(draft_id: UUID, task: int) -> ResponseReturnValue:
    found = walked(draft_id)
    late = found.trial.late_answer(task)
    if late is None:
        return gone(draft_id)
    form = late_form(found.ground, found.trial, late)
    if form.is_valid_submission():
        try:
            make(draft_id, TrialMove(MoveKind.LATE, task=task, answers=form.action_answers()))
        except REFUSALS as refused:
            tell(form, refused)
        else:
            return back_to_trial(draft_id)
    action = replace(late.action, label=LATE)
    return admin_page("trial/act.html", form, here=HERE, draft=found.draft, action=action, met=late)


@blueprint.route("/ho-so/<action_id>", methods=["GET", "POST"])
def end(draft_id: UUID, action_id: str) -> ResponseReturnValue:
    found = walked(draft_id)
    action = next((action for action, _who in found.trial.always if action.id == action_id), None)
    if action is None:
        return gone(draft_id)
    form = ReasonForm.from_request(reason=_("Lý do khi chạy thử"))
    if form.is_valid_submission():
        answers = ActionAnswers(reason=form.answers["reason"])
        make(draft_id, TrialMove(MoveKind.END, action=action_id, answers=answers))
        return back_to_trial(draft_id)
    return admin_page("trial/act.html", form, here=HERE, draft=found.draft, action=action, met=None)


@blueprint.route("/xin-loi", methods=["GET", "POST"])
def apologise(draft_id: UUID) -> ResponseReturnValue:
    found = walked(draft_id)
    letter, signer = found.trial.apology, found.trial.signer
    if letter is None or signer is None:
        return gone(draft_id)
    form = ApologyForm.from_request(day=letter.proposed_day, reason=_("Lý do khi chạy thử"))
    if form.is_valid_submission():
        given = form.answers
        answers = ActionAnswers(reason=given["reason"], form={"day": given["day"].isoformat()})
        try:
            make(draft_id, TrialMove(MoveKind.APOLOGISE, answers=answers))
        except REFUSALS as refused:
            tell(form, refused)
        else:
            return back_to_trial(draft_id)
    return admin_page("trial/apology.html", form, here=HERE, draft=found.draft, signer=signer)


@blueprint.post("/nop-phi")
def pay(draft_id: UUID) -> ResponseReturnValue:
    walked(draft_id)
    try:
        make(draft_id, TrialMove(MoveKind.PAY))
    except REFUSALS as refused:
        flash(said(refused), "notice")
    return back_to_trial(draft_id)


@blueprint.post("/dong-ho")
def wait(draft_id: UUID) -> ResponseReturnValue:
    found = walked(draft_id)
    button = request.form.get("den", "")
    form = WaitForm.from_request()
    if button != CHOSEN or form.validate():
        calendar = found.ground.book.as_known(found.trial.now)
        try:
            until = moment_of(button, found.trial, calendar, day=form.answers["day"])
            make(draft_id, TrialMove(MoveKind.WAIT, until=until))
        except REFUSALS as refused:
            tell(form, refused)
        else:
            return back_to_trial(draft_id)
    return walk_page(found, form, status=422)


@blueprint.post("/lui")
def step_back(draft_id: UUID) -> ResponseReturnValue:
    said = request.form.get("viec", "")
    moves = int(said) if said.isascii() and said.isdigit() else 0
    with unit_of_work(actor()) as session:
        service.step_back(session, draft_id, moves=moves, actor=actor(), now=clock.now())
    return back_to_trial(draft_id)


@blueprint.post("/lam-lai")
def start_over(draft_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.end_trial(session, draft_id, actor=actor())
    return redirect(url_for(".begin", draft_id=draft_id), 303)


@blueprint.get("/vi-sao-ngay-nay")
def why(draft_id: UUID) -> ResponseReturnValue:
    found = walked(draft_id)
    ground, trial = found.ground, found.trial
    asked = Asked(trial.view, ground.procedure, ground.directory, ground.book, trial.now, every_step=True)
    return answer(asked, "admin/trial/why.html", navigation=menu(HERE), draft=found.draft)


def make(draft_id: UUID, move: TrialMove) -> None:
    with unit_of_work(actor()) as session:
        service.make_move(session, draft_id, move, actor=actor(), now=clock.now())


def back_to_trial(draft_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("admin_trials.show", draft_id=draft_id), 303)


def gone(draft_id: UUID) -> ResponseReturnValue:
    """Another window has gone on."""
    flash(_(GONE), "notice")
    return back_to_trial(draft_id)


def walk_page(found: Walked, form: WaitForm, *, status: int | None = None) -> ResponseReturnValue:
    return admin_page(
        "trial/walk.html",
        form,
        here=HERE,
        status=status,
        draft=found.draft,
        subject=localized(found.ground.procedure.everyday_name),
        walk=trial_page(found.draft.id, found.ground, found.trial),
        stopped=found.trial.stopped,
    )
