"""Taking a record back: what it means is said before, it happens once, and everybody concerned reads of it."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from portal.demonstration.walking import Walk
from tests.harness.client import heading, submit, words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import at_desk, handed_in
from tests.integration.web.records.conftest import Visitor, address
from tests.integration.web.records.test_record_page import expired, granted, returned

REASON = "Chưa xây nữa."


def withdraw(visitor: Visitor, walk: Walk, reason: str = REASON, *, follow: bool = True) -> TestResponse:
    browser = visitor.at(walk.now)
    return submit(browser, f"{address(walk)}/rut", {"reason": reason}, button="Rút hồ sơ", follow=follow)


def test_the_page_says_what_follows_before_it_happens(visitor: Visitor) -> None:
    walk = at_desk()
    assert "Rút hồ sơ" in words_of(visitor.open(walk))
    answer = visitor.open(walk, "/rut")
    text = words_of(answer)
    assert heading(answer) == "Rút hồ sơ"
    assert "Rút rồi không mở lại được" in text
    assert "Khoản 75.000 đồng chưa nộp thì không phải nộp nữa." in text


def test_a_withdrawn_record_says_so_and_asks_for_nothing_more(visitor: Visitor) -> None:
    walk = at_desk().supplement("appraise")
    answer = withdraw(visitor, walk)
    text = words_of(answer)
    assert "Đã rút hồ sơ. Cơ quan đang giữ hồ sơ đã được báo." in text
    assert "Đã rút theo yêu cầu thứ " in text
    assert f"Lý do: {REASON}" in text
    assert "không phải nộp nữa" in text
    assert "Bổ sung 1 mục" not in text
    assert "Nộp 75.000 đồng" not in text
    assert walk.file().open_tasks == ()
    mine = words_of(visitor.at(walk.now).get("/ho-so"))
    assert "Đã rút" in mine
    assert "Cần làm ngay" not in mine
    for gone in ("/rut", "/nop-phi"):
        assert visitor.open(walk, gone).location == address(walk)


def test_english_readers_withdraw_in_english(visitor: Visitor) -> None:
    walk = handed_in()
    browser = visitor.at(walk.now)
    done = submit(browser, f"/en{address(walk)}/rut", {"reason": "No longer needed."}, follow=True)
    assert "Withdrawn as requested on Monday 9 November 2026" in words_of(done)


def test_without_a_reason_nothing_happens(visitor: Visitor) -> None:
    walk = handed_in()
    answer = withdraw(visitor, walk, "")
    assert answer.status_code == 422
    assert "Nhập lý do rút hồ sơ" in words_of(answer)
    assert walk.file().record.state == "submitted"


def test_sending_it_again_leads_to_the_same_record(visitor: Visitor) -> None:
    walk = handed_in()
    browser = visitor.at(walk.now)
    url = f"{address(walk)}/rut"
    page = browser.get(url)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    twice = [browser.post(url, data={"csrf_token": token, "reason": REASON}) for _ in range(2)]
    assert [answer.location for answer in twice] == [address(walk)] * 2
    assert len(walk.file().events) == 2


def test_once_the_result_is_signed_the_page_says_that_it_is_too_late(visitor: Visitor) -> None:
    walk = at_desk().go("appraise.ask", "ask_ok.send", "plan.⏰12d", "site.done", "conclude.draft")
    browser = visitor.at(walk.now)
    url = f"{address(walk)}/rut"
    assert browser.get(url).status_code == 200
    walk.go("review.initial")
    stale = submit_stale(visitor, walk, url)
    assert stale.status_code == 409
    assert "Kết quả đã ký nên không rút hồ sơ được nữa." in words_of(stale)
    late = visitor.open(walk, "/rut")
    assert heading(late) == "Không rút được hồ sơ này nữa"
    assert "Kết quả đã ký lúc" in words_of(late)
    assert "Rút hồ sơ" not in words_of(visitor.open(walk))


def submit_stale(visitor: Visitor, walk: Walk, url: str) -> TestResponse:
    """Send the page that was opened before the leader signed."""
    browser = visitor.at(walk.now)
    page = browser.get(url)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    walk.go("sign.sign")
    return browser.post(url, data={"csrf_token": token, "reason": REASON})


@pytest.mark.parametrize("carried", [granted, returned, expired])
def test_a_record_that_is_done_offers_no_withdrawal(visitor: Visitor, carried: object) -> None:
    walk = carried()  # type: ignore[operator]
    assert "Rút hồ sơ" not in words_of(visitor.open(walk))
    assert heading(visitor.open(walk, "/rut")) == "Không rút được hồ sơ này nữa"


def test_a_stranger_may_not_withdraw(visitor: Visitor, as_user: AsUser) -> None:
    walk = handed_in()
    visitor.clock_at(walk.now)
    assert as_user(make_citizen()).get(f"{address(walk)}/rut").status_code == 404


def test_a_record_that_a_leader_stopped_says_who_and_why(visitor: Visitor) -> None:
    walk = at_desk().go("stop")
    answer = visitor.open(walk)
    text = words_of(answer)
    assert "Đã dừng" in text
    assert "UBND quận Ninh Kiều dừng giải quyết từ thứ" in text
    assert "Lý do: Thửa đất đang có tranh chấp" in text
    assert "Rút hồ sơ" not in text
