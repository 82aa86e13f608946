"""What the fields of signatures show: nothing signed yet, the person's signature, the agency's number, day and seal.

Places and colours after Decree 30/2020/NĐ-CP, annex I: the hand's signature blue between office and name, the seal red
over a third of it on its left, the agency and the time of signing with their zone (ISO 8601).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.documents import printing, words
from portal.signing.types import PERSON, Part, Place

TEMPLATE = "fields/drawing.html"
HAND, STAMP, CODE = "hand.png", "stamp.png", "code.png"


def unsigned(place: Place) -> bytes:
    """What stands in a field before anybody signs: that it is a draft, and dots where something will be written."""
    texts = (
        {}
        if place.field == PERSON
        else {"number": words.NOT_YET, "reference": words.NOT_YET, "day": "ngày …… tháng … năm ……"}
    )
    return _drawn(place, texts, kind="unsigned")


def of_person(place: Place, *, capacity: Sequence[str], name: str, picture: bytes | None) -> bytes:
    """Office, picture of the signature, name; in the text the name with the office that the person holds."""
    made = {HAND: picture} if picture else {}
    lines = [line for part in capacity for line in part.splitlines()]
    called = ", là ".join([name, *(words.office_in_text(line) for line in lines[-1:])])
    return _drawn(place, {"name": called}, kind="person", made=made, capacity=lines, name=name)


def of_agency(
    place: Place,
    *,
    number: int,
    agency: str,
    now: datetime,
    picture: bytes | None,
    reference: str = "",
    code: bytes | None = None,
    note: str = "",
) -> bytes:
    """Number, day, seal, and who sealed when.

    `note`: which earlier document it puts right; `reference`: of the result with which it comes; `code`: the QR code
    by which the document is checked.
    """
    numbered = words.printed_number(number)
    texts = {"number": numbered, "reference": reference, "day": words.long_date(clock.local_day(now))}
    made = {name: drawing for name, drawing in ((STAMP, picture), (CODE, code)) if drawing}
    sealed_at = clock.local(now).isoformat(timespec="seconds")
    return _drawn(place, texts, kind="agency", made=made, agency=agency, sealed_at=sealed_at, note=note)


def _drawn(
    place: Place, texts: Mapping[str, str], *, kind: str, made: Mapping[str, bytes] | None = None, **values: Any
) -> bytes:
    pictures = made or {}
    parts = [_spot(place, part, texts) for part in place.parts]
    is_draft = place.field != PERSON and all(part.kind != "seal" for part in place.parts)
    known = {"parts": parts, "kind": kind, "person": PERSON, "is_draft": is_draft, "pictures": frozenset(pictures)}
    page = printing.environment().get_template(TEMPLATE).render(place=place, **known, **values)
    return printing.drawn(page, pictures)


def _spot(place: Place, part: Part, texts: Mapping[str, str]) -> dict[str, Any]:
    """A part of the drawing, measured from its upper left corner."""
    said = texts.get(part.kind, "")
    if part.kind == "number":
        said = words.NUMBER_LABELS.get(part.where, "") + said
    return {
        "kind": part.kind,
        "where": part.where,
        "left": part.left - place.left,
        "top": place.top - part.top,
        "width": part.right - part.left,
        "height": part.top - part.bottom,
        "text": said[:1].upper() + said[1:] if part.where == "beginning" else said,
    }
