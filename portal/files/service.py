"""Keeping files, and handing them out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.files.kinds import draw_page, draw_scan, examine
from portal.files.models import StoredFile
from portal.files.names import display_name
from portal.files.store import MEGABYTE, the_store
from portal.files.types import FileFacts, KeptFile, ServedFile, Stored

_KEEP_ROW = insert(StoredFile).on_conflict_do_nothing(index_elements=[StoredFile.digest])

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def keep_upload(
    session: Session,
    stream: IO[bytes],
    *,
    file_name: str,
    formats: Iterable[str],
    max_mb: int,
    now: datetime,
    check: Callable[[Path], None] = lambda path: None,
) -> KeptFile:
    """Keep an uploaded paper: received, examined, safely stored, and only then its row written.

    `check` looks at what has arrived too, and may raise.

    `formats` are extensions (pdf, jpg, png); `max_mb` counts millions of bytes. The same content twice is one row.
    Raises InvalidInput with what to do about it.
    """
    with the_store().receive(stream, limit_bytes=max_mb * MEGABYTE) as arrived:
        examined = examine(arrived.path, file_name=file_name, formats=tuple(formats))
        check(arrived.path)
        stored = the_store().keep(arrived)
    write_row(session, stored, media_type=examined.media_type, pages=examined.pages, now=now)
    return KeptFile(
        digest=stored.digest,
        size=stored.size,
        media_type=examined.media_type,
        pages=examined.pages,
        file_name=display_name(file_name, media_type=examined.media_type),
    )


def store_produced(content: bytes) -> Stored:
    """Put a content of our own making into the store, without its row: what is slow happens outside the transaction."""
    return the_store().save(BytesIO(content), limit_bytes=len(content))


def content_of(digest: str) -> IO[bytes]:
    """A content that is kept, to be read. Raises NotFound when it is gone."""
    return the_store().opened(digest)


def write_row(session: Session, stored: Stored, *, media_type: str, pages: int, now: datetime) -> None:
    """The row of a content that is in the store already. Safe to repeat."""
    row = {
        "digest": stored.digest,
        "size": stored.size,
        "media_type": media_type,
        "pages": pages,
        "stored_at": now,
    }
    session.execute(_KEEP_ROW, row)


def preview(facts: FileFacts, *, page: int = 1) -> bytes:
    """A page as PNG, drawn in a process of its own. Pages count from 1.

    Raises NotFound when there is no such page, Unavailable when it cannot be drawn.
    """
    if not 1 <= page <= (facts.pages or 1):
        raise NotFound
    with the_store().on_disk(facts.digest) as path:
        return draw_page(path, media_type=facts.media_type, page=page)


def scanned_pages(digest: str, *, pages: int) -> list[bytes]:
    """Every page of a stored PDF as JPEG, each drawn in a process of its own.

    Raises NotFound when the content is gone, Unavailable when it cannot be drawn.
    """
    with the_store().on_disk(digest) as path:
        return [draw_scan(path, page=number) for number in range(1, pages + 1)]


def served(facts: FileFacts, *, file_name: str) -> ServedFile:
    """What a view gives to `send_file(content, as_attachment=True, …)`. Raises NotFound when the content is gone."""
    return ServedFile(
        content=the_store().opened(facts.digest),
        size=facts.size,
        media_type=facts.media_type,
        download_name=display_name(file_name, media_type=facts.media_type),
        digest=facts.digest,
        headers=HEADERS,
    )


def check_store() -> None:
    """Raises Unavailable unless contents can be kept and read."""
    the_store().check()
