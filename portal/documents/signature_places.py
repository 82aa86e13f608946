"""Where on a printed page the electronic signatures go (Decree 30/2020/NĐ-CP, annex I): its templates leave room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from portal.signing.types import NUMBER, PERSON, SEAL, Part, Place

POINTS = 0.75
"""Of a CSS pixel."""

OF_PERSON = frozenset({"name", "block"})
OF_AGENCY = frozenset({"number", "reference", "day", "block", "seal", "code"})

TOOLTIPS = {
    PERSON: "Chữ ký số của người có thẩm quyền",
    SEAL: "Chữ ký số, con dấu, số và ngày của cơ quan",
    NUMBER: "Số và ngày do cơ quan ghi",
}


def places_on(pages: Sequence[Any]) -> list[Place]:
    """The fields for pages that WeasyPrint has laid out: the person in authority first, the agency's last one last.

    What the agency writes belongs to one field when it stands on one page, else each page has one.
    """
    found = [(number, part) for number, page in enumerate(pages) for part in _parts(page)]
    sealed = [(number, part) for number, part in found if part.kind == "seal"]
    if sealed:  # everything else is printed: the agency alone signs
        page, seal = sealed[0]
        return [_place(SEAL, page, [seal, *(part for number, part in found if number == page and part.kind == "code")])]
    signed_on = next((number for number, part in found if part.kind == "block"), None)
    if signed_on is None:
        return []
    on_page = [part for number, part in found if number == signed_on]
    places = [_place(PERSON, signed_on, (part for part in on_page if part.kind in OF_PERSON))]
    before = [part for number, part in found if number == 0 and part.kind in OF_AGENCY]
    if signed_on != 0 and before:
        places.append(_place(NUMBER, 0, before))
    return [*places, _place(SEAL, signed_on, (part for part in on_page if part.kind in OF_AGENCY))]


def _parts(page: Any) -> Iterable[Part]:
    for name, (left, top, right, bottom) in sorted(page.anchors.items()):
        if name.partition("-")[0] in OF_PERSON | OF_AGENCY:
            yield Part(
                name,
                left=_rounded(left),
                bottom=_rounded(page.height - bottom),
                right=_rounded(right),
                top=_rounded(page.height - top),
            )


def _rounded(pixels: float) -> float:
    return round(float(pixels) * POINTS, 2)


def _place(field: str, page: int, parts: Iterable[Part]) -> Place:
    shown = tuple(parts)
    return Place(
        field=field,
        page=page,
        left=min(part.left for part in shown),
        bottom=min(part.bottom for part in shown),
        right=max(part.right for part in shown),
        top=max(part.top for part in shown),
        tooltip=TOOLTIPS[field],
        parts=shown,
    )
