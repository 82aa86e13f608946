"""A bank's statement of the city's account, as the bank's own pages hand it out: text with commas, or a spreadsheet.

No two banks name their columns alike: what is looked for are a row of headings with a day, a number, money that came in
and what the payer wrote. A file of which any line of money cannot be read is refused as a whole, with the line.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import groupby, islice
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.text import folded
from portal.payments.bank_transfer import NAME, named_by
from portal.payments.gateways import DailyFile, SettledLine
from portal.payments.reconciliation import CAPTURE, compare, note_missing
from portal.payments.types import LARGEST_AMOUNT

LARGEST_STATEMENT = 10 * 1000**2
"""Bytes."""
LARGEST_TABLE = 100 * 1000**2
"""Bytes of a spreadsheet once it is unpacked."""
MOST_ENTRIES = 5_000
"""Sums of money that came in: they are booked, and shown, while whoever brings the file waits."""
_LONGEST_NUMBER = 64
_HEADING_WITHIN = 40
"""Lines before the table: the name of the bank, the account, the period."""

_COLUMNS = {
    "day": ("ngay giao dich", "ngay hach toan", "ngay hieu luc", "ngay", "transaction date", "posting date", "date"),
    "number": (
        "so giao dich",
        "ma giao dich",
        "so tham chieu",
        "so but toan",
        "so chung tu",
        "transaction",
        "reference",
    ),
    "amount": ("so tien ghi co", "phat sinh co", "ghi co", "co", "so tien", "credit amount", "credit", "amount"),
    "purpose": ("noi dung giao dich", "noi dung", "dien giai", "mo ta", "description", "details"),
}
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_SUM = re.compile(r"\+?((?:[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+))(?:[.,]00?)?")


@dataclass(frozen=True)
class Entry:
    """Money that came in, by one line of the statement. `amount` in VND."""

    line: int
    day: date
    number: str
    amount: int
    purpose: str


def daily_files(data: bytes, *, file_name: str) -> list[DailyFile]:
    """What came in on each day of the statement, as `reconciliation.compare` takes it.

    The code of a payment stands as the reference where the payer wrote it, else what he wrote. Raises InvalidInput.
    """
    digest = hashlib.sha256(data).hexdigest()
    found = sorted(entries(rows_of(data, file_name=file_name)), key=lambda entry: (entry.day, entry.line))
    return [
        DailyFile(day, digest, tuple(_settled(entry) for entry in of_day))
        for day, of_day in groupby(found, key=lambda entry: entry.day)
    ]


def book(session: Session, data: bytes, *, file_name: str, now: datetime, has_whole_days: bool = False) -> str:
    """Book what came in by a statement, each number once, and say the digest under which its lines are found.

    Of its first and its last day a statement may have a part only: what our books have beside it is missing when who
    brings the file says that it `has_whole_days`, and the day is over; he may say so when he brings it again.
    Raises InvalidInput, and then nothing is booked. Run as SYSTEM, for somebody who keeps the accounts.
    """
    files, today = daily_files(data, file_name=file_name), clock.local_day(now)
    for file in files:
        is_inside = files[0].day < file.day < files[-1].day
        is_whole_day = file.day < today and (is_inside or has_whole_days)
        known = compare(session, NAME, file, now=now, is_first_word=True, is_whole_day=is_whole_day) is None
        if known and is_whole_day:
            note_missing(session, NAME, file)
    return files[0].digest


def rows_of(data: bytes, *, file_name: str) -> list[list[str]]:
    """The cells as text. Raises InvalidInput for what is no table, or above LARGEST_STATEMENT."""
    if len(data) > LARGEST_STATEMENT:
        raise InvalidInput("Tệp sao kê quá 10 MB. Chia theo ngày rồi tải từng tệp.", field="statement")
    if PurePath(file_name).suffix.lower() == ".csv":
        return _of_text(data)
    return _of_spreadsheet(data)


def entries(rows: Sequence[Sequence[str]]) -> list[Entry]:
    """The money that came in. Lines of money that went out, and of totals, are left out. Raises InvalidInput."""
    start, columns = _heading(rows)
    found = list(islice(_read(rows, start, columns), MOST_ENTRIES + 1))
    seen: dict[str, int] = {}
    for entry in found:
        if entry.number in seen:
            raise InvalidInput(
                "Dòng %(line)s và dòng %(other)s cùng số giao dịch. Xuất lại sao kê rồi tải lên.",
                field="statement",
                line=entry.line,
                other=seen[entry.number],
            )
        seen[entry.number] = entry.line
    if len(found) > MOST_ENTRIES:
        raise InvalidInput(
            "Sao kê có hơn %(most)s khoản tiền vào. Chia theo ngày rồi tải từng tệp.",
            field="statement",
            most=MOST_ENTRIES,
        )
    if not found:
        raise InvalidInput("Sao kê không có khoản tiền vào nào. Xem lại kỳ sao kê.", field="statement")
    return found


def _of_text(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise InvalidInput("Tệp không đọc được. Lưu lại dạng CSV UTF-8 rồi tải lên.", field="statement") from failure
    if "\0" in text:
        raise InvalidInput("Tệp không đọc được. Lưu lại dạng CSV UTF-8 rồi tải lên.", field="statement")
    delimiter = max(";\t,", key=text.count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as failure:
        raise InvalidInput("Tệp không đọc được. Lưu lại dạng CSV UTF-8 rồi tải lên.", field="statement") from failure


def _of_spreadsheet(data: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, load_workbook  # slow: only who brings a spreadsheet pays

    if _unpacked(data) > LARGEST_TABLE:
        raise InvalidInput("Tệp sao kê quá lớn khi mở ra. Lưu lại dạng CSV UTF-8 rồi tải lên.", field="statement")
    try:
        sheet = load_workbook(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError) as failure:
        raise InvalidInput("Tệp không đọc được. Chọn tệp CSV hoặc XLSX của ngân hàng.", field="statement") from failure
    return [[_cell(value) for value in row] for row in sheet]


def _unpacked(data: bytes) -> int:
    """Bytes that a packed spreadsheet says it has; 0 for one of another kind."""
    try:
        with ZipFile(BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except BadZipFile:
        return 0


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The line of the headings, counted from 0, and the place of each column."""
    for line, row in enumerate(rows[:_HEADING_WITHIN]):
        names = [folded(cell) for cell in row]
        columns = {column: _place(names, known) for column, known in _COLUMNS.items()}
        if None not in columns.values():
            return line, {column: place for column, place in columns.items() if place is not None}
    raise InvalidInput(
        "Không thấy dòng tiêu đề có ngày, số giao dịch, số tiền ghi có và nội dung. Chọn đúng tệp sao kê.",
        field="statement",
    )


def _place(names: Sequence[str], known: Iterable[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _read(rows: Sequence[Sequence[str]], start: int, columns: dict[str, int]) -> Iterator[Entry]:
    for line, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        is_total = not cells["number"] and not any(sign.isdigit() for sign in cells["day"])  # "Tổng cộng", say
        if is_total or cells["amount"].lstrip("-0.,") == "" or cells["amount"].startswith("-"):
            continue
        day, amount = _day(cells["day"]), _dong(cells["amount"])
        if day is None or amount is None or not 0 < len(cells["number"]) <= _LONGEST_NUMBER:
            raise InvalidInput(
                "Không đọc được dòng %(line)s: cần ngày, số giao dịch và số tiền. Chưa khoản nào được ghi.",
                field="statement",
                line=line,
            )
        yield Entry(line, day, cells["number"], amount, cells["purpose"])


def _day(text: str) -> date | None:
    first = text.split(" ")[0].split("T")[0]
    for shape in _DAYS:
        try:
            return datetime.strptime(first, shape).date()  # noqa: DTZ007 - a day, without a time
        except ValueError:
            continue
    return None


def _dong(text: str) -> int | None:
    """VND from "75.000", "75,000.00" or "75000 VND"."""
    found = _SUM.fullmatch(re.sub(r"\s*(?:VND|VNĐ|đ|₫)?\s*$", "", text, flags=re.IGNORECASE))
    amount = int(re.sub(r"[.,]", "", found.group(1))) if found else 0
    return amount if 0 < amount <= LARGEST_AMOUNT else None


def _settled(entry: Entry) -> SettledLine:
    return SettledLine(CAPTURE, entry.number, named_by(entry.purpose), entry.amount)
