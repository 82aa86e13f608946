"""The sections of one's own draft, where its parts are listed, opened, moved and added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.administration import TestResult
from portal.catalogue.loader import pages_of
from portal.catalogue.source import FILE, Path, Source
from portal.web.admin.definition_tests import tested
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor import tables
from portal.web.admin.editor.entries import EntryRow, add_address, entry_row
from portal.web.admin.editor.opened_part import opened_part
from portal.web.admin.editor.papers_and_fees import named
from portal.web.admin.editor.parts import each
from portal.web.admin.editor.registry import part_at
from portal.web.admin.editor.test_parts import end_word, failure_words, result_of, way_words
from portal.web.admin.form_preview import preview_of
from portal.web.admin.opened_definition import CARD, CHECK, FEES, FORM, PAPERS, SECTIONS, mistakes
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
        may_share=not source.has(("pages", "applicant")),
        phones=preview_of(pages_of(source.text, FILE), now=opened.definition.now),
    )


def field_rows(opened: OpenedDraft, path: Path) -> list[EntryRow]:
    """The fields at a path, as a list that they are opened, moved and removed in."""
    return [_field(opened, *field) for field in each(_source(opened), path)]


def check(opened: OpenedDraft) -> ResponseReturnValue:
    source = _source(opened)
    return opened.page(
        "editor/check.html",
        CHECK,
        heading=str(SECTIONS[CHECK]),
        mistakes=mistakes(opened.definition),
        tested=tested(opened.definition.procedure),
        tests=[_test(opened, path, entry) for path, entry in each(source, ("tests",))],
        add={"href": add_address(opened, ("tests",)), "text": _("Thêm phép thử")},
        written=url_for("admin_entries.show", draft_id=opened.draft.id, path="tests"),
    )


PAGES: dict[str, Callable[[OpenedDraft], ResponseReturnValue]] = {
    CARD: card,
    PAPERS: papers,
    FEES: fees,
    FORM: form,
    CHECK: check,
}
"""Section -> its page when the draft is one's own and may be changed; the other sections are shown as always."""


def _source(opened: OpenedDraft) -> Source:
    if opened.source is None:  # `definitions.draft_page` shows another page then
        raise AssertionError("This draft cannot be read.")
    return opened.source


@dataclass(frozen=True)
class TestRow:
    """A test in the list; `result` is None while the definition cannot be read. `doing` is what it does, in words."""

    row: EntryRow
    doing: list[str]
    ends: str
    result: TestResult | None
    failed: str


def _test(opened: OpenedDraft, path: Path, entry: Any) -> TestRow:
    result = result_of(opened, int(path[-1]))
    entry = entry if isinstance(entry, dict) else {}
    doing = entry.get("do")
    said = [str(item) for item in doing] if isinstance(doing, list) else []
    procedure = opened.definition.procedure
    outcome = dict(tables.OUTCOMES).get(str(entry.get("outcome")), "")
    return TestRow(
        row=entry_row(opened, path, name=part_at(path).heading(path, entry)),
        doing=way_words(procedure.process, tuple(said)) if procedure else said,
        ends=" · ".join(str(word) for word in (end_word(str(entry.get("ends") or "")), outcome) if word),
        result=result,
        failed=failure_words(procedure.process, result) if procedure and result else "",
    )


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
        "fields": field_rows(opened, (*path, "fields")),
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
