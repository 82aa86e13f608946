"""The page of an action of a step; adding, moving, renaming and removing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.catalogue.shared_process import shared_actions
from portal.catalogue.source import Source
from portal.catalogue.step_findings import by_action
from portal.catalogue.step_references import action_references
from portal.catalogue.step_writing import (
    action_path,
    change_action,
    remove_action,
    rename_action,
)
from portal.web.admin.process.action_forms import ActionForm, NewActionForm, as_written
from portal.web.admin.process.editing import (
    EditedProcess,
    edited,
    is_asked_for_picture,
    is_changed,
    kept,
    moved,
    picture_of,
    process_page,
)
from portal.web.admin.process.process_words import told_references
from portal.web.admin.process.step_forms import RenameForm
from portal.web.admin.process_names import in_names
from portal.web.fields import BaseForm

blueprint = Blueprint("admin_actions", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/quy-trinh/buoc/<step>")


@blueprint.route("/them-hanh-dong", methods=["GET", "POST"])
def add(draft_id: UUID, step: str) -> ResponseReturnValue:
    process = edited(draft_id)
    actions = process.entry(step).get("actions")
    form = NewActionForm.from_request(revision=str(process.draft.revision))
    form.action_id.taken = tuple(actions) if isinstance(actions, dict) else ()
    form.base.items = [{"value": name, "text": name} for name in shared_actions(process.sketch.uses)]
    new = str(form.action_id.data or "")

    def change(source: Source) -> Source:
        return source.put(action_path(step, new), form.written)

    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, ".show", step=step, action=new)
    return process_page("new_action.html", process, form, step=step, chosen=step)


@blueprint.route("/hanh-dong/<action>", methods=["GET", "POST"])
def show(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    process = edited(draft_id)
    shared = shared_actions(process.sketch.uses)
    written = as_written(process.action(step, action), action)
    form = ActionForm.of(
        written, sketch=process.sketch, ground=process.ground, shared=shared, revision=process.draft.revision
    )

    def change(source: Source) -> Source:
        return change_action(source, step, action, form.changes(written))

    if is_asked_for_picture():
        return picture_of(process, change, form=form, chosen=step)
    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, "admin_steps.show", step=step)
    return _action_page(process, step, action, form)


@blueprint.post("/hanh-dong/<action>/chuyen")
def move(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.action(step, action)
    by = -1 if request.form.get("by") == "len" else 1
    form = BaseForm.from_request()
    if form.is_valid_submission():
        is_changed(process, lambda source: source.move(action_path(step, action), by=by), form=form)
    return moved(process, form, "admin_steps.show", step=step)


@blueprint.route("/hanh-dong/<action>/doi-ma", methods=["GET", "POST"])
def rename(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.action(step, action)
    form = RenameForm.from_request(revision=str(process.draft.revision), new_id=action)
    form.new_id.taken = [name for name in process.entry(step)["actions"] if name != action]
    new = str(form.new_id.data or "")

    def change(source: Source) -> Source:
        return rename_action(source, step, action, new)

    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, ".show", step=step, action=new)
    named = _named(process, step, action)
    return process_page("rename.html", process, form, step=step, chosen=step, action=action, named=named)


@blueprint.route("/hanh-dong/<action>/bo", methods=["GET", "POST"])
def remove(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.action(step, action)
    form = BaseForm.from_request()

    def change(source: Source) -> Source:
        return remove_action(source, step, action)

    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, "admin_steps.show", step=step)
    named = _named(process, step, action)
    return process_page("remove.html", process, form, step=step, chosen=step, action=action, named=named)


def _action_page(process: EditedProcess, step: str, action: str, form: ActionForm) -> ResponseReturnValue:
    mistakes = by_action(process.findings.get(step, ())).get(action, ())
    return process_page(
        "action.html",
        process,
        form,
        step=step,
        action=action,
        chosen=step,
        mistakes=[in_names(one, process.sketch.process) for one in mistakes],
    )


def _named(process: EditedProcess, step: str, action: str) -> list[dict[str, str]]:
    found = action_references(process.source.get(), step, action) if process.source is not None else []
    return told_references(process, found)
