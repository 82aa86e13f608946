"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts import passwords
from portal.accounts.models import Person, SignIn
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.web import sign_in
from tests.harness.client import heading, submit, words_of
from tests.harness.people import make_citizen, make_id_number
from tests.integration.conftest import AsUser, Client

PASSWORD = "mật khẩu dùng thử"


@pytest.fixture
def citizen(bells: object) -> Person:
    person = make_citizen(name="Nguyễn Thị Hoa")
    with unit_of_work(SYSTEM) as session:
        session.execute(update(Person).where(Person.id == person.id).values(password_hash=passwords.hashed(PASSWORD)))
    return person


def test_a_citizen_signs_in_and_goes_where_she_was_going(client: Client, citizen: Person) -> None:
    spaced = f"{citizen.login[:3]} {citizen.login[3:6]} {citizen.login[6:]}"
    response = submit(client, "/dang-nhap?next=/lien-he", {"login": spaced, "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/lien-he")
    assert "Nguyễn Thị Hoa" in words_of(client.get("/lien-he"))


def test_a_wrong_password_keeps_the_number_and_says_no_more_than_needed(client: Client, citizen: Person) -> None:
    wrong = submit(client, "/dang-nhap", {"login": citizen.login, "password": "khác"})
    stranger = make_id_number()
    nobody = submit(client, "/dang-nhap", {"login": stranger, "password": "khác"})
    assert wrong.status_code == nobody.status_code == 422
    assert "Số định danh hoặc mật khẩu chưa đúng." in words_of(wrong)
    assert f'value="{citizen.login}"' in wrong.text
    assert wrong.text.replace(citizen.login, "") == nobody.text.replace(stranger, "")


def test_a_number_that_cannot_be_is_named_with_what_was_given(client: Client, citizen: Person) -> None:
    response = submit(client, "/dang-nhap", {"login": citizen.login[:-1], "password": PASSWORD})
    assert response.status_code == 422
    assert "Số định danh phải có 12 chữ số. Số vừa nhập có 11." in words_of(response)


@pytest.mark.parametrize(
    "elsewhere", ["https://xau.example/", "//xau.example/", "/\\xau.example", "/\t/xau.example", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(client: Client, citizen: Person, elsewhere: str) -> None:
    fields = {"login": citizen.login, "password": PASSWORD}
    response = submit(client, f"/dang-nhap?next={quote(elsewhere)}", fields)
    assert (response.status_code, response.location) == (303, "/ho-so")


def test_tries_run_out_for_an_account_and_not_for_its_neighbours(app: Flask, client: Client, citizen: Person) -> None:
    client.post("/dang-nhap", data=b"login=" + b"a" * 2_000_000, content_type="application/x-www-form-urlencoded")
    for _ in range(10):
        submit(client, "/dang-nhap", {"login": citizen.login, "password": "khác"})
    opened = client.get("/dang-nhap")
    assert opened.status_code == 200
    refused = submit(client, "/dang-nhap", {"login": citizen.login, "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert submit(client, "/dang-nhap", {"login": make_id_number(), "password": "khác"}).status_code == 422


def test_signing_out_ends_the_sign_in_for_every_copy_of_the_cookie(
    app: Flask, as_user: AsUser, citizen: Person
) -> None:
    browser, copy = as_user(citizen), app.test_client()
    kept = browser.get_cookie("portal")
    assert kept is not None
    copy.set_cookie("portal", kept.value)
    assert "Nguyễn Thị Hoa" in words_of(copy.get("/lien-he"))
    assert submit(browser, "/lien-he", action="/dang-xuat").status_code == 303
    for client in (browser, copy):
        assert "Nguyễn Thị Hoa" not in words_of(client.get("/lien-he"))
    with reading(SYSTEM) as session:
        assert session.scalars(select(SignIn.revoked_at).where(SignIn.person_id == citizen.id)).one() is not None


@pytest.mark.parametrize(
    ("key", "age"), [(sign_in.SEEN, timedelta(hours=2, minutes=1)), (sign_in.SINCE, timedelta(hours=12, minutes=1))]
)
def test_a_sign_in_ends_after_its_time(as_user: AsUser, citizen: Person, key: str, age: timedelta) -> None:
    browser = as_user(citizen)
    with browser.session_transaction() as cookie:
        cookie[key] = int((clock.now() - age).timestamp())
    assert "Nguyễn Thị Hoa" not in words_of(browser.get("/lien-he"))


def test_a_cookie_that_somebody_made_up_opens_nothing(client: Client, citizen: Person) -> None:
    client.set_cookie("portal", "eyJzaWduX2luIjoiMSJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert heading(client.get("/lien-he")) == "Liên hệ"
