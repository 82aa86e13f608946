"""Hours of work through their pages: per unit, dated, by a document; what overlaps is refused at its weekday."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from portal.calendars.queries import calendar_book, forget_calendars
from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.units.queries import directory
from tests.harness import html
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.web.admin.test_calendar_changes import day_off, parts
from tests.integration.web.admin.writing import FIRST, noted
from tests.integration.web.official.conftest import AsOfficial, Permit, person

YEAR, ADD = "/quan-tri/lich", "/quan-tri/lich/gio/them"
MORNINGS = {f"weekday_{weekday}": "07:00-11:30" for weekday in range(5)}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What an earlier test decided is rolled back, and must not be remembered."""
    forget_calendars()


def unit(account_code: str) -> UUID:
    with reading(PUBLIC) as session:
        return directory(session).unit_of_account(account_code, day=clock.local_day(clock.now())).id


def given(start: date, *, of: str = "", **changed: str) -> dict[str, str]:
    values = {"unit": of, "hours": "statutory", "source": "88/QĐ-UBND", **parts("valid_from", start), **MORNINGS}
    return {**values, **changed}


def added(browser: PageClient, fields: dict[str, str], *, button: str = "Ghi vào lịch", address: str = ADD) -> str:
    return words_of(submit(browser, address, fields, button=button, follow=True))


def closes(day: date, unit_id: UUID | None = None, *, doors: bool = False) -> time:
    forget_calendars()
    now = clock.now()
    with reading(PUBLIC) as session:
        book = calendar_book(session, now=now)
    return (book.doors if doors else book.as_known)(now, unit_id=unit_id).end_of(day).time()


def error_of(browser: PageClient, fields: dict[str, str], field: str, *, address: str = ADD, button: str) -> str:
    answer = submit(browser, address, fields, button=button)
    assert answer.status_code == 422
    refused = page_of(answer).find(f".//p[@id='{field}-error']")
    assert refused is not None, words_of(answer)
    return html.words(refused)


def test_hours_of_a_unit_count_for_it_alone_from_their_day(as_official: AsOfficial) -> None:
    browser, office, monday = as_official(FIRST), unit("nk.qldt"), day_off(weekday=0)
    before = closes(monday)
    said = added(browser, given(monday, of=str(office)))
    assert "Đã ghi giờ vào lịch." in said
    assert "thứ Hai đến thứ Sáu: 07:00–11:30" in said
    assert "88/QĐ-UBND" in said
    assert closes(monday, office) == time(11, 30)
    assert closes(monday) == before
    assert closes(monday - timedelta(days=7), office) == before
    assert [who for who, _ in noted("office_hours_added")] == [person(FIRST).id]


def test_counter_hours_move_the_doors_and_no_term(as_official: AsOfficial) -> None:
    browser, monday = as_official(FIRST), day_off(weekday=0)
    before = closes(monday)
    assert "Giờ mở quầy" in added(browser, given(monday, hours="counter"))
    assert (closes(monday), closes(monday, doors=True)) == (before, time(11, 30))


def test_sessions_that_overlap_are_refused_at_their_day_of_the_week(as_official: AsOfficial) -> None:
    browser, office, monday = as_official(FIRST), str(unit("nk.qldt")), day_off(weekday=0)
    added(browser, given(monday, of=office))
    later = given(monday + timedelta(days=7), of=office, weekday_1="06:00-07:00", weekday_0="")
    assert error_of(browser, later, "weekday_2", button="Ghi vào lịch") == (
        "Lỗi: Ca 07:00-11:30 trùng với ca 07:00-11:30 của thứ Tư. Xem lại giờ, hoặc kết thúc giờ cũ trước."
    )
    said = error_of(browser, later, "weekday_2", address=f"/en{ADD}", button="Write into the calendar")
    assert "on Wednesday" in said
    assert "Đã ghi giờ" in added(browser, {**later, "replacing": "yes"})
    assert closes(monday + timedelta(days=8), UUID(office)) == time(7)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("sáng", "phải ghi như 07:00-11:00, 13:00-17:00"), ("11:00-07:00", "kết thúc trước khi bắt đầu"),
     ("07:00-25:00", "phải ghi như"), ("07:00-09:00, 08:30-10:00", "trùng với ca 07:00-09:00")],
)  # fmt: skip
def test_what_is_no_session_is_refused_at_its_field(as_official: AsOfficial, written: str, sentence: str) -> None:
    fields = given(day_off(weekday=0), weekday_3=written)
    assert sentence in error_of(as_official(FIRST), fields, "weekday_3", button="Ghi vào lịch")


def test_hours_end_by_a_document_and_the_city_holds_again(as_official: AsOfficial) -> None:
    browser, office, monday = as_official(FIRST), unit("nk.qldt"), day_off(weekday=0)
    usual = closes(monday)
    added(browser, given(monday, of=str(office)))
    page = page_of(browser.get(f"{YEAR}?nam={monday.year}&cua={office}"))
    [link] = [link.get("href") or "" for link in page.iter("a") if html.words(link).startswith("Kết thúc Giờ làm việc")]
    last = monday + timedelta(days=3)
    assert "Nhập căn cứ" in error_of(
        browser, parts("last_day", last), "source", address=link, button="Ghi ngày kết thúc"
    )
    fields = {**parts("last_day", last), "source": "99/QĐ-UBND"}
    said = added(browser, fields, address=link, button="Ghi ngày kết thúc")
    assert "Kết thúc theo 99/QĐ-UBND" in said
    assert (closes(last, office), closes(last + timedelta(days=1), office)) == (time(11, 30), usual)
    again = error_of(
        browser, fields, "last_day", address=f"/en{YEAR}/gio/ket-thuc?cua={office}", button="Save the last day"
    )
    assert "No hours are in force after" in again


def test_looking_shows_the_steps_of_the_unit_that_would_be_due_otherwise(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit("receive.accept", "forward.hand_over")
    [task] = [task for task in walk.file().tasks if task.closed_at is None]
    assert task.unit_id is not None
    short = dict.fromkeys(MORNINGS, "08:00-08:30")
    fields = given(clock.local_day(task.opened_at), of=str(task.unit_id), **short)
    said = added(as_official(FIRST), fields, button="Xem ngày nào sẽ khác")
    assert walk.file().record.code in said
    assert "Ngày đã hẹn giữ nguyên." in said
    assert noted("office_hours_added") == []
    assert walk.file().tasks[-1].due_at == task.due_at


def test_looking_at_hours_of_the_city_shows_whose_result_would_be_due_otherwise(
    as_official: AsOfficial, permit: Permit
) -> None:
    record = permit("receive.accept").file().record
    tomorrow = clock.local_day(clock.now()) + timedelta(days=1)
    said = added(as_official(FIRST), given(tomorrow, weekday_0="", weekday_1=""), button="Xem ngày nào sẽ khác")
    assert record.code in said or "Không ngày nào" not in said


def test_the_year_of_a_unit_has_its_own_days(as_official: AsOfficial) -> None:
    browser, office, tuesday = as_official(FIRST), unit("nk.qldt"), day_off(weekday=1)
    fields = {
        "kind": "off",
        "name": "Sửa trụ sở",
        "name_en": "Repairs",
        "source": "9/TB",
        "unit": str(office),
        **parts("day", tuesday),
    }
    submit(browser, "/quan-tri/lich/them", fields, button="Ghi vào lịch")
    own = words_of(browser.get(f"{YEAR}?nam={tuesday.year}&cua={office}"))
    city = words_of(browser.get(f"{YEAR}?nam={tuesday.year}"))
    assert own.count("Sửa trụ sở") == city.count("Sửa trụ sở") + 2  # in the month, and among the special days
