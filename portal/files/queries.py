"""Reading what is known of stored files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.files.models import StoredFile
from portal.files.types import FileFacts


def get_file(session: Session, digest: str) -> FileFacts:
    """Whoever may see the row that names the digest may read it: ask there first. Raises NotFound."""
    row = session.execute(
        select(StoredFile.digest, StoredFile.size, StoredFile.media_type, StoredFile.pages).where(
            StoredFile.digest == digest
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return FileFacts(digest=row.digest, size=row.size, media_type=row.media_type, pages=row.pages)


def list_files(session: Session, digests: Iterable[str]) -> Mapping[str, FileFacts]:
    """What is known of several contents, by digest, in one statement."""
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    rows = session.execute(
        select(StoredFile.digest, StoredFile.size, StoredFile.media_type, StoredFile.pages).where(
            StoredFile.digest.in_(wanted)
        )
    )
    return {row.digest: FileFacts(row.digest, row.size, row.media_type, row.pages) for row in rows}
