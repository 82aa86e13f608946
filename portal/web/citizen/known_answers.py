"""What the account says already, so that nobody types it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.identity import shown_phone
from portal.accounts.types import OrganisationView, PersonView
from portal.catalogue.types import Field, Procedure

FILER = "filer"
ORGANISATION = "org"
PROXY = "proxy"

_OF_WHOEVER_FILES = frozenset({"applicant.phone", "applicant.email"})
"""With a mandate the applicant is somebody else; only where to reach the person who files is known."""

_GENDERS = {"male": "m", "female": "f"}


def known_answers(
    procedure: Procedure, person: PersonView, organisation: OrganisationView | None, *, filer: str
) -> dict[str, Any]:
    """The answers that the account gives, by field. `filer` says for whom: self, proxy or org."""
    values = _values(person, organisation)
    found = {}
    for page in procedure.pages:
        for field in page.fields:
            value = values.get(field.prefill or "", "")
            if value and _may_be_given(field, value) and (filer != PROXY or field.prefill in _OF_WHOEVER_FILES):
                found[field.id] = value
    return found


def still_known(known: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those which nobody has changed since."""
    return {name: value for name, value in known.items() if answers.get(name) == value}


def _values(person: PersonView, organisation: OrganisationView | None) -> dict[str, str]:
    return {
        "applicant.full_name": person.full_name,
        "applicant.id_no": person.id_number or "",
        "applicant.birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "applicant.gender": _GENDERS.get(person.gender, ""),
        "applicant.address": person.address,
        "applicant.commune": person.place,
        "applicant.phone": shown_phone(person.phone) if person.phone else "",
        "applicant.email": person.email,
        "applicant.org_name": organisation.name if organisation else "",
        "applicant.tax_code": organisation.tax_code if organisation else "",
    }


def _may_be_given(field: Field, value: str) -> bool:
    return not field.choices or value in {choice.value for choice in field.choices}
