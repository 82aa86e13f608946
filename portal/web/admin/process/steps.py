"""The page of a step: what it is, and its actions; adding, moving, renaming and removing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.catalogue.source import Source
from portal.catalogue.step_references import references
from portal.catalogue.step_writing import (
    STEP_KEYS,
    add_entry,
    change_entry,
    made_by,
    remove_step,
    rename_step,
    step_path,
)
from portal.web.admin.process import choices
from portal.web.admin.process.consultation_forms import ConsultationForm
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
from portal.web.admin.process.process_words import action_lines, told_references
from portal.web.admin.process.step_forms import (
    NewStepForm,
    RenameForm,
    StepForm,
    items_of_choices,
    kinds_of_steps,
    new_step,
)
from portal.web.admin.process_names import in_names
from portal.web.fields import BaseForm

blueprint = Blueprint("admin_steps", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/quy-trinh")


@blueprint.route("/them", methods=["GET", "POST"])
def add(draft_id: UUID) -> ResponseReturnValue:
    process = edited(draft_id)
    process.frame()
    form = _new_step_form(process)
    step = str(form.step_id.data or "")

    def change(source: Source) -> Source:
        value = new_step(form, has_owner=process.sketch.uses is not None)
        return add_entry(source, step_path(step), value, after=form.after.data or None)

    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, ".show", step=step)
    return process_page("new_step.html", process, form)


@blueprint.route("/buoc/<step>", methods=["GET", "POST"])
def show(draft_id: UUID, step: str) -> ResponseReturnValue:
    process = edited(draft_id)
    written = process.entry(step)
    kind = ConsultationForm if "template" in written else StepForm
    form = kind.of(
        written, sketch=process.sketch, ground=process.ground, step=step, revision=process.draft.revision
    )

    def change(source: Source) -> Source:
        return change_entry(source, step_path(step), form.changes(written), order=STEP_KEYS)

    if is_asked_for_picture():
        return picture_of(process, change, form=form, chosen=step)
    if form.is_valid_submission() and is_changed(process, change, form=form):
        return kept(process, ".show", step=step)
    return _step_page(process, step, form, is_template="template" in written)


@blueprint.post("/buoc/<step>/chuyen")
def move(draft_id: UUID, step: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.entry(step)
    by = -1 if request.form.get("by") == "len" else 1
    form = BaseForm.from_request()
    if form.is_valid_submission():
        is_changed(process, lambda source: source.move(step_path(step), by=by), form=form)
    return moved(process, form, "admin_process.show")


@blueprint.route("/buoc/<step>/doi-ma", methods=["GET", "POST"])
def rename(draft_id: UUID, step: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.entry(step)
    form = RenameForm.from_request(revision=str(process.draft.revision), new_id=step)
    form.new_id.taken = [name for name in process.sketch.process.steps if name != step]
    new = str(form.new_id.data or "")
    if form.is_valid_submission() and is_changed(process, lambda source: rename_step(source, step, new), form=form):
        return kept(process, ".show", step=new)
    return process_page("rename.html", process, form, step=step, chosen=step, action="", named=_named(process, step))


@blueprint.route("/buoc/<step>/bo", methods=["GET", "POST"])
def remove(draft_id: UUID, step: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.entry(step)
    form = BaseForm.from_request()
    if form.is_valid_submission() and is_changed(process, lambda source: remove_step(source, step), form=form):
        return kept(process, "admin_process.show")
    named = _named(process, step, from_outside=True)
    return process_page("remove.html", process, form, step=step, chosen=step, action="", named=named)


def _new_step_form(process: EditedProcess) -> NewStepForm:
    form = NewStepForm.from_request(revision=str(process.draft.revision), kind="desk")
    form.kind.items = kinds_of_steps(has_templates=process.sketch.uses is not None)
    form.step_id.taken = tuple(process.sketch.process.steps)
    own = [choice for choice in choices.steps(process.sketch.process) if process.sketch.entries.get(choice[0])]
    form.after.items = items_of_choices([choice for choice in own if process.sketch.entries[choice[0]] == choice[0]])
    return form


def _step_page(process: EditedProcess, step: str, form: BaseForm, *, is_template: bool = False) -> ResponseReturnValue:
    sketched = process.sketch.process.steps.get(step)
    lines = action_lines(process, sketched) if sketched is not None and not is_template else []
    mistakes = [in_names(one, process.sketch.process) for one in process.findings.get(step, ())]
    return process_page(
        "consultation.html" if is_template else "step.html",
        process,
        form,
        step=step,
        chosen=step,
        actions=lines,
        mistakes=mistakes,
    )


def _named(process: EditedProcess, step: str, *, from_outside: bool = False) -> list[dict[str, str]]:
    if process.source is None:
        return []
    found = references(process.source.get(), made_by(process.source, step))
    return told_references(process, [one for one in found if not from_outside or one.step != step])
