"""Many records at once: one list for all that went, each row for itself, nothing that was ticked is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk, submit
from portal.jobs.drain import drain
from portal.jobs.types import DOCUMENTS, MESSAGES
from portal.records import batches
from portal.records.jobs import KINDS
from portal.records.record_file import DocumentView
from tests.harness.client import PageClient, heading, page_of, words_of
from tests.harness.client import submit as send
from tests.integration.records.arranging import ALLOWANCE, APPLICANT, CAI_KHE, FORMS
from tests.integration.web.official.conftest import AsOfficial, holder_of, person

CHOICE = "/can-bo/nhieu-ho-so"
BUTTON = "Xác nhận, trình lãnh đạo"
CHECKS = {"checks": ["0", "1", "2"]}

Allowances = Callable[..., list[Walk]]


@pytest.fixture
def allowances(office: Connection, settings: Settings, kept_paper: str) -> Allowances:
    """Applications for the allowance that a commune is about to list."""

    def walked(*names: str, to: tuple[str, ...] = ("receive.accept", "forward.hand_over")) -> list[Walk]:
        now = clock.now() - timedelta(hours=1)
        citizen = person("092085001234")
        owner = Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name)
        return [
            submit(
                ALLOWANCE,
                owner=owner,
                answers={**APPLICANT, **FORMS[ALLOWANCE].answers, "full_name": name},
                papers=[("merit", kept_paper)],
                place=CAI_KHE,
                level="commune",
                receipt_key=settings.receipt_key.encode(),
                now=now,
            ).go(*to)
            for name in names
        ]

    return walked


def at_desk(as_official: AsOfficial, walks: list[Walk]) -> PageClient:
    return as_official(holder_of(walks[0].file().open_tasks[0]))


def waiting(*walks: Walk) -> list[str]:
    return [str(walk.file().open_tasks[0].id) for walk in walks]


def go_together(browser: PageClient, *walks: Walk, **more: object) -> TestResponse:
    return send(browser, CHOICE, {"viec": waiting(*walks), **CHECKS, **more}, button=BUTTON)


def list_of(walk: Walk) -> DocumentView:
    return next(document for document in walk.file().documents if document.kind == "list")


def work() -> None:
    """What the background owes by now."""
    drain(MESSAGES, KINDS)


def test_records_go_together_under_one_number_and_the_list_hangs_on_each(
    as_official: AsOfficial, allowances: Allowances
) -> None:
    walks = allowances("Nguyễn Mẫu Một", "Nguyễn Mẫu Hai", "Nguyễn Mẫu Ba")
    browser = at_desk(as_official, walks)
    response = go_together(browser, *walks[:2])
    page = browser.get(response.location)
    assert heading(page) == "Xác nhận, trình lãnh đạo: 2 hồ sơ"
    assert "Đã xong cả 2 hồ sơ." in words_of(page)
    assert [walk.file().open_tasks[0].step for walk in walks] == ["c_sign", "c_sign", "c_check"]
    one, two = map(list_of, walks[:2])
    assert one.reference == two.reference != ""
    assert f"Danh sách đề nghị {one.reference}: đang tạo tệp." in words_of(page)
    taken = [event for walk in walks[:2] for event in walk.file().events if event.action == "pass"]
    assert len({event.record_id for event in taken}) == 2
    drain(DOCUMENTS, {"print_list": KINDS["print_list"], "make_document": lambda arguments, now: None})
    one, two = map(list_of, walks[:2])
    assert one.file_digest == two.file_digest is not None
    with reading(SYSTEM) as session:
        told = session.execute(text("SELECT content FROM document WHERE id = :id"), {"id": two.id}).scalar_one()
    assert [row["name"] for row in told["records"]] == ["Nguyễn Mẫu Một", "Nguyễn Mẫu Hai"]
    assert f"Danh sách đề nghị {one.reference}" in words_of(browser.get(response.location))


def test_one_that_is_refused_stays_with_its_reason_and_is_ticked_again(
    as_official: AsOfficial, allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FEW", 0)
    walks = allowances("Đi được", "Có người giữ")
    browser = at_desk(as_official, walks)
    tasks = waiting(*walks)
    batch_id = go_together(browser, *walks).location.rpartition("/")[2]
    assert "Đang làm: 0 trên 2 hồ sơ." in words_of(browser.get(f"{CHOICE}/{batch_id}"))
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("UPDATE task SET assignee_id = (SELECT id FROM person WHERE login = 'nk.lr1'), "
                 "assignee_name = 'Người khác' WHERE id = :task"),
            {"task": tasks[1]},
        )  # fmt: skip
    batches.carry_batch({"batch_id": batch_id}, now=clock.now())
    shown = browser.get(f"{CHOICE}/{batch_id}")
    said = words_of(shown)
    assert "Đã xong 1 trên 2 hồ sơ. Hồ sơ chưa xong vẫn còn nguyên." in said
    assert "Người khác đang giữ việc này." in said
    assert [walk.file().open_tasks[0].step for walk in walks] == ["c_sign", "c_check"]
    again = next(a.get("href", "") for a in page_of(shown).iter("a") if (a.get("href") or "").startswith(f"{CHOICE}?"))
    assert again == f"{CHOICE}?viec={tasks[1]}"


def test_what_was_ticked_and_checked_stays_when_something_is_missing(
    as_official: AsOfficial, allowances: Allowances
) -> None:
    walks = allowances("Một", "Hai")
    browser = at_desk(as_official, walks)
    response = go_together(browser, walks[0], checks=["0"])
    assert response.status_code == 422
    assert "Đánh dấu mục: Không còn thân nhân hưởng trợ cấp hằng tháng" in words_of(response)
    boxes = [box for box in page_of(response).iter("input") if box.get("type") == "checkbox"]
    ticked = {(box.get("name"), box.get("value")) for box in boxes if box.get("checked") is not None}
    assert ticked == {("viec", waiting(walks[0])[0]), ("checks", "0")}
    assert walks[0].file().open_tasks[0].step == "c_check"
    nothing = send(browser, CHOICE, CHECKS, button=BUTTON)
    assert nothing.status_code == 422
    assert "Chọn ít nhất một hồ sơ." in words_of(nothing)


def test_a_task_that_waits_in_a_batch_is_not_taken_into_another(
    as_official: AsOfficial, allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FEW", 0)
    walks = allowances("Một", "Hai")
    browser = at_desk(as_official, walks)
    first, second = (go_together(browser, *walks).location for _ in range(2))
    assert first == second
    work()
    assert len({list_of(walk).reference for walk in walks}) == 1
    assert all(len([d for d in walk.file().documents if d.kind == "list"]) == 1 for walk in walks)


def test_the_post_is_asked_for_again_when_the_background_gets_to_it(
    as_official: AsOfficial, allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FEW", 0)
    walks = allowances("Một", "Hai")
    login = holder_of(walks[0].file().open_tasks[0])
    browser = as_official(login)
    batch_id = go_together(browser, *walks).location.rpartition("/")[2]
    with unit_of_work(SYSTEM) as session:
        ended = clock.local_day(clock.now()) - timedelta(days=1)
        session.execute(
            text("UPDATE post SET valid_to = :ended WHERE person_id = (SELECT id FROM person WHERE login = :login)"),
            {"ended": ended, "login": login},
        )
    batches.carry_batch({"batch_id": batch_id}, now=clock.now())
    assert [walk.file().open_tasks[0].step for walk in walks] == ["c_check", "c_check"]
    with reading(SYSTEM) as session:
        reasons = session.execute(text("SELECT reason ->> 'sentence' FROM batched_task")).scalars().all()
    assert set(reasons) == {"Không thấy việc này. Có thể việc đã chuyển sang cơ quan khác."}


def test_alone_the_list_has_one_row_and_a_number(as_official: AsOfficial, allowances: Allowances) -> None:
    (walk,) = allowances("Một", to=("receive.accept", "forward.hand_over", "c_check.pass"))
    with reading(SYSTEM) as session:
        batch_id = session.execute(text("SELECT id FROM batch")).scalar_one()
    batches.carry_batch({"batch_id": str(batch_id)}, now=walk.now)
    assert list_of(walk).reference.endswith("/DS-UBND")
    assert not list_of(walk).for_applicant


def test_a_batch_is_nobody_elses_business(as_official: AsOfficial, allowances: Allowances) -> None:
    walks = allowances("Một", "Hai")
    address = go_together(at_desk(as_official, walks), *walks).location
    assert as_official("bt.mc.rec1").get(address).status_code == 404


def test_the_queue_and_the_record_lead_to_doing_many_at_once(as_official: AsOfficial, allowances: Allowances) -> None:
    walks = allowances("Một", "Hai")
    browser = at_desk(as_official, walks)
    tasks = [walk.file().open_tasks[0] for walk in walks]
    chosen = {"task": [f"{task.id}~{task.version}" for task in tasks]}
    response = send(browser, "/can-bo", chosen, button="Làm nhiều hồ sơ một lần", follow=True)
    boxes = [box for box in page_of(response).iter("input") if box.get("name") == "viec"]
    assert {box.get("value") for box in boxes if box.get("checked") is not None} == set(waiting(*walks))
    record = words_of(browser.get(f"/can-bo/ho-so/{walks[0].file().record.code}"))
    assert "Làm cùng các hồ sơ khác" in record


def test_many_signatures_are_given_in_the_background_and_the_few_at_once(
    as_official: AsOfficial, allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = allowances("Một", "Hai", to=("receive.accept", "forward.hand_over", "c_check.pass"))
    browser = at_desk(as_official, walks)
    monkeypatch.setattr(batches, "FEW", 1)
    response = send(browser, "/can-bo/trinh-ky", {"task": waiting(*walks)}, button="Ký các văn bản đã chọn")
    page = browser.get(response.location)
    assert heading(page) == "Ký nhiều văn bản: 2 hồ sơ"
    assert "Đang làm: 0 trên 2 hồ sơ." in words_of(page)
    work()
    assert "Đã xong cả 2 hồ sơ." in words_of(browser.get(response.location))
    assert [walk.file().open_tasks[0].step for walk in walks] == ["c_out", "c_out"]
