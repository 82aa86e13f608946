"""One part of a draft, opened to be changed: its form, what the form changes, and the page around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.catalogue.source import NAME, Path, Source
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.text import composed, folded
from portal.web.admin.draft_view import OpenedDraft, open_draft
from portal.web.admin.editor.entries import add_address, edit_address, entry_row
from portal.web.admin.editor.parts import (
    Collection,
    Part,
    PartForm,
    address_of,
    answered,
    part_form,
    path_in,
    show_findings,
    shown_groups,
)
from portal.web.admin.editor.questions import Question, Text
from portal.web.admin.editor.registry import COLLECTIONS, collection_at, part_at
from portal.web.admin.editor.rows import rearranged
from portal.web.admin.opened_definition import SECTIONS
from portal.web.errors import tell
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

NAME_QUESTION = Text("_name", __("Mã trong tệp"), __("Điều kiện gọi bằng mã này"), optional=False, width=20)
NEW_NAME_QUESTION = Text("_name", __("Mã trong tệp"), __("Để trống thì lấy từ tên"), width=20)
_ID = "q-_name"


@dataclass(frozen=True)
class OpenedPart:
    opened: OpenedDraft
    path: Path
    part: Part
    entry: Any
    form: PartForm
    is_rearranged: bool

    @property
    def section(self) -> str:
        return self.part.section

    @property
    def upward(self) -> dict[str, str]:
        return upward_of(self.opened, self.path, self.section)

    @property
    def has_name(self) -> bool:
        return bool(self.path) and isinstance(self.path[-1], str)

    @cached_property
    def questions(self) -> list[Question]:
        return [question for _heading, questions in self.part.asked(self.entry) for question in questions]

    def is_right(self) -> bool:
        """Was it sent to be kept, and can all of it be written?"""
        if self.is_rearranged or not self.form.is_valid_submission():
            return False
        if self.has_name:
            check_name(self.form, self.opened.source, self.path[:-1], before=str(self.path[-1]))
        return not self.form.errors

    def change(self, source: Source) -> Source:
        """What the form says, laid over the part."""
        before = source.get(self.path)
        after = answered(self.questions, self.form, before)
        changed = source.put(self.path, after) if after or before else source  # an empty entry stays as it is written
        return changed.rename(self.path, typed_name(self.form)) if self.has_name else changed

    @property
    def path_after(self) -> Path:
        """Where the part is once the form is kept: its id may be another."""
        return (*self.path[:-1], typed_name(self.form)) if self.has_name else self.path

    def page(self, *, status: int | None = None) -> ResponseReturnValue:
        """The part with its mistakes at their places; a page that was sent keeps its own."""
        if request.method == "GET":
            findings = self.opened.definition.findings
            show_findings(self.form, findings, self.questions, path=self.path, entry=self.entry)
            status = 200
        elif self.is_rearranged:
            status = 200
        heading = self.part.heading(self.path, self.entry)
        return self.opened.page(
            "editor/part.html",
            self.part.section,
            heading=f"{SECTIONS[self.section]}: {heading}" if self.path else heading,
            form=self.form,
            status=status,
            groups=shown_groups(self.part.asked(self.entry), self.form),
            action=url_for("admin_editor.edit", draft_id=self.opened.draft.id, where=address_of(self.path)),
            written=url_for("admin_editor.write", draft_id=self.opened.draft.id, where=address_of(self.path)),
            id_input=self.form._fields[_ID]() if self.has_name else "",
            is_item=bool(self.path) and not self.has_name,
            upward=self.upward,
            children=self._children(),
        )

    def refused(self, error: Conflict | InvalidInput) -> ResponseReturnValue:
        """The page with everything typed; after a conflict it answers the newest state and can be sent again."""
        tell(self.form, error)
        if isinstance(error, Conflict):
            self.form.renew(self.opened.draft.revision)
            self.form.form_errors.append(
                _("Nội dung vừa nhập vẫn ở dưới. Mở bản mới ở cửa sổ khác để so, rồi lưu lần nữa.")
            )
        return self.page(status=409 if isinstance(error, Conflict) else 422)

    def _children(self) -> list[dict[str, Any]]:
        """The lists of entries that this part has: the fields of a group or a page."""
        source, found = self.opened.source, []
        for collection in COLLECTIONS:
            path = (*self.path, collection.pattern[-1])
            if source is None or not self.path or not collection.matches(path) or not _may_have(self.entry, path):
                continue
            each = source.get(path) or ()
            keys = list(each) if isinstance(each, dict) else range(len(each))
            found.append(
                {
                    "heading": str(collection.shown),
                    "rows": [_row(self.opened, (*path, key), source) for key in keys],
                    "add": {"href": add_address(self.opened, path), "text": str(collection.heading)},
                }
            )
        return found


def open_part(draft_id: UUID, where: str) -> OpenedPart:
    """Raises NotFound when there is no such part, or no page for it."""
    opened = open_draft(draft_id)
    path = path_in(opened.source, where)
    part = part_at(path)
    entry = opened.source.get(path) if opened.source is not None else {}
    if entry is None:  # removed in another window: what was typed is shown all the same
        entry = {"type": request.form.get("q-type")}
    if opened.source is not None and not opened.source.has(path) and request.method == "GET":
        raise NotFound("Không có trang này. Chọn lại trong danh sách.")
    return opened_part(opened, path, part, entry)


def opened_part(opened: OpenedDraft, path: Path, part: Part, entry: Any) -> OpenedPart:
    sent = _sent()
    moved = rearranged(sent) if sent is not None else None
    questions = [question for _heading, questions in part.asked(entry) for question in questions]
    if path and isinstance(path[-1], str):
        entry = entry if isinstance(entry, dict) else {}
        questions.append(NAME_QUESTION)
    form = part_form(
        questions,
        {**entry, "_name": path[-1]} if NAME_QUESTION in questions else entry,
        revision=opened.draft.revision,
        typed=moved if moved is not None else sent,
    )
    return OpenedPart(opened, path, part, entry, form, is_rearranged=moved is not None)


@dataclass(frozen=True)
class NewEntry:
    """An entry that is not there yet."""

    opened: OpenedDraft
    path: Path
    collection: Collection
    form: PartForm

    @property
    def section(self) -> str:
        return self.collection.section

    def is_right(self) -> bool:
        if not self.form.is_valid_submission():
            return False
        if self.collection.names_it:
            if not typed_name(self.form):
                self.form._fields[_ID].data = self._made_name()
            check_name(self.form, self.opened.source, self.path, before=None)
        return not self.form.errors

    def change(self, source: Source) -> Source:
        entry = answered(self.collection.questions, self.form, {}) | dict(self.collection.beginning or {})
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
        questions = [*self.collection.questions, *([NEW_NAME_QUESTION] if self.collection.names_it else [])]
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

    def _made_name(self) -> str:
        """An id made from the Vietnamese name, which nothing beside it has."""
        said = str(self.form._fields[f"q-{self.collection.names_it}-vi"].data)
        words = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in folded(said)).split())
        name = words.lstrip("0123456789_")[:36].rstrip("_")
        taken, number, made = set(self._names()), 1, name
        while made in taken:
            number += 1
            made = f"{name}_{number}"
        return made

    def _names(self) -> tuple[str, ...]:
        return self.opened.source.names(self.path) if self.opened.source is not None else ()


def new_entry(draft_id: UUID, where: str) -> NewEntry:
    """Raises NotFound when nothing is added there."""
    opened = open_draft(draft_id)
    path = path_in(opened.source, where)
    collection = collection_at(path)
    if opened.source is not None and not opened.source.has(path[:-1]):
        raise NotFound("Không có trang này. Chọn lại trong danh sách.")
    questions = [*collection.questions, *([NEW_NAME_QUESTION] if collection.names_it else [])]
    form = part_form(questions, {}, revision=opened.draft.revision, typed=_sent())
    return NewEntry(opened, path, collection, form)


def typed_name(form: PartForm) -> str:
    return str(form._fields[_ID].data or "")


def check_name(form: PartForm, source: Source | None, around: Path, *, before: str | None) -> None:
    """Say at its input when an id cannot be one, or is another's."""
    field, name = form._fields[_ID], typed_name(form)
    taken = source.names(around) if source is not None else ()
    if not name and before is None:
        field.errors = [_("Nhập tên, hoặc mã trong tệp")]
    elif not NAME.fullmatch(name):
        field.errors = [_("Mã chỉ gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ.")]
    elif name in taken and name != before:
        field.errors = [_("Mã %(name)s đã có. Chọn mã khác.", name=name)]


def upward_of(opened: OpenedDraft, path: Path, section: str) -> dict[str, str]:
    """Where to go from a part: to what it belongs to."""
    if len(path) > 2 and isinstance(opened.source, Source):
        around = path[:-2]
        entry = opened.source.get(around)
        return {"href": edit_address(opened, around), "text": part_at(around).heading(around, entry)}
    return {"href": opened.definition.address(section), "text": str(SECTIONS[section])}


def _sent() -> MultiDict[str, Any] | None:
    if request.method != "POST":
        return None
    return MultiDict((key, composed(value)) for key, values in request.form.lists() for value in values)


def _may_have(entry: Any, path: Path) -> bool:
    """Fields belong to pages and groups only."""
    return isinstance(entry, dict) and (len(path) < 4 or entry.get("type") == "group" or str(path[-1]) in entry)


def _row(opened: OpenedDraft, path: Path, source: Source) -> Any:
    entry = source.get(path)
    return entry_row(opened, path, name=part_at(path).heading(path, entry), notes=(str(path[-1]),))
