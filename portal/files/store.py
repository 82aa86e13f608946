"""The content-addressed store: a file is on disk, synced, before any row names it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from portal.core.errors import InvalidInput, NotFound
from portal.files.types import Stored

CHUNK = 1 << 20
MEGABYTE = 1_000_000
"""As everybody counts the size of a file, and as the limits of the procedures mean it."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Arrived:
    """A content received but not kept: it vanishes unless `Store.keep` is called before the block ends."""

    path: Path
    digest: str
    size: int


class Store:
    """Files named by their SHA-256 below `folder`, in two levels of folders. A file once written never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, stream: IO[bytes], *, limit_bytes: int) -> Stored:
        """Keep the stream's content. Raises InvalidInput when it is empty or larger than `limit_bytes`."""
        with self.receive(stream, limit_bytes=limit_bytes) as arrived:
            return self.keep(arrived)

    @contextmanager
    def receive(self, stream: IO[bytes], *, limit_bytes: int) -> Iterator[Arrived]:
        """Take the content in, hashing while writing, so that it can be examined before it is kept.

        Raises InvalidInput when it is empty or larger than `limit_bytes`.
        """
        incoming = self.folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=incoming, delete=False) as temporary:
            path = Path(temporary.name)
            try:
                digest, size = _copy(stream, temporary, limit_bytes=limit_bytes)
                temporary.flush()
                yield Arrived(path, digest, size)
            finally:
                with suppress(FileNotFoundError):  # kept: it has its lasting name now
                    path.unlink()

    def keep(self, arrived: Arrived) -> Stored:
        """Give the content its lasting name: synced, renamed, folders synced. Safe to repeat."""
        target = self._place(arrived.digest)
        if not target.exists():
            _sync(arrived.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            arrived.path.replace(target)
        for folder in (target.parent, target.parent.parent, self.folder):
            _sync(folder)  # also when all was there: whoever wrote it may not have reached this line
        return Stored(arrived.digest, arrived.size)

    def path(self, digest: str) -> Path:
        """Where the content lies. Raises NotFound when there is none."""
        if not _DIGEST.fullmatch(digest):
            raise NotFound
        place = self._place(digest)
        if not place.is_file():
            raise NotFound
        return place

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:4] / digest


_store: Store | None = None


def use(store: Store) -> None:
    """Name the store of this process."""
    global _store
    _store = store


def the_store() -> Store:
    if _store is None:
        raise RuntimeError("no store has been named: call files.store.use first")
    return _store


def _copy(stream: IO[bytes], target: IO[bytes], *, limit_bytes: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size <= limit_bytes:
            digest.update(chunk)
            target.write(chunk)
        # A larger one is read to its end, unkept, so that the sentence can say how large it is.
    if size == 0:
        raise InvalidInput("Tệp trống (0 byte). Mở tệp gốc xem có nội dung không, rồi tải lên lại.")
    if size > limit_bytes:
        raise InvalidInput(
            "Tệp %(size)d MB, lớn hơn mức %(limit)d MB. Giảm độ phân giải hoặc tách thành nhiều tệp.",
            size=ceil(size / MEGABYTE),
            limit=limit_bytes // MEGABYTE,
        )
    return digest.hexdigest(), size


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
