"""An entry that is to be added to a list of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.catalogue.source import Path, Source
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.web.admin.draft_view import OpenedDraft, open_draft
from portal.web.admin.editor.entries import add_address
from portal.web.admin.editor.names import ID_INPUT, NEW_NAME_QUESTION, check_name, made_name, typed_name
from portal.web.admin.editor.opened_part import upward_of
from portal.web.admin.editor.parts import Collection, PartForm, answered, part_form, path_in, sent, shown_groups
from portal.web.admin.editor.questions import Question
from portal.web.admin.editor.registry import collection_at
from portal.web.admin.opened_definition import SECTIONS
from portal.web.errors import tell


@dataclass(frozen=True)
class NewEntry:
    """An entry that is not there yet."""

    opened: OpenedDraft
    path: Path
    collection: Collection
    asked: tuple[Question, ...]
    form: PartForm

    @property
    def section(self) -> str:
        return self.collection.section

    def is_right(self) -> bool:
        if not self.form.is_valid_submission():
            return False
        if self.collection.names_it:
            if not typed_name(self.form):
                fields, named_by = self.form._fields, f"q-{self.collection.names_it}"
                said = fields[named_by if named_by in fields else f"{named_by}-vi"].data
                fields[ID_INPUT].data = made_name(str(said), taken=self._names())
            check_name(self.form, self.opened.source, self.path, before=None)
        return not self.form.errors

    def change(self, source: Source) -> Source:
        entry = answered(self.asked, self.form, {}) | dict(self.collection.beginning or {})
        if self.collection.prepared is not None:
            source = self.collection.prepared(source, self.path)
        if self.collection.names_it:
            return source.put((*self.path, typed_name(self.form)), entry)
        return source.add(self.path, entry)

    @property
    def path_after(self) -> Path:
        if self.collection.names_it:
            return (*self.path, typed_name(self.form))
        before = self.opened.source.get(self.path) if self.opened.source is not None else None
        return (*self.path, len(before) if isinstance(before, list) else 0)

    def page(self, *, status: int | None = None) -> ResponseReturnValue:
        section = self.collection.section
        questions = [*self.asked, *([NEW_NAME_QUESTION] if self.collection.names_it else [])]
        return self.opened.page(
            "editor/new_entry.html",
            section,
            heading=f"{SECTIONS[section]}: {self.collection.heading}",
            form=self.form,
            status=status,
            groups=shown_groups([("", questions)], self.form),
            action=add_address(self.opened, self.path),
            upward=upward_of(self.opened, (*self.path, ""), section),
        )

    def refused(self, error: Conflict | InvalidInput) -> ResponseReturnValue:
        tell(self.form, error)
        if isinstance(error, Conflict):
            self.form.renew(self.opened.draft.revision)
        return self.page(status=409 if isinstance(error, Conflict) else 422)

    def _names(self) -> tuple[str, ...]:
        return self.opened.source.names(self.path) if self.opened.source is not None else ()


def new_entry(draft_id: UUID, where: str) -> NewEntry:
    """Raises NotFound when nothing is added there."""
    opened = open_draft(draft_id)
    path = path_in(opened.source, where)
    collection = collection_at(path)
    if opened.source is not None and not opened.source.has(path[:-1]):
        raise NotFound("Không có trang này. Chọn lại trong danh sách.")
    asked = collection.asked(opened.source)
    questions = [*asked, *([NEW_NAME_QUESTION] if collection.names_it else [])]
    form = part_form(questions, {}, revision=opened.draft.revision, typed=sent())
    return NewEntry(opened, path, collection, asked, form)
