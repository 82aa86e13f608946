"""Values of signatures that others may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

PERSON = "NguoiKy"
"""The field of the person in authority."""
SEAL = "CoQuan"
"""The field of the agency: number, date and seal, as far as they stand on the page of the signatures."""
NUMBER = "CoQuanSo"
"""The agency's field on the first page, when the signatures stand on a later one."""


@dataclass(frozen=True)
class Part:
    """What a field shows at one spot, by name: number-…, day-…, name-…, block-…, code-…. Measured as the place is."""

    name: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]

    @property
    def where(self) -> str:
        return self.name.partition("-")[2]


@dataclass(frozen=True)
class Place:
    """Where a field stands. Points from the lower left corner of the page; pages count from 0.

    `drawing` is a PDF of one page as large as the place: what stands there until somebody signs.
    """

    field: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    tooltip: str
    parts: tuple[Part, ...] = ()
    drawing: bytes | None = None

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True)
class Signed:
    """A PDF with one more signature, and with whose certificate."""

    content: bytes
    certificate_serial: str
    subject: str
    valid_to: datetime


class Change(StrEnum):
    """What was done to a document after a signature."""

    NOTHING = "nothing"
    SIGNATURES = "signatures"  # other signatures, and what proves certificates for a long time
    OTHER = "other"
    UNREADABLE = "unreadable"


class CertificateStatus(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN_ISSUER = "unknown_issuer"
    UNPROVED = "unproved"  # nobody could say whether it was revoked


@dataclass(frozen=True)
class SignatureFound:
    """One signature of a document, as it was examined.

    `intact`: the signed bytes are those that were signed. `time` is the authority's when `time_proved`.
    """

    field: str
    signer: str
    agency: str
    serial: str
    issuer: str
    algorithm: str
    time: datetime | None
    time_proved: bool
    intact: bool
    changed_after: Change
    certificate: CertificateStatus
    covers_all: bool
    revision: str = ""
    """SHA-256 of the file as far as this signature covers it: the document as it was then."""

    @property
    def is_good(self) -> bool:
        fine = self.intact and self.certificate is CertificateStatus.VALID
        return fine and self.changed_after in (Change.NOTHING, Change.SIGNATURES)


class Fault(StrEnum):
    """Why a file could not be examined at all."""

    NO_PDF = "no_pdf"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BROKEN = "broken"  # damaged, and bytes that somebody has signed are not those that were signed
    TOO_LONG = "too_long"
    TOO_HEAVY = "too_heavy"  # it asks for more memory or time than any document of ours
    NOT_EXAMINED = "not_examined"  # too much was waiting at that moment


@dataclass(frozen=True)
class SignatureReport:
    """What the signatures of a PDF say, in the order in which they were made. `fault`: of what is not readable."""

    readable: bool
    signatures: tuple[SignatureFound, ...] = ()
    fault: Fault | None = None
    pages: int = 0
    codes: tuple[str, ...] = ()
    """What the QR codes on its pages say, when they were asked for."""

    @property
    def is_signed(self) -> bool:
        return bool(self.signatures)

    @property
    def is_good(self) -> bool:
        """Every signature holds, and nothing was added after the last one."""
        every = self.is_signed and all(found.is_good for found in self.signatures)
        return every and self.signatures[-1].changed_after is Change.NOTHING

    def as_told(self) -> dict[str, Any]:
        """Plain values, to be kept as JSON."""
        return {
            "readable": self.readable,
            "fault": self.fault.value if self.fault else None,
            "pages": self.pages,
            "signatures": [
                {**vars(found), "time": found.time.isoformat() if found.time else None} for found in self.signatures
            ],
        }

    @classmethod
    def of_told(cls, told: Mapping[str, Any]) -> SignatureReport:
        return cls(
            readable=told["readable"],
            signatures=tuple(_found(one) for one in told["signatures"]),
            fault=Fault(told["fault"]) if told["fault"] else None,
            pages=told["pages"],
        )


def _found(told: Mapping[str, Any]) -> SignatureFound:
    kinds = {
        "time": datetime.fromisoformat(told["time"]) if told["time"] else None,
        "changed_after": Change(told["changed_after"]),
        "certificate": CertificateStatus(told["certificate"]),
    }
    return SignatureFound(**{**told, **kinds})
