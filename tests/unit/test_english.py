"""English is complete in the data too: holidays, documents that are cited, addresses of counters.

The texts of the shipped definitions are looked through in `catalogue/test_definitions.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.calendars.rules import ANNOUNCEMENT, public_holidays
from portal.calendars.seed import ANNOUNCED
from portal.core.wording import cited
from portal.units.seed import read_units
from portal.units.types import address_in_english

CHECKOUT = Path(__file__).resolve().parents[2]
UNITS = CHECKOUT / "portal/units/data/cantho.json"

VIETNAMESE_ONLY = ("Điều ", "khoản ", "ngày ", "Số ", "đường ", "Phường ", "Xã ", "Quận ", "Huyện ", "Thành phố ")


def test_every_holiday_and_its_source_has_its_english() -> None:
    days = [*public_holidays(2018, 2040), *ANNOUNCED]
    assert [day.day for day in days if not day.name.en or day.name.en == day.name.vi] == []
    sources = {day.source for day in days} - {ANNOUNCEMENT}  # a sentence of the catalogue
    assert [source for source in sources if is_vietnamese(cited(source, language="en"))] == []


def test_every_address_of_a_unit_has_its_english() -> None:
    addresses = {unit.address for unit in read_units(UNITS).units if unit.address}
    assert len(addresses) > 100
    assert [address for address in addresses if is_vietnamese(address_in_english(address))] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("Số 3 đường Mẫu, Quận Ninh Kiều, Thành phố Cần Thơ", "3 Mẫu Street, Ninh Kiều District, Cần Thơ City"),
        ("109 Nguyễn Trãi, Phường Cái Khế", "109 Nguyễn Trãi, Cái Khế Ward"),
        ("Số 12/3A đường 30 Tháng 4, Thị trấn Cờ Đỏ", "12/3A Street 30 Tháng 4, Cờ Đỏ Township"),
        ("Quốc lộ 91, Quận 1", "National Road 91, District 1"),
        ("", ""),
    ],
)
def test_an_address_is_said_in_english(address: str, said: str) -> None:
    assert address_in_english(address) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("45/2019/QH14, Điều 112", "45/2019/QH14, article 112"),
        ("1234/UBND-NC ngày 20/11/2026", "1234/UBND-NC of 20 November 2026"),
        ("điểm a khoản 2 Điều 5", "point a clause 2 article 5"),
        ("12/CĐ-UBND ngày 31/2/2026", "12/CĐ-UBND ngày 31/2/2026"),
        ("80-NQ/TW", "80-NQ/TW"),
    ],
)
def test_a_document_is_cited_in_english(source: str, said: str) -> None:
    assert cited(source, language="en") == said
    assert cited(source) == source


def is_vietnamese(said: str) -> bool:
    return any(word in said for word in VIETNAMESE_ONLY)
