"""Days, moments and sums in words, in Vietnamese and English. Pure: the language is an argument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from string import Formatter

from babel.dates import format_date
from babel.numbers import format_decimal

from portal.core import clock

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
KILOBYTE = 1000
"""As people count, and as the limits of papers mean it: what is shown never contradicts a refusal."""


def vnd(amount: int, *, language: str = "vi") -> str:
    """75000 → `75.000 đồng`, `75,000 VND`."""
    return f"{number(amount, language=language)} {'VND' if language == 'en' else 'đồng'}"


def number(value: int | Decimal, *, language: str = "vi") -> str:
    """12480 → `12.480`; Decimal("96.50") → `96,5`. All decimal places that the value has are kept."""
    return format_decimal(value, format="#,##0.##########", locale=language)


def day(value: date, *, language: str = "vi") -> str:
    """`thứ Sáu 20/11/2026`, `Friday 20 November 2026`."""
    local = _day_of(value)
    if language == "en":
        return format_date(local, format="EEEE d MMMM y", locale="en")
    return f"{WEEKDAYS[local.weekday()]} {short_day(local)}"


def short_day(value: date, *, language: str = "vi") -> str:
    """`20/11/2026`, `20 Nov 2026`: for tables."""
    local = _day_of(value)
    if language == "en":
        return format_date(local, format="d MMM y", locale="en")
    return f"{local.day}/{local.month}/{local.year}"


def desk_day(value: date, *, today: date, language: str = "vi") -> str:
    """`20/11` in the current year, else with the year: for officials' tables."""
    local = _day_of(value)
    if local.year != today.year:
        return short_day(local, language=language)
    return format_date(local, format="d MMM", locale="en") if language == "en" else f"{local.day}/{local.month}"


def month(value: date, *, language: str = "vi") -> str:
    """`Tháng 10/2026`, `October 2026`."""
    return format_date(value, format="MMMM y", locale="en") if language == "en" else f"Tháng {value.month}/{value.year}"


def moment(value: datetime, *, language: str = "vi") -> str:
    """`10:30, thứ Sáu 20/11/2026` by the city's clocks. `value` is aware."""
    return f"{time_of_day(value)}, {day(value, language=language)}"


def short_moment(value: datetime, *, language: str = "vi") -> str:
    """`10:30 20/11/2026`: for tables. `value` is aware."""
    return f"{time_of_day(value)} {short_day(value, language=language)}"


def time_of_day(value: datetime) -> str:
    """`10:30` by the city's clocks."""
    return f"{clock.local(value):%H:%M}"


def known_sentences(patterns: Iterable[str], words: Mapping[str, str]) -> str:
    """The sentences of which every {name} is known, in one line: nothing is promised that nobody said."""
    return " ".join(pattern.format_map(words) for pattern in patterns if all(words[name] for name in _names(pattern)))


def size(length: int, *, language: str = "vi") -> str:
    """Bytes as people say them: `0 byte`, `84 KB`, `1,4 MB`."""
    if length < KILOBYTE:
        return f"{length} byte" if language == "vi" or length == 1 else f"{length} bytes"
    if length < KILOBYTE**2:
        return f"{length // KILOBYTE} KB"
    return f"{number(round(Decimal(length) / KILOBYTE**2, 1), language=language)} MB"


def cited(source: str, *, language: str = "vi") -> str:
    """A document of the law as it is cited: `Điều 112` is `article 112`, `ngày 20/11/2026` is `of 20 November 2026`."""
    if language == "vi":
        return source
    said = _DATED.sub(_dated, source)
    for vi, en in _PARTS_OF_A_LAW.items():
        said = re.sub(rf"\b{vi}\b", en, said, flags=re.IGNORECASE)
    return said


_PARTS_OF_A_LAW = {"Điều": "article", "khoản": "clause", "điểm": "point", "Phụ lục": "annex", "và": "and"}
_DATED = re.compile(r"\bngày (\d{1,2})/(\d{1,2})/(\d{4})\b")


def _dated(found: re.Match[str]) -> str:
    try:
        written = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return found[0]
    return f"of {format_date(written, format='d MMMM y', locale='en')}"


def _names(pattern: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(pattern) if name]


def _day_of(value: date) -> date:
    return clock.local_day(value) if isinstance(value, datetime) else value
