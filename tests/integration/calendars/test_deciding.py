"""Deciding about the calendar: each row has its source, nothing is entered twice, nothing overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from portal.calendars import queries, service
from portal.calendars.book import Hours
from portal.commands import calendar as command
from portal.commands import main
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.units.models import Unit
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, DayKind, SpecialDay, WorkingCalendar

NOW = datetime(2026, 10, 9, 9, tzinfo=VIETNAM)
STORM = date(2026, 10, 12)
SATURDAY, SUNDAY = date(2026, 10, 17), date(2026, 10, 18)
HOLIDAY = date(2026, 9, 2)
MORNING, AFTERNOON = (time(7), time(11)), (time(13), time(17))


@pytest.fixture(autouse=True)
def forgotten(city: Connection) -> Iterator[None]:
    queries.forget_calendars()
    yield
    queries.forget_calendars()


def add(day: date, kind: DayKind = DayKind.OFF, **changed: Any) -> UUID:
    values: dict[str, Any] = {"name": Text("Nghỉ tránh bão"), "source": "12/CĐ-UBND", "now": NOW} | changed
    with unit_of_work(SYSTEM) as session:
        return service.add_day(session, day, kind=kind, actor=SYSTEM, **values)


def swap(off: date, worked: date) -> tuple[UUID, UUID]:
    with unit_of_work(SYSTEM) as session:
        return service.add_swap(
            session, off=off, worked=worked, name=Text("Nghỉ lễ"), source="99/VPCP", actor=SYSTEM, now=NOW
        )


def add_hours(*sessions: tuple[time, time], weekday: int = 5, **changed: Any) -> list[UUID]:
    values: dict[str, Any] = {
        "valid_from": date(2026, 11, 1),
        "source": "3/QĐ-UBND",
        "hours": Hours.STATUTORY,
    } | changed
    with unit_of_work(SYSTEM) as session:
        return service.add_hours(session, week={weekday: sessions}, actor=SYSTEM, now=NOW, **values)


def calendar(*, now: datetime = NOW, unit_id: UUID | None = None) -> WorkingCalendar:
    with reading(SYSTEM) as session:
        return queries.working_calendar(session, now=now, unit_id=unit_id)


def test_a_decreed_day_counts_at_once_and_keeps_its_source() -> None:
    add(STORM)
    assert calendar().special[STORM].source == "12/CĐ-UBND"
    assert not calendar().is_working_day(STORM)


@pytest.mark.parametrize(
    ("day", "kind", "sentence"),
    [
        (HOLIDAY, DayKind.OFF, service.DAY_OFF_ALREADY),  # the package has it
        (date(2026, 1, 2), DayKind.OFF, service.DAY_OFF_ALREADY),  # the government announced it
        (date(2026, 1, 10), DayKind.WORK, service.DAY_WORKED_ALREADY),
        (SATURDAY, DayKind.OFF, service.DAY_IS_OFF),
        (STORM, DayKind.WORK, service.DAY_IS_WORKED),
        (date(2050, 1, 3), DayKind.OFF, service.DAY_IS_BEYOND),
    ],
)
def test_a_day_that_changes_nothing_is_refused(day: date, kind: DayKind, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(day, kind)
    assert refused.value.sentence == sentence
    assert refused.value.field == "day"


def test_a_day_entered_twice_is_refused_with_the_name_of_the_first() -> None:
    add(STORM)
    with pytest.raises(InvalidInput) as refused:
        add(STORM, name=Text("Nghỉ lụt"))
    assert (refused.value.sentence, refused.value.field) == (service.DAY_IS_THERE, "day")
    assert refused.value.details == {"day": STORM, "name": Text("Nghỉ tránh bão")}


@pytest.mark.parametrize(("name", "source"), [("", "12/CĐ-UBND"), ("Nghỉ tránh bão", " ")])
def test_a_day_without_name_or_source_is_refused(name: str, source: str) -> None:
    with pytest.raises(InvalidInput):
        add(STORM, name=Text(name), source=source)


def test_a_holiday_may_be_worked_and_a_unit_may_close_alone() -> None:
    with reading(SYSTEM) as session:
        unit_id = session.query(Unit.id).order_by(Unit.code).limit(1).scalar()
    add(HOLIDAY, DayKind.WORK)
    add(STORM, unit_id=unit_id)
    assert calendar().is_working_day(HOLIDAY)
    assert (calendar().is_working_day(STORM), calendar(unit_id=unit_id).is_working_day(STORM)) == (True, False)


def test_a_swap_is_both_days_or_neither() -> None:
    swap(STORM, SATURDAY)
    assert (calendar().is_working_day(STORM), calendar().is_working_day(SATURDAY)) == (False, True)
    for off, worked in [(date(2026, 10, 13), date(2026, 10, 14)), (SUNDAY, SUNDAY), (date(2026, 10, 13), SATURDAY)]:
        with pytest.raises(InvalidInput):
            swap(off, worked)
    assert calendar().is_working_day(date(2026, 10, 13))


def test_a_swap_is_withdrawn_whole_and_what_was_known_stays_readable() -> None:
    off, _ = swap(STORM, SATURDAY)
    later = NOW + timedelta(hours=2)
    with unit_of_work(SYSTEM) as session:
        service.withdraw_day(session, off, source="13/CĐ-UBND", actor=SYSTEM, now=later)
    assert calendar(now=later).is_working_day(STORM)
    assert not calendar(now=later).is_working_day(SATURDAY)
    assert not calendar(now=later - timedelta(minutes=1)).is_working_day(STORM)
    with pytest.raises(NotFound), unit_of_work(SYSTEM) as session:
        service.withdraw_day(session, off, source="13/CĐ-UBND", actor=SYSTEM, now=later)
    add(STORM, now=later)  # the place is free again


def test_sessions_that_overlap_are_refused_by_name() -> None:
    with pytest.raises(InvalidInput) as refused:
        add_hours(MORNING, (time(10, 30), time(12)))
    assert (refused.value.sentence, refused.value.field) == (service.OVERLAP, "weekday_5")
    assert refused.value.details == {
        "starts": "10:30", "ends": "12:00", "other": "07:00-11:00", "weekday": Text("thứ Bảy", "Saturday"),
    }  # fmt: skip
    add_hours(MORNING)
    with pytest.raises(InvalidInput):
        add_hours((time(6), time(8)), valid_from=date(2027, 3, 1))
    assert len(add_hours(AFTERNOON, (time(11), time(12)))) == 2  # what only touches does not overlap


@pytest.mark.parametrize(
    "changed",
    [{"source": ""}, {"valid_to": date(2026, 10, 31)}],
)
def test_hours_without_source_or_with_reversed_dates_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        add_hours(MORNING, **changed)


def test_a_session_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput):
        add_hours((time(11), time(7)))
    with pytest.raises(InvalidInput):
        add_hours()


def test_hours_end_and_others_follow() -> None:
    add_hours(MORNING, valid_from=date(2026, 1, 1))
    with unit_of_work(SYSTEM) as session:
        ended = service.end_hours(
            session, hours=Hours.STATUTORY, last_day=date(2026, 11, 30), source="4/QĐ", actor=SYSTEM, now=NOW
        )
    assert ended == 1
    add_hours((time(8), time(9)), valid_from=date(2026, 12, 1))
    saturdays = [
        calendar(now=NOW + timedelta(minutes=2)).end_of(date(2026, month, 5 + (month == 11) * 2)) for month in (12, 11)
    ]
    assert [f"{end:%H:%M}" for end in saturdays] == ["09:00", "11:00"]


def test_hours_that_replace_others_let_them_come_again_afterwards() -> None:
    add_hours(MORNING, valid_from=date(2026, 1, 1))
    summer: dict[str, Any] = {"valid_from": date(2026, 6, 1), "valid_to": date(2026, 8, 31), "source": "5/QĐ-UBND"}
    with pytest.raises(InvalidInput):
        add_hours((time(6), time(10)), **summer)
    add_hours((time(6), time(10)), **summer, replacing=True)
    saturdays = [date(2026, 5, 30), date(2026, 6, 6), date(2026, 8, 29), date(2026, 9, 5)]
    ends = [calendar(now=NOW + timedelta(minutes=2)).end_of(day) for day in saturdays]
    assert [f"{end:%H:%M}" for end in ends] == ["11:00", "10:00", "10:00", "11:00"]
    with reading(SYSTEM) as session:
        _, rows = queries.read_calendars(session, now=NOW).in_force(NOW)
    assert [(row.source, row.end_source) for row in rows if row.unit_id is None] == [
        ("3/QĐ-UBND", "5/QĐ-UBND"), ("5/QĐ-UBND", ""), ("3/QĐ-UBND", ""),
    ]  # fmt: skip


def test_hours_end_and_days_go_only_by_a_document() -> None:
    add_hours(MORNING)
    storm = add(STORM)
    with pytest.raises(InvalidInput), unit_of_work(SYSTEM) as session:
        service.end_hours(session, hours=Hours.STATUTORY, last_day=date(2026, 12, 1), source=" ", actor=SYSTEM, now=NOW)
    with pytest.raises(InvalidInput), unit_of_work(SYSTEM) as session:
        service.withdraw_day(session, storm, source="", actor=SYSTEM, now=NOW)
    with pytest.raises(InvalidInput) as refused, unit_of_work(SYSTEM) as session:
        service.end_hours(
            session, hours=Hours.COUNTER, last_day=date(2026, 12, 1), source="4/QĐ", actor=SYSTEM, now=NOW
        )
    assert refused.value.sentence == service.NO_HOURS


def test_nobody_can_delete_what_was_decided(city: Connection) -> None:
    add(STORM)
    granted = city.execute(
        text("SELECT has_table_privilege('portal_app', 'calendar_exception', 'DELETE')"),
    ).scalar()
    assert granted is False


def test_what_a_decision_would_do_is_seen_before_it_is_taken() -> None:
    with reading(SYSTEM) as session:
        tried = service.calendar_with(session, [SpecialDay(STORM, DayKind.OFF, Text("Bão"))], now=NOW)
    assert not tried.is_working_day(STORM)
    assert calendar().is_working_day(STORM)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["calendar", *arguments])
    return f"{result.exit_code} {result.output}"


def test_the_command_line_decides_and_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "application", nullcontext)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert run("add", "2026-10-12", "--kind", "off", "--name", "Bão số 5", "--source", "12/CĐ-UBND").startswith("0 ")
    assert "đã có trong lịch: Bão số 5" in run(
        "add", "2026-10-12", "--kind", "off", "--name", "Bão", "--source", "13/CĐ-UBND"
    )
    assert run("hours", "mon-fri=07:00-10:30", "sat=07:00-10:00", "--from", "2026-11-01", "--hours", "counter",
               "--source", "3/QĐ-UBND") == "0 6 sessions added\n"  # fmt: skip
    assert run("hours", "mon=soon", "--from", "2026-11-01", "--source", "3").startswith("2 ")
    shown = run("show", "--year", "2026")
    assert "2026-10-12  off   Bão số 5  [12/CĐ-UBND]" in shown
    assert "2026-11-24  off   Ngày Văn hóa Việt Nam  [80-NQ/TW]" in shown
    assert "counter    sat  07:00-10:00  2026-11-01 to ...  [3/QĐ-UBND]" in shown
