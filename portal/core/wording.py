"""Days, sums and lengths of time in words, in Vietnamese and English. Pure: the language is an argument."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from portal.core import clock

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
KILOBYTE = 1024


def vnd(amount: int, *, language: str = "vi") -> str:
    """75000 → `75.000 đồng`, `75,000 VND`."""
    return f"{number(amount, language=language)} {'VND' if language == 'en' else 'đồng'}"


def vnd_short(amount: int, *, language: str = "vi") -> str:
    """75000 → `75.000 đ`: for the columns of tables."""
    return f"{number(amount, language=language)} {'VND' if language == 'en' else 'đ'}"


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


def time_of_day(value: datetime) -> str:
    """`10:30` by the city's clocks."""
    return f"{clock.local(value):%H:%M}"


def duration(length: timedelta, *, language: str = "vi") -> str:
    """`2 giờ 28 phút`, `1 ngày 3 giờ`: the two largest units, a day being 24 hours."""
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    names = (("day", "hour", "minute"), ("ngày", "giờ", "phút"))[language == "vi"]
    parts = [(count, name) for count, name in zip((days, hours, minutes), names, strict=True) if count][:2]
    if not parts:
        return "dưới 1 phút" if language == "vi" else "less than a minute"
    if language == "vi":
        return " ".join(f"{count} {name}" for count, name in parts)
    return " ".join(f"{count} {name}" if count == 1 else f"{count} {name}s" for count, name in parts)


def size(length: int, *, language: str = "vi") -> str:
    """Bytes as people say them: `0 byte`, `84 KB`, `1,4 MB`."""
    if length < KILOBYTE:
        return f"{length} byte" if language == "vi" or length == 1 else f"{length} bytes"
    if length < KILOBYTE**2:
        return f"{length // KILOBYTE} KB"
    return f"{number(round(Decimal(length) / KILOBYTE**2, 1), language=language)} MB"


def _day_of(value: date) -> date:
    return clock.local_day(value) if isinstance(value, datetime) else value
