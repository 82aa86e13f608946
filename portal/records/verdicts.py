"""What an uploaded file is worth: by its signatures and what the portal has issued, as one answer with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.records.issued import Issued, Standing
from portal.signing.types import CertificateStatus, Change, Fault, SignatureFound, SignatureReport


class Worth(StrEnum):
    """A genuine document in its standing, or why the file is refused."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    UNFINISHED = "unfinished"  # a file of ours, before the agency's seal or before it was put right
    UNREGISTERED = "unregistered"  # good signatures, and no document of this portal
    OTHER_DOCUMENT = "other_document"  # genuine, but not what the code that was scanned belongs to
    PASTED_CODE = "pasted_code"  # the code that stands in it belongs to another document
    NOT_SIGNED = "not_signed"
    BROKEN = "broken"
    CHANGED = "changed"
    SELF_MADE = "self_made"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET = "certificate_not_yet"
    UNPROVED = "unproved"
    NO_PDF = "no_pdf"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LONG = "too_long"
    TOO_HEAVY = "too_heavy"
    NOT_EXAMINED = "not_examined"

    @property
    def is_genuine(self) -> bool:
        return self in (Worth.VALID, Worth.EXPIRED, Worth.REPLACED, Worth.REVOKED)

    @property
    def is_signed_well(self) -> bool:
        """Whether it counts as signed: nobody has changed it, and the certificate held as far as can be told."""
        return self in (Worth.VALID, Worth.UNREGISTERED, Worth.UNPROVED)


@dataclass(frozen=True)
class Verdict:
    """`issued` is the document that the file is, or was made from; `coded` the one whose QR code stands in a file that
    is not ours as it is; `lookalike` the host of a swindler to which such a code leads."""

    worth: Worth
    issued: Issued | None = None
    report: SignatureReport | None = None
    coded: Issued | None = None
    lookalike: str = ""


OF_CERTIFICATE = {
    CertificateStatus.UNKNOWN_ISSUER: Worth.SELF_MADE,
    CertificateStatus.REVOKED: Worth.CERTIFICATE_REVOKED,
    CertificateStatus.EXPIRED: Worth.CERTIFICATE_EXPIRED,
    CertificateStatus.NOT_YET_VALID: Worth.CERTIFICATE_NOT_YET,
    CertificateStatus.UNPROVED: Worth.UNPROVED,
}

OF_STANDING = {
    Standing.VALID: Worth.VALID,
    Standing.EXPIRED: Worth.EXPIRED,
    Standing.REPLACED: Worth.REPLACED,
    Standing.REVOKED: Worth.REVOKED,
}


def of_paper(issued: Issued, *, today: date) -> Verdict:
    """Of a document that was found by its code, or by its number and secret."""
    return Verdict(OF_STANDING[issued.standing(today=today)], issued)


def of_file(
    report: SignatureReport | None,
    digest: str,
    *,
    registered: Issued | None,
    original: Issued | None,
    scanned_id: UUID | None,
    coded: Issued | None = None,
    lookalike: str = "",
    today: date,
) -> Verdict:
    """Of a file. `registered` is the document that these very bytes are, `original` the one from which a changed file
    was made, `scanned_id` the document whose code was scanned before, `coded` the one whose code stands in the file,
    `lookalike` the host to which a code leads that pretends to be ours. No report: the file has no signatures."""
    if registered is not None:  # byte for byte ours: what the authorities say now takes nothing from it
        if scanned_id not in (None, registered.id):
            return Verdict(Worth.OTHER_DOCUMENT, registered, report)
        if digest != registered.file_digest:
            return Verdict(Worth.UNFINISHED, registered, report)
        return Verdict(OF_STANDING[registered.standing(today=today)], registered, report)
    worth = _without_register(report)
    if report is not None and worth in (Worth.UNREGISTERED, Worth.CHANGED):
        worth = _beside_ours(worth, report, original, coded)
    return Verdict(worth, original, report, coded, lookalike)


def _beside_ours(worth: Worth, report: SignatureReport, original: Issued | None, coded: Issued | None) -> Worth:
    """Of a file whose signatures hold, and that was made from one of our documents or bears the code of one.

    Some bytes of a signature are covered by nothing, such as an issuer's certificate that is there twice. Whoever has
    signed our document has then signed this file too, and yet it is not the one that was kept.
    """
    if original is not None and coded is not None and coded.id != original.id:
        return Worth.PASTED_CODE
    if worth is Worth.CHANGED or (original is None and coded is None):
        return worth
    hands = {one.serial for one in coded.signatures} if coded else set()
    is_ours = original is not None or {found.serial for found in report.signatures} <= hands
    return Worth.BROKEN if is_ours else Worth.PASTED_CODE


def _without_register(report: SignatureReport | None) -> Worth:
    """The first fault that there is, the worst kind first."""
    if report is None:
        return Worth.NOT_SIGNED
    if not report.readable:
        return Worth(report.fault or Fault.DAMAGED)
    if not report.is_signed:
        return Worth.NOT_SIGNED
    if not all(found.intact for found in report.signatures):
        return Worth.BROKEN
    if report.signatures[-1].changed_after is not Change.NOTHING or any(map(_is_changed, report.signatures)):
        return Worth.CHANGED
    worst = [OF_CERTIFICATE[found.certificate] for found in report.signatures if found.certificate in OF_CERTIFICATE]
    return next((worth for worth in OF_CERTIFICATE.values() if worth in worst), Worth.UNREGISTERED)


def _is_changed(found: SignatureFound) -> bool:
    return found.changed_after not in (Change.NOTHING, Change.SIGNATURES)
