"""What the templates of civil status print: certificates, extracts, and the applicant's declaration."""

from __future__ import annotations

from datetime import date

from portal.documents.parts import Fact, Head, Signature


class MaritalStatus(Head):
    """`until` is the last day of validity, None while it is a draft."""

    name: str
    birth_date: date | None
    gender: str
    ethnicity: str
    nationality: str
    person_number: str
    residence: str
    status: str
    purpose: str
    until: date | None
    signature: Signature


class BirthCertificate(Head):
    """A parent who is not known has an empty name; then the part stays empty, as the law wants it."""

    child: str
    birth_date: date | None
    birth_date_in_words: str
    gender: str
    ethnicity: str
    nationality: str
    born_at: str
    hometown: str
    person_number: str
    mother: list[Fact]
    father: list[Fact]
    registered_by: str
    relation: str
    book: str
    signature: Signature


class CivilStatusExtract(Head):
    """`event` as it stands in the title: "khai sinh"; `facts` are what the book says."""

    event: str
    person: str
    facts: list[Fact]
    registered_at: str
    copies: int
    signature: Signature


class Pledge(Head):
    """The applicant's own words, under his name."""

    addressee: str
    name: str
    birth_date: date | None
    person_number: str
    residence: str
    about: str
    words: str
    record_code: str


CONTENTS: dict[str, type] = {
    "marital_status": MaritalStatus,
    "birth_certificate": BirthCertificate,
    "civil_status_extract": CivilStatusExtract,
    "pledge": Pledge,
}
