"""The process of a draft: its table of steps beside the picture, its mistakes, its tests, and its frame."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.shared_process import usual_ends
from portal.catalogue.source import Source
from portal.catalogue.step_writing import change_process
from portal.web.admin.definition_tests import tested
from portal.web.admin.process.editing import answered, edited, kept, process_page
from portal.web.admin.process.process_forms import ProcessForm
from portal.web.admin.process.process_words import fit_lines, mistakes_of_whole, step_lines

blueprint = Blueprint("admin_process", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/quy-trinh")


@blueprint.get("")
def show(draft_id: UUID) -> ResponseReturnValue:
    process = edited(draft_id)
    lines = step_lines(process)
    return process_page(
        "table.html",
        process,
        own=[line for line in lines if not line.is_shared],
        shared=[line for line in lines if line.is_shared],
        fits=fit_lines(process.definition.procedure),
        mistakes=mistakes_of_whole(process),
        tested=tested(process.definition.procedure),
    )


@blueprint.route("/khung", methods=["GET", "POST"])
def frame(draft_id: UUID) -> ResponseReturnValue:
    process = edited(draft_id)
    written = process.frame()
    form = ProcessForm.of(written, sketch=process.sketch, ground=process.ground, revision=process.draft.revision)

    def change(source: Source) -> Source:
        return change_process(source, form.changes(written, ends=usual_ends()))

    return answered(
        process,
        form,
        change,
        after=lambda: kept(process, "admin_process.show"),
        page=lambda: process_page("frame.html", process, form),
    )
