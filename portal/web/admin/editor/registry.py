"""Every part that has a page, and every list that entries are added to."""

from __future__ import annotations

from portal.catalogue.source import Path
from portal.core.errors import NotFound
from portal.web.admin.editor import card, form_builder, papers_and_fees, process_parts, test_parts
from portal.web.admin.editor.parts import Collection, Part

PARTS: tuple[Part, ...] = (
    *(*card.PARTS, *papers_and_fees.PARTS, *form_builder.PARTS),
    *(*process_parts.PARTS, *test_parts.PARTS),
)
COLLECTIONS: tuple[Collection, ...] = (
    *(*papers_and_fees.COLLECTIONS, *form_builder.COLLECTIONS),
    *(*process_parts.COLLECTIONS, *test_parts.COLLECTIONS),
)


def part_at(path: Path) -> Part:
    """Raises NotFound when nothing at such a path has a page."""
    for part in PARTS:
        if part.matches(path):
            return part
    raise NotFound("Không có trang này. Chọn lại trong danh sách.")


def collection_at(path: Path) -> Collection:
    """Raises NotFound when nothing is added there."""
    for collection in COLLECTIONS:
        if collection.matches(path):
            return collection
    raise NotFound("Không có trang này. Chọn lại trong danh sách.")
