"""The store in a folder, which every host of the portal shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.core.errors import NotFound, Unavailable
from portal.core.text import marked
from portal.files.store import Arrived, Store, place_of
from portal.files.types import Stored

AWAY = marked("Kho tệp chưa ghi được. Thử lại sau ít phút.")


class FolderStore(Store):
    """Files below `folder`. A file once written never changes."""

    def keep(self, arrived: Arrived) -> Stored:
        """Synced, renamed, folders synced."""
        target = self.folder / place_of(arrived.digest)
        if not target.exists():
            _sync(arrived.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            arrived.path.replace(target)
        for folder in (target.parent, target.parent.parent, self.folder):
            _sync(folder)  # also when all was there: whoever wrote it may not have reached this line
        return Stored(arrived.digest, arrived.size)

    def path(self, digest: str) -> Path:
        """Where the content lies. Raises NotFound when there is none."""
        place = self.folder / place_of(digest)
        if not place.is_file():
            raise NotFound
        return place

    def opened(self, digest: str) -> IO[bytes]:
        return self.path(digest).open("rb")

    @contextmanager
    def on_disk(self, digest: str) -> Iterator[Path]:
        yield self.path(digest)

    def check(self) -> None:
        try:
            is_writable = os.access(self.incoming(), os.W_OK | os.X_OK)
        except OSError as error:
            raise Unavailable(AWAY) from error
        if not is_writable:
            raise Unavailable(AWAY)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
