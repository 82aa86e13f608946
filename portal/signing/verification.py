"""What the signatures of a PDF are worth: who, when, for which agency, unchanged or not, and whether the certificate
held at the time that the time stamp proves.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from portal.signing.pades import certificates
from portal.signing.raw_signatures import is_altered
from portal.signing.types import CertificateStatus, Change, Fault, SignatureFound, SignatureReport

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

MOST_PAGES = 200
"""Of a file that is examined: no document of ours has so many."""

MARK = b"/ByteRange"
"""Every signature of a PDF says which bytes it covers (ISO 32000-1, 12.8.1)."""

END = b"%%EOF"
HEADER_WITHIN = 1024
"""Bytes in which a PDF says that it is one (ISO 32000-1, annex H, note 13)."""

_roots: Callable[[], bytes] = bytes


def use(roots: Callable[[], bytes]) -> None:
    """Name where the certificates (PEM) come from that this process believes."""
    global _roots
    _roots = roots


def verify(pdf: bytes, *, roots: bytes | None = None) -> SignatureReport:
    """Examine every signature of a PDF. Asks nobody outside: what proves a certificate must be inside.

    An unreadable, encrypted or damaged file gives a report that says so; it raises nothing.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        return SignatureReport(readable=False, fault=Fault.NO_PDF)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        if reader.encrypted:
            return SignatureReport(readable=False, fault=Fault.ENCRYPTED)
        pages = int(reader.root["/Pages"]["/Count"])
        if pages > MOST_PAGES:
            return SignatureReport(readable=False, fault=Fault.TOO_LONG, pages=pages)
        examined = asyncio.run(_examined(reader, _roots() if roots is None else roots))
        found = tuple(replace(one, revision=_revision(pdf, signature)) for one, signature in examined)
    except MemoryError:
        return SignatureReport(readable=False, fault=Fault.TOO_HEAVY)
    except Exception:  # whatever a hostile file makes of the reader
        if is_altered(pdf):
            return SignatureReport(readable=False, fault=Fault.BROKEN)
        return _unsigned(pdf) or SignatureReport(readable=False, fault=Fault.DAMAGED)
    return SignatureReport(readable=True, signatures=found, pages=pages)


def _unsigned(pdf: bytes) -> SignatureReport | None:
    """Of a file that bends the rules, as scanners write them: it has no signature whose meaning could hang on them."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    if MARK in pdf or END not in pdf[-HEADER_WITHIN:]:
        return None
    try:
        pages = int(PdfFileReader(BytesIO(pdf), strict=False).root["/Pages"]["/Count"])
    except Exception:  # as above
        return None
    return SignatureReport(readable=True, pages=pages)


def _revision(pdf: bytes, signature: Any) -> str:
    _start, _length, second, length = (int(number) for number in signature.byte_range)
    return hashlib.sha256(pdf[: second + length]).hexdigest()


async def _examined(reader: PdfFileReader, roots: bytes) -> list[tuple[SignatureFound, Any]]:
    return [(await _one(reader, signature, roots), signature) for signature in reader.embedded_regular_signatures]


async def _one(reader: PdfFileReader, signature: Any, roots: bytes) -> SignatureFound:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    status = await _status(reader, signature, roots)
    signer = signature.signer_cert
    names = signer.subject.native
    stamped = status.timestamp_validity if status is not None else None
    proved = stamped is not None and stamped.valid and stamped.intact and stamped.trusted
    intact = status is not None and status.intact and status.valid and _is_tidy(signature)
    intact = intact and (stamped is None or (stamped.valid and stamped.intact))
    return SignatureFound(
        field=signature.field_name,
        signer=str(names.get("common_name", "")),
        agency=str(names.get("organization_name", "")),
        serial=f"{signer.serial_number:x}",
        issuer=str(signer.issuer.native.get("common_name", "")),
        algorithm=_algorithm(signature),
        time=stamped.timestamp if stamped is not None and proved else signature.self_reported_timestamp,
        time_proved=proved,
        intact=intact,
        changed_after=_change(status),
        certificate=await _worth(reader, signature, status, roots),
        covers_all=status is not None and status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
    )


async def _status(reader: PdfFileReader, signature: Any, roots: bytes, *, revocation: str = "require") -> Any:
    """What pyHanko says, with the certificate taken as it was when the time stamp was made; None: nothing readable.

    The file's own revocation data is asked, and nobody outside. The time stamp is believed as long as the certificate
    of who gave it has not expired.
    """
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError

    moment = _moment(signature)
    try:
        return await async_validate_pdf_signature(
            signature,
            signer_validation_context=_context(reader, roots, moment, revocation),
            ts_validation_context=_context(reader, roots, moment, revocation),
        )
    except (SignatureValidationError, SigningError, ValueError):
        return None


def _is_tidy(signature: Any) -> bool:
    """Whether nothing but zeros follows the signature in the room kept for it: no other program looks there."""
    from asn1crypto.parser import parse

    kept = bytes(signature.pkcs7_content)
    _class, _method, _tag, header, content, trailer = parse(kept)
    return not kept[len(header) + len(content) + len(trailer) :].strip(b"\0")


def _moment(signature: Any) -> datetime | None:
    return _stamped_at(signature) or signature.self_reported_timestamp


def _stamped_at(signature: Any) -> datetime | None:
    """What the time stamp says, before anybody has examined it."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            stamp = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            moment: datetime = stamp["gen_time"].native
            return moment
    return None


def _context(reader: PdfFileReader, roots: bytes, moment: datetime | None, revocation: str) -> Any:
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleTrustManager

    believed: dict[str, Any] = {
        "trust_manager": SimpleTrustManager.build(trust_roots=certificates(roots)),
        "allow_fetching": False,
        "revocation_mode": revocation,
        "moment": moment,
        "retroactive_revinfo": True,
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(believed)
    except NoDSSFoundError:
        return ValidationContext(**believed, crls=[], ocsps=[])  # else it would refuse to look at all


async def _worth(reader: PdfFileReader, signature: Any, status: Any, roots: bytes) -> CertificateStatus:
    """pyHanko tells a certificate from tomorrow as a chain that fails in some way: the day says in which."""
    from pyhanko.sign.ades.report import AdESIndeterminate

    if status is None:
        return CertificateStatus.UNPROVED
    if status.trusted:
        return CertificateStatus.VALID
    if status.revoked:
        return CertificateStatus.REVOKED
    told = {
        AdESIndeterminate.REVOKED_NO_POE: CertificateStatus.REVOKED,
        AdESIndeterminate.REVOKED_CA_NO_POE: CertificateStatus.REVOKED,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: CertificateStatus.EXPIRED,
        AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: CertificateStatus.UNKNOWN_ISSUER,
    }.get(status.trust_problem_indic)
    moment = _moment(signature)
    is_early = moment is not None and moment < signature.signer_cert.not_valid_before
    if is_early and told not in (CertificateStatus.REVOKED, CertificateStatus.UNKNOWN_ISSUER):
        return CertificateStatus.NOT_YET_VALID
    if told is not None:
        return told
    # Nothing says whether it, or who issued it, was revoked, or it only bears the name of an authority: the same to
    # pyHanko, which asks that before it looks at the day on which it expired.
    softly = await _status(reader, signature, roots, revocation="soft-fail")
    if softly is None:
        return CertificateStatus.UNKNOWN_ISSUER
    if softly.trusted:
        return CertificateStatus.UNPROVED
    is_over = softly.error_time_horizon is not None  # the day on which one of the chain, perhaps an authority, expired
    return CertificateStatus.EXPIRED if is_over else CertificateStatus.UNKNOWN_ISSUER


def _change(status: Any) -> Change:
    from pyhanko.sign.diff_analysis import ModificationLevel

    if status is None:
        return Change.UNREADABLE
    levels = {
        None: Change.OTHER,
        ModificationLevel.NONE: Change.NOTHING,
        ModificationLevel.LTA_UPDATES: Change.NOTHING,
        ModificationLevel.FORM_FILLING: Change.SIGNATURES,
    }
    return levels.get(status.modification_level, Change.OTHER)


def _algorithm(signature: Any) -> str:
    kind = signature.signer_info["signature_algorithm"].signature_algo
    return f"{str(kind).upper()}, {str(signature.md_algorithm).upper().replace('SHA', 'SHA-')}"
