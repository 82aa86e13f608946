"""The page of an action that decides row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from portal.config import Settings
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.demonstration.walking import Walk
from portal.demonstration.walking import submit as send_in
from tests.harness.client import submit, words_of
from tests.integration.records.arranging import APPLICANT
from tests.integration.records.further_forms import FORMS, TREES
from tests.integration.web.official.conftest import PLACE, AsOfficial, holder_of, person
from tests.integration.web.official.test_acting import action_page, hidden_of, open_task, record_page


@pytest.fixture
def concluding(office: Connection, settings: Settings, kept_paper: str) -> Walk:
    """Three trees, surveyed; the permit waits to be drafted."""
    citizen = person("092085001234")
    answers, slots, level = FORMS[TREES]
    start = clock.now() - timedelta(hours=1)
    days = {"from": "2030-01-10", "to": "2030-01-17"}
    walk = send_in(
        TREES,
        owner=Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name),
        answers={**APPLICANT, **answers, **days},
        papers=[(slot, kept_paper) for slot in slots],
        place=PLACE,
        level=level,
        receipt_key=settings.receipt_key.encode(),
        now=start,
    )
    return walk.go(
        "receive.accept", "forward.hand_over", "assign.assign", "appraise.ask", "ask_ok.send", "site.done", "dist.⏰"
    )


def test_each_tree_is_granted_or_refused_with_its_reason(as_official: AsOfficial, concluding: Walk) -> None:
    browser = as_official(holder_of(open_task(concluding, "conclude")))
    url = action_page(concluding, "conclude", "draft")
    page = words_of(browser.get(url))
    assert "Cây 1: Sao đen, trước số 12" in page
    assert "Cây 3: Dầu rái, trước số 16" in page
    fields = {"granted_0": "yes", "granted_1": "yes", "granted_2": "no"}
    refused = browser.post(url, data={**hidden_of(browser, url), **fields})
    assert refused.status_code == 422
    assert "Ghi lý do không cấp cho mục này." in words_of(refused)
    nothing = submit(browser, url, {})
    assert nothing.status_code == 422
    assert "Chọn quyết định" in words_of(nothing)
    sent = browser.post(url, data={**hidden_of(browser, url), **fields, "reason_2": "Cây khỏe."})
    assert sent.status_code == 303
    told = words_of(browser.get(record_page(concluding)))
    assert "Cấp 2 trên 3 mục." in told
    assert "Không cấp mục 3: Cây khỏe." in told
