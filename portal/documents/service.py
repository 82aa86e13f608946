"""Asking for documents, signing and sealing them. Every statement may be sent inside `in_one_trip`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.core.references import new_id
from portal.documents.contents import storable
from portal.documents.models import Document
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.documents.types import Signature
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS

RENDER = "render_document"

_TABLE = cast(Table, Document.__table__)  # plain Core statements: no bookkeeping of the ORM in a hot write

ADD_DOCUMENT = insert(_TABLE)
"""Takes what `document_row` returns."""

_CONTENT_SIGNED = _TABLE.c.content.op("||")(bindparam("signed_content", type_=JSONB))
_WITH_KEY = _TABLE.c.id == bindparam("document_id")
_REVISE = (
    update(_TABLE)
    .where(_WITH_KEY, _TABLE.c.number.is_(None))
    .values(content=bindparam("new_content"), drafted_by=bindparam("person_id"), drafted_at=bindparam("moment"))
)
_INITIAL = (
    update(_TABLE)
    .where(_WITH_KEY, _TABLE.c.number.is_(None))
    .values(initialled_by=bindparam("person_id"), initialled_at=bindparam("moment"))
)
_SIGN = (
    update(_TABLE)
    .where(_WITH_KEY, _TABLE.c.number.is_(None))
    .values(signed_by=bindparam("person_id"), signed_at=bindparam("moment"), content=_CONTENT_SIGNED)
)


def document_row(
    *,
    record_id: UUID,
    owner_id: UUID,
    unit_id: UUID,
    kind: str,
    template: str,
    title: str,
    title_en: str,
    content: Mapping[str, Any],
    now: datetime,
    for_applicant: bool = False,
    series: str | None = None,
    drafted_by: UUID | None = None,
) -> dict[str, Any]:
    """The row of a new document. With `series` it is a draft until it is numbered; without, it is issued as it is.

    Raises KeyError for an unknown template and pydantic's ValidationError when the content is not complete for it.
    """
    return {
        "id": new_id(),
        "record_id": record_id,
        "owner_id": owner_id,
        "unit_id": unit_id,
        "kind": kind,
        "template": template,
        "title": title,
        "title_en": title_en,
        "content": storable(template, content),
        "for_applicant": for_applicant,
        "series": series,
        "drafted_by": drafted_by,
        "drafted_at": now if drafted_by else None,
        "created_at": now,
    }


def request_document(
    session: Session,
    *,
    record_id: UUID,
    owner_id: UUID,
    unit_id: UUID,
    kind: str,
    template: str,
    title: str,
    title_en: str,
    content: Mapping[str, Any],
    now: datetime,
    for_applicant: bool = False,
    series: str | None = None,
    drafted_by: UUID | None = None,
) -> UUID:
    """Write the document down and owe its PDF. Returns its key. Raises as `document_row` does."""
    row = document_row(
        record_id=record_id,
        owner_id=owner_id,
        unit_id=unit_id,
        kind=kind,
        template=template,
        title=title,
        title_en=title_en,
        content=content,
        now=now,
        for_applicant=for_applicant,
        series=series,
        drafted_by=drafted_by,
    )
    session.execute(ADD_DOCUMENT, row)
    owe_rendering(session, row["id"], now=now)
    return UUID(str(row["id"]))


def revise_document(
    session: Session, document_id: UUID, *, template: str, content: Mapping[str, Any], drafted_by: UUID, now: datetime
) -> None:
    """Replace what a draft says. A numbered document is never changed: then nothing happens."""
    values = {"document_id": document_id, "person_id": drafted_by, "moment": now}
    session.execute(_REVISE, {**values, "new_content": storable(template, content)})
    owe_rendering(session, document_id, now=now)


def initial_document(session: Session, document_id: UUID, *, initialled_by: UUID, now: datetime) -> None:
    """The head of the office has looked at it (ký nháy)."""
    session.execute(_INITIAL, {"document_id": document_id, "person_id": initialled_by, "moment": now})


def sign_document(session: Session, document_id: UUID, *, signed_by: UUID, signature: Signature, now: datetime) -> None:
    """The person with authority signs: capacity and name are printed from now on."""
    signed = {"signature": dict(signature)}
    values = {"document_id": document_id, "person_id": signed_by, "moment": now, "signed_content": signed}
    session.execute(_SIGN, values)
    owe_rendering(session, document_id, now=now)


def number_and_seal(
    session: Session, document_id: UUID, *, sealed_by: UUID | None, now: datetime, valid_until: date | None = None
) -> None:
    """Take the next number of the document's series and issue it, in the last trip before COMMIT. Safe to repeat."""
    session.execute(NUMBER_AND_SEAL, sealing(document_id, sealed_by=sealed_by, now=now, valid_until=valid_until))
    owe_rendering(session, document_id, now=now)


def owe_rendering(session: Session, document_id: UUID, *, now: datetime) -> None:
    """Owe the PDF of what the document says by now. Without a natural key: each change owes its own rendering."""
    jobs.owe(session, RENDER, queue=DOCUMENTS, arguments={"document_id": str(document_id)}, now=now)
