"""A full queue: narrowing it, going on from record to record, and several tasks at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from tests.harness import html
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.integration.web.official.conftest import HEAD, RECEPTIONIST, SPECIALIST, AsOfficial, Permit, person
from tests.integration.web.official.test_queue import names

TO_HEAD = ("receive.accept", "forward.hand_over")
TO_SPECIALIST = (*TO_HEAD, "assign.assign")


def hours_ago(hours: int) -> dict[str, object]:
    return {"at": clock.now() - timedelta(hours=hours)}


def link_of(browser: PageClient, url: str, words: str) -> str:
    links = page_of(browser.get(url)).iter("a")
    return next(link.get("href", "") for link in links if html.words(link).startswith(words))


def keys_of(browser: PageClient, url: str) -> list[str]:
    return [box.get("value", "") for box in page_of(browser.get(url)).iter("input") if box.get("name") == "task"]


def test_a_queue_is_narrowed_and_its_address_keeps_how(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_HEAD, name="Chờ phân công")
    permit(*TO_SPECIALIST, name="Đang thẩm định")
    browser = as_official(HEAD)
    narrow = link_of(browser, "/can-bo/don-vi", "Lọc và cột")
    response = submit(browser, narrow, {"step": "Thẩm định hồ sơ", "columns": ["noi"]}, button="Xem danh sách")
    assert response.status_code == 303
    assert response.location.startswith("/can-bo/don-vi?buoc=")
    assert names(browser, response.location) == ["Đang thẩm định"]
    page = words_of(browser.get(response.location))
    assert "Việc của Phòng Quản lý đô thị quận Ninh Kiều: 1 việc" in page
    assert "Chỉ thấy: Thẩm định hồ sơ. Bỏ lọc" in page
    assert "Hẹn trả" not in page
    assert "Nơi" in page
    again = page_of(browser.get(link_of(browser, response.location, "Lọc và cột")))
    chosen = [option.get("value") for option in again.iter("option") if option.get("selected") is not None]
    assert "Thẩm định hồ sơ" in chosen
    assert len(names(browser, link_of(browser, response.location, "Bỏ lọc"))) == 2


def test_a_queue_is_narrowed_to_a_day_and_to_what_nobody_holds(as_official: AsOfficial, permit: Permit) -> None:
    permit(name="Đã lâu", **hours_ago(24 * 20))
    permit(name="Mới gửi")
    browser = as_official(RECEPTIONIST)
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    day = {"due_until-day": yesterday.day, "due_until-month": yesterday.month, "due_until-year": yesterday.year}
    response = submit(browser, "/can-bo/loc", day, button="Xem danh sách")
    assert names(browser, response.location) == ["Đã lâu"]
    submit(browser, response.location, button="Nhận việc Đã lâu, Tiếp nhận, kiểm tra hồ sơ")
    free = submit(browser, "/can-bo/loc", {"unclaimed": "yes"}, button="Xem danh sách")
    assert names(browser, free.location) == ["Mới gửi"]
    assert "Không có việc nào như vậy." in words_of(browser.get("/can-bo?buoc=Bước+không+có"))


def test_a_day_that_cannot_be_is_said_at_its_field(as_official: AsOfficial) -> None:
    day = {"due_until-day": "31", "due_until-month": "2", "due_until-year": "2026"}
    response = submit(as_official(RECEPTIONIST), "/can-bo/loc", day, button="Xem danh sách")
    assert response.status_code == 422
    assert "phải là ngày có thật" in words_of(response)


def test_the_next_record_is_of_the_same_queue_and_filter(as_official: AsOfficial, permit: Permit) -> None:
    for name, hours in (("Một", 24 * 22), ("Hai", 24 * 21), ("Ba", 24 * 20), ("Không quá hạn", 1)):
        permit(name=name, **hours_ago(hours))
    browser = as_official(RECEPTIONIST)
    first = link_of(browser, "/can-bo?loc=qua-han", "Một")
    second = link_of(browser, first, "Hồ sơ kế tiếp")
    assert heading(browser.get(second)).startswith("Hai:")
    third = link_of(browser, second, "Hồ sơ kế tiếp")
    assert heading(browser.get(third)).startswith("Ba:")
    assert "Hồ sơ kế tiếp" not in words_of(browser.get(third))
    assert link_of(browser, third, "Về danh sách việc") == "/can-bo?loc=qua-han"


def test_a_record_opened_by_itself_leads_to_no_next_one(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    permit(name="Kế tiếp")
    page = words_of(as_official(RECEPTIONIST).get(f"/can-bo/ho-so/{walk.file().record.code}"))
    assert "Hồ sơ kế tiếp" not in page


def test_after_an_action_the_next_record_is_offered(as_official: AsOfficial, permit: Permit) -> None:
    permit(name="Một", **hours_ago(24 * 22))
    permit(name="Hai", **hours_ago(24 * 21))
    browser = as_official(RECEPTIONIST)
    first = link_of(browser, "/can-bo?loc=qua-han", "Một")
    refuse = link_of(browser, first, "Đề nghị từ chối")
    response = submit(browser, refuse, {"ground": "not_ours", "reason": "Không thuộc thẩm quyền."})
    assert response.location == "/can-bo?loc=qua-han"
    onward = link_of(browser, response.location, "Hồ sơ kế tiếp: Hai, Tiếp nhận, kiểm tra hồ sơ")
    assert heading(browser.get(onward)).startswith("Hai:")


def test_several_tasks_are_put_into_somebodys_hands(as_official: AsOfficial, permit: Permit) -> None:
    walks = [permit(*TO_SPECIALIST, name=name) for name in ("Một", "Hai")]
    head = as_official(HEAD)
    page = submit(head, "/can-bo/don-vi", {"task": keys_of(head, "/can-bo/don-vi")}, button="Chuyển người khác")
    assert heading(head.get(page.location)) == "Chuyển 2 việc cho người khác"
    chosen = str(person(SPECIALIST).id)
    response = submit(head, page.location, {"assignee_id": chosen}, button="Chuyển việc", follow=True)
    assert "Đã chuyển 2 việc." in words_of(response)
    assert heading(response).startswith("Việc của Phòng Quản lý đô thị")
    assert {str(walk.file().open_tasks[0].assignee_id) for walk in walks} == {chosen}


def test_a_row_that_cannot_be_handed_on_says_why_and_keeps_back_no_other(
    as_official: AsOfficial, permit: Permit
) -> None:
    done = permit(*TO_SPECIALIST, name="Vừa xong")
    other = permit(*TO_SPECIALIST, name="Còn lại")
    head = as_official(HEAD)
    page = submit(head, "/can-bo/don-vi", {"task": keys_of(head, "/can-bo/don-vi")}, button="Chuyển người khác")
    done.go("appraise.ask")
    chosen = str(person(SPECIALIST).id)
    response = submit(head, page.location, {"assignee_id": chosen}, button="Chuyển việc", follow=True)
    words = words_of(response)
    assert "Đã chuyển 1 việc." in words
    assert "Chưa chuyển được 1 việc: Vừa xong:" in words
    assert "vừa xử lý hồ sơ này lúc" in words
    assert str(other.file().open_tasks[0].assignee_id) == chosen


def test_who_leads_no_unit_is_offered_no_handing_on_and_may_not_force_it(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit(*TO_SPECIALIST)
    task = walk.file().open_tasks[0]
    browser = as_official(SPECIALIST)
    assert "Chuyển người khác" not in words_of(browser.get("/can-bo/don-vi"))
    url, chosen = f"/can-bo/chuyen-viec?viec={task.id}", {"assignee_id": str(task.assignee_id)}
    response = submit(browser, url, chosen, button="Chuyển việc", follow=True)
    assert "Việc này thuộc vị trí khác." in words_of(response)
    assert "task_assigned" not in [event.kind for event in walk.file().events]


def test_nothing_ticked_is_said(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_SPECIALIST)
    head = as_official(HEAD)
    response = submit(head, "/can-bo/don-vi", button="Chuyển người khác", follow=True)
    assert "Chọn ít nhất một việc." in words_of(response)


def test_a_task_goes_to_nobody_with_another_function(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    task = walk.file().open_tasks[0]
    with unit_of_work(SYSTEM) as session:
        stranger = person("nk.tckh.sp1").id
        session.execute(
            text("""
            INSERT INTO post (id, person_id, person_name, unit_id, role, function, title, capacity, valid_from)
            SELECT gen_random_uuid(), :person, person_name, :unit, 'specialist', 'greenery', title, capacity, valid_from
            FROM post WHERE person_id = :person LIMIT 1
            """),
            {"person": stranger, "unit": task.unit_id},
        )
    page = as_official(HEAD).get(f"/can-bo/chuyen-viec?viec={task.id}")
    assert "Hồ Mẫu Thịnh" not in words_of(page)


def test_the_keys_are_told_of(as_official: AsOfficial) -> None:
    page = words_of(as_official(RECEPTIONIST).get("/can-bo/phim-tat"))
    assert "Mở hồ sơ của dòng đang đứng" in page
