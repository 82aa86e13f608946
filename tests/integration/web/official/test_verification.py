"""Anybody may check a result who holds it: by its code, by number and secret, by its file; nothing else opens it."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import segno
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import check_secret, check_token
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.documents.rendering import check_drawing
from portal.extensions import limiter
from portal.paths import PROGRAMS
from portal.records.record_file import DocumentView
from portal.web.logs import JsonLines
from portal.web.public import verification
from tests.harness.client import PageClient, heading, words_of
from tests.integration.records.arranging import SIGNATURE
from tests.integration.web.official.conftest import AsOfficial
from tests.integration.web.official.test_electronic_signing import (
    CLERK,
    LEADER,
    SEAL_PAGE,
    Certificates,
    at_the_leaders,
    certificates,
    file_of,
    result,
    signed,
    signs,
    trusted,
)
from tests.unit.signing.conftest import pasted, revised
from tests.unit.signing.test_examining import pages

FIXTURES = (at_the_leaders, certificates, signs, trusted)


@pytest.fixture
def sealed(as_official: AsOfficial, certificates: Certificates, signs: None) -> Walk:
    """A certified signature, signed by the chairman and sealed by his clerk."""
    limiter.reset()
    (walk,) = certificates("Nguyễn Mẫu An")
    signed(as_official(LEADER), walk)
    signed(as_official(CLERK), walk, address=SEAL_PAGE)
    return walk


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    client: PageClient = app.test_client()  # type: ignore[assignment]
    return client


def token_of(document: DocumentView, settings: Settings) -> str:
    return check_token(document.id, key=settings.receipt_key.encode())


def sent(client: PageClient, pdf: bytes, **more: str) -> TestResponse:
    limiter.reset()
    return client.post("/xac-thuc/tep", data={"file": (BytesIO(pdf), "giay.pdf"), **more})


def change(walk: Walk, statement: str, **values: object) -> None:
    with unit_of_work(SYSTEM) as session:
        session.execute(text(statement), {"wanted": result(walk).id, "now": clock.now(), **values})


def test_the_code_on_the_paper_opens_what_the_paper_says(
    stranger: PageClient, sealed: Walk, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    document = result(sealed)
    with caplog.at_level(logging.INFO):
        answer = stranger.get(f"/xac-thuc/qr/{token_of(document, settings)}")
    assert (answer.status_code, answer.location) == (303, "/xac-thuc/ket-qua#main-content"), "no browser keeps the code"
    assert not any(token_of(document, settings) in JsonLines().format(line) for line in caplog.records)
    shown = stranger.get(answer.location)
    words = words_of(shown)
    assert heading(shown) == "Giấy thật, còn hiệu lực"
    assert document.reference in words
    assert "Nguyễn Mẫu An" in words, "the document says it itself"
    assert "UBND phường Cái Khế" in words
    assert "0905123456" not in shown.text, "a telephone number stands in the answers and not on the document"
    assert shown.headers["Cache-Control"] == "no-store"
    english = stranger.get("/en/xac-thuc/ket-qua")
    assert heading(english) == "Genuine and in force"
    change(sealed, "UPDATE document SET valid_until = '2020-01-31' WHERE id = :wanted")
    assert heading(stranger.get(answer.location)) == "Giấy thật, đã hết hạn 31/1/2020"


def test_number_and_secret_open_it_too_and_nothing_else_does(
    stranger: PageClient, sealed: Walk, settings: Settings
) -> None:
    document = result(sealed)
    secret = check_secret(document.id, key=settings.receipt_key.encode())
    number = f"{document.number}/{document.series}"
    for typed in (f" {number.lower()} ", f"Số: {document.reference}"):
        right = stranger.post("/xac-thuc", data={"number": typed, "secret": secret.lower()})
        assert right.location == "/xac-thuc/ket-qua#main-content"
    wrong = [stranger.post("/xac-thuc", data=data) for data in (
        {"number": number, "secret": "0000 0000 0000"},
        {"number": f"9{number}", "secret": secret},
        {"number": "không số", "secret": secret},
    )]  # fmt: skip
    assert {answer.status_code for answer in wrong} == {422}
    assert all("Không mở được. Xem lại số và mã" in words_of(answer) for answer in wrong)
    for zeros in ("0", "00"):  # one document, however its number is written
        stranger.post("/xac-thuc", data={"number": zeros + number, "secret": "0000 0000 0000"})
    refused = stranger.post("/xac-thuc", data={"number": number, "secret": secret})
    assert refused.status_code == 429
    assert stranger.get(f"/xac-thuc/qr/{'0' * 56}", follow_redirects=True).status_code == 404


def test_a_file_is_taken_or_refused_with_the_reason(
    stranger: PageClient, sealed: Walk, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pdf = file_of(sealed)
    flipped = bytearray(pdf)
    flipped[len(pdf) // 3] ^= 1
    another = check_token(sealed.record_id, key=settings.receipt_key.encode())
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    cases: list[tuple[bytes, dict[str, str], str]] = [
        (pdf, {"scanned": token_of(result(sealed), settings)}, "Giấy thật, còn hiệu lực"),
        (pdf, {"scanned": another}, "Mã QR này của giấy khác"),
        (bytes(flipped), {}, "Tệp này đã bị sửa sau khi ký"),
        (revised(pdf), {}, "Tệp này đã bị thêm nội dung sau khi ký"),
        (pages(1, password="x"), {}, "Tệp này đặt mật khẩu nên không đọc được"),
        (pages(500), {}, "Tệp này có 500 trang, dài quá để kiểm tra"),
        (pages(1), {}, "Tệp này không có chữ ký số"),
    ]
    for content, more, expected in cases:
        answer = sent(stranger, content, **more)
        assert heading(answer) == expected
        assert "Tệp tải lên không được lưu." in words_of(answer)
    assert f"văn bản số {result(sealed).reference}" in words_of(sent(stranger, revised(pdf))), "from which it was made"
    with reading(SYSTEM) as session:
        kept = session.execute(
            text("SELECT count(*) FROM file WHERE digest = :digest"), {"digest": hashlib.sha256(flipped).hexdigest()}
        )
        assert kept.scalar_one() == 0
    assert list(tmp_path.iterdir()) == []


def test_the_code_of_another_document_pasted_on_a_file_is_found_out(
    stranger: PageClient, sealed: Walk, at_the_leaders: Callable[..., Walk]
) -> None:
    """On paper, on a file that was signed, and on one that was not; and the document of the code can be opened."""
    other = at_the_leaders(SIGNATURE, "witness.signed", "text", full_name="Lê Mẫu Chi").go("sign.sign", "stamp.issue")
    number, code = result(other).reference, check_drawing(result(other).id)
    answer = sent(stranger, pasted(file_of(sealed), code))
    assert heading(answer) == "Mã QR trong tệp này của giấy khác"
    assert f"Mã QR dẫn tới văn bản số {number}" in words_of(answer)
    assert f"văn bản số {result(sealed).reference}" in words_of(answer), "from which the file was made"
    foreign = BytesIO()
    segno.make(f"https://dichvucong-cantho.example/xac-thuc/qr/{'0' * 56}").save(foreign, kind="png", scale=4)
    warned = words_of(sent(stranger, pasted(file_of(sealed), foreign.getvalue())))
    assert "Mã QR trong tệp dẫn tới dichvucong-cantho.example: trang đó giống Cổng nhưng không phải của Cổng" in warned
    unsigned = sent(stranger, pasted(pages(1), code))
    assert heading(unsigned) == "Tệp này không có chữ ký số"
    link = re.search(r"/xac-thuc/qr/[0-9a-f]{56}", unsigned.text)
    assert link
    assert f"Số {number}" in words_of(stranger.get(link[0], follow_redirects=True))


def test_a_byte_in_the_room_of_a_signature_is_found_out_too(stranger: PageClient, sealed: Walk) -> None:
    """No signature covers it, and other programs find such a file as good as before."""
    pdf = bytearray(file_of(sealed))
    at = pdf.rindex(b"/Contents <") + len(b"/Contents <") + 2 * 300
    pdf[at] ^= 1
    assert heading(sent(stranger, bytes(pdf))) == "Tệp này đã bị sửa sau khi ký"


def test_what_somebody_needs_without_the_network_is_handed_out(stranger: PageClient) -> None:
    program = stranger.get("/xac-thuc/check_summary.py")
    assert program.mimetype == "text/x-python"
    assert program.data == (PROGRAMS / "check_summary.py").read_bytes()


def test_an_older_file_and_one_of_a_stranger_say_what_they_are(
    stranger: PageClient, sealed: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = file_of(sealed)
    change(sealed, "UPDATE document SET file_digest = NULL, rendered_at = NULL WHERE id = :wanted")
    assert heading(sent(stranger, pdf)) == "Tệp này chưa phải bản phát hành"
    monkeypatch.setattr(verification, "get_issued", lambda session, document_id: None)
    assert heading(sent(stranger, pdf)) == "Chữ ký số đúng, nhưng Cổng không có giấy này"


def test_a_page_without_a_file_or_with_too_large_a_one_says_so(
    stranger: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter.reset()
    empty = stranger.post("/xac-thuc/tep", data={"scanned": "abc"})
    assert "Tải lên tệp PDF" in words_of(empty)
    assert '<input type="hidden" name="scanned" value="abc">' in empty.text, "the next file is held against it too"
    monkeypatch.setattr(verification, "LARGEST", 0)
    answer = sent(stranger, b"%PDF-1.7")
    assert answer.status_code == 422
    assert "Tệp lớn hơn 20 MB." in words_of(answer)
