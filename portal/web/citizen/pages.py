"""The pages of a form: everything typed is kept, right or wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, get_template_attribute, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.types import Page
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.core.wording import time_of_day
from portal.records import service
from portal.web.citizen.answer_forms import AnswerForm, Filled, as_sent, filled_form, shown_form, with_changed_rows
from portal.web.citizen.draft_file import DraftFile, opened_draft
from portal.web.citizen.draft_parts import caption, href_after
from portal.web.citizen.places import receiving_counter
from portal.web.errors import said
from portal.web.pages import page as answer
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("draft_pages", __name__)

KEEP = "keep"
"""Sent along by the page's own script while somebody is still typing: everything is kept, nothing is judged."""


@blueprint.get("/to-khai/<uuid:draft_id>/<page_id>")
def show(draft_id: UUID, page_id: str) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now(), with_account=True)
    page = file.page(page_id)
    return shown(file, page, shown_form(page, file.answers, around=file.around))


@blueprint.post("/to-khai/<uuid:draft_id>/<page_id>")
def save(draft_id: UUID, page_id: str) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now(), with_account=True)
    page = file.page(page_id)
    filled = filled_form(page, request.form, file.answers, around=file.around)
    if filled.form["csrf_token"].errors:
        return ({}, 403) if KEEP in request.form else shown(file, page, filled.form)
    if KEEP in request.form:
        keep(file, page, filled.answers, is_done=is_still_done(file, page, filled))
        return {"time": time_of_day(file.now), **opened(filled)}
    changed = with_changed_rows(page.fields, as_sent(page, request.form, around=file.around), request.form)
    if changed is not None:
        keep(file, page, changed[0], is_done=False)
        return redirect(url_for(".show", draft_id=draft_id, page_id=page_id, _anchor=changed[1]), 303)
    keep_filled(file, page, filled)
    if "later" in request.form:
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    if filled.form.errors:
        return shown(file, page, filled.form)
    return go_on(file, page, filled)


def shown(file: DraftFile, page: Page, form: AnswerForm) -> ResponseReturnValue:
    opens = any(field.when for field in page.fields)
    return answer("citizen/filing/page.html", form, file=file, page=page, caption=caption(file, page.id), opens=opens)


def opened(filled: Filled) -> dict[str, Any]:
    """For the page's own script: the questions to show now, those among them that it does not have yet, and what to say
    of these.
    """
    fresh = {field.id for field in filled.fresh}
    parts = [part for part in filled.form.parts if part.id in fresh]
    labels = "; ".join(part.label or part.field.shown_label for part in parts)
    return {
        "asked": [field.id for field in filled.form.asked],
        "opened": get_template_attribute("citizen/filing/parts.html", "questions")(parts) if parts else "",
        "told": _("Có thêm câu hỏi: %(questions)s.", questions=labels) if parts else "",
    }


def keep(file: DraftFile, page: Page, answers: dict[str, Any], *, is_done: bool) -> None:
    """Keep the page; when it says anew where the matter lies, another counter receives."""
    place = str(answers.get(file.place_field) or file.draft.place)
    moved = is_done and place != file.draft.place
    with unit_of_work(actor()) as session:
        service.save_page(session, file.draft.id, page.id, answers, is_done=is_done, actor=actor(), now=file.now)
        if moved:
            counter = counter_at(file, place)
            service.set_places(
                session, file.draft.id, place=place, received_unit_id=counter, actor=actor(), now=file.now
            )


def is_still_done(file: DraftFile, page: Page, filled: Filled) -> bool:
    """Whether a page that was done may stay so while it is typed on. Another place is looked at when it is sent."""
    same_place = filled.answers.get(file.place_field) in (None, file.draft.place)
    return page.id in file.draft.pages_done and filled.is_right and same_place


def keep_filled(file: DraftFile, page: Page, filled: Filled) -> None:
    """Right or wrong. That nobody receives at the place is one more thing to mend."""
    try:
        keep(file, page, filled.answers, is_done=filled.is_right)
    except InvalidInput as refused:
        filled.form.form_errors.append(said(refused))
        keep(file, page, filled.answers, is_done=False)


def go_on(file: DraftFile, page: Page, filled: Filled) -> ResponseReturnValue:
    """To the next part; back to this one when its answers call for more."""
    if filled.fresh:
        flash(_("Còn câu hỏi theo câu trả lời vừa rồi. Trả lời rồi lưu lần nữa."), "notice")
        return redirect(url_for(".show", draft_id=file.draft.id, page_id=page.id, _anchor=filled.fresh[0].id), 303)
    for sentence in filled.warnings:
        flash(sentence, "notice")
    return redirect(href_after(file.answered(filled.answers), page.id), 303)


def counter_at(file: DraftFile, place: str) -> UUID:
    """The counter of the same level at another place."""
    level = file.directory.unit(file.draft.received_unit_id).level
    counter = receiving_counter(file.procedure, file.directory, place=place, level=level, day=file.today)
    return counter.id
