"""One permit, signed and sealed once, for every test that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.stamp import TextStamp, TextStampStyle

from portal.documents import drawings, rendering
from portal.documents.contents import storable
from portal.signing import pades
from portal.signing.fields import places_of
from portal.signing.summaries import Summary
from portal.signing.types import PERSON
from tests.harness.signing import TrustedCity, trusted_city
from tests.unit.documents.samples import SAMPLES, SERIES

NAME, AGENCY = "Nguyễn Thị Ngọc Huyền", "UBND quận Ninh Kiều"
DOCUMENT = UUID(int=7)
SEALED_AT = datetime(2026, 2, 5, 7, 30, 45, tzinfo=UTC)
PEOPLE = {
    "person": (NAME, AGENCY),
    "unit": (AGENCY, AGENCY),
    "expired": ("Trần Mẫu Cũ", AGENCY),
    "later": ("Trần Mẫu Mới", AGENCY),
    "revoked": ("Trần Mẫu Thôi", AGENCY),
}


@dataclass(frozen=True)
class Issued:
    """A result in its three states."""

    shown: bytes
    signed: bytes
    sealed: bytes
    summary: str


def printed(template: str, **other: object) -> bytes:
    """A sample with fields, as it is shown to who signs."""
    rendering.use(rendering.Issuer("https://dichvucong.vidu.vn", b"k" * 32, "0292 1022", signs=True))
    content = storable(template, {**SAMPLES[template], **other})
    return rendering.render(
        template,
        content,
        title="Kết quả",
        record_id=UUID(int=5),
        document_id=DOCUMENT,
        series=SERIES[template],
        for_signature=True,
    )


def revised(pdf: bytes) -> bytes:
    """The same PDF with a later revision that signs nothing."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Note"] = TextStringObject("Nội dung khác")
    writer.update_root()  # type: ignore[no-untyped-call]
    written = BytesIO()
    writer.write(written)  # type: ignore[no-untyped-call]
    return written.getvalue()


def pasted(pdf: bytes, picture: bytes) -> bytes:
    """The same PDF with a picture on its first page, as a later revision."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    style = TextStampStyle(
        stamp_text=" ",
        background=PdfImage(Image.open(BytesIO(picture)).convert("RGB")),
        background_opacity=1,
        border_width=0,
    )
    TextStamp(writer, style, box=BoxConstraints(width=100, height=100)).apply(0, 20, 20)
    written = BytesIO()
    writer.write(written)  # type: ignore[no-untyped-call]
    return written.getvalue()


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustedCity]:
    with trusted_city(tmp_path_factory.mktemp("token"), PEOPLE) as city:
        yield city


@pytest.fixture(scope="session")
def issued(trusted: TrustedCity) -> Issued:
    shown = printed("construction_permit")
    person, agency = places_of(shown)
    office = ["TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    hand = drawings.of_person(person, capacity=office, name=NAME, picture=None)
    with pades.desk(trusted.token, trusted.services) as desk:
        signed = desk.sign(shown, field=PERSON, label="person", name=NAME, appearance=hand, reason="Ký").content
        summary = desk.sign_summary(
            Summary("45/GPXD", date(2026, 2, 5), AGENCY, "Giấy phép xây dựng", "Trần Mẫu An", None, signed)
        )
        code = rendering.check_drawing(DOCUMENT, summary=summary)
        stamp = drawings.of_agency(agency, number=45, agency=AGENCY, now=SEALED_AT, picture=None, code=code)
        sealed = desk.sign(signed, field=agency.field, label="unit", name=AGENCY, appearance=stamp, reason="Dấu")
    return Issued(shown, signed, sealed.content, summary)
