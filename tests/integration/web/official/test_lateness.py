"""Before an official: what is late, whose time it took, why the date is what it is, and the apology to be signed."""

from __future__ import annotations

import re
from datetime import timedelta

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.notifications.jobs import KINDS as NOTIFICATIONS
from portal.records.jobs import KINDS
from portal.records.lateness import FORESEEN
from portal.records.models import Apology
from portal.web.due_date import JSON
from tests.harness.client import heading, submit, words_of
from tests.harness.people import make_official
from tests.integration.web.official.conftest import HEAD, LEADER, SPECIALIST, AsOfficial, Permit

TO_SPECIALIST = ("receive.accept", "forward.hand_over", "assign.assign")
PAGE = "/can-bo/xin-loi"


def overdue(permit: Permit) -> Walk:
    """A permit of last month that is still on the specialist's desk, found by the portal."""
    walk = permit(*TO_SPECIALIST, at=clock.now() - timedelta(days=40))
    KINDS["watch_due_dates"]({}, now=clock.now())
    return walk


def letter_of(walk: Walk) -> Apology:
    with reading(SYSTEM) as session:
        return session.query(Apology).filter(Apology.record_id == walk.record_id).one()


def day_fields(day: object) -> dict[str, str]:
    year, month, number = str(day).split("-")
    return {"day-day": number, "day-month": month, "day-year": year}


def test_the_leader_finds_the_letter_signs_it_and_the_date_moves(as_official: AsOfficial, permit: Permit) -> None:
    walk = overdue(permit)
    code, letter = walk.file().record.code, letter_of(walk)
    leader = as_official(LEADER)
    listed = leader.get(PAGE)
    assert heading(listed) == "Thư xin lỗi chờ ký"
    assert code in words_of(listed)
    shown = leader.get(f"{PAGE}/{letter.id}")
    assert f'value="{letter.proposed_day.year}"' in shown.text
    fields = {"reason": "Hồ sơ gốc thất lạc, phải xác minh lại.", **day_fields(letter.proposed_day)}
    answer = submit(leader, f"{PAGE}/{letter.id}", fields)
    assert answer.status_code == 303
    record = walk.file().record
    assert clock.local_day(record.due_at or clock.now()) == letter.proposed_day
    assert code not in words_of(leader.get(PAGE))
    page = words_of(leader.get(f"/can-bo/ho-so/{code}"))
    assert "Xin lỗi và hẹn lại ngày trả" in page
    assert "Ngày hẹn trả dời từ" in page


def test_a_letter_without_reason_or_with_a_day_that_passed_comes_back_as_typed(
    as_official: AsOfficial, permit: Permit
) -> None:
    letter = letter_of(overdue(permit))
    leader = as_official(LEADER)
    past = (clock.now() - timedelta(days=1)).date()
    for fields, sentence in [
        ({"reason": "", **day_fields(letter.proposed_day)}, "Lý do trễ hẹn"),
        ({"reason": "Mất điện.", **day_fields(past)}, "Ngày hẹn mới phải sau ngày đã hẹn"),
        ({"reason": "Mất điện.", "day-day": "31", "day-month": "2", "day-year": "2027"}, "ngày có thật"),
    ]:
        answer = submit(leader, f"{PAGE}/{letter.id}", fields)
        assert answer.status_code == 422
        assert sentence in words_of(answer)
        assert fields["reason"] in answer.text
    assert letter_of_id(letter).signed_at is None


def letter_of_id(letter: Apology) -> Apology:
    with reading(SYSTEM) as session:
        return session.get_one(Apology, letter.id)


def test_nobody_else_finds_or_signs_it(as_official: AsOfficial, permit: Permit) -> None:
    walk = overdue(permit)
    letter = letter_of(walk)
    for login in (SPECIALIST, HEAD, "ck.lr1"):
        browser = as_official(login)
        assert walk.file().record.code not in words_of(browser.get(PAGE))
        assert browser.get(f"{PAGE}/{letter.id}").status_code == 404


def test_head_and_leader_read_that_they_were_told(as_official: AsOfficial, permit: Permit) -> None:
    walk = overdue(permit)
    event = next(event for event in walk.file().events if event.kind == FORESEEN)
    NOTIFICATIONS["tell_officials"]({"event_id": str(event.id)}, now=clock.now())
    subject = f"Hồ sơ {walk.file().record.code} sẽ không kịp hẹn"
    for login in (HEAD, LEADER):
        browser = as_official(login)
        told = browser.get("/can-bo/thong-bao")
        assert subject in words_of(told)
        assert submit(browser, "/can-bo/thong-bao", button=None).status_code == 303
        assert "Đánh dấu đã đọc hết" not in words_of(browser.get("/can-bo/thong-bao"))
    assert subject not in words_of(as_official(SPECIALIST).get("/can-bo/thong-bao"))


def test_the_record_shows_each_agencys_share_and_how_it_stands(as_official: AsOfficial, permit: Permit) -> None:
    walk = overdue(permit)
    page = words_of(as_official(SPECIALIST).get(f"/can-bo/ho-so/{walk.file().record.code}"))
    shares = page.partition("Thời gian của từng cơ quan")[2]
    assert re.search(r"UBND phường Cái Khế \S.* trên .* · \d bước (Trước hạn|Đúng hạn)", shares)
    assert re.search(r"Phòng Quản lý đô thị quận Ninh Kiều .* · 2 bước, 1 trễ Quá hạn", shares)
    assert re.search(r"Quá hạn \d+(,5)? ngày Vì sao ngày này\?", page)


def test_officials_see_why_with_every_step_as_page_and_data(as_official: AsOfficial, permit: Permit) -> None:
    walk = overdue(permit)
    address = f"/can-bo/ho-so/{walk.file().record.code}/vi-sao-ngay-nay"
    browser = as_official(SPECIALIST)
    assert heading(browser.get(address)).startswith("Vì sao hẹn ngày")
    data = browser.get(address, headers={"Accept": JSON}).get_json()
    assert data["standing"]["standing"] == "late"
    assert [one["kind"] for one in data["deadlines"]] == ["reception", "step", "step", "step"]
    assert data["deadlines"][-1]["standing"] == "late"
    assert as_official(make_official().login).get(address, headers={"Accept": JSON}).status_code == 404
