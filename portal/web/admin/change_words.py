"""Differences between two definitions, grouped and worded for their page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.catalogue.comparison import Change, Mark, Part
from portal.web.languages import localized
from portal.web.translation import Words
from portal.web.translation import lazy_gettext as __

PARTS: dict[Part, Words] = {
    Part.CARD: __("Thông tin"),
    Part.TERM: __("Thời hạn"),
    Part.PAPERS: __("Giấy tờ"),
    Part.FEES: __("Phí, lệ phí"),
    Part.FORM: __("Biểu mẫu"),
    Part.STEPS: __("Các bước"),
    Part.ACTIONS: __("Hành động"),
}
MARKS: dict[Mark, tuple[Words, str]] = {
    Mark.ADDED: (__("Thêm"), "green"),
    Mark.REMOVED: (__("Bỏ"), "red"),
    Mark.MOVED: (__("Chuyển chỗ"), "purple"),
    Mark.CHANGED: (__("Sửa"), "blue"),
}


def change_groups(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The parts that differ, in the order of pages, each with its changes."""
    groups: dict[Part, list[dict[str, Any]]] = {}
    for change in changes:
        groups.setdefault(change.part, []).append(_shown(change))
    return [{"title": str(PARTS[part]), "changes": groups[part]} for part in Part if part in groups]


def has_breaking(changes: Iterable[Change]) -> bool:
    return any(change.breaking for change in changes)


def _shown(change: Change) -> dict[str, Any]:
    words, colour = MARKS[change.mark]
    return {
        "tag": {"text": str(words), "colour": colour},
        "thing": localized(change.thing),
        "about": localized(change.about),
        "before": localized(change.before),
        "after": localized(change.after),
        "breaking": change.breaking,
    }
