"""Pictures of signatures and seals: PNG files in a folder, named by the label of the key."""

from __future__ import annotations

from pathlib import Path


def pictures_in(folder: Path, label: str, name: str) -> bytes | None:
    """The picture that belongs to a key; None when there is none, or no folder."""
    file = folder / f"{label}.png"
    return file.read_bytes() if file.is_file() else None
