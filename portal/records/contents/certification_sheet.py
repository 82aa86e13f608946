"""The register of certifications, printed and as a spreadsheet: in the columns of Circular 01/2020/TT-BTP [m]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.documents import sheets
from portal.documents.rendering import Printed, print_page
from portal.documents.words import money, short_date, stretch
from portal.records.certifications import Book, Certification, Certifications
from portal.records.contents.writing import head_of
from portal.units.resolution import Directory

TITLES = {Book.COPIES: "Sổ chứng thực bản sao từ bản chính", Book.SIGNATURES: "Sổ chứng thực chữ ký"}
_HEADINGS = {
    Book.COPIES: (
        "Số chứng thực", "Ngày, tháng, năm chứng thực", "Họ tên của người yêu cầu chứng thực",
        "Tên của bản chính giấy tờ, văn bản", "Họ tên, chức danh người ký chứng thực",
        "Số bản sao đã được chứng thực", "Phí chứng thực (đồng)", "Ghi chú",
    ),
    Book.SIGNATURES: (
        "Số chứng thực", "Ngày, tháng, năm chứng thực",
        "Họ tên, số giấy tờ tùy thân của người yêu cầu chứng thực",
        "Tên, loại giấy tờ, văn bản đã được chứng thực chữ ký",
        "Họ tên, chức danh người ký chứng thực", "Số lượng giấy tờ, văn bản đã được chứng thực",
        "Phí chứng thực (đồng)", "Ghi chú",
    ),
}  # fmt: skip
_WIDTHS = (14, 14, 34, 40, 34, 22, 16, 30)


def headings(book: Book) -> tuple[str, ...]:
    return _HEADINGS[book]


def lines(entries: Iterable[Certification]) -> list[list[str | int]]:
    """The cells of each line, in the order of the headings."""
    return [_line(entry) for entry in entries]


def printed(asked: Certifications, entries: Iterable[Certification], directory: Directory, *, now: datetime) -> bytes:
    """The register as PDF, A4 across."""
    today, title = clock.local_day(now), TITLES[asked.book]
    values: dict[str, Any] = {
        "content": head_of(directory, directory.unit(asked.unit_id), day=today),
        "document": Printed(template="register", title=f"{title} {_days(asked)}", day=today),
        "name": title,
        "about": f"Quyển số {_books(asked)}, {_days(asked)}",
        "lines": lines(entries),
        "headings": headings(asked.book),
        "kind": "certifications",
        "counted": "số chứng thực. Sổ lập tự động từ văn bản đã ký, đã đóng dấu trên Cổng dịch vụ công",
    }
    return print_page("sheets/book.html", values)


def spreadsheet(
    asked: Certifications, entries: Iterable[Certification], directory: Directory, *, now: datetime
) -> bytes:
    """The register as .xlsx."""
    title = f"{TITLES[asked.book]}: {directory.unit(asked.unit_id).name}. {_days(asked)}"
    options: dict[str, Any] = {"made_at": clock.local(now), "sheet_name": "Sổ chứng thực", "widths": _WIDTHS}
    return sheets.spreadsheet(title, headings(asked.book), lines(entries), **options)


def _days(asked: Certifications) -> str:
    return stretch(asked.first_day, asked.last_day)


def copies_words(entry: Certification) -> str:
    """How many, on paper and electronic."""
    parts = [(entry.paper_copies, "bản giấy"), (entry.electronic_copies, "bản điện tử")]
    return ", ".join(f"{count:02d} {what}" for count, what in parts if count)


def _books(asked: Certifications) -> str:
    years = range(asked.first_day.year, asked.last_day.year + 1)
    return ", ".join(f"01/{year}" for year in years)


def _line(entry: Certification) -> list[str | int]:
    who = "; ".join(part for part in (entry.requested_by, entry.identity) if part)
    ended = f"Hết giá trị từ {short_date(clock.local_day(entry.ended_at))}" if entry.ended_at else ""
    return [
        entry.number,
        short_date(clock.local_day(entry.certified_at)),
        who,
        entry.paper,
        ", ".join(part for part in (entry.signed_by, entry.signed_as) if part),
        copies_words(entry),
        money(entry.fee) if entry.fee is not None else "",
        "; ".join(part for part in (f"Hồ sơ {entry.record_code}", ended) if part),
    ]
