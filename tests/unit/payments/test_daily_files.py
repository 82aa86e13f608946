"""The daily file of a gateway, as text."""

from __future__ import annotations

from datetime import date

import pytest

from portal.core.errors import Unavailable
from portal.payments.daily_files import parsed, read_daily_file, written
from portal.payments.gateways import SettledLine
from portal.payments.signature import signature

DAY = date(2026, 11, 9)
LINES = [SettledLine("capture", "14000001", "R1", 75_000), SettledLine("refund", "28000001", "R1", 10**12)]


def test_what_is_written_is_read_back() -> None:
    assert parsed(written(DAY, LINES), day=DAY).lines == tuple(LINES)
    assert parsed(written(DAY, []), day=DAY).lines == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("20261109", "20261110"),
        ("end;2", "end;3"),
        (";75000", ";0"),
        (";75000", ";-75000"),
        (";75000", ";75000.5"),
        (";75000", ";1000000000001"),
        ("capture", "gift"),
        ("14000001", ""),
        ("\nend;2\n", "\n"),
        ("refund;28000001", "capture;14000001"),
        (";R1;75000", ";R1;x;75000"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(before: str, after: str) -> None:
    text = written(DAY, LINES)
    assert before in text
    with pytest.raises(Unavailable):
        parsed(text.replace(before, after, 1), day=DAY)


def test_a_file_is_read_when_the_gateway_signed_it_and_is_none_when_it_is_not_there_yet() -> None:
    text = written(DAY, LINES)
    signed = {"file": text, "signature": signature(text, secret="s")}
    file = read_daily_file(signed, day=DAY, secret="s")
    assert file is not None
    assert len(file.lines) == 2
    assert read_daily_file({"file": "", "signature": signature("", secret="s")}, day=DAY, secret="s") is None
    for wrong in ({}, {"file": text}, {**signed, "signature": "0"}, {**signed, "file": text + "x"}):
        with pytest.raises(Unavailable):
            read_daily_file(wrong, day=DAY, secret="s")
