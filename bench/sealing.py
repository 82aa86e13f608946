"""A receipt as one worker makes it: gathered, printed, sealed by the agency (PAdES B-LT), and put into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench.stages import Stages
from bench.trusted import AGENCY, SEALER
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents import drawings, printing
from portal.documents.contents import storable
from portal.documents.jobs import pages_of
from portal.documents.rendering import render
from portal.files import service as files
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.signing import token
from portal.signing.fields import with_fields
from portal.signing.pades import Desk
from portal.signing.types import SEAL, Part, Place

GATHERING = "gathering (record, procedure, units)"
TEMPLATE = "template, QR code"
LAYOUT = "layout"
WRITING = "PDF/A-3a"
FIELD = "field of the seal, its appearance"
HASH = "signature: new revision with hash, CMS, revocation data"
TOKEN = "signature: token"  # noqa: S105 - a name of a stage
STAMP = "signature: time stamp"
REVOCATION = "signature: chain, OCSP and lists"
STORE = "file store and row"
ALL = (GATHERING, TEMPLATE, LAYOUT, WRITING, FIELD, HASH, TOKEN, STAMP, REVOCATION, STORE)

_RECEIPT = text("SELECT id, title FROM document WHERE record_id = :wanted AND kind = 'receipt'")
_FOOT = Part("seal-foot", left=330.0, bottom=60.0, right=540.0, top=190.0)
_PLACE = Place(SEAL, 0, _FOOT.left, _FOOT.bottom, _FOOT.right, _FOOT.top, tooltip="Con dấu của cơ quan", parts=(_FOOT,))


@dataclass(frozen=True)
class Receipt:
    """A record that has been handed in, and its receipt."""

    record_id: UUID
    document_id: UUID
    title: str

    @classmethod
    def of(cls, record_id: UUID) -> Receipt:
        with reading(SYSTEM) as session:
            return cls(record_id, *session.execute(_RECEIPT, {"wanted": record_id}).one())


@contextmanager
def watched(stages: Stages) -> Iterator[None]:
    """While it lasts, making a receipt tells its stages."""
    from pyhanko.sign.pkcs11 import PKCS11Signer
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession
    from pyhanko.sign.timestamps import HTTPTimeStamper

    with stages.watching(
        (printing, "laid_out", LAYOUT),
        (printing, "written", WRITING),
        (token, "certificate", TOKEN),
        (PKCS11Signer, "async_sign_raw", TOKEN),
        (PKCS11Signer, "ensure_objects_loaded", TOKEN),
        (HTTPTimeStamper, "async_timestamp", STAMP),
        (HTTPTimeStamper, "async_dummy_response", STAMP),
        (PdfSigningSession, "perform_presign_validation", REVOCATION),
    ):
        yield


def made(receipt: Receipt, desk: Desk, stages: Stages) -> bytes:
    """The PDF, when it is in the store."""
    now = clock.now()
    with stages.stage(GATHERING):
        content = gathered(receipt)
    with stages.stage(TEMPLATE):
        pdf = render("receipt", content, title=receipt.title, record_id=receipt.record_id)
    with stages.stage(FIELD):
        prepared = with_fields(pdf, [_PLACE])
        seal = drawings.of_agency(_PLACE, number=7, agency=AGENCY, now=now, picture=None)
    with stages.stage(HASH):
        signed = desk.sign(prepared, field=SEAL, label=SEALER, name=AGENCY, appearance=seal, reason="Biên nhận")
    with stages.stage(STORE):
        stored = files.store_produced(signed.content)
        with unit_of_work(SYSTEM) as session:
            files.write_row(session, stored, media_type="application/pdf", pages=pages_of(signed.content), now=now)
    return signed.content


def gathered(receipt: Receipt) -> dict[str, Any]:
    """What the receipt says."""
    with reading(SYSTEM, consistent=True) as session:
        writing = writing_of(session, receipt.record_id, receipt.document_id, now=clock.now())
        return storable("receipt", BUILDERS["receipt"](writing))
