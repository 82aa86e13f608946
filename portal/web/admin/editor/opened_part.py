"""One part of a draft, opened to be changed: its form, what the form changes, and the page around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.source import Path, Source
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.web.admin.draft_view import OpenedDraft, open_draft
from portal.web.admin.editor import process_parts
from portal.web.admin.editor.entries import EntryRow, add_address, anchor_of, edit_address, entry_row
from portal.web.admin.editor.names import ID_INPUT, NAME_QUESTION, check_name, typed_name
from portal.web.admin.editor.parts import (
    Part,
    PartForm,
    address_of,
    answered,
    part_form,
    path_in,
    sent,
    show_findings,
    shown_groups,
)
from portal.web.admin.editor.process_parts import PROCESS
from portal.web.admin.editor.questions import Question
from portal.web.admin.editor.registry import COLLECTIONS, part_at
from portal.web.admin.editor.rows import rearranged
from portal.web.admin.opened_definition import SECTIONS
from portal.web.errors import tell
from portal.web.translation import Words
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class OpenedPart:
    opened: OpenedDraft
    path: Path
    part: Part
    entry: Any
    asked: list[tuple[Words, list[Question]]]
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
        return [question for _heading, questions in self.asked for question in questions]

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
            groups=shown_groups(self.asked, self.form),
            action=url_for("admin_editor.edit", draft_id=self.opened.draft.id, where=address_of(self.path)),
            written=url_for("admin_editor.write", draft_id=self.opened.draft.id, where=address_of(self.path)),
            id_input=self.form._fields[ID_INPUT]() if self.has_name else "",
            is_item=bool(self.path) and not self.has_name,
            upward=self.upward,
            children=self._children(),
            beside=self.part.beside,
            told=self.part.tell(self.opened, self.path) if self.part.tell is not None else {},
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
    typed = sent()
    moved = rearranged(typed) if typed is not None else None
    asked = part.asked(entry, opened.source)
    questions = [question for _heading, questions in asked for question in questions]
    if path and isinstance(path[-1], str):
        entry = entry if isinstance(entry, dict) else {}
        questions.append(NAME_QUESTION)
    form = part_form(
        questions,
        {**entry, "_name": path[-1]} if NAME_QUESTION in questions else entry,
        revision=opened.draft.revision,
        typed=moved if moved is not None else typed,
    )
    return OpenedPart(opened, path, part, entry, asked, form, is_rearranged=moved is not None)


def upward_of(opened: OpenedDraft, path: Path, section: str) -> dict[str, str]:
    """Where to go from a part: to the part that lists it, or to its row in the section."""
    if path[:1] == PROCESS:
        return process_parts.upward_of(opened, path)
    around = path[:-2]
    if len(around) > 2 and opened.source is not None:
        return {
            "href": edit_address(opened, around),
            "text": part_at(around).heading(around, opened.source.get(around)),
        }
    anchor = f"#{anchor_of(path)}" if path and path[-1] != "" else ""
    return {"href": opened.definition.address(section) + anchor, "text": str(SECTIONS[section])}


def _may_have(entry: Any, path: Path) -> bool:
    """Fields belong to pages and groups only."""
    return isinstance(entry, dict) and (len(path) < 4 or entry.get("type") == "group" or str(path[-1]) in entry)


def _row(opened: OpenedDraft, path: Path, source: Source) -> EntryRow:
    entry = source.get(path)
    note = path[-1] if isinstance(path[-1], str) else entry.get("that", "") if isinstance(entry, dict) else ""
    return entry_row(opened, path, name=part_at(path).heading(path, entry), notes=(str(note),))
