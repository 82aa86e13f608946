"""Days, spans and lengths of time in the words of both languages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from portal.workflow.deadlines import HOURS_A_DAY, local

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def short_day(day: date, language: str) -> str:
    """9/11, 9 Nov"""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}" if language == "en" else f"{day.day}/{day.month}"


def plain_day(day: date, language: str) -> str:
    """9/11/2026, 9 November 2026"""
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}/{day.month}/{day.year}"


def week_day(day: date, language: str, *, today: date | None = None) -> str:
    """thứ Sáu 20/11/2026, Friday 20 November 2026; without the year when it is the year of `today`."""
    name = _WEEKDAYS["en" if language == "en" else "vi"][day.weekday()]
    if today is None or today.year != day.year:
        return f"{name} {plain_day(day, language)}"
    return f"{name} {day.day} {_MONTHS[day.month - 1]}" if language == "en" else f"{name} {short_day(day, language)}"


def short_span(first: date, last: date, language: str) -> str:
    """9 – 12/11, 28/10 – 3/11; 9 – 12 Nov"""
    if first == last:
        return short_day(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {short_day(last, language)}"
    return f"{short_day(first, language)} – {short_day(last, language)}"


def plain_span(first: date, last: date, language: str) -> str:
    """9/11 – 12/11/2026; the year once"""
    if first == last:
        return plain_day(first, language)
    start = short_day(first, language) if first.year == last.year else plain_day(first, language)
    return f"{start} – {plain_day(last, language)}"


def clock_time(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def working_length(hours: Decimal, language: str, *, whole: bool = False, in_hours: bool = False) -> str:
    """A length in working hours as people say it: 28 phút, 2 giờ 28 phút, 3 ngày; `whole` names them working days.

    Work that was done outside office hours, or at once, took `dưới 1 phút`.
    """
    if hours < HOURS_A_DAY or in_hours:
        return _hours_and_minutes(hours, language)
    days = (hours / HOURS_A_DAY * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    return count_days(days, language, working=whole)


def _hours_and_minutes(hours: Decimal, language: str) -> str:
    minutes = int((hours * 60).quantize(Decimal(1), ROUND_HALF_UP))
    if minutes == 0:
        return "under a minute" if language == "en" else "dưới 1 phút"
    parts = []
    if minutes >= 60:
        parts.append(
            f"{minutes // 60} {_plural('hour', minutes // 60)}" if language == "en" else f"{minutes // 60} giờ"
        )
    if minutes % 60:
        parts.append(
            f"{minutes % 60} {_plural('minute', minutes % 60)}" if language == "en" else f"{minutes % 60} phút"
        )
    return " ".join(parts)


def count_days(days: Decimal | int, language: str, *, working: bool = False) -> str:
    """3 ngày, 1,5 ngày làm việc; 3 days, 1.5 working days"""
    number = f"{Decimal(days).normalize():f}"
    if language == "en":
        return f"{number} {'working ' if working else ''}{_plural('day', days)}"
    return f"{number.replace('.', ',')} ngày{' làm việc' if working else ''}"


def _plural(noun: str, number: Decimal | int) -> str:
    return noun if number == 1 else f"{noun}s"
