"""The certificate of a household business: at its founding, and after each change of what is registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypedDict

from portal.core import clock
from portal.documents import result_types as types
from portal.records.contents.writing import Writing, head, signature


def household_business_certificate(writing: Writing) -> types.HouseholdBusinessCertificate:
    """What is not changed stands as it stood on the older certificate, when that is known."""
    before = _before(writing)
    is_change = writing.procedure.result.of is not None
    code = writing.text("code") or next((form["code"] for form in _forms(writing) if form.get("code")), "")
    return types.HouseholdBusinessCertificate(
        **head(writing),
        business_number=str(code),
        first_registered_on=_first_day(before) if is_change else _today(writing),
        change=_number_of_change(before) if is_change else 0,
        name=writing.text("name"),
        address=_address(writing, before),
        phone=writing.text("phone"),
        email=writing.text("email"),
        lines=_lines(writing) or list(before.get("lines", [])),
        capital=int(writing.answers.get("capital") or before.get("capital", 0)),
        founder=writing.choice("founder"),
        members=_members(writing) or list(before.get("members", [])),
        signature=signature(writing, writing.document.signed_by),
        **_owner(writing, before),
    )


class _Owner(TypedDict):
    owner: str
    gender: str
    birth_date: date | None
    ethnicity: str
    nationality: str
    owner_number: str
    owner_address: str


def _owner(writing: Writing, before: Mapping[str, Any]) -> _Owner:
    """The owner: the new one of a change, else the applicant."""
    if writing.text("owner_name"):
        return _Owner(
            owner=writing.text("owner_name"),
            gender="",
            birth_date=writing.day("owner_birth_date"),
            ethnicity="",
            nationality="Việt Nam",
            owner_number=writing.text("owner_id_no"),
            owner_address="",
        )
    return _Owner(
        owner=writing.text("full_name"),
        gender=writing.choice("gender") or before.get("gender", ""),
        birth_date=writing.day("birth_date"),
        ethnicity=writing.text("ethnicity") or before.get("ethnicity", ""),
        nationality="Việt Nam",
        owner_number=writing.text("id_no"),
        owner_address=", ".join(part for part in (writing.text("address"), writing.place("commune")) if part),
    )


def _before(writing: Writing) -> Mapping[str, Any]:
    older = writing.older
    return older.content if older is not None and "business_number" in older.content else {}


def _number_of_change(before: Mapping[str, Any]) -> int:
    """Which change of the registration it is."""
    return int(before.get("change", 0)) + 1


def _first_day(before: Mapping[str, Any]) -> date | None:
    day = before.get("first_registered_on")
    return date.fromisoformat(day) if day else None


def _today(writing: Writing) -> date | None:
    return clock.local_day(writing.document.issued_at) if writing.document.issued_at else None


def _address(writing: Writing, before: Mapping[str, Any]) -> str:
    if writing.text("place"):
        return ", ".join(part for part in (writing.text("place"), writing.place("place_commune")) if part)
    return str(before.get("address", "")) or writing.place("place_commune")


def _lines(writing: Writing) -> list[types.BusinessLine]:
    return [
        types.BusinessLine(title=str(row["title"]), code=str(row["vsic"]), main=bool(row.get("main")))
        for row in writing.rows("lines")
    ]


def _members(writing: Writing) -> list[types.Member]:
    """The members of a household that founded it together."""
    return [
        types.Member(
            name=str(row["name"]),
            birth_date=date.fromisoformat(str(row["birth_date"])),
            number=str(row["id_no"]),
            relation=str(row["relation"]),
            share=int(row["share"]),
        )
        for row in writing.rows("members")
    ]


def _forms(writing: Writing) -> Iterator[Mapping[str, Any]]:
    """What officials and registers filled in along the way, newest first."""
    for event in reversed(writing.file.events):
        yield event.details.get("form") or {}
