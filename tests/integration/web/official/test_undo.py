"""The record's page offers to take the last action back, to whoever did it and to nobody else."""

from __future__ import annotations

from portal.accounts.models import Person
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from tests.harness import html
from tests.harness.client import page_of, submit, words_of
from tests.integration.web.official.conftest import SPECIALIST, AsOfficial, Permit
from tests.integration.web.official.test_acting import TO_SPECIALIST, open_task, record_page


def who_did(walk: Walk, step: str) -> str:
    """The account of whoever closed the step."""
    task = next(task for task in walk.file().tasks if task.step == step)
    with reading(SYSTEM) as session:
        return session.get_one(Person, task.closed_by).login


def test_the_head_takes_an_assignment_back(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(who_did(walk, "assign"))
    said = words_of(browser.get(record_page(walk)))
    assert "Đã chuyển lúc " in said
    assert ": Phân công. Hoàn tác" in said
    answer = submit(browser, record_page(walk), button="Hoàn tác", follow=True)
    assert "Đã hoàn tác. Việc này lại nằm ở bạn." in words_of(answer)
    assert "Hoàn tác: Phân công người xử lý" in words_of(answer)
    assert open_task(walk, "assign").assignee_id is not None
    assert "Đã chuyển lúc" not in words_of(answer)


def test_nobody_else_is_offered_it(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    browser = as_official(SPECIALIST)
    assert "Hoàn tác" not in words_of(browser.get(record_page(walk)))
    task = next(task for task in walk.file().tasks if task.step == "assign")
    token = html.fields_of(next(form for form in page_of(browser.get(record_page(walk))).iter("form")))
    refused = browser.post(f"/can-bo/viec/{task.id}/hoan-tac", data={"csrf_token": token["csrf_token"]})
    assert refused.status_code == 409
    assert "Không hoàn tác được nữa: hồ sơ đã đi tiếp." in words_of(refused)
    assert open_task(walk, "appraise").outcome is None
