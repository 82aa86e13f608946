"""What an agency decides about a result that it has issued: two persons, at once for everybody who checks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import check_token
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import issued_decisions, issued_list
from portal.records.jobs import watch_expiry
from portal.records.record_file import DocumentView
from tests.harness.client import PageClient, heading, page_of, words_of
from tests.integration.records.arranging import SIGNATURE
from tests.integration.web.official.conftest import AsOfficial
from tests.integration.web.official.test_electronic_signing import (
    CLERK,
    LEADER,
    at_the_leaders,
    hidden_on,
    result,
)

FIXTURES = (at_the_leaders,)
REVOCATION = {"kind": "revoke", "reason": "Chứng thực nhầm người", "reference": "12/QĐ-UBND"}
Check = Callable[[Walk], str]


@pytest.fixture
def issued(at_the_leaders: Callable[..., Walk]) -> Walk:
    walk = at_the_leaders(SIGNATURE, "witness.signed", "text", full_name="Nguyễn Mẫu An")
    return walk.go("sign.sign", "stamp.issue")


@pytest.fixture
def check(app: Flask) -> Check:
    """The sentence that a stranger reads who scans the code of the result."""

    def checked(walk: Walk) -> str:
        return heading(opened(app, walk))

    return checked


def about(document: DocumentView) -> str:
    return f"/can-bo/so-van-ban/{document.id}"


def opened(app: Flask, walk: Walk) -> TestResponse:
    """What a stranger sees who scans the code of the result."""
    key: bytes = app.extensions["settings"].receipt_key.encode()
    return app.test_client().get(f"/xac-thuc/qr/{check_token(result(walk).id, key=key)}", follow_redirects=True)


def propose(browser: PageClient, walk: Walk, fields: dict[str, str]) -> TestResponse:
    """Also from a page that was opened before and does not offer it any more."""
    return send(browser, walk, about(result(walk)), fields)


def send(browser: PageClient, walk: Walk, address: str, fields: dict[str, str]) -> TestResponse:
    token = hidden_on(browser.get("/can-bo/so-van-ban"))["csrf_token"][:1]
    return browser.post(address, data={"csrf_token": token, **fields})


def decide(browser: PageClient, walk: Walk, decision: str) -> TestResponse:
    return send(browser, walk, decision_address(browser, walk), {"decision": decision})


def decision_address(browser: PageClient, walk: Walk) -> str:
    found = re.search(r"/can-bo/so-van-ban/de-nghi/[0-9a-f-]+", browser.get(about(result(walk))).text)
    return found[0] if found else ""


def change(walk: Walk, statement: str, **values: object) -> None:
    with unit_of_work(SYSTEM) as session:
        session.execute(text(statement), {"wanted": result(walk).id, **values})


def told(walk: Walk) -> list[str]:
    return [event.kind for event in walk.file().events if event.kind.startswith("result_")]


def test_the_clerk_proposes_and_the_leader_revokes(as_official: AsOfficial, issued: Walk, check: Check) -> None:
    assert check(issued) == "Giấy thật, còn hiệu lực"
    clerk, leader = as_official(CLERK), as_official(LEADER)
    number = result(issued).reference
    for typed in (number.lower(), number.lstrip("0")):
        assert number in words_of(clerk.get(f"/can-bo/so-van-ban?so={typed}"))
    empty = propose(clerk, issued, {})
    assert empty.status_code == 422
    assert "Ghi lý do" in words_of(empty) or "Nhập lý do" in words_of(empty)
    assert propose(clerk, issued, REVOCATION).status_code == 303
    assert check(issued) == "Giấy thật, còn hiệu lực", "nothing has happened yet"
    assert "Chờ quyết định (1)" in words_of(leader.get("/can-bo"))
    assert "Chờ quyết định (" not in words_of(clerk.get("/can-bo"))
    assert decision_address(clerk, issued) == "", "four eyes"
    again = propose(leader, issued, REVOCATION)
    assert (again.status_code, issued_decisions.WAITS in words_of(again)) == (409, True)
    agreed = decide(leader, issued, "agree")
    assert agreed.status_code == 303
    assert check(issued) == "Giấy này đã bị thu hồi"
    assert told(issued) == ["result_revoked"]
    assert issued.file().events[-1].reason == REVOCATION["reason"]
    assert "12/QĐ-UBND" in words_of(clerk.get(about(result(issued))))
    with reading(SYSTEM) as session:
        readings = select(AuditEntry.details["page"].as_string()).where(
            AuditEntry.subject_id == issued.file().record.owner_id
        )
        assert "official_issued.show" in session.scalars(readings).all(), "the holder learns who looked"
    ended = propose(clerk, issued, REVOCATION)
    assert (ended.status_code, issued_decisions.ENDED in words_of(ended)) == (409, True)


def test_whoever_proposes_does_not_decide_however_high_his_post(as_official: AsOfficial, issued: Walk) -> None:
    leader = as_official(LEADER)
    assert propose(leader, issued, REVOCATION).status_code == 303
    assert "Chờ quyết định (" not in words_of(leader.get("/can-bo")), "it waits for somebody else"
    with reading(SYSTEM) as session:
        (waiting,) = issued_decisions.list_decisions(session, result(issued).id)
    refused = send(leader, issued, f"/can-bo/so-van-ban/de-nghi/{waiting.id}", {"decision": "agree"})
    assert (refused.status_code, issued_decisions.FOUR_EYES in words_of(refused)) == (403, True)
    assert as_official("nk.qldt.sp1").get(about(result(issued))).status_code == 404, "another agency's"


def test_a_result_is_prolonged_and_its_holder_reminded_once(
    as_official: AsOfficial, issued: Walk, check: Check
) -> None:
    today = clock.local_day(clock.now())
    clerk, leader = as_official(CLERK), as_official(LEADER)
    later = today + timedelta(days=400)
    extension = {"kind": "extend", "reason": "Công trình chưa khởi công", "reference": "13/QĐ-UBND"}
    extension |= {"valid_until-day": str(later.day), "valid_until-month": str(later.month)}
    extension |= {"valid_until-year": str(later.year)}
    no_end = propose(clerk, issued, extension)
    assert (no_end.status_code, issued_decisions.NO_END in words_of(no_end)) == (422, True)
    change(
        issued,
        "UPDATE document SET valid_until = :until, issued_at = issued_at - interval '1 year' WHERE id = :wanted",
        until=today + timedelta(days=20),
    )
    for _ in range(2):
        watch_expiry({}, now=clock.now())
    assert told(issued) == ["result_expiring"]
    assert propose(clerk, issued, extension).status_code == 303
    decide(leader, issued, "agree")
    assert result(issued).valid_until == later
    assert told(issued) == ["result_expiring", "result_extended"]
    assert check(issued) == "Giấy thật, còn hiệu lực"
    watch_expiry({}, now=clock.now())
    assert told(issued).count("result_expiring") == 1


def test_a_proposal_that_is_sent_back_changes_nothing(as_official: AsOfficial, issued: Walk, check: Check) -> None:
    clerk, leader = as_official(CLERK), as_official(LEADER)
    replacement = {**REVOCATION, "kind": "replace", "newer": "999/SCT"}
    unknown = propose(clerk, issued, replacement)
    assert (unknown.status_code, "Không thấy văn bản số 999/SCT" in words_of(unknown)) == (422, True)
    propose(clerk, issued, REVOCATION)
    decide(leader, issued, "return")
    assert check(issued) == "Giấy thật, còn hiệu lực"
    assert told(issued) == []
    assert propose(clerk, issued, REVOCATION).status_code == 303, "another one may follow"


def test_another_result_stands_for_it(
    app: Flask,
    as_official: AsOfficial,
    issued: Walk,
    at_the_leaders: Callable[..., Walk],
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = at_the_leaders(SIGNATURE, "witness.signed", "text", full_name="Nguyễn Mẫu An").go(
        "sign.sign", "stamp.issue"
    )
    clerk, leader = as_official(CLERK), as_official(LEADER)
    number = result(newer).reference
    propose(clerk, issued, {**REVOCATION, "kind": "replace", "newer": number})
    assert f"→ {number}, 12/QĐ-UBND" in words_of(leader.get(about(result(issued)))), "by what it is replaced"
    decide(leader, issued, "agree")
    assert check(issued) == f"Giấy thật, đã được thay bằng số {number}"
    assert check(newer) == "Giấy thật, còn hiệu lực"
    link = re.search(r"/xac-thuc/moi/[0-9a-f]{56}", opened(app, issued).text)
    assert link
    shown = app.test_client().get(link[0])
    assert (heading(shown), number in words_of(shown)) == ("Giấy thật, còn hiệu lực", True)
    assert "Nguyễn Mẫu An" not in shown.text, "what it says is for whoever holds it"
    assert app.test_client().get(link[0][:-1] + "g").status_code == 404

    listed = words_of(clerk.get("/can-bo/so-van-ban?xem=het-gia-tri"))
    older = result(issued).reference
    assert (older in listed, number in listed, "Nguyễn Mẫu An" in listed) == (True, False, True)
    assert number not in words_of(clerk.get("/can-bo/so-van-ban?xem=cho-quyet-dinh"))
    monkeypatch.setattr(issued_list, "PAGE", 1)
    first = clerk.get("/can-bo/so-van-ban")
    following = next(link for link in page_of(first).iter("a") if link.text == "Văn bản cũ hơn").get("href")
    assert (number in words_of(first), older in words_of(first)) == (True, False)
    assert older in words_of(clerk.get(str(following)))
    assert clerk.get("/can-bo/so-van-ban?sau=9999-12-31T23:59_x&xem=khac").status_code == 200
