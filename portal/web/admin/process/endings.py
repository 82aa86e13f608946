"""How a record ends, is withdrawn or stopped: as in the shared process, or written for this procedure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.shared_process import usual_always, usual_ends
from portal.catalogue.source import Path
from portal.core.errors import NotFound
from portal.web.admin.editor.entries import add_address, entry_row
from portal.web.admin.editor.process_parts import ALWAYS, ENDS
from portal.web.admin.editor.registry import part_at
from portal.web.admin.editor.tables import END_STATES, ENDING_PERSONS
from portal.web.admin.process.editing import EditedProcess, edited, is_changed, moved, process_page
from portal.web.fields import BaseForm
from portal.web.languages import localized
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_endings", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/quy-trinh/ket-thuc")

_WHOLES = {"ends": (ENDS, usual_ends), "always": (ALWAYS, usual_always)}
_STATES, _PERSONS = dict(END_STATES), dict(ENDING_PERSONS)


@blueprint.get("")
def show(draft_id: UUID) -> ResponseReturnValue:
    process = edited(draft_id)
    process.frame()
    ends = _list(process, "ends", _end_notes, add=_("Thêm kết thúc"))
    always = _list(process, "always", _always_notes, add=_("Thêm việc của cả hồ sơ"))
    return process_page("endings.html", process, lists=[(_("Các kết thúc"), ends), (_("Rút và dừng hồ sơ"), always)])


@blueprint.post("/rieng/<whole>")
def own(draft_id: UUID, whole: str) -> ResponseReturnValue:
    """Write those of the shared process into the draft, to be changed there."""
    path, usual = _whole(whole)
    return _changed(draft_id, lambda source: source if source.has(path) else source.put(path, dict(usual())))


@blueprint.post("/chung/<whole>")
def share(draft_id: UUID, whole: str) -> ResponseReturnValue:
    """Back to those of the shared process."""
    path, _usual = _whole(whole)
    return _changed(draft_id, lambda source: source.remove(path))


def _changed(draft_id: UUID, change: Any) -> ResponseReturnValue:
    process, form = edited(draft_id), BaseForm.from_request()
    process.frame()
    if form.is_valid_submission():
        is_changed(process, change, form=form)
    return moved(process, form, ".show")


def _whole(name: str) -> tuple[Path, Any]:
    if name not in _WHOLES:
        raise NotFound("Không có mục này trong bản soạn. Mở lại trang quy trình.")
    return _WHOLES[name]


def _list(process: EditedProcess, whole: str, notes: Any, *, add: str) -> dict[str, Any]:
    """The entries of the draft, or those of the shared process as they are."""
    path, usual = _whole(whole)
    source = process.source
    written = source.get(path) if source is not None else None
    is_own = isinstance(written, dict)
    entries = written if isinstance(written, dict) else dict(usual()) if process.sketch.uses else {}
    rows = [
        entry_row(
            process.opened,
            (*path, name),
            name=part_at((*path, name)).heading((*path, name), entry),
            notes=notes(process, name, entry if isinstance(entry, dict) else {}),
        )
        for name, entry in entries.items()
    ]
    return {
        "whole": whole,
        "rows": rows,
        "is_own": is_own or not process.sketch.uses,
        "may_share": is_own and process.sketch.uses is not None,
        "add": {"href": add_address(process.opened, path), "text": add},
    }


def _end_notes(_process: EditedProcess, name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    codes = entry.get("codes")
    return (
        name,
        str(_STATES.get(str(entry.get("state")), "")),
        _("mã %(codes)s", codes=", ".join(map(str, codes))) if isinstance(codes, list) and codes else "",
        _("đóng cả các nhánh khác") if entry.get("closes_all") is True else "",
    )


def _always_notes(process: EditedProcess, name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    steps, closed = process.sketch.process.steps, entry.get("closed_in")
    names = [localized(steps[step].name) if step in steps else str(step) for step in closed or ()]
    return (
        name,
        str(_PERSONS.get(str(entry.get("by")), "")),
        _("đến trước bước %(steps)s", steps=", ".join(names)) if names else "",
    )
