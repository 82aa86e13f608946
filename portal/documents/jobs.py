"""What the worker does for documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
from sqlalchemy import and_, select, text, update
from sqlalchemy.orm import aliased

from portal.core.actor import SYSTEM
from portal.core.clock import local_day
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents.contents import storable
from portal.documents.models import Document
from portal.documents.rendering import render
from portal.documents.symbols import reference
from portal.documents.words import long_date
from portal.files import service as files
from portal.signing import service as signing

CHECKED = frozenset({"result", "further_result"})
"""Kinds of documents that anybody may check who holds them."""


def write_document(
    document_id: UUID, *, content: Mapping[str, Any], now: datetime, for_signature: bool = False
) -> None:
    """Fix what a document says and print it; what was printed for good, or signed, stays as it is.

    `for_signature`: a result or letter that the person in authority and the agency sign electronically, where the
    portal signs.

    Raises pydantic's ValidationError when the content is not complete.
    """
    with unit_of_work(SYSTEM) as session:
        found = select(Document.template, *_FINAL).where(Document.id == document_id).with_for_update()
        template, series, issued_at, rendered_at, signed_at, digest = session.execute(found).one()
        if (signed_at is not None or for_signature) and signing.is_signed(session, digest):
            return
        if rendered_at and (series is None or (issued_at and rendered_at > issued_at)):
            return
        session.execute(update(Document).where(Document.id == document_id).values(content=storable(template, content)))
        for_signature = for_signature and (signed_at is None or issued_at is not None)
        session.execute(_KEEP_WITH_WHAT_FOLLOWS)
    print_document(document_id, now=now, for_signature=for_signature)


def print_document(document_id: UUID, *, now: datetime, for_signature: bool = False) -> None:
    """Print what the document says now, put the PDF into the store, and name it in the row.

    Safe to run twice, and by two workers at once: whoever finds the document changed meanwhile leaves the row alone,
    because that change has owed its own rendering.
    """
    with reading(SYSTEM) as session:
        wanted = select(*_PRINTED).outerjoin(_Older, _IS_PUT_RIGHT).where(Document.id == document_id)
        seen = session.execute(wanted).one_or_none()
    if seen is None:
        return
    pdf = render(
        seen.template,
        seen.content,
        title=seen.title,
        record_id=seen.record_id,
        document_id=document_id if seen.kind in CHECKED else None,
        series=seen.series,
        number=seen.number,
        issued_on=local_day(seen.issued_at) if seen.issued_at else None,
        puts_right=puts_right(seen.older_number, seen.older_series, seen.older_issued_at) if seen.number else "",
        for_signature=for_signature,
    )
    stored = files.store_produced(pdf)
    is_letter = seen.number is not None  # results that will be signed have none yet
    awaits = now if for_signature and is_letter and signing.is_on() else None
    with unit_of_work(SYSTEM) as session:
        files.write_row(session, stored, media_type="application/pdf", pages=pages_of(pdf), now=now)
        session.execute(
            update(Document)
            .where(
                Document.id == document_id,
                Document.content == seen.content,
                Document.number.is_not_distinct_from(seen.number),
                Document.signed_at.is_not_distinct_from(seen.signed_at),
            )
            .values(file_digest=stored.digest, rendered_at=now, awaits_signature_since=awaits)
        )


def share_document(document_id: UUID, *, batch_id: UUID) -> None:
    """Hang what was printed as this document on every other record of the batch: one file, one content."""
    with unit_of_work(SYSTEM) as session:
        printed = select(Document.content, Document.file_digest, Document.rendered_at).where(Document.id == document_id)
        content, digest, rendered_at = session.execute(printed).one()
        session.execute(
            update(Document)
            .where(Document.batch_id == batch_id, Document.id != document_id)
            .values(content=content, file_digest=digest, rendered_at=rendered_at)
        )


def pages_of(pdf: bytes) -> int:
    """How many pages the PDF has."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def puts_right(number: int | None, series: str | None, issued_at: datetime | None) -> str:
    """What a corrected document says of the one before; nothing where that has no number."""
    if number is None or series is None or issued_at is None:
        return ""
    return f"Bản đính chính, thay bản số {reference(number, series)} {long_date(local_day(issued_at))}."


_KEEP_WITH_WHAT_FOLLOWS = text("SET LOCAL synchronous_commit TO off")
"""The disk is waited for once the PDF stands beside the content: nobody has been told of either before."""

_Older = aliased(Document)
_IS_PUT_RIGHT = and_(_Older.id == Document.changes_id, _Older.record_id == Document.record_id)

_FINAL = (
    Document.series,
    Document.issued_at,
    Document.rendered_at,
    Document.signed_at,
    Document.file_digest,
)
"""A form without a series is final once printed, the others once printed with their number."""

_PRINTED = (
    Document.kind,
    Document.template,
    Document.content,
    Document.title,
    Document.record_id,
    Document.series,
    Document.number,
    Document.issued_at,
    Document.signed_at,
    _Older.series.label("older_series"),
    _Older.number.label("older_number"),
    _Older.issued_at.label("older_issued_at"),
)
