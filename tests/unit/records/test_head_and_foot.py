"""Head and foot of a document: the laws it rests on, and what stands under a signature."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.accounts.types import OfficialView
from portal.catalogue.types import LegalBasis
from portal.records.contents.writing import basis_of, signature_of
from portal.workflow.definition import Text

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
        ("", "Trưởng phòng", ["TRƯỞNG PHÒNG"]),
    ],
)
def test_each_capacity_of_who_signs_has_a_line_of_its_own(capacity: str, title: str, lines: list[str]) -> None:
    official = OfficialView(
        person_id=UUID(int=1), name="Phan Mẫu Dừa", unit_id=UUID(int=2), role="leader", function=None, title=title,
        capacity=capacity,
    )  # fmt: skip
    assert signature_of(official)["capacity"] == lines


@pytest.mark.parametrize(
    ("number", "title", "line"),
    [
        ("35/2024/QH15", "Luật Đường bộ", "Luật Đường bộ số 35/2024/QH15"),
        (
            "64/2010/NĐ-CP",
            "Nghị định về quản lý cây xanh đô thị",
            "Nghị định số 64/2010/NĐ-CP về quản lý cây xanh đô thị",
        ),
    ],
)
def test_a_decree_is_cited_with_its_number_before_what_it_is_about(number: str, title: str, line: str) -> None:
    assert basis_of(LegalBasis(number, Text(title))) == line
