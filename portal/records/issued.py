"""Issued results as anybody may check them who holds one: found by its code, its number and secret, or its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text as statement
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.core.references import check_secret, is_possible_secret, tidy_secret
from portal.documents.symbols import read_reference, reference
from portal.workflow.definition import Text

_UNDER = statement("SELECT id FROM app.issued_under(:number, :series)")
_OF_FILE = statement("SELECT id FROM app.issued_file(:digest)")
_DOCUMENT = statement("SELECT app.issued_document(:wanted)")


class Standing(StrEnum):
    """What a result is worth by what is known of it since, whatever a file or a paper looks like."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True)
class SignedBy:
    """One electronic signature, as it was kept when it was made: its certificate was in force then, or there were none.

    `kind`: person, agency.
    """

    kind: str
    name: str
    at: datetime
    serial: str


@dataclass(frozen=True)
class Later:
    """A later document that changes this one. `how`: amend, replace, revoke, correct."""

    id: UUID
    reference: str
    issued_at: datetime
    how: str


@dataclass(frozen=True)
class Decided:
    """What the agency has decided about it since. `kind`: revoke, replace, extend."""

    kind: str
    reason: str
    reference: str
    valid_until: date | None
    decided_at: datetime


@dataclass(frozen=True)
class Issued:
    """A result with everything that its checking may say."""

    id: UUID
    title: str
    title_en: str
    template: str
    content: Mapping[str, Any]
    series: str
    number: int
    agency: Text
    issued_at: datetime
    valid_until: date | None
    ended_at: datetime | None
    file_digest: str | None
    signatures: tuple[SignedBy, ...]
    newer: tuple[Later, ...]
    decisions: tuple[Decided, ...]

    @property
    def reference(self) -> str:
        return reference(self.number, self.series)

    def in_language(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title

    @property
    def ended_by(self) -> Later | None:
        """The later document that has ended it, if one has."""
        return next((later for later in reversed(self.newer) if later.how != "amend"), None)

    @property
    def revocation(self) -> Decided | None:
        return next((decided for decided in self.decisions if decided.kind == "revoke"), None)

    def standing(self, *, today: date) -> Standing:
        """`valid_until` is the last day of validity."""
        if self.ended_at is not None:
            later = self.ended_by
            revoked = self.revocation is not None or (later is not None and later.how == "revoke")
            return Standing.REVOKED if revoked else Standing.REPLACED
        expired = self.valid_until is not None and self.valid_until < today
        return Standing.EXPIRED if expired else Standing.VALID


def issued_by_number(session: Session, *, number: str, secret: str, key: bytes) -> UUID | None:
    """The result with that number ("45/GPXD") on which that secret is printed; None for every kind of failure alike."""
    read = read_reference(number)
    wanted = tidy_secret(secret) if is_possible_secret(secret) else ""
    found = session.scalars(_UNDER, {"number": read[0], "series": read[1]}).all() if read else ()
    return next((one for one in found if tidy_secret(check_secret(one, key=key)) == wanted), None)


def issued_as_file(session: Session, digest: str) -> UUID | None:
    """The result of which this is the file, or was between its signatures. `digest`: SHA-256 of the content."""
    found: UUID | None = session.scalars(_OF_FILE, {"digest": digest}).one_or_none()
    return found


def get_issued(session: Session, document_id: UUID) -> Issued | None:
    """The result; None when there is none, or it has no number."""
    row: dict[str, Any] | None = session.execute(_DOCUMENT, {"wanted": document_id}).scalar_one_or_none()
    if row is None:
        return None
    return Issued(
        **{name: row[name] for name in ("title", "title_en", "template", "content", "series", "number", "file_digest")},
        id=UUID(row["id"]),
        agency=Text(*row["agency"]),
        issued_at=datetime.fromisoformat(row["issued_at"]),
        valid_until=_day(row["valid_until"]),
        ended_at=_moment(row["ended_at"]),
        signatures=tuple(
            SignedBy(one["kind"], one["name"], datetime.fromisoformat(one["at"]), one["serial"])
            for one in row["signatures"]
        ),
        newer=tuple(_later(session, one, row["decisions"]) for one in row["newer"]),
        decisions=tuple(
            Decided(
                kind=one["kind"],
                reason=one["reason"],
                reference=one["reference"],
                valid_until=_day(one["valid_until"]),
                decided_at=datetime.fromisoformat(one["decided_at"]),
            )
            for one in row["decisions"]
        ),
    )


def _later(session: Session, row: Mapping[str, Any], decisions: list[dict[str, Any]]) -> Later:
    """What a later document does is said by the definition under which it was made, or by a decision that named it."""
    if row["same_record"]:
        how = "correct"
    elif any(one["newer_id"] == row["id"] for one in decisions):
        how = "replace"
    else:
        how = catalogue.version(session, UUID(row["version_id"])).procedure.result.action
    number = reference(row["number"], row["series"])
    return Later(UUID(row["id"]), number, datetime.fromisoformat(row["issued_at"]), how)


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
