"""Scans of originals in a document: their pages are pictures of its own pages, before the words that certify them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.files import service as files


def pictures_of(content: Mapping[str, Any]) -> dict[str, bytes]:
    """The pages of every scan that the content names, as JPEG, under the names by which the template asks for them.

    Raises NotFound when a scan is gone, Unavailable when it cannot be drawn.
    """
    return {
        f"scan-{scan['digest']}-{number}.jpg": picture
        for paper in content.get("papers") or ()
        if isinstance(paper, Mapping) and (scan := paper.get("scan"))
        for number, picture in enumerate(files.scanned_pages(scan["digest"], pages=scan["pages"]), start=1)
    }
