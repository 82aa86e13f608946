"""The register as it is printed and as a spreadsheet: Vietnamese, in the columns of the official form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.documents import sheets
from portal.documents.rendering import Printed, print_page
from portal.documents.words import short_date, stretch
from portal.records.contents.writing import counter_head_of, head_of
from portal.records.register_book import Entry, Register, Share
from portal.records.types import RecordState
from portal.units.resolution import Directory

TITLE = "Sổ theo dõi hồ sơ"
HEADINGS = (
    "Số thứ tự", "Mã hồ sơ", "Tên thủ tục hành chính", "Số lượng hồ sơ (bộ)", "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại", "Cơ quan chủ trì giải quyết", "Ngày nhận hồ sơ", "Ngày hẹn trả kết quả",
    "Ngày trả kết quả", "Phương thức nhận kết quả", "Ký nhận", "Ghi chú",
)  # fmt: skip
_WIDTHS = (10, 26, 34, 9, 26, 36, 30, 12, 12, 12, 14, 22, 26)
_SHARES = {Share.RECEIVED: "Hồ sơ nhận tại đơn vị", Share.HANDLED: "Hồ sơ đơn vị tham gia giải quyết"}
_WAYS = {"counter": "Trực tiếp", "post": "Bưu chính", "online": "Trực tuyến"}
_STATES = {
    RecordState.SUBMITTED: "Chờ tiếp nhận",
    RecordState.SUPPLEMENT_BEFORE_ACCEPTANCE: "Chờ bổ sung",
    RecordState.REFUSED: "Từ chối tiếp nhận",
    RecordState.SUPPLEMENT: "Chờ bổ sung",
    RecordState.FEE_DUE: "Chờ nộp phí",
    RecordState.STOPPED: "Dừng giải quyết",
    RecordState.NOT_GRANTED: "Không cấp",
    RecordState.ARCHIVED: "Kết quả đã lưu",
    RecordState.WITHDRAWN: "Người nộp rút hồ sơ",
    RecordState.EXPIRED: "Hết hạn chờ người nộp",
}


def lines(entries: Iterable[Entry]) -> list[list[str | int]]:
    """The cells of each line, in the order of HEADINGS."""
    return [_line(entry) for entry in entries]


def printed(register: Register, entries: Iterable[Entry], directory: Directory, *, now: datetime) -> bytes:
    """The register as PDF, A4 across."""
    today = clock.local_day(now)
    heading = counter_head_of if register.share is Share.RECEIVED else head_of
    title = f"{TITLE} {stretch(register.first_day, register.last_day)}"
    values: dict[str, Any] = {
        "content": heading(directory, directory.unit(register.unit_id), day=today),
        "document": Printed(template="register", title=title, day=today),
        "name": TITLE,
        "about": _about(register),
        "lines": lines(entries),
        "headings": HEADINGS,
        "kind": "records",
        "counted": "hồ sơ. Sổ lập tự động từ nhật ký của hồ sơ trên Cổng dịch vụ công",
    }
    return print_page("sheets/book.html", values)


def spreadsheet(register: Register, entries: Iterable[Entry], directory: Directory, *, now: datetime) -> bytes:
    """The register as .xlsx."""
    unit = directory.unit(register.unit_id).name
    title = f"{TITLE}: {unit}. {_about(register)}"
    options: dict[str, Any] = {"made_at": clock.local(now), "sheet_name": TITLE, "widths": _WIDTHS}
    return sheets.spreadsheet(title, HEADINGS, lines(entries), **options)


def _about(register: Register) -> str:
    return f"{_SHARES[register.share]}, {stretch(register.first_day, register.last_day)}"


def _line(entry: Entry) -> list[str | int]:
    notes = [_STATES.get(entry.state, ""), "Quá hạn" if entry.is_late else ""]
    return [
        entry.number,
        entry.code,
        entry.procedure.name.vi,
        entry.sets,
        entry.applicant_name,
        "; ".join(part for part in (entry.address, entry.phone) if part),
        entry.decided_by,
        _day(entry.received_at),
        _day(entry.due_at),
        _day(entry.given_at),
        _WAYS.get(entry.return_by, ""),
        entry.given_to,
        "; ".join(note for note in notes if note),
    ]


def _day(moment: datetime | None) -> str:
    return short_date(clock.local_day(moment)) if moment else ""
