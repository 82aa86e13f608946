"""The explanation of a due date and the day bar drawn from it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from portal.calendars.explain import due_report
from portal.calendars.rules import standard_calendar
from portal.workflow.day_lines import CellKind, DayBar, day_bar, explain
from portal.workflow.deadlines import Pause, TermLength
from portal.workflow.definition import Text
from portal.workflow.terms import SAME_DAY
from portal.workflow.working_time import VIETNAM

CALENDAR = standard_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


ACCEPTED = at("2026-11-09T10:40")
TERM = TermLength(Decimal(15), "working_days")
SUPPLEMENT = (Pause(at("2026-11-12T10:00"), at("2026-11-16T09:30")),)


def drawn(
    now: str, *, pauses: Sequence[Pause] = SUPPLEMENT, term: TermLength = TERM, ended_at: datetime | None = None
) -> DayBar:
    lines = explain(term, accepted_at=ACCEPTED, calendar=CALENDAR, pauses=pauses, now=at(now))
    return day_bar(lines, now=at(now), calendar=CALENDAR, ended_at=ended_at)


def letters(bar: DayBar) -> str:
    signs = {"used": "u", "paused": "p", "today": "T", "left": ".", "late": "!"}
    return "".join(signs[cell.kind] for cell in bar.cells)


def test_each_day_has_its_reason_in_two_languages() -> None:
    lines = explain(TERM, accepted_at=ACCEPTED, calendar=CALENDAR, pauses=SUPPLEMENT)
    by_day = {line.day: line for line in lines}
    assert by_day[date(2026, 11, 9)].text.vi == "Ngày tiếp nhận, chưa tính"
    assert by_day[date(2026, 11, 10)].text.en == "Day 1"
    assert by_day[date(2026, 11, 12)].text.vi == "Thời hạn tạm dừng"
    assert by_day[date(2026, 11, 14)].text.en == "Weekend"
    assert by_day[date(2026, 11, 24)].text.vi == "Ngày Văn hóa Việt Nam"
    assert by_day[date(2026, 11, 24)].source == "80-NQ/TW"
    assert lines[-1].day == date(2026, 12, 3)
    assert lines[-1].is_due
    assert all(line.text.vi and line.text.en for line in lines)


def test_a_swapped_day_names_the_day_it_stands_for() -> None:
    line = explain(TermLength(Decimal(2), "working_days"), accepted_at=at("2026-01-08T16:00"), calendar=CALENDAR)[-1]
    assert line.text.vi == "Ngày thứ 2, làm bù cho ngày nghỉ 2/1/2026"
    assert line.source == "12729/VPCP-KGVX"


def test_a_day_of_acceptance_that_counts_says_why() -> None:
    lines = explain(TermLength(Decimal(1), SAME_DAY, "15:00"), accepted_at=at("2026-11-20T14:00"), calendar=CALENDAR)
    assert [line.text for line in lines] == [
        Text("Ngày thứ 1: nhận đến 15:00 thì trả trong ngày", "Day 1: accepted by 15:00, due the same day")
    ]
    late = explain(TermLength(Decimal(1), SAME_DAY, "15:00"), accepted_at=at("2026-11-20T15:30"), calendar=CALENDAR)
    assert [line.text.vi for line in late][::3] == ["Nhận sau 15:00 hoặc ngoài ngày làm việc", "Ngày thứ 1"]


def test_the_bar_of_the_example() -> None:
    bar = drawn("2026-11-20T10:00")
    assert letters(bar) == "uuppuuuuT........"
    assert (bar.total, bar.used, bar.paused, bar.left, bar.late) == (15, 6, 2, 9, 0)
    assert bar.today == date(2026, 11, 20)
    assert not bar.continuous


def test_on_a_day_off_the_bar_has_no_today() -> None:
    bar = drawn("2026-11-21T10:00")
    assert (bar.today, bar.used, bar.left) == (None, 7, 8)


def test_a_pause_that_lasts_is_drawn_until_today() -> None:
    bar = drawn("2026-11-13T10:00", pauses=(Pause(at("2026-11-12T10:00")),))
    assert letters(bar) == "uupp............."
    assert bar.cells[3].is_today


def test_late_days_follow_the_due_day() -> None:
    bar = drawn("2026-12-07T09:00")
    assert letters(bar) == "uupp" + "u" * 13 + "!!"
    assert (bar.left, bar.late) == (0, 2)
    assert bar.cells[-1].is_today


def test_the_clock_stops_where_the_result_was_issued() -> None:
    bar = drawn("2026-12-20T09:00", ended_at=at("2026-11-25T16:00"))
    assert letters(bar) == "uuppuuuuuuu......"
    assert bar.today is None


def test_a_long_term_is_one_continuous_bar() -> None:
    bar = drawn("2026-11-20T10:00", term=TermLength(Decimal(45), "working_days"))
    assert bar.continuous
    assert [(part.kind, part.length) for part in bar.segments] == [
        (CellKind.USED, 2), (CellKind.PAUSED, 2), (CellKind.USED, 4), (CellKind.TODAY, 1), (CellKind.LEFT, 38),
    ]  # fmt: skip
    assert sum(part.length for part in bar.segments) == len(bar.cells) == 47


def test_the_command_prints_the_due_date_and_each_day() -> None:
    term = TermLength(Decimal(3), "working_days")
    lines = list(due_report(term, accepted_at=at("2026-11-20T09:00"), calendar=CALENDAR))
    assert "- thứ Ba 24/11/2026      Ngày Văn hóa Việt Nam [80-NQ/TW]" in lines
    assert lines[-3:] == [
        "+ thứ Năm 26/11/2026     Ngày thứ 3",
        "Hẹn trả: 17:00, thứ Năm 26/11/2026",
        "Tính theo giờ (24 giờ làm việc): 09:00, thứ Năm 26/11/2026",
    ]
