"""Values of stored files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class Stored:
    """A content that is safely stored. `size` in bytes."""

    digest: str
    size: int


@dataclass(frozen=True)
class KeptFile:
    """An accepted upload: its row is written, its content is stored. `size` in bytes."""

    digest: str
    size: int
    media_type: str
    pages: int
    file_name: str


@dataclass(frozen=True)
class FileFacts:
    """What is known of a content. `size` in bytes."""

    digest: str
    size: int
    media_type: str
    pages: int | None


@dataclass(frozen=True)
class ServedFile:
    """What a view hands to `send_file`: the browser saves it and runs nothing in it. `size` in bytes."""

    content: IO[bytes]
    size: int
    media_type: str
    download_name: str
    digest: str
    headers: Mapping[str, str]
