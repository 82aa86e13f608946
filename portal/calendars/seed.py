"""Days off and working swap days that the government announced and the holiday package does not know."""

from __future__ import annotations

from datetime import date

from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind, SpecialDay

ANNOUNCED = (
    SpecialDay(
        date(2026, 1, 2),
        DayKind.OFF,
        Text("Nghỉ Tết Dương lịch, làm bù ngày 10/1/2026", "New Year break, worked instead on 10 January 2026"),
        "12729/VPCP-KGVX",
    ),
    SpecialDay(
        date(2026, 1, 10),
        DayKind.WORK,
        Text("Làm bù cho ngày nghỉ 2/1/2026", "Worked instead of 2 January 2026"),
        "12729/VPCP-KGVX",
    ),
)
"""In force in every city, beneath the rows of `calendar_exception`, which hold what is decided later or locally."""
