"""The content-addressed store: a file is safely kept before any row names it. Where it lies is a setting."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
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


class Store(ABC):
    """Contents named by their SHA-256; one that was kept never changes. Below `folder` what arrives is examined."""

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
        with NamedTemporaryFile(dir=self.incoming(), delete=False) as temporary:
            path = Path(temporary.name)
            try:
                digest, size = _copy(stream, temporary, limit_bytes=limit_bytes)
                temporary.flush()
                yield Arrived(path, digest, size)
            finally:
                with suppress(FileNotFoundError):  # kept: it has its lasting name now
                    path.unlink()

    def incoming(self) -> Path:
        """The folder for what has arrived and is not kept yet."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @abstractmethod
    def keep(self, arrived: Arrived) -> Stored:
        """Give the content its lasting place; it is safe there when this returns. Safe to repeat."""

    @abstractmethod
    def opened(self, digest: str) -> IO[bytes]:
        """The content from its beginning; seeking is cheap. Raises NotFound, and Unavailable when nobody answers."""

    @abstractmethod
    def on_disk(self, digest: str) -> AbstractContextManager[Path]:
        """The content as a file of this machine while the block lasts. Raises as `opened` does."""

    @abstractmethod
    def check(self) -> None:
        """Raises Unavailable unless contents can be kept and read."""


def place_of(digest: str) -> str:
    """Where a content lies below its root, in two levels: folder and bucket have the same. NotFound for no digest."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


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
