"""Reading what happened outside records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry

PAGE_SIZE = 50


@dataclass(frozen=True)
class EntryFilter:
    """What is looked for: a stretch of time without its end, and perhaps which kind, by whom, about which record."""

    since: datetime
    until: datetime
    kind: str | None = None
    actor_id: UUID | None = None
    record_id: UUID | None = None


@dataclass(frozen=True)
class EntryView:
    id: UUID
    at: datetime
    kind: str
    actor_id: UUID | None
    record_id: UUID | None
    subject_id: UUID | None
    details: Mapping[str, Any]


_VIEW = tuple(getattr(AuditEntry, name) for name in EntryView.__dataclass_fields__)


def find_entries(session: Session, wanted: EntryFilter, *, page: int = 1) -> tuple[list[EntryView], bool]:
    """One page of entries, newest first, and whether there are more. `page` counts from 1."""
    found = select(*_VIEW).where(AuditEntry.at >= wanted.since, AuditEntry.at < wanted.until)
    for column, value in (
        (AuditEntry.kind, wanted.kind),
        (AuditEntry.actor_id, wanted.actor_id),
        (AuditEntry.record_id, wanted.record_id),
    ):
        if value is not None:
            found = found.where(column == value)
    start = PAGE_SIZE * (max(page, 1) - 1)
    rows = session.execute(
        found.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(PAGE_SIZE + 1).offset(start)
    ).all()
    return [EntryView(*row) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def list_kinds(session: Session) -> list[str]:
    """The kinds of entries that there are."""
    return list(session.scalars(select(AuditEntry.kind).distinct().order_by(AuditEntry.kind)))
