"""Number and symbol of papers: Decree 30/2020/NĐ-CP."""

from __future__ import annotations

import re

import pytest

from portal.documents import symbols
from portal.units.seed import CITY_FILE, read_units


@pytest.mark.parametrize(
    ("agency", "short"),
    [
        ("UBND quận Ninh Kiều", "UBND"),
        ("UBND thị trấn Cờ Đỏ", "UBND"),
        ("Văn phòng HĐND và UBND quận Ninh Kiều", "VP"),
        ("Phòng Quản lý đô thị quận Ninh Kiều", "QLĐT"),
        ("Phòng Tài chính – Kế hoạch quận Ninh Kiều", "TCKH"),
        ("Sở Lao động – Thương binh và Xã hội thành phố Cần Thơ", "SLĐTBXH"),
        ("Trung tâm Phục vụ hành chính công thành phố Cần Thơ", "TTPVHCC"),
        ("Bộ phận Tiếp nhận và Trả kết quả", "BPTNTKQ"),
        ("Phòng Cảnh sát PCCC và cứu nạn, cứu hộ, Công an thành phố Cần Thơ", "CSPCCCCNCH"),
    ],
)
def test_an_agency_is_shortened_without_its_place(agency: str, short: str) -> None:
    assert symbols.abbreviated(agency) == short


def test_every_agency_of_the_city_has_a_short_name_in_capitals() -> None:
    short = {unit.name: symbols.abbreviated(unit.name) for unit in read_units(CITY_FILE).units}
    assert not {name: said for name, said in short.items() if not re.fullmatch(r"[A-ZĐÂÔƯÁÊÀ]{2,12}", said)}


def test_a_symbol_names_kind_and_agency_and_a_letter_its_agency() -> None:
    assert symbols.symbol("TB", "UBND quận Ninh Kiều") == "TB-UBND"
    assert symbols.letter_symbol("UBND phường Cái Khế") == "UBND-VP"
    assert symbols.letter_symbol("Sở Xây dựng thành phố Cần Thơ") == "SXD"


def test_a_number_below_ten_carries_a_zero() -> None:
    assert [symbols.reference(number, "TB-UBND") for number in (2, 10, 245)] == [
        "02/TB-UBND",
        "10/TB-UBND",
        "245/TB-UBND",
    ]


@pytest.mark.parametrize("typed", ["2/TB-UBND", "02/TB-UBND", "002/tb - ubnd", " Số: 02/TB–UBND ", "số 2/TB-UBND"])
def test_whatever_way_a_number_is_typed_it_is_the_same(typed: str) -> None:
    assert symbols.read_reference(typed) == (2, "TB-UBND")
    assert symbols.kept_reference(typed) == "2/TB-UBND"


@pytest.mark.parametrize("typed", ["", "57a8001234", "0/", "/TB", "1234567/TB", "2/" + "A" * 40])
def test_what_is_no_number_with_a_symbol_is_kept_as_it_is(typed: str) -> None:
    assert symbols.read_reference(typed) is None
    assert symbols.kept_reference(typed) == typed.upper()
