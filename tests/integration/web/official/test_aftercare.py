"""Beside a record: its fees and what is given back, duties after the result, and what was done about a delay."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.demonstration.walking import submit as hand_in
from portal.files.service import keep_upload
from portal.records.ending import withdraw_record
from tests.harness import html
from tests.harness.client import page_of, submit, words_of
from tests.integration.records.arranging import APPLICANT, FORMS, pay
from tests.integration.records.later_forms import ALCOHOL, SUSPENSION
from tests.integration.web.official.conftest import (
    LEADER,
    PLACE,
    SPECIALIST,
    AsOfficial,
    Permit,
    holder_of,
    person,
    sheets,
)
from tests.integration.web.official.test_lateness import PAGE, day_fields, letter_of, overdue
from tests.integration.web.official.test_older_result import COUNTER, sent


def alcohol(settings: Settings) -> Walk:
    """A licence whose fee is paid."""
    citizen, sent_at = person("092085001234"), clock.now() - timedelta(hours=1)
    with unit_of_work(SYSTEM) as session:
        digest = keep_upload(session, sheets(1), file_name="giay.pdf", formats=["pdf"], max_mb=10, now=sent_at).digest
    walk = hand_in(
        ALCOHOL,
        owner=Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name),
        answers={**APPLICANT, **FORMS[ALCOHOL].answers},
        papers=[(slot, digest) for slot in FORMS[ALCOHOL].papers],
        place=PLACE,
        level="district",
        receipt_key=settings.receipt_key.encode(),
        now=sent_at,
    )
    pay(walk)
    return walk


def box(as_official: AsOfficial, login: str, walk: Walk, anchor: str, *, language: str = "") -> str:
    """The words of one box of the page; nothing when it is not there."""
    page = page_of(as_official(login).get(f"{language}/can-bo/ho-so/{walk.file().record.code}"))
    found = page.find(f".//*[@id='{anchor}']")
    return "" if found is None else html.words(found)


def test_a_fee_shows_its_amount_and_that_it_is_not_paid(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    said = box(as_official, "ck.ju1", walk, "le-phi")
    assert "75.000 đồng" in said
    assert "chưa nộp" in said
    assert "not paid yet" in box(as_official, "ck.ju1", walk, "le-phi", language="/en")


def test_a_fee_that_is_owed_back_says_since_when(
    as_official: AsOfficial, office: Connection, settings: Settings
) -> None:
    walk = alcohol(settings)
    assert "đã thu" in box(as_official, COUNTER, walk, "le-phi")
    applicant = person("092085001234")
    actor = Actor(kind=ActorKind.CITIZEN, person_id=applicant.id, name=applicant.full_name)
    with unit_of_work(actor) as session:
        withdraw_record(session, walk.record_id, reason="Đổi ý.", actor=actor, now=walk.now)
    assert "phải trả lại người nộp từ" in box(as_official, COUNTER, walk, "le-phi")


def test_a_duty_after_the_result_stands_with_its_day_and_whose_it_is(
    as_official: AsOfficial, office: Connection, settings: Settings
) -> None:
    walk = sent(SUSPENSION, settings)
    assert box(as_official, COUNTER, walk, "nghia-vu") == ""
    walk.go("receive.accept", "forward.hand_over", "assign.assign", "check.draft", "sign.sign", "stamp.issue")
    said = box(as_official, COUNTER, walk, "nghia-vu")
    assert "Mở cửa lại" in said
    assert "Nguyễn Mẫu An" in said
    assert "trước Chủ nhật 28/2/2027" in said


def test_a_late_record_says_who_was_told_and_leads_the_leader_to_the_apology(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = overdue(permit)
    assert box(as_official, SPECIALIST, permit(), "tre-hen") == ""
    for login, may_sign in ((SPECIALIST, False), (LEADER, True)):
        said = box(as_official, login, walk, "tre-hen")
        assert "Đã báo trưởng đơn vị và lãnh đạo" in said
        assert "Thư xin lỗi chờ lãnh đạo" in said
        assert ("Ký thư xin lỗi" in said) is may_sign
    letter = letter_of(walk)
    fields = {"reason": "Hồ sơ gốc thất lạc.", **day_fields(letter.proposed_day)}
    submit(as_official(LEADER), f"{PAGE}/{letter.id}", fields)
    said = box(as_official, LEADER, walk, "tre-hen")
    assert "Đã xin lỗi" in said
    assert "Ký thư xin lỗi" not in said


def test_the_desk_says_until_when_a_first_notice_may_be_sent(
    as_official: AsOfficial, office: Connection, settings: Settings
) -> None:
    walk = alcohol(settings).go("receive.accept", "forward.hand_over", "assign.assign")
    [task] = walk.file().open_tasks
    said = words_of(as_official(holder_of(task)).get(f"/can-bo/ho-so/{walk.file().record.code}"))
    assert "Yêu cầu bổ sung: chỉ đến hết ngày" in said
