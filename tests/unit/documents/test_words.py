"""Numbers and dates as official documents write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from portal.documents import printing, words


@pytest.mark.parametrize(
    ("amount", "reading"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"),
        (55, "Năm mươi lăm đồng"),
        (101, "Một trăm linh một đồng"),
        (110, "Một trăm mười đồng"),
        (2_000, "Hai nghìn đồng"),
        (75_000, "Bảy mươi lăm nghìn đồng"),
        (75_105, "Bảy mươi lăm nghìn một trăm linh năm đồng"),
        (1_000_001, "Một triệu không trăm linh một đồng"),
        (1_400_000, "Một triệu bốn trăm nghìn đồng"),
        (2_050_015, "Hai triệu không trăm năm mươi nghìn không trăm mười lăm đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"),
        (1_010, "Một nghìn không trăm mười đồng"),
        (1_021, "Một nghìn không trăm hai mươi mốt đồng"),
        (11_111, "Mười một nghìn một trăm mười một đồng"),
        (15_515, "Mười lăm nghìn năm trăm mười lăm đồng"),
        (40_004, "Bốn mươi nghìn không trăm linh bốn đồng"),
        (100_005, "Một trăm nghìn không trăm linh năm đồng"),
        (555_555, "Năm trăm năm mươi lăm nghìn năm trăm năm mươi lăm đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (5_000_005_000, "Năm tỷ không trăm linh năm nghìn đồng"),
        (10_105_000_000, "Mười tỷ một trăm linh năm triệu đồng"),
        (21_000_000_021, "Hai mươi mốt tỷ không trăm hai mươi mốt đồng"),
        (3_021_000_000, "Ba tỷ không trăm hai mươi mốt triệu đồng"),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
    ],
)
def test_a_sum_is_read_aloud_as_receipts_write_it(amount: int, reading: str) -> None:
    assert words.amount_in_words(amount) == reading


def test_a_negative_sum_has_no_reading() -> None:
    with pytest.raises(ValueError, match="negative"):
        words.amount_in_words(-1)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 11, 20), "ngày 20 tháng 11 năm 2026"),
    ],
)
def test_small_days_and_the_first_two_months_carry_a_zero(day: date, written: str) -> None:
    assert words.long_date(day) == written


def test_times_are_those_of_the_citys_clocks() -> None:
    assert words.long_time(datetime(2026, 2, 4, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút, ngày 05 tháng 02 năm 2026"


@pytest.mark.parametrize(("value", "written"), [(72, "72"), (72.0, "72"), (96.5, "96,5"), (1216.25, "1.216,25")])
def test_decimals_have_a_comma_and_thousands_a_point(value: float, written: str) -> None:
    assert words.decimal(value) == written


@pytest.mark.parametrize(
    ("agency", "lines"),
    [
        ("", []),
        ("PHÒNG QUẢN LÝ ĐÔ THỊ", ["PHÒNG QUẢN LÝ ĐÔ THỊ"]),
        ("PHÒNG QUẢN LÝ ĐÔ THỊ QUẬN NINH KIỀU", ["PHÒNG QUẢN LÝ ĐÔ THỊ", "QUẬN NINH KIỀU"]),
        ("ỦY BAN NHÂN DÂN THỊ TRẤN PHONG ĐIỀN", ["ỦY BAN NHÂN DÂN", "THỊ TRẤN PHONG ĐIỀN"]),
        ("ỦY BAN NHÂN DÂN QUẬN NINH KIỀU", ["ỦY BAN NHÂN DÂN", "QUẬN NINH KIỀU"]),
        ("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", ["BỘ PHẬN TIẾP NHẬN", "VÀ TRẢ KẾT QUẢ"]),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", ["SỞ LAO ĐỘNG -", "THƯƠNG BINH VÀ XÃ HỘI"]),
        ("PHÒNG TÀI CHÍNH – KẾ HOẠCH QUẬN NINH KIỀU", ["PHÒNG TÀI CHÍNH –", "KẾ HOẠCH QUẬN NINH KIỀU"]),
        ("VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI QUẬN NINH KIỀU", ["VĂN PHÒNG", "ĐĂNG KÝ ĐẤT ĐAI", "QUẬN NINH KIỀU"]),
    ],
)
def test_an_agency_is_broken_where_an_official_would_break_it(agency: str, lines: list[str]) -> None:
    assert words.head_lines(agency) == lines


def test_an_office_that_its_column_does_not_hold_is_broken_after_its_dash_on_paper_and_in_a_signature() -> None:
    parts, drawing = (printing.environment().get_template(name) for name in ("parts.html", "fields/drawing.html"))
    block = {"kind": "block", "where": "signature", "left": 0, "top": 0, "width": 200, "height": 140}
    signed = {"parts": [block], "kind": "person", "pictures": (), "place": SimpleNamespace(width=200, height=140)}
    for said in (
        parts.module.office("CÔNG CHỨC VĂN PHÒNG – THỐNG KÊ"),  # type: ignore[attr-defined]
        drawing.render(**signed, capacity=["CÔNG CHỨC VĂN PHÒNG – THỐNG KÊ"], name="Hà Mẫu Cam"),
    ):
        assert re.findall(r">([^<>]+)</p>", said)[:2] == ["CÔNG CHỨC VĂN PHÒNG –", "THỐNG KÊ"]


def test_the_notation_of_papers_is_read() -> None:
    assert words.copies("O2") == ("bản chính", 2)
    assert words.copies("P") == ("xuất trình bản chính", 1)


def test_a_number_below_ten_is_printed_with_a_zero() -> None:
    assert [words.printed_number(number) for number in (3, 10, 245)] == ["03", "10", "245"]
