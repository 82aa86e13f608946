"""A day in an address is written by anybody: what is no day, or has no day after it, is as good as none."""

from __future__ import annotations

from datetime import date

import pytest

from portal.web.asked_days import day_of


@pytest.mark.parametrize("written", ["", "x", "31-31-31", "0001-01-01", "9999-12-31"])
def test_what_nobody_chooses_is_no_day(written: str) -> None:
    assert day_of(written) is None


def test_a_day_is_read_as_it_is_written() -> None:
    assert day_of("2026-11-24") == date(2026, 11, 24)
