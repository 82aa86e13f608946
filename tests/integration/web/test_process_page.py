"""The internal procedure in public view: page, PDF, spreadsheet, BPMN."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from portal.catalogue.queries import get_procedure
from portal.catalogue.step_table import step_table
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from tests.harness.client import heading, page_of, words_of
from tests.harness.database import RungBells
from tests.integration.conftest import Client

CODES = ("1.009994", "1.001612", "2.000815", "2.000884", "1.010803")


@pytest.fixture(autouse=True)
def bells(filled_city: RungBells) -> RungBells:
    return filled_city


@pytest.mark.parametrize("code", CODES)
def test_every_step_is_in_the_table_with_who_and_how_long(client: Client, code: str) -> None:
    response = client.get(f"/thu-tuc/{code}/quy-trinh")
    assert response.status_code == 200
    with reading(PUBLIC) as session:
        process = get_procedure(session, code).procedure.process
    rows = [row for row in page_of(response).iter("tr") if row.find("th[@scope='row']") is not None]
    named = {"".join(row.find("th").itertext()) for row in rows}  # type: ignore[union-attr]
    assert named == {step.name.vi for step in process.steps.values()}


def test_the_page_says_what_the_table_of_the_permit_says(client: Client) -> None:
    said = words_of(client.get("/thu-tuc/1.009994/quy-trinh"))
    assert "Cảnh sát phòng cháy (thành phố)" in said
    assert "quá 12 ngày không trả lời thì coi như đồng ý" in said
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in said


def test_the_page_speaks_english(client: Client) -> None:
    response = client.get("/en/thu-tuc/1.009994/quy-trinh")
    assert heading(response).startswith("Internal procedure:")
    assert "no answer within 12 days counts as consent" in words_of(response)


def test_the_procedure_leads_there(client: Client) -> None:
    links = [link.get("href") for link in page_of(client.get("/thu-tuc/1.009994")).iter("a")]
    assert "/thu-tuc/1.009994/quy-trinh" in links


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_procedure_has_a_form_to_print_and_fill_in_by_hand(client: Client, language: str) -> None:
    links = [link.get("href") for link in page_of(client.get(f"{language}/thu-tuc/1.009994")).iter("a")]
    form = f"{language}/thu-tuc/1.009994/to-khai.pdf"
    assert form in links
    assert client.get(form).data.startswith(b"%PDF-")


@pytest.mark.parametrize("suffix", ["", ".pdf", ".xlsx", ".bpmn"])
def test_an_unknown_procedure_has_no_table(client: Client, suffix: str) -> None:
    assert client.get(f"/thu-tuc/9.999999/quy-trinh{suffix}").status_code == 404


def test_the_table_can_be_printed(client: Client, tmp_path: Path) -> None:
    answer = client.get("/thu-tuc/1.009994/quy-trinh.pdf")
    assert answer.mimetype == "application/pdf"
    assert "1.009994-v1.pdf" in answer.headers["Content-Disposition"]
    file = tmp_path / "table.pdf"
    file.write_bytes(answer.data)
    read = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert "QUY TRÌNH NỘI BỘ: CẤP GIẤY PHÉP XÂY DỰNG NHÀ Ở RIÊNG LẺ" in read
    assert re.search(r"16\s+Vào sổ, lấy số, đóng dấu", read)


def test_the_table_can_be_opened_as_a_spreadsheet(client: Client) -> None:
    answer = client.get("/thu-tuc/1.009994/quy-trinh.xlsx")
    with ZipFile(BytesIO(answer.data)) as book:
        strings = "".join(ET.fromstring(book.read("xl/sharedStrings.xml")).itertext())  # noqa: S314
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    with reading(PUBLIC) as session:
        table = step_table(get_procedure(session, "1.009994").procedure, language="vi")
    assert sheet.count("<row ") == len(table.rows) + 2
    assert all(row.name in strings for row in table.rows)


def test_the_model_can_be_taken_along(client: Client) -> None:
    answer = client.get("/thu-tuc/1.009994/quy-trinh.bpmn")
    assert answer.mimetype == "application/xml"
    root = ET.fromstring(answer.data)  # noqa: S314
    lanes = [element.get("name") for element in root.iter() if element.tag.endswith("}lane")]
    assert lanes[0] == "Thành phố: Cảnh sát phòng cháy"
    assert lanes[-1] == "Người nộp"
