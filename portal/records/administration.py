"""What administrators and who keeps the accounts may know of records: their codes, which are public by law."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_CODES = text("SELECT id, code FROM app.record_codes(:ids, :codes)")


def codes_of(session: Session, record_ids: Collection[UUID]) -> dict[UUID, str]:
    """The codes of these records; nothing for others than those."""
    if not record_ids:
        return {}
    return {row.id: row.code for row in session.execute(_CODES, {"ids": list(record_ids), "codes": []})}


def id_of(session: Session, code: str) -> UUID | None:
    """The key of the record with this code; nothing for others than those."""
    rows = session.execute(_CODES, {"ids": [], "codes": [code.strip().upper()]})
    return next((row.id for row in rows), None)
