"""The applicant's own step: the draft is looked at, confirmed or corrected; a declaration is made."""

from __future__ import annotations

import pytest

from portal.demonstration.walking import Walk
from portal.records.jobs import make_document
from tests.harness.client import heading, page_of, submit, words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import at_desk, handed_in
from tests.integration.records.further_forms import BIRTH, CAI_KHE, MARITAL, TAN_AN
from tests.integration.web.records.conftest import Visitor, address

PERIODS = [
    {"where": "cantho", "commune": TAN_AN, "from": "2008-01-01", "to": "2018-12-31"},
    {"where": "cantho", "commune": CAI_KHE, "from": "2019-01-01", "to": "2026-11-01"},
]


@pytest.fixture
def waiting(visitor: Visitor) -> Walk:
    """A birth registration whose draft waits for the applicant; `visitor` has the city loaded."""
    walk = handed_in(BIRTH)
    return walk.go("receive.accept", "forward.hand_over", "check.ready")


def test_my_records_say_first_that_a_draft_waits(visitor: Visitor, waiting: Walk) -> None:
    mine = words_of(visitor.at(waiting.now).get("/ho-so"))
    assert "Xác nhận bản thảo trước thứ Ba 10/11/2026" in mine
    record = visitor.open(waiting)
    assert "Không trả lời thì coi như đồng ý." in words_of(record)
    links = [link.get("href") for link in page_of(record).iter("a") if link.text == "Xem và trả lời"]
    assert links == [f"{address(waiting)}/xac-nhan"]


def test_the_page_shows_what_the_certificate_will_say(visitor: Visitor, waiting: Walk) -> None:
    page = visitor.open(waiting, "/xac-nhan")
    said = words_of(page)
    assert heading(page) == "Xem trước giấy khai sinh"
    assert "Không trả lời thì coi như nội dung đúng." in said
    assert "Tên của trẻ Khang" in said
    assert "Họ và tên mẹ Trần Mẫu Bình" in said
    assert "Điện thoại" not in said
    english = visitor.open(waiting, "/xac-nhan", english=True)
    assert heading(english) == "Preview the birth certificate"
    assert "Without an answer it counts as right" in words_of(english)


def test_confirming_sends_the_record_on(visitor: Visitor, waiting: Walk) -> None:
    browser = visitor.at(waiting.now)
    sent = submit(browser, f"{address(waiting)}/xac-nhan", button="Nội dung đúng", follow=True)
    assert heading(sent) == "Khai sinh cho Nguyễn Khang"
    assert "Đã gửi: Nội dung đúng." in words_of(sent)
    assert [task.step for task in waiting.file().open_tasks] == ["person_id"]
    again = browser.get(f"{address(waiting)}/xac-nhan")
    assert (again.status_code, again.location) == (303, address(waiting))


def test_a_correction_is_made_in_the_same_inputs_as_before(visitor: Visitor, waiting: Walk) -> None:
    browser = visitor.at(waiting.now)
    url = f"{address(waiting)}/xac-nhan/correct"
    shown = browser.get(url)
    inputs = {field.get("name"): field.get("value") for field in page_of(shown).iter("input")}
    assert (inputs["given"], inputs["dob-day"]) == ("Khang", "21")
    assert "copies" not in inputs
    assert "father_name" not in inputs
    sent = submit(browser, url, {"given": "Khánh"}, follow=True)
    assert "Đã gửi: Cần sửa." in words_of(sent)
    assert waiting.file().record.answers["given"] == "Khánh"
    assert waiting.file().record.answers["dob"] == "2026-10-21"


def test_nothing_typed_is_lost_when_a_correction_does_not_fit(visitor: Visitor, waiting: Walk) -> None:
    browser = visitor.at(waiting.now)
    url = f"{address(waiting)}/xac-nhan/correct"
    unchanged = submit(browser, url, {})
    assert unchanged.status_code == 422
    assert "Sửa ít nhất một mục" in words_of(unchanged)
    empty = submit(browser, url, {"given": "", "middle": "Gia"})
    assert empty.status_code == 422
    assert "Nhập tên của trẻ" in words_of(empty)
    inputs = {field.get("name"): field.get("value") for field in page_of(empty).iter("input")}
    assert inputs["middle"] == "Gia"
    assert waiting.file().record.answers["given"] == "Khang"


def test_a_draft_that_is_not_drawn_yet_has_no_picture(visitor: Visitor, waiting: Walk) -> None:
    assert "Hình bản thảo đang được tạo" in words_of(visitor.open(waiting, "/xac-nhan"))
    assert visitor.open(waiting, "/ban-thao.png").status_code == 404


def test_the_draft_is_shown_as_it_will_be_printed(visitor: Visitor, waiting: Walk) -> None:
    result = waiting.file().result
    assert result is not None
    make_document({"document_id": str(result.id)}, now=waiting.now)
    page = visitor.open(waiting, "/xac-nhan")
    assert "Bản thảo, chưa có số và chưa ký." in words_of(page)
    assert f"{address(waiting)}/ban-thao.png" in [image.get("src") for image in page_of(page).iter("img")]
    picture = visitor.open(waiting, "/ban-thao.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    waiting.go("confirm.confirm")
    assert visitor.open(waiting, "/ban-thao.png").status_code == 404


def test_a_declaration_is_one_form(visitor: Visitor) -> None:
    walk = handed_in(MARITAL, periods=PERIODS)
    walk.go("receive.accept", "forward.hand_over", "check.ask", "ask_ok.sign", "verify.⏰")
    browser = visitor.at(walk.now)
    assert "Gửi lời cam đoan trước" in words_of(browser.get("/ho-so"))
    page = browser.get(f"{address(walk)}/xac-nhan", follow_redirects=True)
    assert heading(page) == "Cam đoan về tình trạng hôn nhân"
    url = f"{address(walk)}/xac-nhan/submit"
    assert submit(browser, url, {"words": ""}).status_code == 422
    assert submit(browser, url, {"words": "Tôi chưa kết hôn với ai."}).status_code == 303
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]


def test_a_stranger_sees_no_draft_of_mine(visitor: Visitor, waiting: Walk, as_user: AsUser) -> None:
    stranger = as_user(make_citizen())
    for path in ("/xac-nhan", "/xac-nhan/confirm", "/ban-thao.png"):
        assert stranger.get(address(waiting) + path).status_code == 404


def test_a_record_that_waits_for_nothing_leads_to_itself(visitor: Visitor) -> None:
    walk = at_desk()
    answer = visitor.open(walk, "/xac-nhan")
    assert (answer.status_code, answer.location) == (303, address(walk))
