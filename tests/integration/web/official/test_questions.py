"""Questions to other agencies: asked again, asked more, taken back, answered late, and not put to oneself."""

from __future__ import annotations

from datetime import timedelta

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.notifications import queries
from portal.records.questions import QuestionState, questions_of
from portal.records.replay import differences
from tests.harness.client import submit, words_of
from tests.integration.records.arranging import in_one_office
from tests.integration.web.official.conftest import HEAD, SPECIALIST, AsOfficial, Permit, holder_of
from tests.integration.web.official.test_acting import ASKED, action_page, open_task, record_page

ANSWERED = ("fire.answer", "fire_sign.sign", "plan.answer", "plan_sign.sign", "site.done")
SENT = clock.now() - timedelta(days=30)
"""Long enough ago that the twelve days of an opinion are over."""
REASON = "Bản vẽ đã sửa, không còn phải hỏi."


def states(walk: Walk) -> list[tuple[str, QuestionState]]:
    return [(question.consultation, question.state) for question in questions_of(walk.file())]


def steps_open(walk: Walk) -> set[str]:
    return {task.step for task in walk.file().open_tasks}


def test_the_official_who_concludes_asks_one_agency_again_and_one_more(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED, *ANSWERED, at=SENT)
    concludes, form = as_official(holder_of(open_task(walk, "conclude"))), action_page(walk, "conclude", "ask_more")
    nobody = submit(concludes, form, {"question": "Lối thoát nạn tầng lửng?"})
    assert nobody.status_code == 422
    sent = submit(concludes, form, {"agencies": ["fire", "land"], "question": "Lối thoát nạn tầng lửng?"})
    assert sent.status_code == 303, words_of(sent)
    assert steps_open(walk) == {"more_ok"}, "the head has not approved the letters"
    assert walk.file().record.state == "in_progress"
    approves, approval = as_official(holder_of(open_task(walk, "more_ok"))), action_page(walk, "more_ok", "send")
    assert "Lối thoát nạn tầng lửng?" in words_of(approves.get(approval))
    question = "Lối thoát nạn của tầng lửng đã đủ chưa?"
    approved = submit(approves, approval, {"question": question}, follow=True)  # the ticks are as proposed
    assert "Đã gửi câu hỏi về hồ sơ của" in words_of(approved)
    assert steps_open(walk) == {"fire", "land"}
    assert walk.file().record.state == "consulting"
    asked = as_official(holder_of(open_task(walk, "fire"))).get(action_page(walk, "fire", "answer"))
    assert question in words_of(asked)
    walk.now = clock.now()
    walk.go("land.answer", "land_sign.sign")
    assert steps_open(walk) == {"fire"}
    walk.go("fire.answer", "fire_sign.sign")
    assert steps_open(walk) == {"conclude"}
    answered = QuestionState.ANSWERED
    assert states(walk) == [("fire", answered), ("plan", answered), ("fire", answered), ("land", answered)]
    assert differences(walk.file()) == []


def test_a_question_is_taken_back_by_who_asked_and_the_agency_is_told_why(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit(*ASKED, "site.done", "plan.answer", "plan_sign.sign", "fire.answer", at=SENT)
    task = open_task(walk, "fire_sign")
    recall = f"{record_page(walk)}/y-kien/{task.id}/rut-cau-hoi"
    agency = as_official(holder_of(task))
    assert "Rút câu hỏi" not in words_of(agency.get(record_page(walk)))
    assert submit(agency, recall, {"reason": REASON}).status_code == 403
    assert "Rút câu hỏi" not in words_of(as_official(SPECIALIST).get(record_page(walk))), "never worked on it"
    asks = as_official(HEAD)
    assert "Rút câu hỏi" in words_of(asks.get(record_page(walk)))
    assert submit(asks, recall).status_code == 422
    assert submit(asks, recall, {"reason": REASON}).status_code == 303
    assert steps_open(walk) == {"conclude"}
    page = words_of(asks.get(record_page(walk)))
    assert f"Lý do: {REASON}" in page[page.index("Đã rút câu hỏi") :]
    with reading(SYSTEM) as session:
        told = queries.message_to_officials(session, walk.file().events[-1].id)
    assert told is not None
    assert told[0].kind == "question_recalled"
    assert "đã rút câu hỏi này" in words_of(agency.get(f"/can-bo/viec/{task.id}/sign"))
    assert differences(walk.file()) == []


def test_a_late_opinion_is_read_where_it_is_concluded_and_moves_nothing(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit(*ASKED, "site.done", "plan.answer", "plan_sign.sign", "fire.⏰", at=SENT)
    silent = next(task for task in walk.file().tasks if task.outcome == "silent")
    head_of_agency = as_official("pccc.hd1")
    late = f"{record_page(walk)}/y-kien/{silent.id}/y-kien-muon"
    assert "Gửi ý kiến muộn" not in words_of(as_official(HEAD).get(record_page(walk)))
    assert "Gửi ý kiến muộn" in words_of(head_of_agency.get(record_page(walk)))
    assert submit(head_of_agency, late, {"verdict": "disagree"}).status_code == 422
    said = {"verdict": "disagree", "comment": "Thiếu lối thoát nạn thứ hai."}
    assert submit(head_of_agency, late, said).status_code == 303
    page = words_of(as_official(SPECIALIST).get(record_page(walk)))
    assert "Không đồng ý Thiếu lối thoát nạn thứ hai. Ý kiến đến muộn, ngày" in page
    assert steps_open(walk) == {"conclude"}
    assert open_task(walk, "conclude").outcome is None
    assert states(walk)[0] == ("fire", QuestionState.LATE)
    assert submit(head_of_agency, late, said).status_code == 409, "said once already"
    assert differences(walk.file()) == []


def test_an_office_that_does_both_does_not_ask_itself(as_official: AsOfficial, permit: Permit) -> None:
    with unit_of_work(SYSTEM) as session:
        in_one_office(session)
    walk = permit(*ASKED, at=SENT, planning_zone=False)
    assert steps_open(walk) == {"site", "fire"}
    assert states(walk) == [("fire", QuestionState.WAITING), ("land", QuestionState.SKIPPED)]
    page = words_of(as_official(HEAD).get(record_page(walk)))
    assert "Không phải hỏi: Góp ý về đất đai, vì nơi hỏi cũng là nơi góp ý." in page
    assert differences(walk.file()) == []
    walk.go("site.done", "fire.answer", "fire_sign.sign")
    assert steps_open(walk) == {"conclude"}
