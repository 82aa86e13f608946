"""What a document may contain besides its text: bundled files by name, and nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.paths import TEMPLATES

FOLDER = TEMPLATES / "documents"
ADDRESS = "https://bundled.invalid/"
"""Never asked: a base that relative addresses can be joined to (RFC 6761 reserves .invalid)."""
FONTS = tuple(f"fonts/Tinos-{face}.ttf" for face in ("Regular", "Bold", "Italic", "BoldItalic"))
_KINDS = {"ttf": "font/ttf", "png": "image/png", "jpg": "image/jpeg"}


class RefusedAddress(Exception):
    """The document asked for something that is not bundled: no file, no network, no `data:`."""


def fetcher(made: Mapping[str, bytes] | None = None) -> Any:
    """A fetcher that serves the bundled fonts and what was `made` for this document, and refuses all else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # slow: only who prints pays

    class BundledOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            name = url.removeprefix(ADDRESS)
            if not url.startswith(ADDRESS) or name not in {*FONTS, *(made or {})}:
                raise RefusedAddress("this address is not bundled")
            content = made[name] if made and name in made else (FOLDER / name).read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": _KINDS[name.rpartition(".")[2]]})

    return BundledOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
