"""The page of a step: what it is, and its actions; adding, moving, renaming and removing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.source import Source
from portal.catalogue.step_writing import (
    STEP_KEYS,
    add_entry,
    change_entry,
    step_path,
)
from portal.web.admin.process import choices
from portal.web.admin.process.consultation_forms import ConsultationForm
from portal.web.admin.process.editing import (
    EditedProcess,
    answered,
    edited,
    is_changed,
    kept,
    process_page,
)
from portal.web.admin.process.entry_changes import move_entry, opened_entry, remove_entry, rename_entry
from portal.web.admin.process.process_words import action_lines
from portal.web.admin.process.step_forms import (
    NewStepForm,
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
    is_template = "template" in written
    kind = ConsultationForm if is_template else StepForm
    form = kind.of(written, sketch=process.sketch, ground=process.ground, step=step, revision=process.draft.revision)

    def change(source: Source) -> Source:
        return change_entry(source, step_path(step), form.changes(written), order=STEP_KEYS)

    return answered(
        process,
        form,
        change,
        after=lambda: kept(process, ".show", step=step),
        page=lambda: _step_page(process, step, form, is_template=is_template),
        chosen=step,
    )


@blueprint.post("/buoc/<step>/chuyen")
def move(draft_id: UUID, step: str) -> ResponseReturnValue:
    return move_entry(opened_entry(draft_id, step))


@blueprint.route("/buoc/<step>/doi-ma", methods=["GET", "POST"])
def rename(draft_id: UUID, step: str) -> ResponseReturnValue:
    return rename_entry(opened_entry(draft_id, step))


@blueprint.route("/buoc/<step>/bo", methods=["GET", "POST"])
def remove(draft_id: UUID, step: str) -> ResponseReturnValue:
    return remove_entry(opened_entry(draft_id, step))


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
