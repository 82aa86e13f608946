"""Official forms whose title changed: the day decides, because a form is made after the circular of its day."""

from __future__ import annotations

from datetime import date

FORMS_OF_2025 = date(2025, 9, 15)
"""Since then Circular 03/2025/TT-VPCP in place of 01/2018/TT-VPCP."""

_APOLOGY = ("Phiếu xin lỗi và hẹn lại ngày trả kết quả", "Apology with a new date for the result")
_APOLOGY_OF_2025 = (
    "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
    "Apology and request to extend the time for the result",
)


def apology_title(day: date) -> tuple[str, str]:
    """Vietnamese and English."""
    return _APOLOGY_OF_2025 if day >= FORMS_OF_2025 else _APOLOGY
