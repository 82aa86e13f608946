"""The files of a fee receipt: its PDF under the seal of who collects, and its data as signed XML. Both or neither: a
token that does not answer leaves the receipt with its number and without a file, and the job tries again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from portal.documents import drawings
from portal.documents.contents import storable
from portal.documents.jobs import pages_of, puts_right
from portal.documents.models import Document
from portal.documents.receipt_data import MEDIA_TYPE, receipt_data, whole
from portal.documents.rendering import render
from portal.files import service as files
from portal.records.contents.writing import Writing
from portal.signing import service as signing
from portal.signing import token, xml_signatures
from portal.signing.fields import places_of
from portal.signing.models import DocumentSignature
from portal.signing.types import SEAL, Signed

SEALS = "Đóng dấu biên lai điện tử"


@dataclass(frozen=True)
class Made:
    """What is stored of a receipt; `seal` where the portal signs."""

    pdf: bytes
    data: bytes
    seal: Signed | None


def make_files(writing: Writing, content: Mapping[str, Any], *, now: datetime) -> None:
    """Print a receipt, seal it and keep both files; what was made once stays. Safe to run twice, and by two workers.

    Raises TokenUnavailable, NoKey, Unusable and Unavailable, and nothing is kept then.
    """
    document = writing.document
    if document.file_digest is not None:
        return
    stored = storable(document.template, content)
    made = _made(writing, stored, now=now)
    pdf, data = files.store_produced(made.pdf), files.store_produced(made.data)
    with unit_of_work(SYSTEM) as session:
        wanted = select(Document.file_digest).where(Document.id == document.id).with_for_update()
        if session.execute(wanted).scalar_one() is not None:
            return
        files.write_row(session, pdf, media_type="application/pdf", pages=pages_of(made.pdf), now=now)
        files.write_row(session, data, media_type=MEDIA_TYPE, pages=1, now=now)
        kept = {"content": stored, "file_digest": pdf.digest, "data_digest": data.digest, "rendered_at": now}
        session.execute(update(Document).where(Document.id == document.id).values(**kept))
        if made.seal is not None:
            session.execute(insert(DocumentSignature).values(**_seal(writing, made.seal, pdf.digest, now=now)))


def _made(writing: Writing, stored: Mapping[str, Any], *, now: datetime) -> Made:
    document = writing.document
    if document.number is None or document.series is None or document.issued_at is None:
        raise ValueError(f"the receipt {document.id} has no number")
    day = clock.local_day(document.issued_at)
    pdf = render(
        document.template,
        stored,
        title=document.title,
        record_id=writing.file.record.id,
        series=document.series,
        number=document.number,
        issued_on=day,
        puts_right=_older(writing),
        for_seal=signing.is_on(),
    )
    data = receipt_data(stored, symbol=document.series, number=document.number, issued_on=day)
    if not signing.is_on():
        return Made(pdf, whole(data, signature=""), None)
    label, name = token.of_unit(writing.unit.id), writing.unit.name
    appearance = drawings.of_agency(
        places_of(pdf)[0],
        number=document.number,
        agency=name.replace("UBND", "Ủy ban nhân dân"),
        now=now,
        picture=signing.picture(label, name),
    )
    with signing.open_desk() as desk:
        seal = desk.sign(pdf, field=SEAL, label=label, name=name, appearance=appearance, reason=SEALS)
        key = xml_signatures.key_in_token(desk.session, label, name=name)
        return Made(seal.content, whole(data, signature=xml_signatures.signature_of(data, key=key, now=now)), seal)


def _older(writing: Writing) -> str:
    """Which receipt it stands for, after a part of the fees went back."""
    changes = writing.document.changes_id
    older = next((one for one in writing.file.documents if one.id == changes), None)
    return puts_right(older.number, older.series, older.issued_at) if older is not None else ""


def _seal(writing: Writing, seal: Signed, digest: str, *, now: datetime) -> dict[str, Any]:
    """Who acted is nobody: the portal seals what it receipts."""
    return {
        "id": new_id(),
        "document_id": writing.document.id,
        "record_id": writing.file.record.id,
        "owner_id": writing.file.record.owner_id,
        "kind": "agency",
        "field": SEAL,
        "unit_id": writing.unit.id,
        "certificate_serial": seal.certificate_serial,
        "subject": seal.subject,
        "shown_digest": "",
        "file_digest": digest,
        "signed_at": now,
    }
