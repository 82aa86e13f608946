"""Acting on tasks through the pages: every kind of action, refusals, and nothing typed lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records.contents.forms import form03
from portal.records.contents.gathering import writing_of
from portal.records.types import TaskRow
from tests.harness import html
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.integration.web.official.conftest import (
    HEAD,
    LEADER,
    RECEPTIONIST,
    AsOfficial,
    Permit,
    holder_of,
    person,
)

TO_SPECIALIST = ("receive.accept", "forward.hand_over", "assign.assign")
ASKED = (*TO_SPECIALIST, "appraise.ask", "ask_ok.send")
TO_SIGN = (*ASKED, "fire.answer", "fire_sign.sign", "plan.answer", "plan_sign.sign", "site.done", "conclude.draft",
           "review.initial")  # fmt: skip
ALL_CHECKS = {"checks": ["0", "1", "2"]}


def open_task(walk: Walk, step: str) -> TaskRow:
    return next(task for task in walk.file().open_tasks if task.step == step)


def record_page(walk: Walk) -> str:
    return f"/can-bo/ho-so/{walk.file().record.code}"


def action_page(walk: Walk, step: str, action: str) -> str:
    return f"/can-bo/viec/{open_task(walk, step).id}/{action}"


def hidden_of(browser: PageClient, url: str) -> dict[str, str]:
    """What the form of an action carries before anything is typed."""
    form = next(form for form in page_of(browser.get(url)).iter("form") if form.get("action") is None)
    return html.fields_of(form)


def test_a_permit_goes_through_every_desk_by_its_pages(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()

    def press(step: str, button: str, fields: Mapping[str, Any] | None = None, *, action: str = "") -> None:
        browser = as_official(holder_of(open_task(walk, step)))
        url = action_page(walk, step, action) if action else record_page(walk)
        response = submit(browser, url, fields, button=button)
        assert response.status_code == 303, words_of(response)
        assert "Đã " in words_of(browser.get(response.location))

    press("receive", "Tiếp nhận hồ sơ", ALL_CHECKS)
    assert walk.file().record.accepted_at is not None
    press("forward", "Chuyển hồ sơ đi giải quyết")
    press("assign", "Phân công", {"assignee_id": str(person("nk.qldt.sp1").id)}, action="assign")
    assert open_task(walk, "appraise").assignee_name == "Lê Mẫu Nền"
    question = {**ALL_CHECKS, "question": "Xin ý kiến về lối thoát nạn."}
    press("appraise", "Hỏi ý kiến và kiểm tra thực địa", question, action="ask")
    press("ask_ok", "Duyệt và gửi văn bản")
    assert walk.file().record.state == "consulting"
    for asked in ("fire", "plan"):
        press(asked, "Trình ý kiến", {"verdict": "agree", "comment": "Phù hợp."}, action="answer")
        press(f"{asked}_sign", "Ký và gửi ý kiến")
    found = {"as_filed": "yes", "findings": "Đúng như bản vẽ."}
    press("site", "Ghi kết quả kiểm tra", found, action="done")
    press("conclude", "Trình dự thảo giấy phép")
    press("review", "Ký nháy và trình ký")
    press("sign", "Ký")
    press("stamp", "Lấy số và đóng dấu")
    assert walk.file().result is not None
    assert walk.file().result.reference.endswith("/GPXD")  # type: ignore[union-attr]
    press("give", "Trả kết quả")
    assert walk.file().record.state == "returned"
    assert {opinion.verdict for opinion in walk.file().opinions} == {"agree"}


def test_the_record_stays_open_while_its_next_task_is_in_the_same_hands(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit()
    response = submit(as_official(RECEPTIONIST), record_page(walk), ALL_CHECKS, button="Tiếp nhận hồ sơ")
    assert response.location.startswith(record_page(walk))


def test_an_unticked_line_of_the_checklist_is_named(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    response = submit(as_official(RECEPTIONIST), record_page(walk), {"checks": ["0", "2"]}, button="Tiếp nhận hồ sơ")
    assert response.status_code == 422
    assert "Đánh dấu mục: Tờ khai khớp với giấy tờ" in words_of(response)
    assert walk.file().record.state == "submitted"


def test_who_comes_second_is_told_who_and_when_and_keeps_what_he_wrote(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    slow = as_official(RECEPTIONIST)
    url = action_page(walk, "receive", "refuse")
    typed = {**hidden_of(slow, url), "ground": "not_ours", "reason": "Không thuộc thẩm quyền của phường."}
    quick = walk.go("receive.accept").file().tasks
    closed = next(task for task in quick if task.step == "receive")
    if closed.closed_by == person(RECEPTIONIST).id:
        slow = as_official(_colleague_of(RECEPTIONIST))
        typed["csrf_token"] = hidden_of(slow, action_page(walk, "forward", "hand_over"))["csrf_token"]
    response = slow.post(url, data=typed)
    assert response.status_code == 409
    assert f"{closed.closed_by_name} vừa xử lý hồ sơ này lúc" in words_of(response)
    assert "Không thuộc thẩm quyền của phường." in response.text
    assert walk.file().record.state == "accepted"


def test_two_opinions_on_one_record_both_succeed(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED)
    pages = {}
    for asked in ("fire", "plan"):  # both pages are open before either is sent
        browser = as_official(holder_of(open_task(walk, asked)))
        url = action_page(walk, asked, "answer")
        pages[asked] = (browser, url, hidden_of(browser, url))
    for browser, url, hidden in pages.values():
        assert browser.post(url, data={**hidden, "verdict": "agree"}).status_code == 303
    assert {opinion.consultation for opinion in walk.file().opinions} == {"fire", "plan"}


def test_an_opinion_needs_a_verdict(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED)
    browser = as_official(holder_of(open_task(walk, "fire")))
    response = submit(browser, action_page(walk, "fire", "answer"), {"comment": "Cần thêm cửa."}, button="Trình ý kiến")
    assert response.status_code == 422
    assert "Chọn ý kiến" in words_of(response)
    assert "Cần thêm cửa." in response.text


def test_a_supplement_names_each_item_with_its_reason(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    fields = {
        "items": ["paper-land"],
        "items-building": ["field-height_m"],
        "reason-paper-land": "Ảnh mờ, không đọc được số thửa.",
        "wish-paper-land": "add",
        "reason-field-height_m": "Khác với bản vẽ mặt đứng.",
    }
    browser = as_official(holder_of(open_task(walk, "appraise")))
    url = action_page(walk, "appraise", "supplement")
    assert submit(browser, url, fields, button="Yêu cầu bổ sung").status_code == 303
    asked = walk.file().supplements[0].items
    assert [(item["kind"], item["id"], item["wish"]) for item in asked] == [
        ("paper", "land", "add"),
        ("field", "height_m", "correct"),
    ]
    assert asked[1]["before"] == "8"
    assert open_task(walk, "sup_ok")


def test_a_ticked_item_without_a_reason_is_an_error_at_the_item(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(holder_of(open_task(walk, "appraise")))
    url = action_page(walk, "appraise", "supplement")
    response = submit(browser, url, {"items": ["paper-drawings"]}, button="Yêu cầu bổ sung")
    assert response.status_code == 422
    assert "Ghi lý do cho mục Bản vẽ thiết kế" in words_of(response)
    assert 'href="#reason-paper-drawings"' in response.text
    nothing = submit(browser, url, {}, button="Yêu cầu bổ sung")
    assert "Chọn ít nhất một giấy tờ hoặc một mục cần bổ sung." in words_of(nothing)
    assert walk.file().supplements == ()


def test_a_second_request_warns(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST).supplement("appraise").answer().go("sup_in.hand_over")
    browser = as_official(holder_of(open_task(walk, "appraise")))
    page = words_of(browser.get(action_page(walk, "appraise", "supplement")))
    assert "Đã yêu cầu bổ sung 1 lần. Lần này phải được duyệt trước khi gửi." in page
    assert "Lãnh đạo duyệt yêu cầu bổ sung lần sau" in page


def test_work_goes_back_only_with_a_reason(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST, "appraise.ask")
    url = action_page(walk, "ask_ok", "return")
    browser = as_official(HEAD)
    assert "Nhập lý do" in words_of(submit(browser, url, {}, button="Trả lại để soạn lại"))
    assert submit(browser, url, {"reason": "Nêu rõ câu hỏi."}, button="Trả lại để soạn lại").status_code == 303
    assert "Lý do: Nêu rõ câu hỏi." in words_of(browser.get(record_page(walk)))


def test_who_drafted_may_not_sign(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SIGN)
    drafter = next(task for task in walk.file().tasks if task.step == "conclude")
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("""
            INSERT INTO post (id, person_id, person_name, unit_id, role, title, capacity, valid_from)
            SELECT gen_random_uuid(), :person, person_name, :unit, 'leader', title, capacity, valid_from
            FROM post WHERE person_id = :person LIMIT 1
            """),
            {"person": drafter.closed_by, "unit": open_task(walk, "sign").unit_id},
        )
    with_two_posts = as_official(_login_of(drafter.closed_by))
    response = submit(with_two_posts, record_page(walk), button="Ký")
    assert response.status_code == 403
    assert "Người soạn không được ký. Chuyển cho người có thẩm quyền khác." in words_of(response)
    assert submit(as_official(LEADER), record_page(walk), button="Ký").status_code == 303


@pytest.mark.parametrize("login", ["bt.mc.rec1", "sldtbxh.sp1"])
def test_a_stranger_sees_neither_the_record_nor_its_tasks(as_official: AsOfficial, permit: Permit, login: str) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(login)
    assert browser.get(record_page(walk)).status_code == 404
    assert browser.get(action_page(walk, "appraise", "ask")).status_code == 404
    assert browser.get(f"/can-bo/viec/{open_task(walk, 'appraise').id}/giao").status_code == 404


def test_another_post_of_the_unit_may_look_but_not_act(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()  # at the counter of the commune
    browser = as_official("ck.cl1")
    assert "Tiếp nhận hồ sơ" not in [
        html.words(found) for found in page_of(browser.get(record_page(walk))).iter("button")
    ]
    url = action_page(walk, "receive", "accept")
    token = hidden_of(browser, url)
    response = browser.post(url, data={**token, **ALL_CHECKS})
    assert response.status_code == 403
    assert "Việc này thuộc vị trí khác. Chuyển cho người phụ trách." in words_of(response)


def test_the_head_puts_a_task_into_other_hands(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    url = f"/can-bo/viec/{open_task(walk, 'appraise').id}/giao"
    chosen = person("nk.qldt.sp1")
    response = submit(as_official(HEAD), url, {"assignee_id": str(chosen.id)}, button="Giao việc")
    assert response.status_code == 303
    assert open_task(walk, "appraise").assignee_name == chosen.full_name


def test_an_unknown_action_is_not_found(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    assert as_official(RECEPTIONIST).get(action_page(walk, "receive", "khong-co")).status_code == 404


def test_the_page_of_an_action_says_what_follows(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    page = as_official(RECEPTIONIST).get(action_page(walk, "receive", "refuse"))
    assert heading(page) == "Đề nghị từ chối tiếp nhận: Nguyễn Thị Hoa"
    assert "Bước sau: Duyệt từ chối tiếp nhận." in words_of(page)


def test_a_refusal_names_a_ground_of_the_list(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    url = action_page(walk, "receive", "refuse")
    response = submit(as_official(RECEPTIONIST), url, {"reason": "Thửa đất ở quận khác."})
    assert response.status_code == 422
    assert "Chọn căn cứ từ chối" in words_of(response)
    submit(as_official(RECEPTIONIST), url, {"reason": "Thửa đất ở quận khác.", "ground": "not_ours"})
    walk.go("refuse_ok.approve")
    refusal = next(document for document in walk.file().documents if document.kind == "form03")
    with reading(SYSTEM, consistent=True) as session:
        said = form03(writing_of(session, walk.record_id, refusal.id, now=walk.now))
    grounds = ["Không thuộc thẩm quyền giải quyết của cơ quan.", "Thửa đất ở quận khác."]
    assert [reason["text"] for reason in said["reasons"]] == grounds


def _login_of(key: object) -> str:
    with unit_of_work(SYSTEM) as session:
        return str(session.execute(text("SELECT login FROM person WHERE id = :key"), {"key": key}).scalar_one())


def _colleague_of(login: str) -> str:
    with unit_of_work(SYSTEM) as session:
        return str(
            session.execute(
                text("""
                SELECT other.login FROM post mine JOIN post theirs USING (unit_id, role)
                JOIN person me ON me.id = mine.person_id JOIN person other ON other.id = theirs.person_id
                WHERE me.login = :login AND other.id <> me.id ORDER BY 1 LIMIT 1
                """),
                {"login": login},
            ).scalar_one()
        )


def test_the_letter_is_read_before_it_is_sent(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(holder_of(open_task(walk, "appraise")))
    url = action_page(walk, "appraise", "supplement")
    fields = {"items": ["paper-land"], "reason-paper-land": "Ảnh <mờ>, không đọc được.", "wish-paper-land": "add"}
    response = submit(browser, url, fields, button="Xem thư với các mục vừa chọn")
    assert response.status_code == 200
    letter = next(part for part in page_of(response).iter("div") if part.get("class") == "letter")
    said = " ".join(" ".join(letter.itertext()).split())
    assert "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ Lần thứ 1" in said
    assert "Nộp thêm" in said
    assert "Ảnh <mờ>, không đọc được." in said
    assert "Hạn bổ sung: hết ngày" in said
    assert (
        html.fields_of(next(form for form in page_of(response).iter("form") if form.get("action") is None))[
            "reason-paper-land"
        ]
        == "Ảnh <mờ>, không đọc được."
    )
    assert walk.file().supplements == ()


def test_looking_at_the_letter_needs_nothing_filled_in(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(holder_of(open_task(walk, "appraise")))
    url = action_page(walk, "appraise", "supplement")
    response = submit(browser, url, {"items": ["paper-land"]}, button="Xem thư với các mục vừa chọn")
    assert response.status_code == 200
    assert "Ghi lý do" not in words_of(response)


def test_an_asked_agency_reads_the_question_and_until_when(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED)
    page = words_of(as_official(holder_of(open_task(walk, "fire"))).get(action_page(walk, "fire", "answer")))
    assert "Phòng Quản lý đô thị quận Ninh Kiều hỏi ngày" in page
    assert "Đề nghị cho ý kiến về hồ sơ xây dựng nhà ở kèm theo" in page
    assert "Trả lời trước" in page
    assert "Không trả lời thì coi như đồng ý." in page


def test_who_does_not_simply_agree_says_why(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED)
    browser = as_official(holder_of(open_task(walk, "fire")))
    url = action_page(walk, "fire", "answer")
    refused = submit(browser, url, {"verdict": "disagree"}, button="Trình ý kiến")
    assert refused.status_code == 422
    assert "Ghi lý do hoặc điều kiện" in words_of(refused)
    fields = {"verdict": "disagree", "comment": "Thiếu lối thoát nạn."}
    assert submit(browser, url, fields, button="Trình ý kiến").status_code == 303
