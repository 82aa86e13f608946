"""Looking a record up with the codes of its receipt: what opens, what is shown, and what nobody learns."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import lookup_token
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.plausible import REASONS
from portal.extensions import limiter
from portal.units import queries as units
from portal.web import opened_record
from portal.web.logs import JsonLines
from portal.web.public import lookup
from portal.web.public.lookup_words import looked_up
from tests.harness.client import heading, submit, words_of
from tests.harness.database import RungBells
from tests.harness.people import make_citizen
from tests.harness.statements import count_queries
from tests.integration.conftest import AsUser, Client, running
from tests.integration.web.submitted import Submitted, hand_in

UNKNOWN = "000.00.99.H13-261109-9999"
POSSIBLE = "0000 0000 0000"
"""A secret whose check letter fits."""


@pytest.fixture
def bells(peopled_city: RungBells) -> RungBells:
    return peopled_city


@pytest.fixture(autouse=True)
def no_tries_yet(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def handed_in(bells: RungBells, settings: Settings) -> Submitted:
    return hand_in(receipt_key=settings.receipt_key.encode())


def look_up(client: Client, code: str, secret: str, *, follow: bool = False) -> TestResponse:
    return submit(client, "/tra-cuu", {"code": code, "secret": secret}, follow=follow)


def test_both_codes_open_the_record_at_an_address_that_says_nothing(client: Client, handed_in: Submitted) -> None:
    handed_in.walk.go("receive.accept")
    answer = look_up(client, handed_in.code, handed_in.secret)
    assert (answer.status_code, answer.location) == (303, "/tra-cuu/ket-qua")
    shown = client.get(answer.location)
    assert heading(shown) == f"Hồ sơ {handed_in.code}"
    text = words_of(shown)
    assert "Xây nhà" in text
    assert "Cái Khế" in text
    assert "Hồ sơ đã đi đến đâu" in text
    assert "In từ Cổng dịch vụ công Cần Thơ lúc" in text
    assert shown.headers["Cache-Control"] == "no-store"


def test_a_record_that_was_withdrawn_says_so_without_the_reason(client: Client, handed_in: Submitted) -> None:
    handed_in.walk.go("withdraw")
    answer = look_up(client, handed_in.code, handed_in.secret, follow=True)
    text = words_of(answer)
    assert "Đã rút theo yêu cầu thứ" in text
    assert "Hồ sơ này không giải quyết nữa" in text
    assert REASONS["withdraw"] not in text


def test_codes_typed_carelessly_open_too(client: Client, handed_in: Submitted) -> None:
    code = f" {handed_in.code.lower().replace('-', ' - ')} "
    secret = handed_in.secret.lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert look_up(client, code, secret).status_code == 303


def test_english_readers_stay_in_english(client: Client, handed_in: Submitted) -> None:
    answer = submit(client, "/en/tra-cuu", {"code": handed_in.code, "secret": handed_in.secret})
    assert answer.location == "/en/tra-cuu/ket-qua"
    assert client.get(answer.location).status_code == 200


def test_no_failure_tells_whether_the_record_exists(client: Client, handed_in: Submitted) -> None:
    wrong = client.post("/tra-cuu", data={"code": handed_in.code, "secret": POSSIBLE})
    with count_queries() as asked_of_existing:
        client.post("/tra-cuu", data={"code": handed_in.code, "secret": POSSIBLE})
    with count_queries() as asked_of_unknown:
        unknown = client.post("/tra-cuu", data={"code": UNKNOWN, "secret": POSSIBLE})
    with count_queries() as asked_of_a_slip:
        slip = client.post("/tra-cuu", data={"code": handed_in.code, "secret": "abc"})
    assert asked_of_existing == asked_of_unknown == asked_of_a_slip
    assert len(asked_of_existing) == 1
    assert wrong.status_code == unknown.status_code == slip.status_code == 422
    assert wrong.data.replace(handed_in.code.encode(), b"") == unknown.data.replace(UNKNOWN.encode(), b"")
    assert wrong.data.replace(POSSIBLE.encode(), b"") == slip.data.replace(b"abc", b"")
    assert dict(wrong.headers, **{"Content-Length": ""}) == dict(unknown.headers, **{"Content-Length": ""})
    assert "Không mở được. Xem lại cả hai mã trên giấy tiếp nhận. Mất giấy? Gọi 0292 1022." in words_of(wrong)


def test_after_five_wrong_secrets_nobody_may_try_that_code_for_a_while(
    app: Flask, client: Client, handed_in: Submitted
) -> None:
    for code in (handed_in.code, UNKNOWN):
        for _ in range(5):
            elsewhere: Client = app.test_client()  # type: ignore[assignment]
            assert elsewhere.post("/tra-cuu", data={"code": code, "secret": POSSIBLE}).status_code == 422
        refused = client.post("/tra-cuu", data={"code": f" {code.lower()}", "secret": handed_in.secret})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 60
        assert re.search(r"Thử lại sau 1[56] phút", words_of(refused))


def test_after_five_failures_a_network_waits(client: Client, handed_in: Submitted) -> None:
    for number in range(5):
        assert client.post("/tra-cuu", data={"code": f"{UNKNOWN}{number}", "secret": POSSIBLE}).status_code == 422
    assert client.post("/tra-cuu", data={"code": handed_in.code, "secret": handed_in.secret}).status_code == 429


def test_opening_records_is_not_counted(client: Client, handed_in: Submitted) -> None:
    for _ in range(8):
        assert look_up(client, handed_in.code, handed_in.secret).status_code == 303


def test_an_empty_form_says_what_is_missing(client: Client) -> None:
    answer = submit(client, "/tra-cuu")
    assert answer.status_code == 422
    assert "Nhập mã hồ sơ" in words_of(answer)
    assert "Nhập mã tra cứu" in words_of(answer)


def test_nobody_is_named_and_no_number_shown(client: Client, handed_in: Submitted) -> None:
    handed_in.walk.go("receive.accept", "forward.hand_over", "assign.assign")
    page = look_up(client, handed_in.code, handed_in.secret, follow=True)
    file = handed_in.walk.file()
    officials = {event.actor_name for event in file.events} | {task.assignee_name for task in file.tasks}
    officials = {name for name in officials if len(name.split()) > 1}
    assert len(officials) > 2
    for personal in (*officials, "0900000001", "092085001234", "đường Mẫu", ".pdf"):
        assert personal not in page.text, personal
    assert "Người nộp: Nguyễn M. A." in words_of(page)


def test_the_record_page_costs_one_statement(client: Client, handed_in: Submitted) -> None:
    look_up(client, handed_in.code, handed_in.secret, follow=True)
    with count_queries() as statements:
        assert client.get("/tra-cuu/ket-qua").status_code == 200
    assert len(statements) == 1, statements


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows by one for each page that is printed anew; the clock stands still."""
    found: list[Any] = []

    def noted(*given: Any, **named: Any) -> dict[str, Any]:
        found.append(given)
        return looked_up(*given, **named)

    minute = clock.now().replace(second=0)
    monkeypatch.setattr(lookup, "looked_up", noted)
    monkeypatch.setattr(clock, "now", lambda: minute)
    return found


def test_within_one_minute_the_page_is_printed_once_and_news_show_at_once(
    client: Client, handed_in: Submitted, printed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look_up(client, handed_in.code, handed_in.secret, follow=True)
    again = client.get("/tra-cuu/ket-qua")
    assert (again.data, len(printed)) == (first.data, 1)
    handed_in.walk.go("receive.accept")
    assert "Đã tiếp nhận hồ sơ" in words_of(client.get("/tra-cuu/ket-qua"))
    assert 'lang="en"' in client.get("/en/tra-cuu/ket-qua").text
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.get("/tra-cuu/ket-qua")
    assert len(printed) == 4


@pytest.mark.parametrize(
    "news",
    [
        "UPDATE fee_line SET paid_at = now() WHERE record_id = :record",
        "UPDATE directory_version SET version = version + 1",
        "UPDATE record SET due_changes = due_changes WHERE id = :record",
    ],
)
def test_what_no_event_tells_shows_at_once_too(
    client: Client, handed_in: Submitted, printed: list[Any], news: str
) -> None:
    look_up(client, handed_in.code, handed_in.secret, follow=True)
    with unit_of_work(SYSTEM) as session:
        session.execute(text(news), {"record": handed_in.walk.record_id})
    for _ in range(2):
        assert client.get("/tra-cuu/ket-qua").status_code == 200
    assert len(printed) == 2
    units.forget()


def test_a_secret_that_was_withdrawn_closes_the_page_at_once(
    client: Client, handed_in: Submitted, printed: list[Any]
) -> None:
    look_up(client, handed_in.code, handed_in.secret, follow=True)
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("UPDATE record SET token_digest = '' WHERE id = :record"), {"record": handed_in.walk.record_id}
        )
    answer = client.get("/tra-cuu/ket-qua")
    assert (answer.status_code, handed_in.code in answer.text) == (404, False)


def test_a_page_that_was_kept_names_nobody_in_its_header(
    client: Client, as_user: AsUser, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = clock.now()
    monkeypatch.setattr(clock, "now", lambda: minute)
    owner = as_user(handed_in.owner)
    assert handed_in.owner.full_name in look_up(owner, handed_in.code, handed_in.secret, follow=True).text
    assert handed_in.owner.full_name not in look_up(client, handed_in.code, handed_in.secret, follow=True).text
    assert handed_in.owner.full_name in look_up(owner, handed_in.code, handed_in.secret, follow=True).text


def test_what_is_handed_out_again_is_the_same_answer_to_the_last_header(
    client: Client, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    minute = clock.now().replace(second=0)
    monkeypatch.setattr(clock, "now", lambda: minute)
    answers = {}
    for root in ("", "/en"):
        first = submit(client, f"{root}/tra-cuu", {"code": handed_in.code, "secret": handed_in.secret}, follow=True)
        with count_queries() as asked, caplog.at_level(logging.INFO), monkeypatch.context() as context:
            context.setattr(Flask, "full_dispatch_request", None)  # the application is not asked
            caplog.clear()
            again = client.get(f"{root}/tra-cuu/ket-qua")
        assert (again.status, again.data) == (first.status, first.data)
        assert sorted(again.headers) == sorted(first.headers)
        assert len(asked) == 1
        (line,) = [json.loads(JsonLines().format(record)) for record in caplog.records]
        assert (line["route"], line["status"], line["language"]) == ("/tra-cuu/ket-qua", 200, root[1:] or "vi")
        answers[root] = again.data
    assert answers[""] != answers["/en"]


def test_nothing_is_handed_out_to_whoever_has_a_session_or_no_cookie_of_the_record(
    app: Flask, client: Client, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = clock.now().replace(second=0)
    monkeypatch.setattr(clock, "now", lambda: minute)
    address = look_up(client, handed_in.code, handed_in.secret).location or ""
    for _ in range(2):
        assert client.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 404
    client.set_cookie("portal", "anything")
    asked, printed = [], lookup.printed

    def noted(*key: Any, **now: Any) -> Any:
        asked.append(key)
        return printed(*key, **now)

    monkeypatch.setattr(lookup, "printed", noted)
    assert client.get(address).status_code == client.get(f"{address}?a=b").status_code == 200
    assert len(asked) == 2  # the application was


def test_the_qr_code_leads_to_the_same_page(client: Client, handed_in: Submitted) -> None:
    answer = client.get(f"/tra-cuu/qr/{handed_in.token}")
    assert (answer.status_code, answer.location) == (303, "/tra-cuu/ket-qua")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    cookie = answer.headers["Set-Cookie"]
    assert handed_in.token not in cookie
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    assert heading(client.get(answer.location)) == f"Hồ sơ {handed_in.code}"


def test_the_token_stands_in_no_log(client: Client, handed_in: Submitted, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get(f"/tra-cuu/qr/{handed_in.token}")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert not any(handed_in.token in line for line in lines)
    assert json.loads(lines[-1])["route"] == "/tra-cuu/qr/<token>"


def test_a_token_that_was_withdrawn_or_made_up_opens_nothing(
    client: Client, handed_in: Submitted, settings: Settings
) -> None:
    newer = lookup_token(handed_in.walk.record_id, key=settings.receipt_key.encode(), version=2)
    for token in (newer, "0" * 56, "x"):
        answer = client.get(f"/tra-cuu/qr/{token}")
        assert answer.location == "/tra-cuu/ket-qua"
        page = client.get(answer.location)
        assert page.status_code == 404
        assert heading(page) == "Hồ sơ đang ở đâu?"


def test_the_page_closes_after_ten_minutes(
    client: Client, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up(client, handed_in.code, handed_in.secret)
    later = clock.now() + opened_record.LASTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = client.get("/tra-cuu/ket-qua")
    assert page.status_code == 404
    assert handed_in.code not in page.text


def test_a_cookie_of_ones_own_making_opens_nothing(client: Client, handed_in: Submitted) -> None:
    client.set_cookie("record", f"{handed_in.walk.record_id.hex}.made-up")
    assert client.get("/tra-cuu/ket-qua").status_code == 404


def test_only_the_owner_is_led_to_the_whole_record(as_user: AsUser, handed_in: Submitted) -> None:
    way = f'href="/ho-so/{handed_in.code}"'
    assert way in look_up(as_user(handed_in.owner), handed_in.code, handed_in.secret, follow=True).text
    assert way not in look_up(as_user(make_citizen()), handed_in.code, handed_in.secret, follow=True).text


def test_over_tls_the_cookie_belongs_to_this_host_alone(settings: Settings, handed_in: Submitted) -> None:
    with running(dataclasses.replace(settings, public_url="https://portal.example")) as app:
        answer = app.test_client().get(f"/tra-cuu/qr/{handed_in.token}", base_url="https://portal.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-record=")
    assert "Secure" in answer.headers["Set-Cookie"]
