"""Statements of a bank: what came in, line by line, or the line that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from portal.core.errors import InvalidInput
from portal.core.references import transfer_code, transfer_code_in
from portal.documents.sheets import spreadsheet
from portal.payments import statements
from portal.payments.gateways import SettledLine
from portal.payments.statements import MOST_ENTRIES, daily_files

CODE = transfer_code(UUID(int=7))
HEADING = "Ngày giao dịch,Số giao dịch,Ghi nợ,Ghi có,Nội dung"
STATEMENT = f"""\ufeffNGÂN HÀNG,,,,
{HEADING}
20/11/2026 09:15:00,FT1,,75.000,NOP PHI {CODE} NGUYEN VAN A
21/11/2026,FT3,,"1,234,000.00","  ung ho  "
20/11/2026,FT2,500.000,,CHUYEN KHO BAC
20/11/2026,FT4,0,75000 VND,{CODE[:9].lower()} {CODE[9:]}
,,500.000,1.384.000,Cộng
Tổng cộng,,500.000,1.384.000,
"""


def refused(text: str, *, file_name: str = "a.csv") -> InvalidInput:
    with pytest.raises(InvalidInput) as found:
        daily_files(text.encode(), file_name=file_name)
    return found.value


def test_money_that_came_in_is_read_day_by_day_with_the_code_that_the_payer_wrote() -> None:
    first, second = daily_files(STATEMENT.encode(), file_name="sao-ke.CSV")
    assert (first.day, second.day) == (date(2026, 11, 20), date(2026, 11, 21))
    assert first.lines == (SettledLine("capture", "FT1", CODE, 75_000), SettledLine("capture", "FT4", CODE, 75_000))
    assert second.lines == (SettledLine("capture", "FT3", "ung ho", 1_234_000),)
    assert first.digest == second.digest


def test_a_spreadsheet_is_read_like_a_text() -> None:
    rows: list[list[str | int]] = [["20/11/2026", "FT1", 75_000, f"Nop phi {CODE}"]]
    headings = ["Ngày", "Mã giao dịch", "Phát sinh có", "Diễn giải"]
    sheet = spreadsheet("Sao kê", headings, rows, made_at=datetime(2026, 11, 21, tzinfo=UTC))
    (only,) = daily_files(sheet, file_name="sao-ke.xlsx")
    assert only.lines == (SettledLine("capture", "FT1", CODE, 75_000),)


@pytest.mark.parametrize(
    "row",
    [
        "20/11/2026,FT1,,75.00x,a",
        "20/11/2026,FT1,,75.5,a",
        "20/11/2026,FT1,,1000000000001,a",
        "20/11/2026,,,75000,a",
        "31/02/2026,,,75000,a",
        "31/02/2026,FT1,,75000,a",
        f"20/11/2026,{'F' * 65},,75000,a",
    ],
)
def test_a_line_of_money_that_cannot_be_read_is_named_and_nothing_is_booked(row: str) -> None:
    assert refused(f"{HEADING}\n{row}\n").details["line"] == 2


def test_the_same_number_twice_is_refused() -> None:
    assert refused(f"{HEADING}\n20/11/2026,FT1,,5,a\n20/11/2026,FT1,,5,a\n").details == {"line": 3, "other": 2}


@pytest.mark.parametrize("text", ["", "xin chào", f"{HEADING}\n", f"{HEADING}\n20/11/2026,FT1,7,,a\n", "a\0b"])
def test_what_is_no_statement_is_refused(text: str) -> None:
    assert refused(text).field == "statement"


def test_more_than_can_be_booked_while_somebody_waits_is_refused() -> None:
    rows = "\n".join(f"20/11/2026,FT{number},,5,a" for number in range(MOST_ENTRIES + 1))
    assert refused(f"{HEADING}\n{rows}\n").details == {"most": MOST_ENTRIES}


def test_a_spreadsheet_that_grows_beyond_measure_when_it_is_opened_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = spreadsheet("Sao kê", ["Ngày"], [["x" * 9_000]], made_at=datetime(2026, 11, 21, tzinfo=UTC))
    monkeypatch.setattr(statements, "LARGEST_TABLE", len(sheet))
    with pytest.raises(InvalidInput, match="quá lớn"):
        daily_files(sheet, file_name="a.xlsx")


def test_a_broken_spreadsheet_is_refused() -> None:
    assert refused("PK\x03\x04 broken", file_name="a.xlsx").field == "statement"


@pytest.mark.parametrize(
    "purpose",
    [CODE, CODE.lower(), f"IBFT {CODE}. CT tu 0123", " ".join(CODE), f"PHIHS {CODE[5:]}", CODE.replace("0", "O")],
)
def test_the_code_of_a_transfer_is_found_however_it_was_written(purpose: str) -> None:
    assert transfer_code_in(purpose) == CODE


@pytest.mark.parametrize("place", range(5, 17))
def test_a_code_with_a_slip_is_not_taken_for_another(place: int) -> None:
    other = "7" if CODE[place] != "7" else "8"
    assert transfer_code_in(CODE[:place] + other + CODE[place + 1 :]) is None
