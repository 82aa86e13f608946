"""Days, moments and sums in the words of the portal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.core import wording

FRIDAY = date(2026, 11, 20)
LATE_EVENING_IN_LONDON = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.vnd(75000), "75.000 đồng"),
        (wording.vnd(0), "0 đồng"),
        (wording.vnd(75000, language="en"), "75,000 VND"),
        (wording.number(12480), "12.480"),
        (wording.number(Decimal("96.50")), "96,5"),
        (wording.number(Decimal("96.5"), language="en"), "96.5"),
        (wording.day(FRIDAY), "thứ Sáu 20/11/2026"),
        (wording.day(date(2026, 11, 22)), "Chủ nhật 22/11/2026"),
        (wording.day(FRIDAY, language="en"), "Friday 20 November 2026"),
        (wording.short_day(date(2026, 12, 3)), "3/12/2026"),
        (wording.short_day(date(2026, 12, 3), language="en"), "3 Dec 2026"),
        (wording.desk_day(FRIDAY, today=date(2026, 1, 1)), "20/11"),
        (wording.desk_day(FRIDAY, today=date(2027, 1, 1)), "20/11/2026"),
        (wording.desk_day(FRIDAY, today=date(2026, 1, 1), language="en"), "20 Nov"),
    ],
)
def test_sums_and_days_read_as_people_write_them(said: str, expected: str) -> None:
    assert said == expected


def test_a_moment_is_told_by_the_clocks_of_the_city() -> None:
    assert wording.moment(LATE_EVENING_IN_LONDON) == "06:30, thứ Sáu 20/11/2026"
    assert wording.moment(LATE_EVENING_IN_LONDON, language="en") == "06:30, Friday 20 November 2026"
    assert wording.day(LATE_EVENING_IN_LONDON) == "thứ Sáu 20/11/2026"
    assert wording.short_moment(LATE_EVENING_IN_LONDON) == "06:30 20/11/2026"
    assert wording.short_moment(LATE_EVENING_IN_LONDON, language="en") == "06:30 20 Nov 2026"


def test_a_sentence_is_left_unsaid_when_one_of_its_names_is_not_known() -> None:
    words = {"unit": "UBND quận", "due": ""}
    assert (
        wording.known_sentences(["{unit} đang xem.", "{unit} hẹn trả {due}.", "Xong."], words)
        == "UBND quận đang xem. Xong."
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, "0 byte"), (999, "999 byte"), (86016, "86 KB"), (60_000_000, "60 MB"), (1468006, "1,5 MB")],
)
def test_sizes_are_told_in_the_largest_unit(length: int, expected: str) -> None:
    assert wording.size(length) == expected
