"""Why this date, as a page and as data; and what the applicant reads when the date was missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from portal.calendars import queries as calendars
from portal.calendars.service import add_day
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from portal.records.jobs import KINDS
from portal.records.models import Apology
from portal.web.due_date import JSON
from portal.workflow.definition import Text
from portal.workflow.working_time import DayKind
from tests.harness.client import words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import COPIES, at_desk, handed_in, official
from tests.integration.web.records.conftest import Visitor, address
from tests.integration.web.records.test_record_page import consulting, late, supplement

REASON = "Cơ quan được hỏi ý kiến trả lời chậm."


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    calendars.forget_calendars()
    yield
    calendars.forget_calendars()


def apologised(*, late_by: int = 3) -> Walk:
    """Late, and promised again."""
    walk = at_desk()
    walk.now += timedelta(days=18 + late_by)
    KINDS["watch_due_dates"]({}, now=walk.now)
    leader = official("nk.lr1")
    with unit_of_work(leader) as session:
        letter = session.query(Apology).filter(Apology.record_id == walk.record_id).one()
        service.sign_apology(session, letter.id, reason=REASON, day=date(2026, 12, 10), actor=leader, now=walk.now)
    return walk


def test_the_page_says_what_moved_the_date_and_when_each_thing_is_due(visitor: Visitor) -> None:
    walk = supplement()
    text = words_of(visitor.open(walk, "/vi-sao-ngay-nay"))
    assert "Nếu tính tiếp từ ngày mai thì hẹn trả thứ Tư 25/11/2026." in text
    walk.now += timedelta(days=4)
    text = words_of(visitor.open(walk, "/vi-sao-ngay-nay"))
    assert "Vì sao hẹn ngày 25/11/2026?" in text
    assert "Nếu tính tiếp từ ngày mai thì hẹn trả thứ Hai 30/11/2026." in text
    assert "thứ Hai 30/11/2026, hẹn trả nếu tính tiếp từ ngày mai" in text
    assert "thứ Hai 9/11/2026: tạm dừng tính thời hạn." in text
    text = words_of(visitor.open(walk.answer(), "/vi-sao-ngay-nay"))
    assert "tạm dừng từ" not in text
    assert "thứ Hai 9/11/2026: tiếp nhận, hẹn trả thứ Tư 25/11/2026." in text
    assert "hết tạm dừng, dời từ thứ Tư 25/11/2026 sang thứ Sáu 27/11/2026." in text
    assert "Người nộp bổ sung hồ sơ Người nộp" in text  # the applicant's own deadline
    assert "Thẩm định hồ sơ" not in text.partition("Hạn của từng việc")[2]


def test_opinions_have_their_deadline_on_the_page(visitor: Visitor) -> None:
    text = words_of(visitor.open(consulting(), "/vi-sao-ngay-nay")).partition("Hạn của từng việc")[2]
    assert "Góp ý về quy hoạch Sở Xây dựng thành phố Cần Thơ 17:00, thứ Hai 23/11/2026 Còn hạn" in text


def test_the_same_is_told_as_data(visitor: Visitor) -> None:
    walk = consulting()
    browser = visitor.at(walk.now)
    told = browser.get(f"{address(walk)}/vi-sao-ngay-nay", headers={"Accept": JSON})
    assert (told.mimetype, told.headers["Vary"]) == (JSON, "Accept, Cookie")
    data = told.get_json()
    assert data["record"] == walk.file().record.code
    assert data["due_at"].startswith("2026-11-25")
    assert data["standing"]["standing"] == "running"
    assert [day["number"] for day in data["days"] if day["counted"]] == list(range(1, 16))
    assert data["days"][-1] == {
        "day": "2026-11-25", "counted": False, "number": 0, "hours": None, "stage": 0, "reason": "rolled",
        "text": "Thay cho ngày cuối rơi vào ngày nghỉ", "source": "", "is_due": True,
    }  # fmt: skip
    assert [one["kind"] for one in data["deadlines"]] == ["reception", "opinion"]
    assert [one["was_due_at"] for one in data["promises"]] == [None]
    assert data["due_day_if_resumed_tomorrow"] is None
    english = browser.get(f"/en{address(walk)}/vi-sao-ngay-nay", headers={"Accept": JSON}).get_json()
    assert english["days"][0]["text"] == "Day of acceptance, not counted"


@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""])
def test_a_browser_gets_the_page(visitor: Visitor, accept: str) -> None:
    walk = at_desk()
    answer = visitor.at(walk.now).get(f"{address(walk)}/vi-sao-ngay-nay", headers={"Accept": accept})
    assert answer.mimetype == "text/html"


def test_a_stranger_gets_no_data_either(as_user: AsUser, visitor: Visitor) -> None:
    walk = at_desk()
    visitor.clock_at(walk.now)
    stranger = as_user(make_citizen())
    assert stranger.get(f"{address(walk)}/vi-sao-ngay-nay", headers={"Accept": JSON}).status_code == 404


def test_before_acceptance_the_data_has_no_date(visitor: Visitor) -> None:
    walk = handed_in()
    told = visitor.at(walk.now).get(f"{address(walk)}/vi-sao-ngay-nay", headers={"Accept": JSON}).get_json()
    assert (told["due_at"], told["days"], told["standing"], told["promises"]) == (None, [], None, [])


def test_a_calendar_that_changed_is_named_and_the_date_stays(visitor: Visitor) -> None:
    walk = at_desk()
    with unit_of_work(SYSTEM) as session:
        add_day(
            session, date(2026, 11, 25), kind=DayKind.OFF, name=Text("Nghỉ tránh bão"), source="12/CĐ", actor=SYSTEM,
            now=walk.now,
        )  # fmt: skip
    walk.now += timedelta(hours=1)
    text = words_of(visitor.open(walk, "/vi-sao-ngay-nay"))
    assert "Vì sao hẹn ngày 25/11/2026?" in text
    assert "Tính theo lịch hôm nay thì là thứ Năm 26/11/2026, nhưng ngày đã hẹn giữ nguyên." in text
    assert "Hẹn trả thứ Tư 25/11/2026" in words_of(visitor.open(walk))


def test_the_apology_comes_first_with_its_reason_and_the_new_date(visitor: Visitor) -> None:
    text = words_of(visitor.open(apologised()))
    assert "Trễ hẹn 3 ngày" in text
    assert f"UBND quận Ninh Kiều xin lỗi vì trễ hẹn. Lý do: {REASON} Hẹn lại thứ Năm 10/12/2026." in text
    assert "Xin lỗi vì trễ hẹn, hẹn lại ngày trả" in text
    assert "Hẹn trả thứ Năm 10/12/2026" in text


def test_an_apology_in_time_is_told_before_anything_is_late(visitor: Visitor) -> None:
    text = words_of(visitor.open(apologised(late_by=-3)))
    assert "Trễ hẹn" not in text.partition("Diễn biến")[0].replace("trễ hẹn", "")
    assert "Hẹn lại thứ Năm 10/12/2026." in text
    assert "Đang giải quyết" in text


def test_a_new_date_that_is_missed_too_counts_from_the_first(visitor: Visitor) -> None:
    walk = apologised()
    walk.now += timedelta(days=14)
    assert "Trễ hẹn 13 ngày" in words_of(visitor.open(walk))


def test_the_days_lead_to_the_new_date(visitor: Visitor) -> None:
    walk = apologised(late_by=-3)
    text = words_of(visitor.open(walk, "/vi-sao-ngay-nay"))
    assert "Đã xin lỗi và hẹn lại, chưa tính" in text
    assert "Hẹn lại: ngày thứ 1" in text
    assert "thứ Năm 10/12/2026, hẹn trả" in text
    assert "xin lỗi vì trễ hẹn, dời từ thứ Tư 25/11/2026 sang thứ Năm 10/12/2026." in text


def test_the_list_of_my_records_says_it_too(visitor: Visitor) -> None:
    walk = apologised()
    text = words_of(visitor.at(walk.now).get("/ho-so"))
    assert "UBND quận Ninh Kiều xin lỗi vì trễ hẹn. Hẹn lại thứ Năm 10/12/2026." in text


def test_an_extended_record_says_its_new_date(visitor: Visitor) -> None:
    walk = at_desk(COPIES, step="compare").go("compare.longer")
    text = words_of(visitor.open(walk))
    assert "Đã gia hạn, ngày mới" in text
    assert "Đã gia hạn" in text.partition("Diễn biến")[2]
    days = words_of(visitor.open(walk, "/vi-sao-ngay-nay"))
    assert "Gia hạn: ngày thứ 2" in days
    assert "gia hạn, dời từ thứ Hai 9/11/2026 sang thứ Tư 11/11/2026." in days


def test_who_is_late_without_a_letter_gets_the_apology_all_the_same(visitor: Visitor) -> None:
    assert "UBND quận Ninh Kiều xin lỗi vì trễ hẹn." in words_of(visitor.open(late()))
    with reading(SYSTEM) as session:
        assert session.query(Apology).count() == 0
