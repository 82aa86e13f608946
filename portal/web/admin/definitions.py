"""Definitions being written: a new text, the sections of a draft, changing one's own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import administration, drafting
from portal.catalogue.beginning import beginning
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.web.admin.definition_forms import BeginningForm, DefinitionForm, ReturnForm, typed_text
from portal.web.admin.draft_view import HERE, open_draft
from portal.web.admin.editor import sections as editor
from portal.web.admin.layout import admin_page
from portal.web.admin.opened_definition import CARD, COMPARE, TEXT, section_page
from portal.web.admin.versions import yaml_file
from portal.web.errors import said, tell
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import ngettext

blueprint = Blueprint("admin_definitions", __name__, url_prefix="/quan-tri/ban-soan")


@blueprint.route("/bat-dau", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """A procedure that is not there yet: its code and its name, then part after part."""
    form = BeginningForm.from_request()
    if form.is_valid_submission():
        text = beginning(form.code.data, name={"vi": form.name_vi.data, "en": form.name_en.data})
        with unit_of_work(actor()) as session:
            draft_id = drafting.keep_definition(session, text, actor=actor(), now=clock.now())
        return redirect(url_for(".show", draft_id=draft_id, section=CARD), 303)
    return admin_page("begin_definition.html", form, here=HERE)


@blueprint.post("/tu/<code>")
def renew(code: str) -> ResponseReturnValue:
    """A new version of a procedure begins with the one in force."""
    with unit_of_work(actor()) as session:
        newest = administration.get_entry(session, code).published
        text = administration.written_source(session, newest)
        draft_id = drafting.keep_definition(session, text, actor=actor(), now=clock.now())
    return redirect(url_for(".show", draft_id=draft_id, section=CARD), 303)


@blueprint.route("/moi", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = DefinitionForm.from_request(source=_beginning() if request.method == "GET" else "")
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                draft_id = drafting.keep_definition(session, typed_text(form), actor=actor(), now=clock.now())
        except InvalidInput as refused:
            tell(form, refused)
        else:
            return kept(draft_id)
    return admin_page("new_definition.html", form, here=HERE)


@blueprint.get("/<uuid:draft_id>")
@blueprint.get("/<uuid:draft_id>/<section>")
def show(draft_id: UUID, section: str = TEXT) -> ResponseReturnValue:
    with reading(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
    form = DefinitionForm(source=draft.source, revision=str(draft.revision)) if section == TEXT else None
    return draft_page(draft_id, section, form=form)


@blueprint.post("/<uuid:draft_id>/luu")
def keep(draft_id: UUID) -> ResponseReturnValue:
    form = DefinitionForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                drafting.keep_definition(
                    session,
                    typed_text(form),
                    draft_id=draft_id,
                    seen_revision=form.seen_revision,
                    actor=actor(),
                    now=clock.now(),
                )
        except (InvalidInput, Conflict) as refused:
            tell(form, refused)
        else:
            return kept(draft_id)
    return draft_page(draft_id, TEXT, form=form, status=422)


@blueprint.get("/<uuid:draft_id>/tai-ve")
def download(draft_id: UUID) -> Response:
    with reading(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
    return yaml_file(draft.source, name=f"{draft.code or 'ban-soan'}-ban-soan")


@blueprint.post("/<uuid:draft_id>/sao")
def copy(draft_id: UUID) -> ResponseReturnValue:
    """Somebody else's draft as one of one's own: who writes does not publish, so nobody changes another's."""
    with unit_of_work(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
        copied = drafting.keep_definition(session, draft.source, actor=actor(), now=clock.now())
    flash(_("Đã sao thành bản soạn của mình."), "success")
    return redirect(url_for(".show", draft_id=copied), 303)


def kept(draft_id: UUID) -> ResponseReturnValue:
    """Back to the draft, with what is wrong with it."""
    with reading(actor()) as session:
        count = administration.get_definition_draft(session, draft_id).mistakes
    if count:
        flash(ngettext("Đã lưu. Còn %(num)s lỗi.", "Đã lưu. Còn %(num)s lỗi.", count), "notice")
    else:
        flash(_("Đã lưu. Không có lỗi."), "success")
    return redirect(url_for("admin_definitions.show", draft_id=draft_id), 303)


def draft_page(
    draft_id: UUID,
    section: str,
    *,
    form: DefinitionForm | ReturnForm | None = None,
    refused: Conflict | InvalidInput | None = None,
    status: int | None = None,
) -> ResponseReturnValue:
    """A section of a draft, with what was refused above it; one's own is changed there."""
    opened = open_draft(draft_id)
    if opened.may_change and opened.source is not None and section in editor.PAGES:
        return editor.PAGES[section](opened)
    if section == COMPARE and opened.draft.state == "sent" and not opened.mine:
        form = form or ReturnForm()
    if isinstance(refused, Conflict):
        flash(said(refused), "notice")
    elif refused is not None and form is not None:
        tell(form, refused)
    template = "definition/text_draft.html" if section == TEXT else ""
    around = opened.around()
    return section_page(opened.definition, section, here=HERE, form=form, status=status, template=template, **around)


def _beginning() -> str:
    """What a new definition begins with: the version in force of the procedure that was asked for, or nothing."""
    with reading(actor()) as session:
        newest = administration.newest_version(session, request.args.get("thu-tuc"))
        return administration.written_source(session, newest) if newest else ""
