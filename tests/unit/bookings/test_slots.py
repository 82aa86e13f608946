"""The slots of a counter: its hours, cut into lengths."""

from __future__ import annotations

from datetime import date, datetime

from portal.bookings.slots import Plan, key_of, offered_slots, slots_on
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, DayKind, SpecialDay, WorkingCalendar

MONDAY = date(2026, 11, 9)
DOORS = WorkingCalendar(special_days=(SpecialDay(date(2026, 11, 10), DayKind.OFF, Text("Nghỉ", "Off")),))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 9, hour, minute, tzinfo=VIETNAM)


def keys(plan: Plan, now: datetime) -> list[str]:
    return [slot.key for slot in offered_slots(plan=plan, doors=DOORS, now=now)]


def test_a_session_is_cut_into_whole_slots_and_the_rest_is_not_offered() -> None:
    slots = list(slots_on(MONDAY, plan=Plan(minutes=50, places=3), doors=DOORS))
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == [
        "07:00", "07:50", "08:40", "09:30", "13:00", "13:50", "14:40", "15:30",
    ]  # fmt: skip
    assert {slot.left for slot in slots} == {3}


def test_what_begins_within_the_hour_is_offered_no_more_and_days_off_have_nothing() -> None:
    assert keys(Plan(minutes=60, days_ahead=3), at(8, 30)) == [
        *(f"2026-11-09T{hour:02}:00" for hour in (10, 13, 14, 15, 16)),
        *(f"2026-11-11T{hour:02}:00" for hour in (7, 8, 9, 10, 13, 14, 15, 16)),
    ]


def test_only_so_many_days_ahead_can_be_booked() -> None:
    assert keys(Plan(days_ahead=1), at(16, 45)) == []
    assert keys(Plan(days_ahead=1, minutes=30), at(15, 30)) == [key_of(at(16, 30))]
