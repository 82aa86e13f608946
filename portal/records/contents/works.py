"""Permits for works in streets and parks."""

from __future__ import annotations

from portal.documents import works_types as types
from portal.documents.words import decimal
from portal.records.contents.writing import Writing, basis_of, copied_to, filled_in_forms, head, home, signature
from portal.records.decisions import decisions_of


def tree_permit(writing: Writing) -> types.TreePermit:
    decisions = decisions_of(list(filled_in_forms(writing)))
    trees = []
    for number, row in enumerate(writing.rows("trees")):
        decision = decisions[number] if number < len(decisions) else {"granted": True}
        moved = row.get("kind") == "move"
        trees.append(
            types.Tree(
                species=str(row.get("species", "")),
                location=str(row.get("location", "")),
                size=f"cao {decimal(str(row.get('height_m', '')))} m, "
                f"thân {decimal(str(row.get('diameter_cm', '')))} cm",
                treatment=f"dịch chuyển đến {row.get('new_place', '')}" if moved else "chặt hạ",
                granted=bool(decision.get("granted")),
                reason=str(decision.get("reason") or ""),
            )
        )
    return types.TreePermit(
        **head(writing),
        holder=writing.file.record.applicant_name,
        holder_address=home(writing),
        street=", ".join(part for part in (writing.text("street"), writing.place("tree_commune")) if part),
        trees=trees,
        reason=writing.choice("reason").lower(),
        replant=writing.text("replant"),
        from_day=writing.day("from"),
        to_day=writing.day("to"),
        until=writing.document.valid_until,
        recipients=["Như mục 1", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=signature(writing, writing.document.signed_by),
    )


def road_works_permit(writing: Writing) -> types.RoadWorksPermit:
    start, end = (decimal(writing.text(name)) for name in ("km_from", "km_to"))
    return types.RoadWorksPermit(
        **head(writing),
        holder=writing.file.record.applicant_name,
        holder_address=home(writing),
        holder_phone=writing.text("phone"),
        road=writing.text("road"),
        stretch=f"từ km {start} đến km {end}",
        lies_in=writing.place("road_commune"),
        work=writing.choice("work").lower(),
        area=writing.number("dig_m2"),
        manager=writing.text("manager"),
        restore=writing.text("restore"),
        from_day=writing.day("from"),
        to_day=writing.day("to"),
        bases=[basis_of(law) for law in writing.procedure.legal_basis],
        recipients=["Như mục 1", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=signature(writing, writing.document.signed_by),
    )
