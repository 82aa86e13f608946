"""Numbers of people and organisations: what can be, and what to say when it cannot."""

from __future__ import annotations

from datetime import date

import pytest

from portal.accounts import identity
from portal.core.errors import InvalidInput

TODAY = date(2025, 6, 2)


@pytest.mark.parametrize("typed", ["092085001234", "092 085 001 234", "092190004321", "094304000777", "112085001234"])
def test_a_number_that_can_be_is_taken(typed: str) -> None:
    assert identity.checked_id_number(typed, today=TODAY) == typed.replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "sentence", "details"),
    [
        ("", "Nhập số định danh.", {}),
        ("09208500123", "Số định danh phải có 12 chữ số. Số vừa nhập có %(count)s.", {"count": 11}),
        ("09208500123a", "Số định danh chỉ có chữ số. Xem lại số vừa nhập.", {}),
        (
            "099085001234",
            "Ba số đầu của số định danh phải là mã tỉnh, thành phố. Số vừa nhập bắt đầu bằng %(code)s.",
            {"code": "099"},
        ),
        (
            "092285001234",
            "Số thứ tư đến thứ sáu của số định danh cho năm sinh %(year)s, chưa tới. Xem lại các số này.",
            {"year": 2085},
        ),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_what_to_do(
    typed: str, sentence: str, details: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        identity.checked_id_number(typed, today=TODAY, field="id_no")
    assert (refused.value.sentence, refused.value.details, refused.value.field) == (sentence, details, "id_no")


def test_a_number_says_the_year_of_birth() -> None:
    assert identity.birth_year("092190004321") == 1990
    assert identity.birth_year("094204000777") == 2004


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "+84 912 345 678"])
def test_telephone_numbers_are_kept_in_one_form(typed: str) -> None:
    assert identity.checked_phone(typed) == "+84912345678"
    assert identity.shown_phone("+84912345678") == "0912 345 678"


@pytest.mark.parametrize("typed", ["", "abc", "0912", "0112345678"])
def test_a_telephone_number_that_rings_nowhere_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        identity.checked_phone(typed, field="phone")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1800158125", "1800158125"), ("0100109106-001", "0100109106-001"), ("092085001234", "092085001234")],
)
def test_tax_codes_of_firms_branches_and_persons_are_taken(typed: str, kept: str) -> None:
    assert identity.checked_tax_code(typed, today=TODAY) == kept


@pytest.mark.parametrize("typed", ["", "1800158126", "180015812", "abcdefghij"])
def test_a_tax_code_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        identity.checked_tax_code(typed, today=TODAY)
