"""Deciding about the calendar through its page: what overlaps is named, what was promised stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.calendars.queries import counter_calendar, forget_calendars, working_calendar
from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.core.wording import day as long_day
from tests.harness import html
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.web.admin.writing import FIRST, noted
from tests.integration.web.official.conftest import AsOfficial, Permit, person

TO_THE_DESK = ("receive.accept", "forward.hand_over", "assign.assign")
ADD = "/quan-tri/lich/them"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What an earlier test decided is rolled back, and must not be remembered."""
    forget_calendars()


def fields(day: date, kind: str = "off", *, worked: date | None = None, **changed: str) -> dict[str, str]:
    why = {"name": "Nghỉ tránh bão", "name_en": "Storm", "source": "1234/UBND-NC ngày 20/11/2026"}
    given = {"kind": kind, **why, **parts("day", day)}
    return {**given, **(parts("worked", worked) if worked else {}), **changed}


def parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def day_off(*, weekday: int, weeks: int = 2) -> date:
    """That weekday some weeks from now, when nothing else is."""
    today = clock.local_day(clock.now())
    day = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)
    with reading(PUBLIC) as session:
        special = working_calendar(session, now=clock.now()).special
    return day if day not in special else day_off(weekday=weekday, weeks=weeks + 1)


def works(day: date) -> bool:
    forget_calendars()
    with reading(PUBLIC) as session:
        return working_calendar(session, now=clock.now()).is_working_day(day)


def added(browser: PageClient, **given: str) -> str:
    return words_of(submit(browser, ADD, given, button="Ghi vào lịch", follow=True))


def test_a_day_off_is_decided_shown_with_its_source_and_taken_back(as_official: AsOfficial) -> None:
    browser, tuesday = as_official(FIRST), day_off(weekday=1)
    assert works(tuesday)
    said = added(browser, **fields(tuesday))
    assert "Đã ghi vào lịch." in said
    assert "Nghỉ tránh bão cả thành phố 1234/UBND-NC ngày 20/11/2026" in said
    assert not works(tuesday)
    assert [who for who, _ in noted("calendar_day_added")] == [person(FIRST).id]
    take_back(browser, tuesday)
    assert works(tuesday)
    [(who, details)] = noted("calendar_day_withdrawn")
    assert (who, details["source"]) == (person(FIRST).id, "1300/UBND-NC")


def take_back(browser: PageClient, day: date, source: str = "1300/UBND-NC") -> str:
    page = browser.get(f"/quan-tri/lich?nam={day.year}")
    [link] = [
        link.get("href") or ""
        for link in page_of(page).iter("a")
        if html.words(link) == f"Bỏ khỏi lịch {long_day(day)}"
    ]
    return words_of(submit(browser, link, {"source": source}, button="Bỏ khỏi lịch", follow=True))


def test_a_day_is_taken_back_by_a_document_only(as_official: AsOfficial) -> None:
    browser, tuesday = as_official(FIRST), day_off(weekday=1)
    added(browser, **fields(tuesday))
    assert "Nhập căn cứ" in take_back(browser, tuesday, source="")
    assert not works(tuesday)


def test_a_swap_is_two_days_that_go_together(as_official: AsOfficial) -> None:
    browser, tuesday, saturday = as_official(FIRST), day_off(weekday=1), day_off(weekday=5, weeks=3)
    without = submit(browser, ADD, fields(tuesday, "swap"), button="Ghi vào lịch")
    assert without.status_code == 422
    assert "Nhập ngày làm bù" in words_of(without)
    added(browser, **fields(tuesday, "swap", worked=saturday))
    assert (works(tuesday), works(saturday)) == (False, True)
    assert "Ngày nghỉ và ngày làm bù được bỏ cùng nhau." in take_back(browser, tuesday, source="")
    take_back(browser, tuesday)
    assert (works(tuesday), works(saturday)) == (True, False)


def test_a_day_decided_twice_is_named_with_what_stands_there(as_official: AsOfficial) -> None:
    browser, tuesday = as_official(FIRST), day_off(weekday=1)
    added(browser, **fields(tuesday))
    twice = submit(browser, ADD, fields(tuesday, name="Họp"), button="Ghi vào lịch")
    assert twice.status_code == 422
    assert "đã có trong lịch: Nghỉ tránh bão" in words_of(twice)
    english = submit(browser, f"/en{ADD}", fields(tuesday, name="Họp"), button="Write into the calendar")
    assert "is in the calendar already: Storm" in words_of(english)


def test_a_public_holiday_entered_again_is_refused_at_its_field(as_official: AsOfficial) -> None:
    browser, holiday = as_official(FIRST), date(clock.local_day(clock.now()).year + 1, 9, 2)
    answer = submit(browser, ADD, fields(holiday), button="Ghi vào lịch")
    assert answer.status_code == 422
    refused = page_of(answer).find(".//p[@id='day-error']")
    assert refused is not None
    assert "đã là ngày nghỉ: Quốc khánh. Không phải ghi lại." in html.words(refused)
    english = words_of(submit(browser, f"/en{ADD}", fields(holiday), button="Write into the calendar"))
    assert f"2 Sep {holiday.year} is a day off already: National Day" in english


@pytest.mark.parametrize(
    ("kind", "weekday", "sentence"),
    [("off", 6, "vốn không làm việc"), ("work", 1, "vốn là ngày làm việc")],
)
def test_what_changes_nothing_is_refused(as_official: AsOfficial, kind: str, weekday: int, sentence: str) -> None:
    answer = submit(as_official(FIRST), ADD, fields(day_off(weekday=weekday), kind), button="Ghi vào lịch")
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_a_source_is_asked_for(as_official: AsOfficial) -> None:
    answer = submit(as_official(FIRST), ADD, fields(day_off(weekday=1), source=""), button="Ghi vào lịch")
    assert "Nhập căn cứ" in words_of(answer)


def test_a_date_that_was_promised_before_a_decision_is_no_other_when_it_is_taken_back(
    as_official: AsOfficial, permit: Permit
) -> None:
    due = permit("receive.accept").file().record.due_at
    assert due is not None
    browser, last_day = as_official(FIRST), clock.local_day(due)
    added(browser, **fields(last_day))
    assert "Không ngày nào đã hẹn sẽ khác" in take_back(browser, last_day, source="")


def test_looking_shows_whose_date_would_move_and_decides_nothing(as_official: AsOfficial, permit: Permit) -> None:
    code = permit("receive.accept").file().record.code
    due = permit("receive.accept").file().record.due_at
    assert due is not None
    last_day = clock.local_day(due)
    answer = submit(as_official(FIRST), ADD, fields(last_day), button="Xem ngày nào sẽ khác")
    said = words_of(answer)
    assert answer.status_code == 200
    assert code in said
    assert "Ngày đã hẹn giữ nguyên." in said
    assert noted("calendar_day_added") == []


def test_of_a_day_of_the_whole_city_steps_and_opinions_are_shown_too(as_official: AsOfficial, permit: Permit) -> None:
    asked = permit(*TO_THE_DESK, "appraise.ask", "ask_ok.send").file()
    code, opened = asked.record.code, asked.open_tasks
    opinion = next(task for task in opened if task.consultation)
    site = next(task for task in opened if not task.consultation)
    browser = as_official(FIRST)
    steps = looked_at(browser, next_working_day(clock.local_day(clock.now())))
    assert f"{code} {site.step_name}" in steps[1]
    assert f"{code} {opinion.step_name}" not in steps[1] + steps[2]
    opinions = looked_at(browser, clock.local_day(opinion.due_at))
    assert f"{code} {opinion.step_name}" in opinions[2]


def looked_at(browser: PageClient, day: date) -> tuple[str, str, str]:
    """What the page says of results, of steps and of opinions."""
    said = words_of(submit(browser, ADD, fields(day), button="Xem ngày nào sẽ khác"))
    rest, _, opinions = said.partition("ý kiến đang chờ sẽ có hạn khác nếu hỏi hôm nay")
    results, _, steps = rest.partition("bước đang mở sẽ có hạn khác nếu mở hôm nay")
    return results, steps, opinions


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    return day if works(day) else next_working_day(day)


def test_a_day_may_concern_the_counter_alone(as_official: AsOfficial, permit: Permit) -> None:
    permit("receive.accept")
    browser, day = as_official(FIRST), next_working_day(clock.local_day(clock.now()))
    looked = words_of(submit(browser, ADD, fields(day, hours="counter"), button="Xem ngày nào sẽ khác"))
    assert "Không ngày nào đã hẹn sẽ khác" in looked
    said = added(browser, **fields(day, hours="counter"))
    assert "cả thành phố, chỉ quầy" in said
    assert works(day)
    with reading(PUBLIC) as session:
        assert not counter_calendar(session, now=clock.now()).is_working_day(day)
    forget_calendars()
