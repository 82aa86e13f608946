"""Early, on time, late, near due."""

from datetime import datetime
from decimal import Decimal

import pytest

from portal.calendars.rules import standard_calendar
from portal.workflow.standing import Standing, Stay, judged, shares
from portal.workflow.working_time import VIETNAM

CALENDAR = standard_calendar(first_year=2026, last_year=2027)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


DUE = at("2026-11-25T17:00")


@pytest.mark.parametrize(
    ("ended", "standing", "hours", "whole_day"),
    [
        ("2026-11-23T16:00", Standing.EARLY, 9, True),  # 24/11 is off
        ("2026-11-25T08:00", Standing.ON_TIME, 7, True),
        ("2026-11-25T17:00", Standing.ON_TIME, 0, False),
        ("2026-11-25T20:30", Standing.ON_TIME, 0, True),  # the term runs until midnight
        ("2026-11-25T20:30", Standing.DONE_LATE, 0, False),  # a step is due to the minute
        ("2026-11-26T07:00", Standing.DONE_LATE, 0, True),
        ("2026-11-26T09:30", Standing.DONE_LATE, Decimal("2.5"), True),
    ],
)
def test_what_is_done(ended: str, standing: Standing, hours: Decimal, whole_day: bool) -> None:
    found = judged(DUE, now=at("2026-12-30T10:00"), calendar=CALENDAR, ended_at=at(ended), whole_day=whole_day)
    assert (found.standing, found.hours) == (standing, hours)


@pytest.mark.parametrize(
    ("now", "standing", "hours"),
    [
        ("2026-11-20T09:00", Standing.RUNNING, 22),
        ("2026-11-23T16:59", Standing.RUNNING, Decimal(481) / 60),
        ("2026-11-23T17:00", Standing.NEAR_DUE, 8),  # Tuesday is a holiday: one working day is left
        ("2026-11-25T17:00", Standing.NEAR_DUE, 0),
        ("2026-11-25T17:01", Standing.LATE, 0),
        ("2026-11-30T09:00", Standing.LATE, 18),
    ],
)
def test_what_is_under_way_is_near_by_working_time(now: str, standing: Standing, hours: Decimal) -> None:
    found = judged(DUE, now=at(now), calendar=CALENDAR)
    assert (found.standing, round(found.hours, 9)) == (standing, round(Decimal(hours), 9))
    assert judged(DUE, now=at(now), calendar=CALENDAR, paused=True).standing is Standing.PAUSED


def stay(
    agency: str, opened: str, closed: str | None, due: str, allowed: int = 8, *, paused: bool = False
) -> Stay[str]:
    return Stay(agency, at(opened), at(closed) if closed else None, at(due), Decimal(allowed), paused)


def test_each_agency_has_its_own_share_and_parallel_steps_count_once() -> None:
    found = shares(
        [
            stay("ward", "2026-11-09T08:00", "2026-11-09T10:00", "2026-11-10T08:00"),
            stay("district", "2026-11-09T10:00", "2026-11-10T10:00", "2026-11-10T08:00"),
            stay("city", "2026-11-09T13:00", "2026-11-10T08:00", "2026-11-20T08:00"),
            stay("district", "2026-11-10T08:00", "2026-11-10T11:00", "2026-11-12T08:00"),
            stay("district", "2026-11-10T13:00", None, "2026-11-11T13:00", 4),
        ],
        now=at("2026-11-10T15:00"),
        calendar_of=lambda agency: CALENDAR,
    )
    assert [(one.agency, int(one.used), int(one.allowed), one.late_steps, one.standing) for one in found] == [
        ("ward", 2, 8, 0, Standing.EARLY),
        ("district", 11, 20, 1, Standing.DONE_LATE),  # 10:00-17:00 less lunch, 7:00-11:00, 13:00-15:00
        ("city", 5, 8, 0, Standing.EARLY),
    ]
    assert [one.open_steps for one in found] == [0, 1, 0]


def test_a_paused_step_uses_no_time_and_is_not_late() -> None:
    [found] = shares(
        [stay("district", "2026-11-09T08:00", None, "2026-11-09T10:00", paused=True)],
        now=at("2026-11-12T08:00"),
        calendar_of=lambda agency: CALENDAR,
    )
    assert (int(found.used), found.late_steps, found.standing) == (0, 0, Standing.PAUSED)
