"""Every template printed for real: what it says, what it is made of, what it cannot be made to do."""

from __future__ import annotations

import copy
import re
import shutil
import socket
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from pydantic import ValidationError

from portal.core import references
from portal.documents import printing, rendering
from portal.documents.assets import FOLDER, RefusedAddress, fetcher
from portal.documents.contents import CONTENTS, storable
from tests.unit.documents.samples import SAMPLES, SERIES

RECORD = UUID(int=5)
KEY = b"k" * 32
HOSTILE = (
    "<link rel=attachment href=file:///etc/passwd><style>@import 'http://127.0.0.1/x'</style>"
    "<img src=http://169.254.169.254/> {{ 7*7 }} </p><script>"
)


@pytest.fixture(autouse=True)
def issuer() -> None:
    rendering.use(rendering.Issuer("https://dichvucong.vidu.vn", KEY, "0292 1022"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the printer reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def printed(template: str, content: dict[str, Any] | None = None, *, number: int | None = 45) -> bytes:
    series = SERIES.get(template)
    return rendering.render(
        template,
        storable(template, content or SAMPLES[template]),
        title=f"Thử {template}",
        record_id=RECORD,
        series=series,
        number=number if series else None,
        issued_on=date(2026, 2, 5) if series and number else None,
    )


def text_of(pdf: bytes, tmp_path: Path) -> str:
    pdftotext = shutil.which("pdftotext")
    assert pdftotext, "install poppler-utils"
    path = tmp_path / "printed.pdf"
    path.write_bytes(pdf)
    command = [pdftotext, "-raw", str(path), "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return " ".join(said.split())


def strings_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_of(item)]
    return [text for item in value for text in strings_of(item)] if isinstance(value, list) else []


def letters(text: str) -> str:
    """Lines and columns break anywhere: what counts is that each letter is there, in order."""
    return re.sub(r"\s+", "", text).lower()


def test_every_template_has_a_content_and_a_sample() -> None:
    pages = {page.stem for page in FOLDER.glob("*.html")} - {"base", "parts"}
    assert pages == set(CONTENTS) == set(SAMPLES)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_the_names_can_be_read_from_the_pdf_letter_by_letter(template: str, tmp_path: Path) -> None:
    said = text_of(printed(template), tmp_path)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc" in said
    person = next(text for text in strings_of(SAMPLES[template]) if re.fullmatch(r"(\w+ ){2,3}\w+", text))
    assert letters(person) in letters(said)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_a_pdf_is_archivable_tagged_and_has_only_the_bundled_fonts(template: str) -> None:
    with pikepdf.open(BytesIO(printed(template))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "vi"
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/FontFile2")]
        assert fonts
        assert all("+Tinos" in str(font.FontName) for font in fonts)
        width, height = (float(value) for value in list(pdf.pages[0].mediabox)[2:])
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


@pytest.mark.parametrize("template", sorted(SERIES))
def test_a_result_is_a_draft_until_it_is_numbered(template: str, tmp_path: Path) -> None:
    draft, issued = text_of(printed(template, number=None), tmp_path), text_of(printed(template), tmp_path)
    assert "DỰTHẢO" in letters(draft).upper()
    assert "DỰTHẢO" not in letters(issued).upper()
    assert "……" in draft
    assert "ngày 05 tháng 02 năm 2026" in issued.lower()
    assert re.search(
        rf"\b45(/{re.escape(SERIES[template])}|\s+Quyển số: 01/2026-{re.escape(SERIES[template])})", issued
    )


@pytest.mark.parametrize("template", ["form02", "stopping", "apology"])
def test_only_a_draft_says_where_somebody_will_sign(template: str, tmp_path: Path) -> None:
    assert "nơi ký số" in text_of(printed(template, number=None), tmp_path)
    assert "nơi ký số" not in text_of(printed(template), tmp_path)


def test_a_letter_to_an_organisation_addresses_no_person(tmp_path: Path) -> None:
    assert "Kính gửi: Ông/Bà Lê Thúy Hằng" in text_of(printed("apology"), tmp_path)
    company = {**SAMPLES["apology"], "salutation": "", "addressee": "Công ty TNHH Mẫu Phù Sa"}
    assert "Kính gửi: Công ty TNHH Mẫu Phù Sa" in text_of(printed("apology", company), tmp_path)


def test_a_changed_certificate_makes_up_no_first_day_and_no_count_of_changes(tmp_path: Path) -> None:
    unknown = {**SAMPLES["household_business_certificate"], "change": 1}
    known = {**unknown, "first_registered_on": date(2025, 3, 7), "change": 2}
    said = [text_of(printed("household_business_certificate", one), tmp_path) for one in (unknown, known)]
    assert "Đăng ký lần đầu: như giấy chứng nhận đã cấp Đăng ký thay đổi, ngày 05 tháng 02 năm 2026" in said[0]
    assert "Đăng ký lần đầu, ngày 07 tháng 3 năm 2025 Đăng ký thay đổi lần thứ 2, ngày 05 tháng 02 năm 2026" in said[1]


def test_a_receipt_carries_the_secret_that_is_stored_nowhere(tmp_path: Path) -> None:
    secret = references.receipt_secret(RECORD, key=KEY, version=1)
    assert secret not in str(storable("receipt", SAMPLES["receipt"]))
    for template in ("receipt", "form01"):
        said = text_of(printed(template), tmp_path)
        assert secret in said
        assert references.lookup_token(RECORD, key=KEY, version=1) not in said
        assert "dichvucong.vidu.vn/tra-cuu" in said


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_hostile_answers_come_out_literally(template: str, tmp_path: Path, no_network: None) -> None:
    content = copy.deepcopy(SAMPLES[template])
    names = [text for text in strings_of(content) if re.fullmatch(r"(\w+ ){2,3}\w+", text)]
    written = _replaced(content, names[0], HOSTILE)
    pdf = printed(template, written)
    assert letters(HOSTILE) in letters(text_of(pdf, tmp_path))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert not document.attachments
        assert "/AF" not in document.Root


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value == old else value


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/html,x",
        "https://bundled.invalid/../../etc/passwd",
        "https://bundled.invalid/page.css",
        "//127.0.0.1/x",
    ],
)
def test_the_printer_may_open_nothing_but_what_is_bundled(address: str, no_network: None) -> None:
    with pytest.raises(RefusedAddress):
        fetcher().fetch(address)
    page = f'<html lang="vi"><title>x</title><p>x</p><img alt="x" src="{address}">'
    with pytest.raises(RefusedAddress):
        printing.printed(page, {})


def test_what_a_template_lacks_shows_when_it_is_asked_for() -> None:
    content = {key: value for key, value in SAMPLES["form01"].items() if key != "due_at"}
    with pytest.raises(ValidationError, match="due_at"):
        storable("form01", content)
    with pytest.raises(KeyError):
        storable("form99", content)


def test_a_long_form_goes_on_to_a_second_page_with_its_number(tmp_path: Path) -> None:
    content = {**SAMPLES["form01"], "papers": SAMPLES["form01"]["papers"] * 12}
    pdf = printed("form01", content)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 2
    assert "36 Cam kết" in text_of(pdf, tmp_path)
