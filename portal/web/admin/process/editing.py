"""What the pages of a process share: the draft with its sketch, saving a change of it, the picture as a fragment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import drafting
from portal.catalogue.administration import DefinitionDraftView
from portal.catalogue.condition_checking import ConditionGround, condition_ground
from portal.catalogue.findings import DefinitionError
from portal.catalogue.sketching import Sketch, sketched
from portal.catalogue.source import FILE, Source
from portal.catalogue.step_findings import Grouped, by_entry
from portal.catalogue.step_writing import action_path, require, step_path
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import unit_of_work
from portal.web.admin.draft_view import OpenedDraft, open_draft
from portal.web.admin.opened_definition import SECTIONS, STEPS, OpenedDefinition
from portal.web.admin.process.step_forms import seen_revision
from portal.web.errors import tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

Change = Callable[[Source], Source]


@dataclass(frozen=True)
class EditedProcess:
    """A draft opened at its process."""

    opened: OpenedDraft

    @property
    def draft(self) -> DefinitionDraftView:
        return self.opened.draft

    @property
    def definition(self) -> OpenedDefinition:
        return self.opened.definition

    @property
    def source(self) -> Source | None:
        """None when the text is no YAML: then only the text can be mended."""
        return self.opened.source

    @property
    def may_change(self) -> bool:
        return self.opened.may_change and self.source is not None

    @cached_property
    def sketch(self) -> Sketch:
        return sketched(self.draft.source, FILE)

    @cached_property
    def ground(self) -> ConditionGround:
        return condition_ground(self.draft.source, FILE)

    @cached_property
    def findings(self) -> Grouped:
        return by_entry(self.definition.findings, self.sketch.entries)

    def address(self, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, draft_id=self.draft.id, **values)

    def frame(self) -> dict[str, Any]:
        """The process as one's own draft writes it; nothing when it has none yet. Raises NotAllowed."""
        written = self._open_source().get(("process",))
        return written if isinstance(written, dict) else {}

    def entry(self, step: str) -> dict[str, Any]:
        """A step as one's own draft writes it. Raises NotAllowed, NotFound."""
        written = require(self._open_source(), step_path(step))
        return written if isinstance(written, dict) else {}

    def action(self, step: str, action: str) -> Any:
        """An action of it; None for one that is empty. Raises NotAllowed, NotFound."""
        return require(self._open_source(), action_path(step, action))

    def _open_source(self) -> Source:
        if not self.opened.may_change or self.source is None:
            raise NotAllowed("Bản soạn này không còn sửa được ở đây. Mở trang quy trình để xem.")
        return self.source


def edited(draft_id: UUID) -> EditedProcess:
    """Raises NotFound."""
    return EditedProcess(open_draft(draft_id))


def is_changed(process: EditedProcess, change: Change, *, form: BaseForm) -> bool:
    """Whether the change is in the draft now; what was refused stands in the form then. Raises DefinitionError."""
    try:
        with unit_of_work(actor()) as session:
            drafting.change_definition(
                session,
                process.draft.id,
                change,
                actor=actor(),
                now=clock.now(),
                seen_revision=seen_revision(),
            )
    except (InvalidInput, Conflict) as refused:
        tell(form, refused)
        return False
    return True


def process_page(
    template: str,
    process: EditedProcess,
    form: BaseForm | None = None,
    *,
    status: int | None = None,
    chosen: str = "",
    **context: Any,
) -> ResponseReturnValue:
    """A page of the process in the frame of its draft, with the picture of what is kept, `chosen` framed in it."""
    return process.opened.page(
        f"process/{template}",
        STEPS,
        heading=str(SECTIONS[STEPS]),
        form=form,
        status=status,
        process=process,
        picture=process.sketch.picture(language=current_language()),
        chosen=chosen,
        **context,
    )


def is_asked_for_picture() -> bool:
    """Whether the script of the page asks for the picture as the form would change it, and saves nothing."""
    return request.form.get("picture") == "yes"


def picture_of(process: EditedProcess, change: Change, *, form: BaseForm, chosen: str = "") -> ResponseReturnValue:
    """The picture alone, of the draft with a change that is not kept; nothing while the form has mistakes."""
    if process.source is None or not form.validate():
        return jsonify(picture=""), 422
    try:
        sketch = sketched(change(process.source).text, FILE)
    except DefinitionError:
        return jsonify(picture=""), 422
    picture = sketch.picture(language=current_language())
    return jsonify(picture=render_template("admin/process/picture_alone.html", picture=picture, chosen=chosen))


def answered(
    process: EditedProcess,
    form: BaseForm,
    change: Change,
    *,
    after: Callable[[], ResponseReturnValue],
    page: Callable[[], ResponseReturnValue],
    chosen: str = "",
) -> ResponseReturnValue:
    """What a form of the process answers: the picture alone, the next page once the change is kept, or itself."""
    if is_asked_for_picture():
        return picture_of(process, change, form=form, chosen=chosen)
    if form.is_valid_submission() and is_changed(process, change, form=form):
        return after()
    return page()


def kept(process: EditedProcess, endpoint: str, **values: Any) -> ResponseReturnValue:
    """To the next page, with what was done."""
    flash(_("Đã lưu. Hình và báo cáo lỗi đã tính lại."), "success")
    return redirect(process.address(endpoint, **values), 303)


def moved(process: EditedProcess, form: BaseForm, endpoint: str, **values: Any) -> ResponseReturnValue:
    """Back to the table in which a row was moved, or was not because somebody else was faster."""
    for error in form.error_list:
        flash(error.text, "notice")
    return redirect(process.address(endpoint, **values), 303)
