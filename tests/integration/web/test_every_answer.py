"""What holds for every answer: headers, languages, errors in the look of the portal."""

from __future__ import annotations

import dataclasses
import json
import logging

import pytest
from flask import Flask

from portal import create_app
from portal.config import Settings, SettingsError
from portal.core import unit_of_work
from portal.core.database import engine, sessions
from portal.web.headers import content_policy
from portal.web.logs import JsonLines
from tests.cluster import DatabaseUrls
from tests.harness.client import heading, words_of
from tests.harness.html import words
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser, Client, running


def test_pages_allow_nothing_from_elsewhere(client: Client, settings: Settings) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" not in headers
    assert "form-action 'self' http://gateway.example" in content_policy(settings)


def test_over_tls_the_cookie_belongs_to_this_host_alone(settings: Settings) -> None:
    with running(dataclasses.replace(settings, public_url="https://portal.example")) as app:
        answer = app.test_client().get("/dang-nhap", base_url="https://portal.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Strict-Transport-Security" in answer.headers


def test_pages_of_somebody_signed_in_are_kept_by_nobody(client: Client, as_user: AsUser) -> None:
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    assert as_user(make_citizen()).get("/").headers["Cache-Control"] == "no-store"


def test_a_visitor_who_only_reads_gets_no_cookie(client: Client) -> None:
    assert "Set-Cookie" not in client.get("/lien-he").headers


def test_every_page_has_its_english_twin(client: Client) -> None:
    vietnamese, english = client.get("/lien-he?a=1&b=%C4%91"), client.get("/en/lien-he")
    assert 'href="/en/lien-he?a=1&amp;b=%C4%91"' in vietnamese.text
    assert 'href="/lien-he"' in english.text
    assert 'href="/en/dang-nhap"' in english.text
    assert 'src="/static/portal.js' in english.text


def test_the_way_to_sign_in_keeps_the_language(client: Client) -> None:
    assert client.get("/en").status_code == 200
    assert client.get("/en/dang-nhap").status_code == 200
    assert client.get("/enter").status_code == 404


@pytest.mark.parametrize("address", ["/khong-co", "/en/khong-co", "/en//xau.example", "//xau.example/a"])
def test_an_address_that_does_not_exist_offers_the_search(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'name="q"' in response.text
    assert 'href="//' not in response.text


def test_the_wrong_method_is_a_page_too(client: Client) -> None:
    response = client.post("/lien-he")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert heading(response)


def test_more_than_the_server_takes_is_said_in_words(client: Client) -> None:
    too_much = b"csrf_token=" + b"a" * 2_000_000
    response = client.post("/dang-nhap", data=too_much, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert words_of(response)


def test_a_fault_of_ours_is_a_page_with_a_number_and_a_line_without_words(
    app: Flask, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("Nguyễn Thị Hoa 092185001234")

    monkeypatch.setitem(app.view_functions, "content.contact", fail)
    monkeypatch.setitem(app.config, "TESTING", False)
    with caplog.at_level(logging.INFO, logger="portal"):
        response = client.get("/lien-he")
    assert response.status_code == 500
    assert "092185001234" not in response.text
    lines = [JsonLines().format(record) for record in caplog.records]
    assert not any("092185001234" in line or "Hoa" in line for line in lines)
    failure = next(json.loads(line) for line in lines if "a view failed" in line)
    assert failure["error"] == "RuntimeError"
    assert any("fail" in place for place in failure["where"])
    request = next(json.loads(line) for line in lines if '"portal.access"' in line)
    assert request["status"] == 500
    assert request["request"] in response.text


def test_a_database_that_is_away_is_a_page_too(client: Client) -> None:
    unit_of_work.use(sessions(engine("postgresql://portal_app@127.0.0.1:1/nowhere")))  # put back with the fixture
    response = client.get("/healthz")
    assert response.status_code == 503
    assert "Thử lại sau ít phút" in response.text


def test_the_log_names_the_route_and_never_the_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="portal"):
        client.get("/lien-he?ten=092185001234")
        client.get("/khong-co/092185001234")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert len(lines) == 2
    assert not any("092185001234" in line for line in lines)
    assert json.loads(lines[0])["route"] == "/lien-he"


def test_a_role_that_could_see_everything_is_not_served(settings: Settings, shared_database: DatabaseUrls) -> None:
    for url in (shared_database.owner, shared_database.superuser):
        with pytest.raises(SettingsError, match="row-level security"):
            create_app(dataclasses.replace(settings, database_url=url))


def test_health_is_told_without_a_page(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_the_harness_sees_a_page_that_is_wrong(app: Flask) -> None:
    from tests.harness import html

    sound = '<!DOCTYPE html><html lang="vi"><head><title>Một – Cổng</title></head><body><h1>Một</h1>{}</body></html>'
    assert words(html.check(sound.format(""), language="vi")) == "Một – CổngMột"
    for wrong in (
        "<h1>Hai</h1>",
        '<p id="a"></p><p id="a"></p>',
        '<input name="a">',
        '<a href="#b">b</a>',
        '<p style="color: red">a</p>',
        "<script>a()</script>",
        '<form method="post"><button>a</button></form>',
        "<div><p></div></p>",
    ):
        with pytest.raises(AssertionError):
            html.check(sound.format(wrong), language="vi")
    with pytest.raises(AssertionError):
        html.check(sound.format(""), language="en")
