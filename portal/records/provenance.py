"""Where a paper comes from, and what it is worth: by its signatures, and as a result of this portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from portal.records.issued import get_issued
from portal.records.verdicts import Verdict, of_file
from portal.signing.types import SignatureReport


@dataclass(frozen=True)
class Provenance:
    """What is known of a file beside its content. `signatures`: a report as it was told when the file came; none for a
    file without any. `document_id`: the issued result that it is. `from_vault`: out of the applicant's own store."""

    signatures: Mapping[str, Any] | None = None
    document_id: UUID | None = None
    from_vault: bool = False

    def as_columns(self) -> dict[str, Any]:
        return {"signatures": self.signatures, "document_id": self.document_id, "from_vault": self.from_vault}

    def as_told(self) -> dict[str, Any]:
        """Plain values, to be kept as JSON. Nothing for a file of which nothing is known."""
        document_id = str(self.document_id) if self.document_id else None
        told = {"signatures": self.signatures, "document_id": document_id, "from_vault": self.from_vault}
        return {name: value for name, value in told.items() if value}

    @classmethod
    def of_told(cls, told: Mapping[str, Any]) -> Provenance:
        document_id = told.get("document_id")
        return cls(told.get("signatures"), UUID(document_id) if document_id else None, bool(told.get("from_vault")))


class Supplied(Protocol):
    """A paper of a draft, a record or the store."""

    @property
    def signatures(self) -> Mapping[str, Any] | None: ...
    @property
    def document_id(self) -> UUID | None: ...
    @property
    def from_vault(self) -> bool: ...


def of_row(paper: Supplied) -> Provenance:
    return Provenance(paper.signatures, paper.document_id, paper.from_vault)


def verdict_of(session: Session, digest: str, known: Provenance, *, today: date) -> Verdict:
    """What the file is worth today: the registry may have changed its mind since it came, signatures have not."""
    return of_file(
        SignatureReport.of_told(known.signatures) if known.signatures else None,
        digest,
        registered=get_issued(session, known.document_id) if known.document_id else None,
        original=None,
        scanned_id=None,
        today=today,
    )
