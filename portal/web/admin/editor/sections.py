"""The sections of one's own draft, where its parts are listed, opened, moved and added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from portal.catalogue.loader import pages_of
from portal.catalogue.source import FILE, Path, Source
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor import tables
from portal.web.admin.editor.entries import EntryRow, add_address, entry_row
from portal.web.admin.editor.opened_part import opened_part
from portal.web.admin.editor.papers_and_fees import named
from portal.web.admin.editor.parts import each
from portal.web.admin.editor.registry import part_at
from portal.web.admin.form_preview import preview_of
from portal.web.admin.opened_definition import CARD, FEES, FORM, PAPERS, SECTIONS
from portal.web.translation import gettext as _

_TYPES = dict(tables.FIELD_TYPES)


def card(opened: OpenedDraft) -> ResponseReturnValue:
    entry = opened.source.get() if opened.source is not None else {}
    return opened_part(opened, (), part_at(()), entry).page()


def papers(opened: OpenedDraft) -> ResponseReturnValue:
    rows = [
        entry_row(opened, path, name=named(entry, "name", path[-1]), notes=_paper_notes(path, entry))
        for path, entry in each(_source(opened), ("papers",))
    ]
    return _list(opened, PAPERS, rows, ("papers",), add=_("Thêm giấy tờ"), empty=_("Chưa có giấy tờ nào."))


def fees(opened: OpenedDraft) -> ResponseReturnValue:
    rows = [
        entry_row(opened, path, name=named(entry, "name", path[-1]), notes=(str(path[-1]),))
        for path, entry in each(_source(opened), ("fees",))
    ]
    return _list(opened, FEES, rows, ("fees",), add=_("Thêm khoản thu"), empty=_("Chưa có khoản thu nào."))


def form(opened: OpenedDraft) -> ResponseReturnValue:
    source = _source(opened)
    pages = [_page(opened, path, entry) for path, entry in each(source, ("pages",))]
    return opened.page(
        "editor/form.html",
        FORM,
        heading=str(SECTIONS[FORM]),
        pages=pages,
        add={"href": add_address(opened, ("pages",)), "text": _("Thêm trang")},
        phones=preview_of(pages_of(source.text, FILE), now=opened.definition.now),
    )


PAGES: dict[str, Callable[[OpenedDraft], ResponseReturnValue]] = {CARD: card, PAPERS: papers, FEES: fees, FORM: form}
"""Section -> its page when the draft is one's own and may be changed; the other sections are shown as always."""


def _source(opened: OpenedDraft) -> Source:
    if opened.source is None:  # `definitions.draft_page` shows another page then
        raise AssertionError("This draft cannot be read.")
    return opened.source


def _list(
    opened: OpenedDraft, section: str, rows: list[EntryRow], path: Path, *, add: str, empty: str
) -> ResponseReturnValue:
    return opened.page(
        "editor/list.html",
        section,
        heading=str(SECTIONS[section]),
        rows=rows,
        add={"href": add_address(opened, path), "text": add},
        empty=empty,
    )


def _paper_notes(path: Path, entry: Any) -> tuple[str, ...]:
    entry = entry if isinstance(entry, dict) else {}
    condition = entry.get("when")
    return (
        str(path[-1]),
        str(dict(tables.MODES)[entry["mode"]]) if entry.get("mode") in dict(tables.MODES) else "",
        _("Không bắt buộc") if entry.get("required") is False else "",
        _("Chỉ cần khi %(condition)s", condition=condition) if condition else "",
    )


def _page(opened: OpenedDraft, path: Path, entry: Any) -> dict[str, Any]:
    """A page of the form with its questions and checks; a page that is shared has neither here."""
    shared = entry == "shared"
    name = _("Người nộp hồ sơ (trang dùng chung)") if shared else named(entry, "title", path[-1])
    source = _source(opened)
    return {
        "row": entry_row(opened, path, name=name, notes=(str(path[-1]),)),
        "shared": shared,
        "fields": [_field(opened, *field) for field in each(source, (*path, "fields"))],
        "checks": [_check(opened, *check) for check in each(source, (*path, "checks"))],
        "add_field": add_address(opened, (*path, "fields")),
        "add_check": add_address(opened, (*path, "checks")),
    }


def _field(opened: OpenedDraft, path: Path, entry: Any) -> EntryRow:
    entry = entry if isinstance(entry, dict) else {}
    inner = entry.get("fields")
    notes = (
        str(path[-1]),
        str(_TYPES.get(str(entry.get("type")), "")),
        _("%(count)s câu hỏi trong nhóm", count=len(inner)) if isinstance(inner, dict) else "",
        _("Bắt buộc") if entry.get("required") is True else "",
        _("Chỉ hỏi khi %(condition)s", condition=entry["when"]) if entry.get("when") else "",
    )
    return entry_row(opened, path, name=named(entry, "label", path[-1]), notes=notes)


def _check(opened: OpenedDraft, path: Path, entry: Any) -> EntryRow:
    entry = entry if isinstance(entry, dict) else {}
    notes = (str(entry.get("that", "")), _("chỉ nhắc") if entry.get("warns") is True else "")
    return entry_row(opened, path, name=named(entry, "message", path[-1]), notes=notes)
