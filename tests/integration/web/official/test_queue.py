"""The queue of an official: order, counts, pages, and taking work."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from sqlalchemy import text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration import PASSWORD
from portal.demonstration.walking import Walk
from portal.records.queues import PAGE
from tests.harness import html
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.harness.statements import count_queries
from tests.integration.web.official.conftest import RECEPTIONIST, AsOfficial, Permit, holder_of

TO_SPECIALIST = ("receive.accept", "forward.hand_over", "assign.assign")


def names(browser: PageClient, url: str = "/can-bo") -> list[str]:
    """Whose records stand in the queue, in its order."""
    page = page_of(browser.get(url))
    return [html.words(link) for link in page.iter("a") if "queue__name" in (link.get("class") or "")]


def many_more(walk: Walk, count: int) -> None:
    """Copies of the open task, each due a minute later than the one before."""
    task = walk.file().open_tasks[0]
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("""
            INSERT INTO task SELECT (jsonb_populate_record(task, jsonb_build_object(
              'id', gen_random_uuid(), 'due_at', due_at + number * interval '1 minute',
              'applicant_name', 'Người thứ ' || number))).*
            FROM task, generate_series(1, :count) AS number WHERE task.id = :wanted
            """),
            {"count": count, "wanted": task.id},
        )


def test_what_is_due_soonest_comes_first_and_the_heading_counts_what_is_late(
    as_official: AsOfficial, permit: Permit
) -> None:
    permit(name="Người đến sau", at=clock.now() - timedelta(hours=1))
    permit(name="Người đã lâu", at=clock.now() - timedelta(days=20))
    browser = as_official(RECEPTIONIST)
    assert names(browser) == ["Người đã lâu", "Người đến sau"]
    assert heading(browser.get("/can-bo")) == "Việc của tôi: 2 việc, 1 việc quá hạn"
    assert names(browser, "/can-bo?loc=qua-han") == ["Người đã lâu"]
    assert names(browser, "/can-bo?loc=dung-yen") == ["Người đã lâu"]
    assert "Quá hạn 1" in words_of(browser.get("/can-bo"))


def test_in_english_post_unit_and_place_are_english_too(as_official: AsOfficial, permit: Permit) -> None:
    permit()
    offered = {link.text: link.get("href") for link in page_of(as_official(RECEPTIONIST).get("/can-bo")).iter("a")}
    assert offered["English"] == "/en/can-bo"
    browser = as_official(RECEPTIONIST)
    for address in ("/en/can-bo", "/en/can-bo/don-vi"):
        page = unescape(browser.get(address).get_data(as_text=True))
        assert re.search(r"(Specialist|Reception\w*), People's Committee of Cái Khế Ward", page)  # of two posts, one
        assert [words for words in ("P. Cái Khế", "Công chức", "UBND") if words in page] == []
    assert heading(browser.get("/en/can-bo/don-vi")).startswith("Tasks of People's Committee of Cái Khế Ward")
    assert "Công chức Tư pháp – Hộ tịch, UBND phường Cái Khế" in browser.get("/can-bo").get_data(as_text=True)


def test_a_desk_sees_its_own_tasks_only(as_official: AsOfficial, permit: Permit) -> None:
    permit(name="Hồ sơ của Cái Khế")
    elsewhere = words_of(as_official("pccc.sp1").get("/can-bo"))
    assert "Hồ sơ của Cái Khế" not in elsewhere
    assert "Đã xong hết việc." in elsewhere


def test_a_supplement_that_came_back_is_news(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST, at=clock.now() - timedelta(days=6))
    walk.supplement("appraise").answer().go("sup_in.hand_over")
    browser = as_official(_holder(walk))
    assert "Mới bổ sung xong" in words_of(browser.get("/can-bo?loc=bo-sung-xong"))
    assert names(browser, "/can-bo?loc=bo-sung-xong") == ["Nguyễn Thị Hoa"]


def test_the_queue_asks_the_same_for_one_row_and_for_many(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    browser = as_official(RECEPTIONIST)
    browser.get("/can-bo")
    with count_queries() as for_one:
        browser.get("/can-bo")
    many_more(walk, 20)
    with count_queries() as for_many:
        assert len(names(browser)) == 21
    assert len(for_one) == len(for_many)
    assert len([sent for sent in for_one if "FROM task" in sent]) == 2
    assert len(for_one) == 3  # who asks, the rows, the counts


def test_the_queue_goes_on_where_a_page_ended(as_official: AsOfficial, permit: Permit) -> None:
    many_more(permit(name="Người thứ 0"), PAGE + 4)
    browser = as_official(RECEPTIONIST)
    first = names(browser)
    links = page_of(browser.get("/can-bo")).iter("a")
    onward = next(link.get("href", "") for link in links if link.get("rel") == "next")
    second = names(browser, onward)
    assert first + second == [f"Người thứ {number}" for number in range(PAGE + 5)]
    assert len(first) == PAGE
    assert "Về đầu danh sách" in words_of(browser.get(onward))


def test_a_changed_address_shows_the_first_page(as_official: AsOfficial, permit: Permit) -> None:
    permit(name="Nguyễn Thị Hoa")
    assert names(as_official(RECEPTIONIST), "/can-bo?loc=khong-co&sau=hom-qua~7") == ["Nguyễn Thị Hoa"]


def test_a_task_is_taken_from_its_row(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    response = submit(
        as_official(RECEPTIONIST), "/can-bo", button="Nhận việc Nguyễn Thị Hoa, Tiếp nhận, kiểm tra hồ sơ"
    )
    assert response.status_code == 303
    assert walk.file().open_tasks[0].assignee_name == "Hà Mẫu Cam"
    assert [event.kind for event in walk.file().events] == ["record_submitted", "task_claimed"]


def test_who_saw_a_task_free_takes_it_from_nobody(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    slow, quick = as_official("ck.ju1"), as_official(_colleague(walk))
    page = page_of(slow.get("/can-bo"))
    form = next(form for form in page.iter("form") if form.get("action") == "/can-bo/nhan-viec")
    token = html.fields_of(form)
    task = next(box.get("value", "") for box in form.iter("input") if box.get("name") == "task")
    submit(quick, "/can-bo", button="Nhận việc", fields={"task": task})
    holder = walk.file().open_tasks[0].assignee_name
    response = slow.post("/can-bo/nhan-viec", data={**token, "task": task}, follow_redirects=True)
    assert f"{holder} vừa nhận việc này." in words_of(response)
    assert walk.file().open_tasks[0].assignee_name == holder


def test_the_unit_sees_who_holds_what(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    text_of = words_of(as_official("nk.qldt.hd1").get("/can-bo/don-vi"))
    assert "Việc của Phòng Quản lý đô thị quận Ninh Kiều: 1 việc" in text_of
    assert walk.file().open_tasks[0].assignee_name in text_of


def test_a_citizen_may_not_enter(as_official: AsOfficial) -> None:
    assert as_official("092085001234").get("/can-bo").status_code == 403


def test_signing_in_leads_an_official_to_his_queue(as_official: AsOfficial) -> None:
    browser = as_official(RECEPTIONIST)
    browser.get("/")
    with browser.session_transaction() as cookie:
        cookie.clear()
    response = submit(browser, "/dang-nhap", {"login": RECEPTIONIST, "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/can-bo")


def _holder(walk: Walk) -> str:
    """The account of whoever holds the open task."""
    return holder_of(walk.file().open_tasks[0])


def _colleague(walk: Walk) -> str:
    """Another account with the post that the open task asks for."""
    task = walk.file().open_tasks[0]
    with reading(SYSTEM) as session:
        found: str = session.execute(
            text("""
            SELECT login FROM person JOIN post ON post.person_id = person.id
            WHERE unit_id = :unit AND role = :role AND login <> 'ck.ju1' ORDER BY login LIMIT 1
            """),
            {"unit": task.unit_id, "role": task.role},
        ).scalar_one()
    return found
