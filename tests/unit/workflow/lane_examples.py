"""A construction permit under way, as the pages of a record show it, and the shipped process that it follows."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import portal.catalogue
from portal.calendars.rules import standard_calendar
from portal.catalogue.loader import load
from portal.catalogue.types import Procedure
from portal.workflow.definition import Process, Text
from portal.workflow.lanes import APPLICANT, Expected, LaneLevel, StopState, Visit, expected_of
from portal.workflow.working_time import VIETNAM

PROCEDURES = Path(portal.catalogue.__file__).parent / "procedures"
CALENDAR = standard_calendar()
LEVELS = (
    LaneLevel("city", Text("Thành phố", "City"), Text("góp ý", "gives opinions"), Text("TP", "City")),
    LaneLevel("district", Text("Quận Ninh Kiều", "Ninh Kiều District"), Text("giải quyết"), Text("Quận", "District")),
    LaneLevel("commune", Text("Phường Xuân Khánh", "Xuân Khánh Ward"), Text("tiếp nhận"), Text("Phường", "Ward")),
)
OFFICE = "Phòng Quản lý đô thị quận Ninh Kiều"
COUNTER = "Bộ phận một cửa phường Xuân Khánh"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


NOW = at("2026-11-20T10:00")
DUE = at("2026-12-03T17:00")


def shipped(code: str) -> Procedure:
    file = PROCEDURES / f"{code}.yaml"
    return load(file.read_text(), file.name)


def permit() -> Process:
    return shipped("1.009994").process


def visit(step: str, stop: str, unit: str, level: str, start: str, end: str | None = None, **more: Any) -> Visit:
    opened, closed = at(start), at(end) if end else None
    if closed and closed != opened and level != APPLICANT:
        more.setdefault("used", CALENDAR.working_hours_between(opened, closed))
    return Visit(step, f"{stop} (bước)", unit, level, opened, closed, stop=stop, **more)


def counter(step: str, stop: str, start: str, end: str, **more: Any) -> Visit:
    return visit(step, stop, COUNTER, "commune", start, end, counter=True, **more)


SUBMITTED = visit("submit", "Nộp hồ sơ", "", APPLICANT, "2026-11-09T08:12", "2026-11-09T08:12")
RECEIVED = (
    counter(
        "receive", "Kiểm tra, tiếp nhận", "2026-11-09T08:12", "2026-11-09T10:40", reception=True, allowed=Decimal(8)
    ),
    counter("forward", "Kiểm tra, tiếp nhận", "2026-11-09T10:40", "2026-11-09T11:00", allowed=Decimal(2)),
)
APPRAISED = (
    visit("assign", "Phân công", OFFICE, "district", "2026-11-09T13:00", "2026-11-09T14:00", allowed=Decimal(2)),
    visit("appraise", "Thẩm định", OFFICE, "district", "2026-11-09T14:00", "2026-11-12T09:30", allowed=Decimal(24)),
)
SUPPLEMENTED = (
    counter("sup_send", "Gửi yêu cầu bổ sung", "2026-11-12T09:30", "2026-11-12T10:00"),
    visit("fix", "Bổ sung", "", APPLICANT, "2026-11-12T10:00", "2026-11-16T09:30"),
    counter("sup_in", "Nhận bổ sung", "2026-11-16T09:30", "2026-11-16T10:00"),
    visit("appraise", "Thẩm định", OFFICE, "district", "2026-11-16T10:00", "2026-11-18T15:40", allowed=Decimal(24)),
)
WAITING = visit(
    "plan", "Góp ý về quy hoạch", "Sở Xây dựng", "city", "2026-11-18T15:40", state=StopState.WAITING, group="ask",
    due_at=at("2026-11-27T17:00"), used=Decimal(8), allowed=Decimal(48), unit_short="Sở Xây dựng",
)  # fmt: skip
ANSWERED = visit(
    "fire", "Góp ý về phòng cháy", "Công an thành phố", "city", "2026-11-18T15:40", "2026-11-19T15:20", group="ask",
    outcome="đồng ý", allowed=Decimal(48), unit_short="Công an",
)  # fmt: skip
ASKED = (WAITING, ANSWERED)
VISITS = (SUBMITTED, *RECEIVED, *APPRAISED, *SUPPLEMENTED, *ASKED)


def expected_after(step: str, *, language: str = "vi", **more: Any) -> tuple[Expected, ...]:
    return expected_of(
        permit(),
        open_step=step,
        language=language,
        receiver="commune",
        lane="district",
        unit_name=lambda step_id: "UBND quận Ninh Kiều",
        day_after=lambda hours: CALENDAR.add_working_hours(NOW, hours).date(),
        **more,
    )
