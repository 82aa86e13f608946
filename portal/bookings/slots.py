"""Which slots a counter has: its opening hours, cut into lengths. Pure; what is taken comes from the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.workflow.working_time import WorkingCalendar, local

NOTICE = timedelta(hours=1)
"""So long before its beginning a slot can last be booked, changed or given up: the desk prints its list."""


@dataclass(frozen=True)
class Plan:
    """How a counter takes visitors: minutes of a slot, visitors in it, days that may be booked, today included."""

    minutes: int = 30
    places: int = 2
    days_ahead: int = 14


@dataclass(frozen=True)
class Slot:
    """A stretch of a counter's time, and how many more visitors it takes."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def key(self) -> str:
        """As forms and answers carry it: local day and hour."""
        return key_of(self.starts_at)


def key_of(starts_at: datetime) -> str:
    """The local day and hour: 2026-11-24T08:30."""
    return f"{local(starts_at):%Y-%m-%dT%H:%M}"


def slots_on(day: date, *, plan: Plan, doors: WorkingCalendar) -> Iterator[Slot]:
    """The slots of a day, none on a day off. What is left of a session after its last whole slot is not offered."""
    length = timedelta(minutes=plan.minutes)
    for opens, closes in doors.sessions_on(day):
        starts = opens
        while starts + length <= closes:
            yield Slot(starts, starts + length, plan.places)
            starts += length


def offered_slots(*, plan: Plan, doors: WorkingCalendar, now: datetime) -> list[Slot]:
    """Every slot that may still be booked, full or not."""
    today = local(now).date()
    days = (today + timedelta(days=number) for number in range(plan.days_ahead))
    return [slot for day in days for slot in slots_on(day, plan=plan, doors=doors) if slot.starts_at >= now + NOTICE]
