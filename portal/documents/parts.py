"""What the contents of templates are made of.

A content is stored as plain JSON, dates and times as ISO 8601; callers may pass either.

An empty string leaves the line out or prints dots where the law's form has a line. Every agency name is written as it
is printed at the head of the page (Decree 30/2020/NĐ-CP, annex I): the caller writes "ỦY BAN NHÂN DÂN QUẬN NINH KIỀU".
"""

from __future__ import annotations

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12


class Head(TypedDict):
    """Begins every content. `agency_above` is the superior agency, printed over `agency`; `place` is the place name
    before the date ("Ninh Kiều"); `made_on` the day printed until the document is issued, None for a draft."""

    agency_above: str
    agency: str
    place: str
    made_on: date | None


class Addressed(Head):
    """What names or addresses the applicant. `salutation` stands before the name: empty for an organisation, "Ông/Bà"
    where it was not stored. Another word for "you", and for the number that tells who it is, follow from it."""

    salutation: NotRequired[str]


class Signature(TypedDict):
    """`capacity` in lines from the top (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]); `name` is empty until somebody signs."""

    capacity: list[str]
    name: str


class Applicant(TypedDict):
    """`name` with the organisation when there is one; the other lines may be empty."""

    name: str
    address: str
    phone: str
    email: str


class PaperLine(TypedDict):
    """`kind`: "bản chính", "bản sao", "xuất trình bản chính"; `words.copies` reads it from the definition."""

    name: str
    kind: str
    quantity: int


class FeeLine(TypedDict):
    """`amount` in VND; `status` as printed: "đã nộp trực tuyến", "nộp khi nhận kết quả"."""

    name: str
    amount: int
    status: str


class Fact(TypedDict):
    """A label and its value, printed as "label: value"."""

    label: str
    value: str


class Reason(TypedDict):
    """`basis`: article and document ("điểm b khoản 1 Điều 95 Luật Xây dựng"), may be empty."""

    text: str
    basis: str
