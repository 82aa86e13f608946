"""The results: permit, certificate, certified copy and signature, decision, and the notice of rejection."""

from __future__ import annotations

from portal.core import clock
from portal.documents import result_types as types
from portal.documents.parts import Reason, Signature
from portal.documents.words import office_in_text
from portal.records.collecting import is_electronic
from portal.records.contents.forms import complaint
from portal.records.contents.writing import (
    Writing,
    basis_of,
    copied_to,
    head,
    holder_number,
    printed,
    reason_of,
    salutation,
    signature,
)

ALLOWANCE_A_YEAR = 1_400_000
"""VND a year, Decree 75/2021/NĐ-CP; a dated setting of the procedure once more amounts exist."""


def _signed(writing: Writing) -> Signature:
    """The person in authority, once signed: shown from the document itself, not from the path of the record."""
    return signature(writing, writing.document.signed_by)


def construction_permit(writing: Writing) -> types.ConstructionPermit:
    kinds = {"basement": "hầm", "ground": "trệt", "upper": "lầu", "roof": "tum, mái", "other": "khác"}
    floors = [kinds.get(str(row.get("kind")), "") for row in writing.rows("floors")]
    counted = [f"{floors.count(kind):02d} {kind}" for kind in dict.fromkeys(floors) if kind]
    sheet = writing.text("map_sheet")
    plot = writing.text("plot_no") + (f", tờ bản đồ {sheet}" if sheet else "")
    return types.ConstructionPermit(
        **head(writing),
        salutation=salutation(writing),
        owner=writing.file.record.applicant_name,
        owner_number=holder_number(writing),
        owner_address=", ".join(part for part in (writing.text("address"), writing.place("commune")) if part),
        building="Nhà ở riêng lẻ",
        designer=writing.text("designer_name") or "chủ nhà tự lập",
        checker="",
        site=writing.place("plot_commune"),
        plot_number=plot,
        plot_area=writing.number("plot_m2"),
        base_level="",
        setback="",
        footprint=writing.number("footprint_m2"),
        total_floor=writing.number("total_floor_m2"),
        height=writing.number("height_m"),
        floors=f"{writing.text('floors_above')} tầng" + (f" ({', '.join(counted)})" if counted else ""),
        land_papers=f"Thửa đất {plot}",
        months=12,
        conditions=[],
        recipients=["Như mục 1", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )


def certified_copy(writing: Writing) -> types.CertifiedCopy:
    """Of all papers while it is drafted and signed; once it is sealed each paper has a certification of its own."""
    year = clock.local_day(writing.document.issued_at or writing.file.record.submitted_at).year
    first = writing.document.row or 0
    rows = writing.rows_of_document("docs")
    return types.CertifiedCopy(
        **head(writing),
        record_code=writing.file.record.code,
        salutation=salutation(writing),
        requested_by=writing.file.record.applicant_name,
        papers=[
            types.CopiedPaper(
                title=str(row.get("title", "")),
                pages=int(row.get("pages") or 1),
                copies=int(row.get("copies") or 0),
                scan=_scan(writing, number) if row.get("ecopy") else None,
            )
            for number, row in enumerate(rows, start=first)
        ],
        book=f"01/{year}",
        electronic=all(is_electronic(row, scan="ecopy") for row in rows),
        signature=_signed(writing),
    )


def _scan(writing: Writing, row: int) -> types.CopiedScan | None:
    scan = writing.scans.get(row)
    if scan is None or scan.compared_at is None:
        return None
    day = clock.local_day(scan.compared_at)
    return types.CopiedScan(digest=scan.digest, pages=scan.pages, compared_by=scan.compared_by_name, compared_on=day)


def certified_signature(writing: Writing) -> types.CertifiedSignature:
    witness = next((e for e in reversed(writing.file.events) if e.step == "witness"), writing.event)
    year = clock.local_day(writing.document.issued_at or writing.file.record.submitted_at).year
    signed = _signed(writing)
    return types.CertifiedSignature(
        **head(writing),
        record_code=writing.file.record.code,
        venue=f"Trụ sở {writing.unit.name}",
        certifier=signed["name"],
        certifier_title=office_in_text(signed["capacity"][-1]) if signed["capacity"] else "",
        signers=[types.Signer(name=str(row["name"]), number=str(row["id_no"])) for row in writing.rows("signers")],
        paper=writing.choice("kind"),
        receiver=witness.actor_name,
        book=f"01/{year}",
        signature=signed,
    )


def allowance_decision(writing: Writing) -> types.AllowanceDecision:
    year = clock.local_day(writing.document.issued_at or writing.event.at).year
    return types.AllowanceDecision(
        **head(writing),
        issuer=f"GIÁM ĐỐC {printed(writing.unit.name)}",
        bases=[basis_of(law) for law in writing.procedure.legal_basis],
        proposed_by="Phòng Lao động – Thương binh và Xã hội",
        beneficiary=writing.text("full_name"),
        beneficiary_number=writing.text("id_no"),
        beneficiary_address=", ".join(part for part in (writing.text("address"), writing.place("commune")) if part),
        relation=writing.text("relation"),
        martyr=writing.text("name"),
        died_on=writing.day("died_on"),
        merit_number=writing.text("merit_no"),
        amount=ALLOWANCE_A_YEAR,
        from_year=year,
        executors=f"Chánh Văn phòng, các phòng thuộc {writing.unit.name}",
        recipients=["Như Điều 3", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )


def rejection(writing: Writing) -> types.Rejection:
    record = writing.file.record
    return types.Rejection(
        **head(writing),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        decided_by=writing.unit.name,
        salutation=salutation(writing),
        addressee=record.applicant_name,
        addressee_address=", ".join(part for part in (writing.text("address"), writing.place("commune")) if part),
        matter=record.subject,
        reasons=[Reason(text=reason_of(writing, "reject"), basis="")],
        advice=complaint(writing),
        recipients=["Như trên", "Lưu: VT, hồ sơ"],
        signature=_signed(writing),
    )
