"""When a record will be done, if every step takes what it is given."""

from datetime import datetime
from decimal import Decimal

import pytest

from portal.calendars.rules import standard_calendar
from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.workflow.forecast import expected_end, hours_after
from portal.workflow.working_time import VIETNAM

CALENDAR = standard_calendar(first_year=2026, last_year=2027)
FILE = PROCEDURES / "1.009994.yaml"
PERMIT = load(FILE.read_text(encoding="utf-8"), FILE.name).process


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def quota(*steps: str) -> Decimal:
    return sum((PERMIT.step(step).quota for step in steps), Decimal(0))


@pytest.mark.parametrize(
    ("step", "following"),
    [("stamp", ()), ("sign", ("stamp",)), ("conclude", ("review", "sign", "stamp")), ("give", ())],
)
def test_what_follows_takes_its_quotas_until_the_result_is_issued(step: str, following: tuple[str, ...]) -> None:
    assert hours_after(PERMIT, step) == quota(*following)


def test_a_supplement_leads_back_to_who_asked() -> None:
    assert hours_after(PERMIT, "fix", asker="conclude") == quota("sup_in", "conclude", "review", "sign", "stamp")


def test_branches_that_run_side_by_side_are_as_long_as_the_longest() -> None:
    after = hours_after(PERMIT, "ask_ok")
    assert after >= quota("conclude", "review", "sign", "stamp")
    assert after <= quota(*PERMIT.steps)


def test_an_open_step_takes_until_it_is_due_or_ends_now() -> None:
    now = at("2026-11-09T08:00")
    before = expected_end(PERMIT, [("stamp", at("2026-11-09T10:00"), None)], now=now, calendar=CALENDAR)
    overdue = expected_end(PERMIT, [("sign", at("2026-11-05T10:00"), None)], now=now, calendar=CALENDAR)
    assert before == at("2026-11-09T10:00")
    assert overdue == CALENDAR.add_working_hours(now, quota("stamp"))
    both = [("stamp", at("2026-11-09T10:00"), None), ("sign", at("2026-11-10T10:00"), None)]
    assert expected_end(PERMIT, both, now=now, calendar=CALENDAR) > before
    assert expected_end(PERMIT, [], now=now, calendar=CALENDAR) == now


@pytest.mark.parametrize(
    ("end", "hours", "start"),
    [
        ("2026-11-25T17:00", "8", "2026-11-25T07:00"),
        ("2026-11-25T07:00", "8", "2026-11-23T07:00"),  # the 24th is a holiday
        ("2026-11-25T15:00", "2.5", "2026-11-25T10:30"),
        ("2026-11-22T12:00", "1", "2026-11-20T16:00"),
        ("2026-11-22T12:00", "0", "2026-11-22T12:00"),
    ],
)
def test_hours_are_counted_backwards_too(end: str, hours: str, start: str) -> None:
    assert CALENDAR.before_working_hours(at(end), Decimal(hours)) == at(start)
    assert CALENDAR.working_hours_between(at(start), at(end)) == Decimal(hours)
