"""Paying a fee: the button, the trial bank as a process of its own, its word, and the page that waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask

from portal.accounts.models import Person, SignIn
from portal.catalogue.service import PROCEDURES, publish_file
from portal.commands.data_folder import free_port
from portal.core import clock, unit_of_work
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import new_id
from portal.demonstration.walking import Walk, submit
from portal.files import store
from portal.files.models import StoredFile
from portal.payments import gateways
from portal.payments.signature import signed_query
from portal.payments.vnpay import NOTIFIED_AT, PAY_AT, RETURNS_TO
from portal.units import queries as units
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from portal.web import sign_in
from tests.cluster import DatabaseUrls
from tests.harness import client as pages
from tests.harness.client import PageClient, heading, words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import running, settings_for
from tests.integration.listening import listening
from tests.integration.payments.conftest import ask
from tests.integration.records.arranging import APPLICANT, CAI_KHE, FORMS, PDF, PERMIT, handed_in
from tests.integration.web.records.conftest import Visitor, address

SOON = timedelta(seconds=20)


@dataclass
class Till:
    """The portal with a record whose fee is not paid, its applicant's browser, and the bank."""

    app: Flask
    walk: Walk
    browser: PageClient
    secret: str

    @property
    def page(self) -> str:
        return f"{address(self.walk)}/nop-phi"

    @property
    def reference(self) -> str:
        """Begin to pay, as the button does; the number under which the bank knows the payment."""
        sent = pages.submit(self.browser, self.page)
        assert sent.status_code == 303
        return dict(parse_qsl(urlsplit(sent.location).query))["vnp_TxnRef"]

    def word(self, reference: str, *, amount: int = 75_000, code: str = "00", number: str = "14000001") -> str:
        """A notification as the gateway signs it."""
        said = {
            "vnp_Amount": str(amount * 100),
            "vnp_ResponseCode": code,
            "vnp_TmnCode": "CANTHO01",
            "vnp_TransactionNo": number,
            "vnp_TransactionStatus": "00" if code == "00" else "02",
            "vnp_TxnRef": reference,
        }
        return f"{NOTIFIED_AT}?{signed_query(said, secret=self.secret)}"

    def hear(self, word: str) -> dict[str, str]:
        """What the portal answers the gateway."""
        answer: dict[str, str] = self.app.test_client().get(word).get_json()
        return answer


@contextmanager
def globals_kept() -> Iterator[None]:
    """The database, store and gateway of this process as they were."""
    before = unit_of_work.sessions(), gateways.offered(), store.the_store()
    units.forget()
    yield
    unit_of_work.use(before[0])
    gateways.use(*before[1])
    store.use(before[2])
    units.forget()


@pytest.fixture
def till(app: Flask, own_database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Till]:
    """Commits for real, in a database of its own, with the trial bank at the address of the settings."""
    bank_port = free_port()
    settings = settings_for(own_database, redis_url=redis_url, folder=tmp_path)
    settings = replace(settings, payment_url=f"http://127.0.0.1:{bank_port}{PAY_AT}")
    with globals_kept(), running(settings) as portal:
        person, walk = a_record_that_owes()
        yield Till(portal, walk, signed_in(portal, person), settings.payment_secret)


def a_record_that_owes() -> tuple[Person, Walk]:
    with unit_of_work.unit_of_work(SYSTEM) as session:
        import_units(session, CITY_FILE, actor=SYSTEM, now=clock.now())
        publish_file(session, PROCEDURES / f"{PERMIT}.yaml", actor=SYSTEM, now=clock.now())
        session.add(StoredFile(digest=PDF, size=10, media_type="application/pdf", pages=1, stored_at=clock.now()))
    person = make_citizen()
    walk = submit(
        PERMIT,
        owner=Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name),
        answers={**APPLICANT, **FORMS[PERMIT].answers},
        papers=[(slot, PDF) for slot in FORMS[PERMIT].papers],
        place=CAI_KHE,
        level="commune",
        receipt_key=b"k" * 32,
        now=clock.now(),
    )
    return person, walk


def signed_in(portal: Flask, person: Person) -> PageClient:
    now = clock.now()
    row = SignIn(id=new_id(), person_id=person.id, created_at=now, seen_at=now)
    with unit_of_work.unit_of_work(SYSTEM) as session:
        session.add(row)
    browser: PageClient = portal.test_client()  # type: ignore[assignment]
    with browser.session_transaction() as cookie:
        cookie[sign_in.KEY] = str(row.id)
        cookie[sign_in.SINCE] = cookie[sign_in.SEEN] = int(now.timestamp())
    return browser


@contextmanager
def trial_bank(portal_url: str, port: int, *, secret: str, folder: Path) -> Iterator[str]:
    """The simulator as `portal run` starts it; it brings its notifications by itself."""
    environment = {
        **os.environ,
        "PORTAL_DATABASE_URL": "postgresql://portal_app@127.0.0.1/none",
        "PORTAL_REDIS_URL": "redis://127.0.0.1",
        "PORTAL_SECRET_KEY": "a",
        "PORTAL_RECEIPT_KEY": "b",
        "PORTAL_PAYMENT_SECRET": secret,
        "PORTAL_REGISTERS_SECRET": "c",
        "PORTAL_REGISTERS_URL": "http://registers.example",
        "PORTAL_PAYMENT_URL": f"http://127.0.0.1:{port}",
        "PORTAL_PUBLIC_URL": portal_url,
        "PORTAL_FILES_DIR": str(folder),
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_DEMONSTRATION": "1",
    }
    command = [sys.executable, "-m", "portal", "simulate", "payments", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def answered(url: str) -> str:
    """The page at that address, as soon as somebody listens there."""
    until = time.monotonic() + SOON.total_seconds()
    while True:
        try:
            return ask("GET", url)[1]
        except ConnectionRefusedError:
            assert time.monotonic() < until, "nobody listens"
            time.sleep(0.1)


@pytest.mark.committed
def test_a_fee_is_paid_from_the_button_to_the_banks_word(till: Till, tmp_path: Path) -> None:
    assert "Bảy mươi lăm nghìn đồng" in words_of(till.browser.get(till.page))
    sent = pages.submit(till.browser, till.page)
    assert sent.status_code == 303
    assert sent.headers["Content-Security-Policy"].count(f"form-action 'self' {origin(sent.location)}") == 1
    port = urlsplit(sent.location).port or 0
    with (
        listening(till.app) as portal_url,
        trial_bank(portal_url, port, secret=till.secret, folder=tmp_path) as bank_url,
    ):
        assert "Trả 75.000 đồng" in answered(sent.location)
        reference = dict(parse_qsl(urlsplit(sent.location).query))["vnp_TxnRef"]
        status, _, way_back = ask("POST", f"{bank_url}/pay/{reference}", {"choice": "pay"})
        assert status == 303
        assert urlsplit(way_back).path == RETURNS_TO
        back = till.browser.get(f"{RETURNS_TO}?{urlsplit(way_back).query}")
        assert (back.status_code, back.location) == (303, f"{till.page}/cho")
        until = time.monotonic() + SOON.total_seconds()
        while heading(shown := till.browser.get(back.location)) == "Đang chờ ngân hàng báo":
            assert "Đừng nộp lần nữa." in words_of(shown)
            assert shown.headers["Refresh"] == "5"
            assert time.monotonic() < until, "the bank's word did not come"
            time.sleep(0.1)
    assert heading(shown) == "Đã thu 75.000 đồng"
    assert "Refresh" not in shown.headers
    assert till.walk.file().unpaid == 0
    assert "đã thu" in words_of(till.browser.get(address(till.walk)))
    assert till.browser.get(till.page).location == address(till.walk)


def origin(url: str) -> str:
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"


@pytest.mark.committed
def test_only_the_banks_signed_word_counts_and_it_counts_once(till: Till) -> None:
    reference = till.reference
    assert till.reference == reference, "a second click leads to the same payment"
    word = till.word(reference)
    back = till.browser.get(f"{RETURNS_TO}?{urlsplit(word).query}", follow_redirects=True)
    assert heading(back) == "Đang chờ ngân hàng báo"
    assert till.walk.file().unpaid == 75_000, "the browser's way back is no proof"
    forged = word.replace("vnp_Amount=7500000", "vnp_Amount=7500001")
    assert till.hear(forged) == {"RspCode": "97", "Message": "Invalid signature"}
    assert till.hear(NOTIFIED_AT)["RspCode"] == "97"
    assert till.hear(till.word("F" * 32))["RspCode"] == "01"
    assert till.hear(till.word(reference, amount=74_000))["RspCode"] == "04"
    assert till.walk.file().unpaid == 75_000
    assert till.hear(word) == {"RspCode": "00", "Message": "Confirm Success"}
    assert till.hear(word)["RspCode"] == "02"
    assert till.walk.file().unpaid == 0
    assert heading(till.browser.get(f"{till.page}/cho")) == "Đã thu 75.000 đồng"


@pytest.mark.committed
def test_the_gateway_may_post_its_word(till: Till) -> None:
    word = till.word(till.reference)
    answer = till.app.test_client().post(
        NOTIFIED_AT,
        data=urlsplit(word).query,
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.get_json()["RspCode"] == "00"


@pytest.mark.committed
def test_a_payer_who_gave_up_may_pay_again(till: Till) -> None:
    till.hear(till.word(till.reference, code="24", number="0"))
    shown = till.browser.get(f"{till.page}/cho")
    assert heading(shown) == "Chưa thu đồng nào"
    assert f'href="{till.page}"' in shown.text
    assert till.browser.get(till.page).status_code == 200


@pytest.mark.committed
def test_the_page_says_what_became_of_money_that_pays_nothing(till: Till) -> None:
    reference = till.reference
    till.hear(till.word(reference, code="07", number="77"))
    shown = till.browser.get(f"{till.page}/cho")
    assert heading(shown) == "Ngân hàng chưa chấp nhận khoản 75.000 đồng"
    assert "Phí của hồ sơ chưa nộp. Nộp lại để hồ sơ đi tiếp." in words_of(shown)
    assert f'href="{till.page}"' in shown.text
    again = till.reference
    till.hear(till.word(again, number="78"))
    till.hear(till.word(again, number="79"))
    shown = till.browser.get(f"{till.page}/cho")
    assert heading(shown) == "Đã thu 75.000 đồng"
    assert "Ngân hàng thu thừa 75.000 đồng. Khoản này sẽ được hoàn." in words_of(shown)


@pytest.mark.committed
def test_a_word_that_cannot_be_stored_is_sent_again(till: Till) -> None:
    word = till.word(till.reference)
    with unit_of_work.unit_of_work(SYSTEM):  # the database goes away just before the bank speaks
        kept = unit_of_work.sessions()
    till.app.extensions["engine"].dispose()
    unit_of_work.use(replace(kept, writer=broken))  # type: ignore[arg-type]
    try:
        assert till.hear(word) == {"RspCode": "99", "Message": "Unknown error"}
    finally:
        unit_of_work.use(kept)
    assert till.hear(word)["RspCode"] == "00"


def broken() -> None:
    raise ConnectionError("the database is away")


def test_the_waiting_page_of_a_record_never_paid_is_not_there(visitor: Visitor) -> None:
    walk = handed_in()
    assert visitor.open(walk, "/nop-phi/cho").status_code == 404
    assert visitor.at(walk.now).get(f"{RETURNS_TO}?{urlencode({'vnp_TxnRef': 'F' * 32})}").status_code == 404
