"""Record codes in sentences stay on one line; short names of places are written out in English."""

from __future__ import annotations

import pytest

from portal.units.types import short_in_english
from portal.web.presentation import whole_codes


def test_a_code_in_a_sentence_does_not_break() -> None:
    said = whole_codes("Hồ sơ 000.00.21.H13-261103-0001 <đã> xong (H13.1-261103-12345).")
    assert said == (
        'Hồ sơ <span class="nobr">000.00.21.H13-261103-0001</span> &lt;đã&gt; xong '
        '(<span class="nobr">H13.1-261103-12345</span>).'
    )


def test_other_numbers_are_left_alone() -> None:
    assert whole_codes("Giấy phép 245/GPXD ngày 2026-11-03") == "Giấy phép 245/GPXD ngày 2026-11-03"


@pytest.mark.parametrize(
    ("short", "english"),
    [
        ("P. Cái Khế", "Cái Khế Ward"),
        ("TT. Phong Điền", "Phong Điền Township"),
        ("Q. Ninh Kiều", "Ninh Kiều District"),
        ("Nơi khác", "Nơi khác"),
    ],
)
def test_what_tables_abbreviate_is_written_out_in_english(short: str, english: str) -> None:
    assert short_in_english(short) == english
