"""Entries of a definition in a list: where each is opened, moved and removed, and whether something is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from portal.catalogue.source import Path, Source
from portal.web.admin.draft_view import OpenedDraft
from portal.web.admin.editor.parts import address_of, count_within


@dataclass(frozen=True)
class EntryRow:
    """`notes` stand beside the name; `at` is what addresses call it; the first and the last cannot go further."""

    name: str
    notes: tuple[str, ...]
    at: str
    href: str
    id: str
    mistakes: int
    is_first: bool
    is_last: bool


def entry_row(opened: OpenedDraft, path: Path, *, name: str, notes: tuple[str, ...] = (), href: str = "") -> EntryRow:
    """The row of the entry at the path; `href` replaces the page of its own."""
    siblings = _siblings(opened.source, path)
    return EntryRow(
        name=name,
        notes=tuple(note for note in notes if note),
        at=address_of(path),
        href=href or edit_address(opened, path),
        id=anchor_of(path),
        mistakes=count_within(opened.definition.findings, path),
        is_first=path[-1] == siblings[0],
        is_last=path[-1] == siblings[-1],
    )


def anchor_of(path: Path) -> str:
    """What the row of the entry is called on its page."""
    return "muc-" + "-".join(map(str, path))


def edit_address(opened: OpenedDraft, path: Path) -> str:
    return url_for("admin_editor.edit", draft_id=opened.draft.id, where=address_of(path))


def add_address(opened: OpenedDraft, path: Path) -> str:
    return url_for("admin_editor.add", draft_id=opened.draft.id, where=address_of(path))


def _siblings(source: Source | None, path: Path) -> list[str | int]:
    around = source.get(path[:-1]) if source is not None else None
    found: list[str | int] = list(around) if isinstance(around, dict) else list(range(len(around or ())))
    return found or [path[-1]]
