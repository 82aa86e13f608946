"""Numbers that stand for people and organisations: identity numbers, telephone numbers, tax codes.

Source of the identity number's shape: Circular 59/2021/TT-BCA: province, century and gender, year of birth, six digits.
Each check gives the tidy form or raises InvalidInput with what to do; warnings are sentences that do not stop anybody.
"""

from __future__ import annotations

import re
from datetime import date

import phonenumbers
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from portal.core.errors import InvalidInput

DIGITS = 12

PROVINCES = frozenset(f"{code:03d}" for code in (
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
    34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
    67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
))  # fmt: skip
"""The 63 provinces where a birth was registered before 2025; numbers given then stay valid."""

FIRST_COUNTRY = "100"
"""From here on the first three digits name the country of a birth registered abroad."""


def tidy_number(typed: str) -> str:
    """A number as typed by a person: spaces, dots and hyphens between digits forgiven."""
    return re.sub(r"[\s.\-]", "", typed)


def checked_id_number(typed: str, *, today: date, field: str | None = None) -> str:
    """The identity number in twelve digits. Raises InvalidInput when nobody can have it."""
    number = tidy_number(typed)
    if not number:
        raise InvalidInput("Nhập số định danh.", field=field)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidInput("Số định danh chỉ có chữ số. Xem lại số vừa nhập.", field=field)
    if len(number) != DIGITS:
        raise InvalidInput("Số định danh phải có 12 chữ số. Số vừa nhập có %(count)s.", field=field, count=len(number))
    if number[:3] < FIRST_COUNTRY and number[:3] not in PROVINCES:
        raise InvalidInput(
            "Ba số đầu của số định danh phải là mã tỉnh, thành phố. Số vừa nhập bắt đầu bằng %(code)s.",
            field=field,
            code=number[:3],
        )
    if birth_year(number) > today.year:
        raise InvalidInput(
            "Số thứ tư đến thứ sáu của số định danh cho năm sinh %(year)s, chưa tới. Xem lại các số này.",
            field=field,
            year=birth_year(number),
        )
    return number


def birth_year(number: str) -> int:
    """The year of birth that an identity number of twelve digits says."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def checked_phone(typed: str, *, field: str | None = None) -> str:
    """The telephone number in E.164 (+84…). Raises InvalidInput."""
    try:
        number = phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException as error:
        raise InvalidInput("Nhập số điện thoại có 10 chữ số, ví dụ 0912 345 678.", field=field) from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidInput("Số điện thoại này không gọi được. Xem lại từng chữ số.", field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """A stored telephone number as people read it: 0912 345 678."""
    try:
        parsed = phonenumbers.parse(number, "VN")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if parsed.country_code == 84 else style.INTERNATIONAL)


def checked_tax_code(typed: str, *, today: date, field: str | None = None) -> str:
    """The tax code: 10 digits, with a branch 10-3; since July 2025 also a person's identity number.

    Raises InvalidInput.
    """
    compact = tidy_number(typed)
    if len(compact) == DIGITS and compact.isdigit():
        return checked_id_number(compact, today=today, field=field)
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", compact):
        raise InvalidInput("Mã số thuế phải có 10 chữ số, chi nhánh thêm 3 chữ số. Xem lại số vừa nhập.", field=field)
    try:
        mst.validate(compact)
    except ValidationError as error:
        raise InvalidInput("Không có mã số thuế này. Xem lại từng chữ số.", field=field) from error
    return str(mst.format(compact))
