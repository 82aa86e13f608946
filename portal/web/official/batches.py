"""Many records at once: what can be listed together, carrying out what was ticked, and what came of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.calendars import queries as calendars
from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs import queries as jobs
from portal.records import batches as service
from portal.records.batch_queries import BatchView, get_batch
from portal.records.queues import count_desk
from portal.records.signing import WaitingDocument, list_waiting, lists_records
from portal.web.fields import BaseForm
from portal.web.languages import localized
from portal.web.official import batch_words as words
from portal.web.official.deadlines import deadline_tag
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import Text

blueprint = Blueprint("official_batches", __name__, url_prefix="/can-bo/nhieu-ho-so")


@dataclass(frozen=True)
class Row:
    task_id: UUID
    deadline: Tag
    name: str
    href: str
    code: str
    ticked: bool


@dataclass(frozen=True)
class Group:
    """Tasks that go together: one unit, one procedure, one step, one action; they make one list."""

    key: str
    heading: str
    button: str
    rows: tuple[Row, ...]
    checks: tuple[tuple[str, bool], ...]  # the checklist of the step, for all ticked records: text, ticked


@blueprint.post("/chon")
def choose() -> ResponseReturnValue:
    """From the ticked rows of a queue to the page that says what can be done with them at once."""
    chosen = [key.partition("~")[0] for key in request.form.getlist("task")]
    return redirect(url_for(".prepare", viec=chosen), 303)


@blueprint.route("", methods=["GET", "POST"])
def prepare() -> ResponseReturnValue:
    ticked = set((request.form if request.method == "POST" else request.args).getlist("viec", type=UUID))
    with reading(actor()) as session:
        waiting = list_waiting(session, actor=actor(), wanted=lists_records, first=ticked)
    chosen = [one for one in waiting if one.task_id in ticked and _key(one) == request.form.get("group")]
    error = _what_is_missing(chosen) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return start("list", chosen, title=chosen[0].action)
    return _choice(waiting, ticked, error=error)


def _what_is_missing(chosen: list[WaitingDocument]) -> str:
    if not chosen:
        return _("Chọn ít nhất một hồ sơ. Việc người khác vừa xử lý không còn ở đây.")
    checked = request.form.getlist("checks")
    lines = (localized(line) for at, line in enumerate(chosen[0].checklist) if str(at) not in checked)
    return next((_("Đánh dấu mục: %(item)s", item=line) for line in lines), "")


@blueprint.get("/<uuid:batch_id>")
def show(batch_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        batch = get_batch(session, batch_id)
        counts = count_desk(session, actor=actor(), now=clock.now())
        stuck = jobs.count_given_up(session, [("carry_batch", str(batch_id))])
    return page(
        "official/batch.html",
        batch=batch,
        heading=words.heading_of(batch),
        said=words.said_result(batch),
        rows=words.shown_rows(batch),
        document=words.shown_list(batch),
        stuck=stuck,
        back=words.back_of(batch),
        again=again_href(batch),
        navigation=menu(counts, actor=actor()),
    )


def start(
    purpose: str,
    chosen: list[WaitingDocument],
    *,
    title: Text,
    to_sign: service.ToSign | None = None,
    letters: Sequence[UUID] = (),
) -> ResponseReturnValue:
    """Write down what was ticked, do it when it is not too much, and lead to what came of it.

    What is signed electronically is done by the worker that has the keys.
    """
    batch_id = written_down(purpose, chosen, title=title, to_sign=to_sign, letters=letters)
    if to_sign is None and not service.is_long(len(chosen)):
        done_now(batch_id)
    return redirect(url_for("official_batches.show", batch_id=batch_id), 303)


def written_down(
    purpose: str,
    chosen: list[WaitingDocument],
    *,
    title: Text,
    to_sign: service.ToSign | None = None,
    letters: Sequence[UUID] = (),
) -> UUID:
    ticked = [(one.task_id, one.action_id) for one in chosen]
    with unit_of_work(actor()) as session:
        return service.begin_batch(
            session, purpose, ticked, title=title, actor=actor(), now=clock.now(), to_sign=to_sign, letters=letters
        )


def done_now(batch_id: UUID) -> BatchView:
    """The batch after each of its rows was tried while the page waits."""
    with reading(actor()) as session:
        batch = get_batch(session, batch_id)
    service.carry_out(batch, actor=actor(), now=clock.now())
    with reading(actor()) as session:
        return get_batch(session, batch_id)


def again_href(batch: BatchView) -> str | None:
    """Where the rows that were refused are ticked again."""
    if not batch.refused:
        return None
    if batch.purpose == "list":
        return url_for("official_batches.prepare", viec=[row.task_id for row in batch.refused])
    return url_for(words.PAGES[batch.purpose], lai=batch.id)


def refused_before(session: Session) -> frozenset[UUID]:
    """What was refused of a batch: the page of the list ticks them again."""
    batch_id = request.args.get("lai", type=UUID)
    return frozenset(row.key for row in get_batch(session, batch_id).refused if row.key) if batch_id else frozenset()


def _choice(waiting: list[WaitingDocument], ticked: set[UUID], *, error: str) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as session:
        counts = count_desk(session, actor=actor(), now=now)
        calendar = calendars.working_calendar(session, now=now)
    known = {one.task_id for one in waiting}
    form = BaseForm.from_request()
    form.form_errors += [error] if error else []
    return page(
        "official/batch_choice.html",
        form,
        status=422 if error else None,
        groups=_groups(waiting, ticked, calendar),
        left=len(ticked - known),
        navigation=menu(counts, actor=actor()),
    )


def _groups(waiting: list[WaitingDocument], ticked: set[UUID], calendar: WorkingCalendar) -> list[Group]:
    """Groups with ticked rows first; inside a group the rows stay in their order."""

    def shown(one: WaitingDocument) -> Row:
        return Row(
            task_id=one.task_id,
            deadline=deadline_tag(one.due_at, now=clock.now(), calendar=calendar, paused=one.paused),
            name=one.applicant_name,
            href=url_for("official_records.show", code=one.record_code, viec=one.task_id),
            code=one.record_code,
            ticked=one.task_id in ticked,
        )

    def group(key: str, found: list[WaitingDocument]) -> Group:
        checked = request.form.getlist("checks") if key == request.form.get("group") else []
        heading = f"{localized(found[0].procedure_name)}: {localized(found[0].step_name)}"
        checks = tuple((localized(line), str(at) in checked) for at, line in enumerate(found[0].checklist))
        return Group(key, heading, localized(found[0].action), tuple(map(shown, found)), checks)

    groups = [group(key, list(found)) for key, found in groupby(sorted(waiting, key=_key), key=_key)]
    return sorted(groups, key=lambda one: not any(row.ticked for row in one.rows))


def _key(one: WaitingDocument) -> str:
    """What one list has in common."""
    parts: tuple[Any, ...] = (one.unit_id, one.procedure_name.vi, one.step_id, one.action_id)
    return "~".join(map(str, parts))
