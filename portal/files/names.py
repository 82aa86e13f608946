"""The name that a file is shown and saved under. It never names a place on disk."""

from __future__ import annotations

import re

from portal.core.text import composed

LONGEST = 100
EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/xml": ("xml",),
}

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def extension(file_name: str) -> str:
    """The extension in lower case without its dot, or nothing."""
    return composed(file_name).rpartition(".")[2].strip().lower() if "." in file_name else ""


def display_name(file_name: str, *, media_type: str) -> str:
    """NFC, at most 100 characters, safe to save anywhere, and ending in what the content is."""
    extensions = EXTENSIONS.get(media_type, ("bin",))
    last = re.split(r"[/\\]", composed(file_name))[-1]
    stem, ending = last, extensions[0]
    if extension(last) in extensions:
        stem, _, ending = last.rpartition(".")
    return safe_name(stem, extension=ending)


def safe_name(stem: str, *, extension: str) -> str:
    """`stem.extension`, without what a disk or a header would stumble over."""
    stem = _UNSAFE.sub("_", " ".join(composed(stem).split())).strip(" .")
    if not stem or _DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"tệp {stem}".strip()
    return f"{stem[: LONGEST - len(extension) - 1].rstrip(' .')}.{extension}"
