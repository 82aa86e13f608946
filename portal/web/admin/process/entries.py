"""Any entry of a process as it is written, so that what the forms have no box for is within reach."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.findings import DefinitionError
from portal.catalogue.source import Source
from portal.core.errors import NotFound
from portal.web.admin.process.editing import (
    EditedProcess,
    edited,
    is_asked_for_picture,
    is_changed,
    kept,
    picture_of,
    process_page,
)
from portal.web.admin.process.entry_fields import EntryForm, yaml_mistake

blueprint = Blueprint("admin_entries", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/quy-trinh/yaml")

_WHOLE = (("process", "with"), ("process", "ends"), ("process", "always"), ("process", "conditions"), ("tests",))


@blueprint.route("/<path>", methods=["GET", "POST"])
def show(draft_id: UUID, path: str) -> ResponseReturnValue:
    process = edited(draft_id)
    process.frame()
    where = _path(process, path)
    form = EntryForm.from_request(source=_written(process, where), revision=str(process.draft.revision))

    def change(source: Source) -> Source:
        return source.put_text(where, str(form.source.data))

    if is_asked_for_picture():
        return picture_of(process, change, form=form)
    try:
        if form.is_valid_submission() and is_changed(process, change, form=form):
            return kept(process, "admin_process.show")
    except DefinitionError as error:
        form.source.errors = [yaml_mistake(error)]
    return process_page("entry.html", process, form, entry=path, status=422 if form.errors else None)


def _path(process: EditedProcess, path: str) -> tuple[str, ...]:
    """`buoc.fire` for an entry of the steps, `process.ends`, `tests`. Raises NotFound for what there is not."""
    parts = tuple(path.split("."))
    if parts[0] == "buoc" and len(parts) == 2:
        process.entry(parts[1])
        return ("process", "steps", parts[1])
    if parts not in _WHOLE:
        raise NotFound("Không có mục này trong bản soạn. Mở lại trang quy trình.")
    return parts


def _written(process: EditedProcess, where: tuple[str, ...]) -> str:
    return process.source.fragment(where) if process.source is not None and process.source.has(where) else ""
