"""Permits, licences and notices of the later procedures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from portal.core import clock
from portal.core.text import lowered
from portal.documents import licence_types as types
from portal.documents.parts import Reason
from portal.records.contents.teams import team_of
from portal.records.contents.writing import (
    Writing,
    basis_of,
    copied_to,
    head,
    holder_number,
    printed,
    salutation,
    signature,
)


def permit_extension(writing: Writing) -> types.PermitExtension:
    older, months = writing.older, int(writing.number("months"))
    is_drawn_after_change = writing.document.issued_at is not None and older is not None
    before = older.amended - (1 if is_drawn_after_change else 0) if older else 0
    until = writing.document.valid_until if is_drawn_after_change else None
    if until is None and older is not None and older.valid_until is not None:
        until = older.valid_until + relativedelta(months=months)
    return types.PermitExtension(
        **head(writing),
        salutation=salutation(writing),
        owner=writing.file.record.applicant_name,
        owner_number=holder_number(writing),
        permit_number=writing.text("permit_no"),
        permit_date=writing.day("permit_date"),
        site=writing.place("plot_commune"),
        reason=writing.text("reason"),
        months=months,
        round=before + 1,
        valid_until=until,
        recipients=["Chủ đầu tư", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )


def suspension_confirmation(writing: Writing) -> types.SuspensionConfirmation:
    return types.SuspensionConfirmation(
        **head(writing),
        name=writing.text("name"),
        business_number=writing.text("code"),
        address=_business_address(writing),
        owner=writing.text("full_name"),
        suspends=writing.text("kind") == "suspend",
        from_day=writing.day("from"),
        to_day=writing.day("to"),
        reason=writing.text("reason"),
        recipients=["Chủ hộ kinh doanh", *copied_to(writing), "Lưu: VT"],
        signature=_signed(writing),
    )


def termination_notice(writing: Writing) -> types.TerminationNotice:
    return types.TerminationNotice(
        **head(writing),
        name=writing.text("name"),
        business_number=writing.text("code"),
        address=_business_address(writing),
        owner=writing.text("full_name"),
        owner_number=writing.text("id_no"),
        end_date=writing.day("end_date"),
        reason=writing.text("reason"),
        recipients=["Như trên", *copied_to(writing), "Lưu: VT"],
        signature=_signed(writing),
    )


def alcohol_licence(writing: Writing) -> types.AlcoholLicence:
    places = writing.directory.place_or_none
    points = [
        types.PointOfSale(
            address=", ".join(part for part in (str(row["address"]), _name(places(row["commune"]))) if part)
        )
        for row in writing.rows("points")
    ]
    return types.AlcoholLicence(
        **head(writing),
        holder=writing.text("trader_name"),
        registration_number=writing.text("reg_no"),
        address=points[0]["address"] if points else writing.place("shop_commune"),
        phone=writing.text("phone"),
        points=points,
        suppliers=[
            types.Supplier(name=str(row["name"]), licence_number=str(row["licence_no"]))
            for row in writing.rows("suppliers")
        ],
        valid_until=_valid_until(writing),
        bases=[Reason(text=basis_of(law), basis="") for law in writing.procedure.legal_basis],
        recipients=["Như Điều 1", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )


def food_safety_certificate(writing: Writing) -> types.FoodSafetyCertificate:
    return types.FoodSafetyCertificate(
        **head(writing),
        business=writing.text("business"),
        holder=writing.file.record.applicant_name,
        registration_number=writing.text("reg_no"),
        address=_venue(writing),
        phone=writing.text("phone"),
        meals=int(writing.number("meals")),
        valid_until=_valid_until(writing),
        recipients=["Chủ cơ sở", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )


def team_decision(writing: Writing) -> types.TeamDecision:
    given: Mapping[str, Any] = writing.event.details.get("form") or {}
    day = given.get("visit_on")
    return types.TeamDecision(
        **head(writing, made_at=writing.event.at),
        issuer=f"CHI CỤC TRƯỞNG {printed(writing.unit.name)}"
        if "CHI CỤC" in printed(writing.unit.name)
        else printed(writing.unit.name),
        about=lowered(writing.file.record.subject),
        record_code=writing.file.record.code,
        members=[types.TeamMember(name=name, part=part) for name, part in team_of(given)],
        venue=_venue(writing),
        visit_on=date.fromisoformat(str(day)) if day else None,
        visit_hour=str(given.get("visit_hour") or ""),
        recipients=["Như Điều 3", "Lưu: VT"],
        signature=signature(writing, writing.event.actor_id, writing.event.unit_id),
    )


def remedy_report(writing: Writing) -> types.RemedyReport:
    told: list[Mapping[str, Any]] = [event.details.get("form") or {} for event in writing.file.events]
    given: Mapping[str, Any] = writing.event.details.get("form") or {}
    return types.RemedyReport(
        **head(writing, made_at=writing.event.at),
        addressee=writing.procedure.decided_by.vi,
        name=writing.file.record.applicant_name,
        business=writing.text("business"),
        venue=_venue(writing),
        demanded=next((str(form["remedies"]) for form in reversed(told) if form.get("remedies")), ""),
        remedied=str(given.get("remedied", "")),
        record_code=writing.file.record.code,
    )


def _venue(writing: Writing) -> str:
    return ", ".join(part for part in (writing.text("place"), writing.place("place_commune")) if part)


def _business_address(writing: Writing) -> str:
    """Where the business is: as its certificate says when that is known, else the ward."""
    known = str(writing.older.content.get("address") or "") if writing.older else ""
    return known or writing.place("place_commune")


def _valid_until(writing: Writing) -> date | None:
    """Of a draft: as many months after today as the definition says."""
    months = writing.procedure.result.validity_months
    if writing.document.valid_until is not None or not isinstance(months, int):
        return writing.document.valid_until
    return clock.local_day(writing.event.at) + relativedelta(months=months)


def _name(place: Any) -> str:
    return place.name if place is not None else ""


def _signed(writing: Writing) -> Any:
    return signature(writing, writing.document.signed_by)
