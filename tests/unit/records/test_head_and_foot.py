"""Head and foot of a document: the agency, and what stands under a signature."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.accounts.types import OfficialView
from portal.records.contents.writing import printed, signature_of

FOR_THE_COMMITTEE = "TM. ỦY BAN NHÂN DÂN"


@pytest.mark.parametrize(
    ("capacity", "title", "lines"),
    [
        (FOR_THE_COMMITTEE, "CHỦ TỊCH", [FOR_THE_COMMITTEE, "CHỦ TỊCH"]),
        (
            f"{FOR_THE_COMMITTEE}\r\nKT. CHỦ TỊCH\n",
            "PHÓ CHỦ TỊCH",
            [FOR_THE_COMMITTEE, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        ("", "TRƯỞNG PHÒNG", ["TRƯỞNG PHÒNG"]),
    ],
)
def test_each_capacity_of_who_signs_has_a_line_of_its_own(capacity: str, title: str, lines: list[str]) -> None:
    official = OfficialView(
        person_id=UUID(int=1), name="Phan Mẫu Dừa", unit_id=UUID(int=2), role="leader", function=None, title=title,
        capacity=capacity,
    )  # fmt: skip
    assert signature_of(official)["capacity"] == lines


def test_no_line_of_the_head_begins_with_a_dash() -> None:
    assert printed("Phòng Tài chính – Kế hoạch") == "PHÒNG TÀI CHÍNH\u00a0– KẾ HOẠCH"
