"""A part of a draft as its YAML: for keys that no question asks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.findings import DefinitionError
from portal.catalogue.source import Path, Source
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.web.admin.draft_view import OpenedDraft, open_draft
from portal.web.admin.editor.entries import edit_address
from portal.web.admin.editor.inputs import CodeInput
from portal.web.admin.editor.parts import Part, PartForm, address_of, path_in
from portal.web.admin.editor.registry import part_at
from portal.web.admin.opened_definition import SECTIONS
from portal.web.errors import tell
from portal.web.languages import current_language
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __


class WrittenForm(PartForm):
    text = CodeInput(__("Nội dung"), rows=18, max_length=100_000, required=False)


@dataclass(frozen=True)
class WrittenPart:
    opened: OpenedDraft
    path: Path
    part: Part
    form: WrittenForm

    @property
    def section(self) -> str:
        return self.part.section

    @property
    def path_after(self) -> Path:
        return self.path

    def is_right(self) -> bool:
        if not self.form.is_valid_submission():
            return False
        text = str(self.form.text.data or "")
        if not text.strip():
            self.form.text.errors = [_("Nhập nội dung")]
        elif self.opened.source is not None:
            try:
                self.opened.source.put_text(self.path, text + "\n")
            except DefinitionError as error:
                finding = error.findings[0]
                reason = finding.in_language(current_language())
                self.form.text.errors = [_("Dòng %(line)s: %(reason)s", line=finding.line, reason=reason)]
        return not self.form.errors

    def change(self, source: Source) -> Source:
        return source.put_text(self.path, str(self.form.text.data) + "\n")

    def page(self, *, status: int | None = None) -> ResponseReturnValue:
        entry = self.opened.source.get(self.path) if self.opened.source is not None else {}
        heading = self.part.heading(self.path, entry)
        return self.opened.page(
            "editor/written.html",
            self.section,
            heading=f"{SECTIONS[self.section]}: {heading}",
            form=self.form,
            status=status,
            action=url_for("admin_editor.write", draft_id=self.opened.draft.id, where=address_of(self.path)),
            upward={"href": edit_address(self.opened, self.path), "text": heading},
        )

    def refused(self, error: Conflict | InvalidInput) -> ResponseReturnValue:
        tell(self.form, error)
        if isinstance(error, Conflict):
            self.form.renew(self.opened.draft.revision)
        return self.page(status=409 if isinstance(error, Conflict) else 422)


def written_part(draft_id: UUID, where: str) -> WrittenPart:
    """Raises NotFound when there is no such part, or when it is the whole, which has a page of its own."""
    opened = open_draft(draft_id)
    path = path_in(opened.source, where)
    part = part_at(path)
    if not path or (opened.source is not None and not opened.source.has(path)):
        raise NotFound("Không có trang này. Chọn lại trong danh sách.")
    text = opened.source.fragment(path) if opened.source is not None else ""
    form = WrittenForm.from_request(text=text.rstrip(), revision=str(opened.draft.revision))
    return WrittenPart(opened, path, part, form)
