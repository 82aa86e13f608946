"""Records on which nobody can act, and those on which nothing happens."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from portal.calendars import queries as calendars
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import watchdog
from portal.records.jobs import KINDS
from tests.integration.records.arranging import at_desk, handed_in

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def stuck(now: datetime) -> list[str]:
    with reading(SYSTEM) as session:
        return [one.code for one in watchdog.stuck_records(session, now=now)]


def test_a_record_on_which_nobody_can_act_is_found() -> None:
    walk, other = at_desk(), handed_in()
    assert stuck(walk.now) == []
    unit_id = walk.file().open_tasks[0].unit_id
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("UPDATE post SET valid_to = :day WHERE unit_id = :unit"), {"day": date(2026, 11, 1), "unit": unit_id}
        )
    assert stuck(walk.now) == [walk.file().record.code]
    KINDS["watch_records"]({}, now=walk.now)
    assert other.file().record.code not in stuck(walk.now)


def test_a_waiting_applicant_and_a_running_timer_are_no_standstill() -> None:
    walk = at_desk().supplement("appraise")
    consulting = at_desk().go("appraise.ask", "ask_ok.send")
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE post SET valid_to = :day"), {"day": date(2026, 11, 1)})
    found = stuck(walk.now)
    assert walk.file().record.code not in found
    assert consulting.file().record.code not in found


def test_records_without_an_event_for_so_many_working_hours_are_listed() -> None:
    walk = at_desk()
    last = walk.file().events[-1].at
    with reading(SYSTEM) as session:
        calendar = calendars.working_calendar(session, now=walk.now)
    for moment, expected in [(calendar.add_working_hours(last, 23), 0), (calendar.add_working_hours(last, 25), 1)]:
        with reading(SYSTEM) as session:
            assert len(watchdog.still_records(session, now=moment)) == expected
            assert watchdog.still_records(session, now=moment, hours=Decimal(200)) == []
