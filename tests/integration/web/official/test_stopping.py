"""A leader stops a record, an applicant takes one back: what the officials see of it."""

from __future__ import annotations

from tests.harness.client import heading, submit, words_of
from tests.integration.web.official.conftest import HEAD, LEADER, RECEPTIONIST, AsOfficial, Permit, holder_of
from tests.integration.web.official.test_acting import (
    TO_SIGN,
    TO_SPECIALIST,
    action_page,
    hidden_of,
    open_task,
    record_page,
)

REASON = "Thửa đất đang có tranh chấp."


def test_a_leader_stops_a_record_that_lies_with_his_office(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    specialist = holder_of(open_task(walk, "appraise"))
    browser, url = as_official(LEADER), record_page(walk)
    assert "Dừng giải quyết hồ sơ" in words_of(browser.get(url))
    form = browser.get(f"{url}/dung")
    assert heading(form) == "Dừng giải quyết: Nguyễn Thị Hoa"
    assert "Các việc hết hiệu lực: Thẩm định hồ sơ." in words_of(form)
    done = submit(browser, f"{url}/dung", {"reason": REASON}, button="Dừng giải quyết", follow=True)
    text = words_of(done)
    assert "Đã dừng hồ sơ của Nguyễn Thị Hoa." in text
    assert f"Lý do: {REASON}" in text
    assert "Dừng giải quyết hồ sơ UBND" not in text
    assert walk.file().open_tasks == ()
    assert "Nguyễn Thị Hoa" not in words_of(as_official(specialist).get("/can-bo"))


def test_a_reason_is_needed(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    answer = submit(as_official(LEADER), f"{record_page(walk)}/dung", {"reason": ""})
    assert answer.status_code == 422
    assert walk.file().record.closed_at is None


def test_whoever_may_not_stop_it_is_offered_nothing(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    for login in (HEAD, RECEPTIONIST):
        browser = as_official(login)
        assert "Dừng giải quyết hồ sơ" not in words_of(browser.get(record_page(walk)))
        assert browser.get(f"{record_page(walk)}/dung").status_code == 404


def test_a_signed_record_is_not_stopped_by_a_page_opened_before(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SIGN)
    browser, url = as_official(LEADER), f"{record_page(walk)}/dung"
    typed = {**hidden_of(browser, url), "reason": REASON}
    walk.go("sign.sign")
    answer = browser.post(url, data=typed)
    assert answer.status_code == 409
    assert "Kết quả đã ký nên không dừng hồ sơ được nữa." in words_of(answer)
    assert REASON in answer.text
    assert browser.get(url).status_code == 404


def test_the_official_who_opens_his_task_learns_who_ended_it_and_when(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(holder_of(open_task(walk, "appraise")))
    url = action_page(walk, "appraise", "reject")
    typed = {**hidden_of(browser, url), "reason": "Không phù hợp quy hoạch."}
    walk.go("withdraw")
    told = "đã rút hồ sơ này lúc"
    opened = words_of(browser.get(url))
    assert told in opened
    assert "Lý do: Chưa xây nữa, sẽ nộp lại khi có bản vẽ mới." in opened
    answer = browser.post(url, data=typed)
    assert answer.status_code == 409
    assert told in words_of(answer)
    assert "Không phù hợp quy hoạch." in answer.text
    page = words_of(browser.get(record_page(walk)))
    assert told in page
    assert "Người nộp rút hồ sơ" in page
    assert "Nguyễn Thị Hoa" not in words_of(browser.get("/can-bo"))
