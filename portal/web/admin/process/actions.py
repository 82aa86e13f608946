"""The page of an action of a step; adding, moving, renaming and removing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.shared_process import shared_actions
from portal.catalogue.source import Source
from portal.catalogue.step_findings import by_action
from portal.catalogue.step_writing import action_path, change_action
from portal.web.admin.editor.entries import add_address
from portal.web.admin.editor.sections import field_rows
from portal.web.admin.process.action_forms import ActionForm, NewActionForm, as_written
from portal.web.admin.process.editing import (
    EditedProcess,
    answered,
    edited,
    is_changed,
    kept,
    process_page,
)
from portal.web.admin.process.entry_changes import move_entry, opened_entry, remove_entry, rename_entry
from portal.web.admin.process_names import in_names
from portal.web.translation import gettext as _

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

    return answered(
        process,
        form,
        change,
        after=lambda: kept(process, "admin_steps.show", step=step),
        page=lambda: _action_page(process, step, action, form),
        chosen=step,
    )


@blueprint.post("/hanh-dong/<action>/chuyen")
def move(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    return move_entry(opened_entry(draft_id, step, action))


@blueprint.route("/hanh-dong/<action>/doi-ma", methods=["GET", "POST"])
def rename(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    return rename_entry(opened_entry(draft_id, step, action))


@blueprint.route("/hanh-dong/<action>/bo", methods=["GET", "POST"])
def remove(draft_id: UUID, step: str, action: str) -> ResponseReturnValue:
    return remove_entry(opened_entry(draft_id, step, action))


def _action_page(process: EditedProcess, step: str, action: str, form: ActionForm) -> ResponseReturnValue:
    path = (*action_path(step, action), "form")
    mistakes = by_action(process.findings.get(step, ())).get(action, ())
    return process_page(
        "action.html",
        process,
        form,
        step=step,
        action=action,
        chosen=step,
        mistakes=[in_names(one, process.sketch.process) for one in mistakes],
        fields=field_rows(process.opened, path),
        add_field={"href": add_address(process.opened, path), "text": _("Thêm trường")},
    )
