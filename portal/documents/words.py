"""Words of official documents: numbers and sums read aloud, dates as Decree 30/2020/NĐ-CP writes them."""

from __future__ import annotations

from datetime import date, datetime

from portal.core.clock import local
from portal.core.text import raised

NOT_YET = "……"
"""Where a number will stand that is taken at the seal."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_BEGIN_A_LINE = {"THÀNH", "QUẬN", "HUYỆN", "PHƯỜNG", "XÃ", "VÀ", "ĐĂNG"}
_TOWNS = {"TRẤN", "XÃ"}
_COPY_KINDS = {"O": "bản chính", "C": "bản sao", "P": "xuất trình bản chính"}


def number_in_words(number: int) -> str:
    """75105 → "bảy mươi lăm nghìn một trăm linh năm". Raises ValueError below zero."""
    if number < 0:
        raise ValueError("a negative number has no reading here")
    if number == 0:
        return _DIGITS[0]
    return " ".join(_read(number, goes_before=False))


def amount_in_words(amount: int) -> str:
    """A sum in VND as receipts write it: 75000 → "Bảy mươi lăm nghìn đồng"."""
    return f"{raised(number_in_words(amount))} đồng"


def money(amount: int) -> str:
    """75000 → "75.000"."""
    return f"{amount:,}".replace(",", ".")


def decimal(value: float | int | str) -> str:
    """96.5 → "96,5": a decimal comma, points between thousands."""
    whole, _, fraction = str(value).partition(".")
    grouped = money(int(whole)) if whole.lstrip("-").isdigit() else whole
    return f"{grouped},{fraction}" if fraction.strip("0") else grouped


def long_date(day: date) -> str:
    """Decree 30/2020/NĐ-CP: days below 10 and months 1 and 2 carry a leading zero."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


NUMBER_LABELS = {"line": "Số: ", "strong": "Số: ", "given": "Số cấp: ", "certified": "Số chứng thực: "}
"""What stands before a number, by where it stands: drawn with it, so that no gap tells how many digits there was room
for."""


def printed_number(number: int) -> str:
    """Decree 30/2020/NĐ-CP: a number below 10 carries a leading zero."""
    return f"{number:02d}"


def office_in_text(title: str) -> str:
    """ "PHÓ CHỦ TỊCH" → "Phó Chủ tịch": an office as it stands in a sentence (Decree 30/2020/NĐ-CP, annex II)."""
    deputy = title[:4].upper() == "PHÓ "
    return f"Phó {title[4:].capitalize()}" if deputy else title.capitalize()


def short_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def stretch(first: date, last: date) -> str:
    """Both days included."""
    return f"từ {short_date(first)} đến hết {short_date(last)}"


def long_time(moment: datetime) -> str:
    """ "08 giờ 05 phút, ngày 05 tháng 02 năm 2026", on the city's clocks."""
    there = local(moment)
    return f"{there:%H} giờ {there:%M} phút, {long_date(there.date())}"


def short_time(moment: datetime) -> str:
    """ "08:05 ngày 05/02/2026", on the city's clocks."""
    there = local(moment)
    return f"{there:%H:%M} ngày {short_date(there.date())}"


def copies(notation: str) -> tuple[str, int]:
    """The notation of a procedure's papers: "O2" → ("bản chính", 2)."""
    return _COPY_KINDS.get(notation[:1], "bản sao"), int(notation[1:] or 1)


_DASHES = ("-", "–")


def head_lines(agency: str, *, longest: int = 24) -> list[str]:
    """The name of an agency in the lines of a document's head: broken before the name of its place, before "VÀ", after
    a dash, else in the middle."""
    words = agency.split()
    if len(agency) <= longest or len(words) < 3:
        return [" ".join(words)] if words else []
    places = range(1, len(words))
    breaks = [place for place in places if _begins_a_line(words, place) or words[place - 1] in _DASHES]
    best = min(breaks or places, key=lambda place: _longest_half(words, place))
    return [line for half in (words[:best], words[best:]) for line in head_lines(" ".join(half), longest=longest)]


def _begins_a_line(words: list[str], place: int) -> bool:
    """ "THỊ TRẤN" and "THỊ XÃ" are names of places, "ĐÔ THỊ" is none; neither is parted."""
    if words[place] == "THỊ":
        return place + 1 < len(words) and words[place + 1] in _TOWNS
    return place > 1 and words[place] in _BEGIN_A_LINE and words[place - 1 : place + 1] != ["THỊ", "XÃ"]


def _longest_half(words: list[str], place: int) -> int:
    return max(len(" ".join(words[:place])), len(" ".join(words[place:])))


def _read(number: int, *, goes_before: bool) -> list[str]:
    """`goes_before`: larger places were read already, so that a missing hundred is said ("không trăm")."""
    billions, rest = divmod(number, 10**9)
    words = [*_read(billions, goes_before=goes_before), "tỷ"] if billions else []
    for place in (2, 1, 0):
        three, rest = divmod(rest, 1000**place)
        if three:
            words += _read_three(three, in_full=bool(words) or goes_before)
            words += [_SCALES[place]] * bool(place)
    return words


def _read_three(number: int, *, in_full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or in_full else []
    if tens == 0:
        if units and words:
            words.append("linh")
    elif tens == 1:
        words.append("mười")
    else:
        words += [_DIGITS[tens], "mươi"]
    return words + _read_units(tens, units)


def _read_units(tens: int, units: int) -> list[str]:
    if units == 0:
        return []
    if units == 1 and tens > 1:
        return ["mốt"]
    if units == 5 and tens > 0:
        return ["lăm"]
    return [_DIGITS[units]]
