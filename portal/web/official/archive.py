"""Giving a result that lay in the archive: the page of the action that would have given it at the counter."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.archive import GIVEN, NOT_THERE, Kept, kept_result, may_give
from portal.records.desk import Desk, get_desk
from portal.records.policy import held_posts
from portal.records.queues import DeskCounts, count_desk
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.languages import localized
from portal.web.official.action_forms import ActionForm, form_of
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("official_archive", __name__, url_prefix="/can-bo/ho-so/<code>")


@blueprint.route("/tra-tu-luu", methods=["GET", "POST"])
def give(code: str) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    with reading(who, consistent=True) as session:
        desk = get_desk(session, code, actor=who, now=now)
        counts = count_desk(session, actor=who, now=now)
    kept = _kept(desk)
    if kept is None:
        raise NotFound(NOT_THERE)
    form = form_of(kept.step, kept.action).from_request()
    if form.is_valid_submission():
        given = form.action_answers().form
        try:
            with unit_of_work(who) as session:
                service.give_from_archive(session, desk.file.record.id, form=given, actor=who, now=now)
        except (Conflict, NotAllowed, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã trả kết quả từ lưu."), "success")
            return redirect(url_for("official_records.show", code=code), 303)
    return _page(desk, kept, form, counts, status)


def _page(desk: Desk, kept: Kept, form: ActionForm, counts: DeskCounts, status: int | None) -> ResponseReturnValue:
    record = desk.file.record
    personal_data.is_read(record.id, owner_id=record.owner_id)
    return page(
        "official/act.html",
        form,
        status=status,
        record_href=url_for("official_records.show", code=record.code),
        record=record,
        procedure=localized(desk.grounds.procedure.everyday_name),
        label=_("Trả kết quả từ lưu"),
        step=localized(kept.step.name),
        warning="",
        question=(),
        following=(),
        closed="",
        letter=None,
        navigation=menu(counts, actor=actor()),
    )


def archive_href(desk: Desk, *, actor: Actor) -> str:
    """Empty for whoever may not give it, and when it was given."""
    kept = _kept(desk)
    if kept is None or not may_give(kept, held_posts(actor)) or any(event.kind == GIVEN for event in desk.file.events):
        return ""
    return url_for("official_archive.give", code=desk.file.record.code)


def _kept(desk: Desk) -> Kept | None:
    return kept_result(desk.file.record, desk.file.tasks, desk.grounds, desk.facts)
