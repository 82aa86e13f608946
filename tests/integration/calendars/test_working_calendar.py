"""The calendar as the tables have it, and as a process keeps it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from portal.calendars import queries
from portal.calendars.models import CalendarException, OfficeHours
from portal.calendars.service import due_of_term
from portal.core.actor import PUBLIC, SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.units.models import Unit
from portal.workflow.definition import DurationUnit
from portal.workflow.terms import SAME_DAY, TermLength
from portal.workflow.working_time import VIETNAM
from tests.harness.statements import count_queries

NOW = datetime(2026, 10, 9, 9, tzinfo=VIETNAM)
STORM = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    queries.forget_calendars()


def close(day: date, *, unit_id: object = None) -> None:
    with unit_of_work(SYSTEM) as session:
        session.add(
            CalendarException(
                id=new_id(), day=day, kind="off", unit_id=unit_id, name="Nghỉ tránh bão", source="12/CĐ-UBND",
                recorded_at=NOW,
            )
        )  # fmt: skip


def is_worked(day: date, *, now: datetime = NOW, unit_id: object = None) -> bool:
    with reading(PUBLIC) as session:
        return queries.working_calendar(session, now=now, unit_id=unit_id).is_working_day(day)  # type: ignore[arg-type]


def test_a_decision_counts_within_a_minute(city: Connection) -> None:
    assert is_worked(STORM)
    close(STORM)
    assert is_worked(STORM)
    assert not is_worked(STORM, now=NOW + timedelta(minutes=1))


def test_the_process_that_changed_the_calendar_reads_again_at_once(city: Connection) -> None:
    assert is_worked(STORM)
    close(STORM)
    queries.forget_calendars()
    assert not is_worked(STORM)


def test_in_between_the_calendar_costs_no_statement(city: Connection) -> None:
    is_worked(STORM)
    with count_queries() as sent:
        is_worked(STORM, now=NOW + timedelta(seconds=59))
    assert [statement for statement in sent if "calendar" in statement or "office" in statement] == []


def test_a_decision_for_one_unit_is_for_it_alone(city: Connection) -> None:
    with reading(SYSTEM) as session:
        unit_id = session.query(Unit.id).order_by(Unit.code).limit(1).scalar()
    close(STORM, unit_id=unit_id)
    assert is_worked(STORM)
    assert not is_worked(STORM, unit_id=unit_id)


def test_hours_of_work_come_from_the_table(city: Connection) -> None:
    with unit_of_work(SYSTEM) as session:
        for weekday in range(6):
            session.add(
                OfficeHours(
                    id=new_id(), unit_id=None, kind="statutory", weekday=weekday,
                    starts=time(7), ends=time(12), valid_from=date(2026, 11, 1), valid_to=None, recorded_at=NOW,
                )
            )  # fmt: skip
    with reading(PUBLIC) as session:
        start = datetime(2026, 11, 20, 9)  # noqa: DTZ001 - local time, as it is typed
        term = due_of_term(session, TermLength(Decimal(3), DurationUnit.WORKING_DAYS), start=start, now=NOW)
        hours = due_of_term(session, TermLength(Decimal(6), DurationUnit.WORKING_HOURS), start=start, now=NOW)
        today = due_of_term(session, TermLength(Decimal(1), SAME_DAY, "08:30"), start=start, now=NOW)
    assert f"{term.due_at:%Y-%m-%dT%H:%M}" == "2026-11-25T12:00"
    assert [f"{one.due_at:%Y-%m-%dT%H:%M}" for one in (hours, today)] == ["2026-11-21T10:00", "2026-11-21T12:00"]
    assert today.days[0] == "- thứ Sáu 20/11/2026     Nhận sau 08:30 hoặc ngoài ngày làm việc"
    assert term.days[1] == "+ thứ Bảy 21/11/2026     Ngày thứ 1"
