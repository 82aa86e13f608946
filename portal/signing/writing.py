"""Revisions of a PDF that stay within PDF/A-3. Loaded only where something is signed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

NEWEST = (1, 7)
"""ISO 19005-3 is based on ISO 32000-1: a file that calls itself PDF 2.0 is none of it any more."""


class Revision(IncrementalPdfFileWriter):
    """pyHanko declares elliptic curves as an extension of PDF 2.0. Readers verify them without it: the signature itself
    says of which kind it is."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        super().ensure_output_version(min(version, NEWEST))  # type: ignore[no-untyped-call]

    def register_extension(self, ext: Any) -> None:
        if str(ext.base_version) != "/2.0":
            super().register_extension(ext)
