"""Acting on a task: one page for every action of every definition, and putting a task into somebody's hands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.types import OfficialView
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import queries, service
from portal.records.asking import proposed
from portal.records.contents.previewing import supplement_letter
from portal.records.desk import Desk, action_of, get_desk_of_task
from portal.records.queue_conditions import QueueScope
from portal.records.queues import DeskCounts, count_desk, tasks_held
from portal.records.types import Moved, TaskRow
from portal.web import personal_data
from portal.web.citizen.answer_forms import is_only_about_rows
from portal.web.errors import tell
from portal.web.languages import localized
from portal.web.official.action_forms import ActionForm, assign_form_of, form_of
from portal.web.official.action_words import done_sentence, following_steps, question_of, warning_of
from portal.web.official.correction_fields import with_corrected_answers
from portal.web.official.ending import closed_words
from portal.web.official.menu import menu
from portal.web.official.next_record import next_and_counts
from portal.web.official.queue_address import QueueAddress, carried_queue
from portal.web.official.queue_rows import record_href
from portal.web.official.record_address import Wanted, wanted_of_request
from portal.web.official.row_decisions import deciding_form, row_titles
from portal.web.official.signing import signing_page, signs_electronically
from portal.web.official.supplement_form import SupplementForm, supplement_form_of
from portal.web.official.whom_to_ask import with_agencies
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, Step
from portal.workflow.lane_route import next_by_hand

blueprint = Blueprint("official_acting", __name__, url_prefix="/can-bo/viec/<uuid:task_id>")

PREVIEW = "xem-thu"
"""The button that shows the letter with what is filled in so far, and does nothing else."""


@dataclass(frozen=True)
class Acting:
    """What the page of an action stands on."""

    desk: Desk
    task: TaskRow
    step: Step
    action: Action
    counts: DeskCounts
    officials: tuple[OfficialView, ...]
    held: dict[UUID, int]


@blueprint.route("/<action_id>", methods=["GET", "POST"])
def act(task_id: UUID, action_id: str) -> ResponseReturnValue:
    with reading(actor(), consistent=True) as session:
        acting = _load(session, task_id, action_id)
    form = _form(acting)
    status = None
    if request.method == "POST" and signs_electronically(acting.desk, acting.step, acting.action):
        return redirect(signing_page(acting.action, task_id), 303)
    if not is_only_looking() and form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                moved = service.act_on_task(
                    session,
                    task_id,
                    action_id,
                    actor=actor(),
                    now=clock.now(),
                    answers=form.action_answers(),
                )
        except (Conflict, NotAllowed, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            return _go_on(done_sentence(acting.action, acting.desk.file.record), acting.task, moved)
    return _page(acting, form, status)


def is_only_looking() -> bool:
    """Whether the button pressed changes the page alone: the letter is shown, or a row is added or removed."""
    return PREVIEW in request.form or is_only_about_rows(request.form)


@blueprint.route("/giao", methods=["GET", "POST"])
def assign(task_id: UUID) -> ResponseReturnValue:
    with reading(actor(), consistent=True) as session:
        desk = get_desk_of_task(session, task_id, actor=actor(), now=clock.now())
        counts = count_desk(session, actor=actor(), now=clock.now())
        officials, held = _people(session, desk.file.task(task_id), role=_role(desk, task_id))
    form, status = assign_form_of(officials, held=held).from_request(), None
    if form.is_valid_submission():
        chosen = UUID(form.answers["assignee_id"])
        try:
            with unit_of_work(actor()) as session:
                service.assign_task(session, task_id, chosen, actor=actor(), now=clock.now())
        except (Conflict, NotAllowed) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã giao việc."), "success")
            return redirect((carried_queue() or QueueAddress(QueueScope.UNIT)).href(), 303)
    return page(
        "official/assign.html",
        form,
        status=status,
        record_href=_record_href(desk, task_id),
        record=desk.file.record,
        procedure=localized(desk.grounds.procedure.everyday_name),
        navigation=menu(counts, actor=actor()),
    )


@blueprint.post("/hoan-tac")
def undo(task_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        moved = service.undo_action(session, task_id, actor=actor(), now=clock.now())
    flash(_("Đã hoàn tác. Việc này lại nằm ở bạn."), "success")
    return redirect(url_for("official_records.show", code=moved.code, viec=task_id), 303)


def _load(session: Session, task_id: UUID, action_id: str) -> Acting:
    now = clock.now()
    desk = get_desk_of_task(session, task_id, actor=actor(), now=now)
    task, step, action = action_of(desk, task_id, action_id)
    officials: tuple[OfficialView, ...] = ()
    held: dict[UUID, int] = {}
    if "person" in action.needs:
        officials, held = _people(session, task, role=_next_role(desk, action))
    return Acting(desk, task, step, action, count_desk(session, actor=actor(), now=now), officials, held)


def _people(
    session: Session, task: TaskRow | None, *, role: str | None
) -> tuple[tuple[OfficialView, ...], dict[UUID, int]]:
    """Who in the unit of the task may be named, and how much each of them holds."""
    if task is None or task.unit_id is None:
        return (), {}
    day = clock.local_day(clock.now())
    officials = accounts.list_officials(session, task.unit_id, day=day, role=role)
    return tuple(officials), tasks_held(session, task.unit_id)


def _next_role(desk: Desk, action: Action) -> str | None:
    step = next_by_hand(desk.grounds.procedure.process, action)
    return step.role if step else None


def _role(desk: Desk, task_id: UUID) -> str | None:
    task = desk.file.task(task_id)
    return task.role if task else None


def _form(acting: Acting) -> ActionForm:
    if "items" in acting.action.needs:
        made: type[ActionForm] = supplement_form_of(acting.desk, acting.step, acting.action)
    else:
        action = with_agencies(acting.desk, acting.action, now=clock.now())
        made = form_of(acting.step, action, officials=acting.officials, held=acting.held)
    if acting.action.decide_each:
        made = deciding_form(made, row_titles(acting.desk, acting.action))
    return with_corrected_answers(
        made, acting.desk, acting.action, seen_version=str(acting.task.version), **_proposed(acting)
    )


def _proposed(acting: Acting) -> dict[str, Any]:
    """Whoever approves a question finds it filled in, and may change it."""
    given = proposed(acting.task.id, acting.desk.file.events) if acting.action.consults else {}
    return {name: value for name, value in given.items() if name in {field.id for field in acting.action.form}}


def _page(acting: Acting, form: ActionForm, status: int | None) -> ResponseReturnValue:
    record = acting.desk.file.record
    personal_data.is_read(record.id, owner_id=record.owner_id)
    letter = None
    if isinstance(form, SupplementForm):
        items = form.asked_items()
        letter = supplement_letter(acting.desk, acting.task, items, actor=actor(), now=clock.now())
    return page(
        "official/act.html",
        form,
        status=status,
        record_href=_record_href(acting.desk, acting.task.id),
        record=record,
        procedure=localized(acting.desk.grounds.procedure.everyday_name),
        label=localized(acting.action.label),
        step=localized(acting.step.name),
        warning=warning_of(acting.desk, acting.action),
        question=question_of(acting.desk, acting.task, acting.action),
        following=following_steps(acting.desk, acting.task, acting.action),
        closed=closed_words(acting.desk, acting.task),
        letter=letter,
        navigation=menu(acting.counts, actor=actor()),
    )


def _record_href(desk: Desk, task_id: UUID) -> str:
    return replace(wanted_of_request(), task_id=task_id).href(desk.file.record.code)


def _go_on(done: str, task: TaskRow, moved: Moved) -> ResponseReturnValue:
    """On with the same record while its next task is in the same hands, else to the queue. Offers the next record."""
    queue = carried_queue() or QueueAddress()
    with reading(actor()) as session:
        task_id = queries.task_in_hands(session, moved.opened, actor=actor())
        following, _counts = next_and_counts(
            session, actor=actor(), now=clock.now(), queue=queue, task=task, code=moved.code
        )
    link = None
    if following is not None:
        words = _("Hồ sơ kế tiếp: %(name)s, %(step)s", name=following.applicant_name, step=following.step_name)
        link = {"text": words, "href": record_href(following, queue)}
    flash({"text": done, "link": link}, "success")  # type: ignore[arg-type]
    there = Wanted(task_id, queue=queue).href(moved.code) if task_id else queue.href()
    return redirect(there, 303)
