"""Results are signed electronically: by whom, after the password, exactly what was shown, and nothing half."""

from __future__ import annotations

import re
import resource
import signal
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import Connection, select, text
from werkzeug.test import TestResponse

from portal.accounts import passwords
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk, submit
from portal.documents import rendering
from portal.files.service import content_of, keep_upload
from portal.files.store import the_store
from portal.jobs.drain import drain
from portal.jobs.models import Job
from portal.jobs.types import SIGNATURES
from portal.records import signatures
from portal.records.jobs import KINDS, make_document
from portal.records.record_file import DocumentView
from portal.signing import service as signing
from portal.signing import token
from portal.signing.types import PERSON, SEAL
from portal.signing.verification import verify
from tests.harness.city import working_in
from tests.harness.client import PageClient, heading, page_of, words_of
from tests.harness.client import submit as send
from tests.harness.signing import TrustedCity, trusted_city
from tests.integration.records.arranging import APPLICANT, CAI_KHE, COPIES, FORMS, SIGNATURE
from tests.integration.web.official.conftest import RECEPTIONIST, AsOfficial, Permit, person, sheets

SIGN, SEAL_PAGE = "/can-bo/trinh-ky", "/can-bo/van-thu"
LEADER, CLERK = "ck.lr1", "ck.cl1"
PASSWORD = "MatKhau-2026"

CAPTURED = "SELECT arguments FROM job WHERE kind = 'payment_captured' AND arguments ->> 'record_id' = :record"

Certificates = Callable[..., list[Walk]]


@pytest.fixture(scope="module")
def trusted(peopled_connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustedCity]:
    """The chairman of a commune has a key, and his commune has one."""
    asked = text(
        "SELECT person.id, full_name, unit_id, unit.name FROM person JOIN post ON post.person_id = person.id "
        "JOIN unit ON unit.id = post.unit_id WHERE login = :login"
    )
    with working_in(peopled_connection), reading(SYSTEM) as session:
        leader = session.execute(asked, {"login": LEADER}).one()
    people = {
        token.of_person(leader.id): (leader.full_name, leader.name),
        token.of_unit(leader.unit_id): (leader.name, leader.name),
    }
    with trusted_city(tmp_path_factory.mktemp("token"), people) as city:
        yield city


@pytest.fixture
def signs(office: Connection, trusted: TrustedCity, settings: Settings) -> Iterator[None]:
    """The portal signs, and everybody has a password."""
    issuer = rendering.Issuer(settings.public_url, settings.receipt_key.encode(), settings.help_number)
    with unit_of_work(SYSTEM) as session:
        known = {"hash": passwords.hashed(PASSWORD), "logins": [LEADER, CLERK]}
        session.execute(text("UPDATE person SET password_hash = :hash WHERE login = ANY (:logins)"), known)
    signing.use(trusted.signing)
    rendering.use(rendering.Issuer(issuer.public_url, issuer.receipt_key, issuer.help_number, signs=True))
    yield
    signing.use(None)
    rendering.use(issuer)


@pytest.fixture
def at_the_leaders(office: Connection, settings: Settings) -> Callable[..., Walk]:
    """A record of a commune carried to the signature, with the PDF of its result."""

    def walked(code: str, step: str, *papers: str, **answers: object) -> Walk:
        now = clock.now() - timedelta(hours=1)
        citizen = person("092085001234")
        owner = Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name)
        with unit_of_work(SYSTEM) as session:
            digest = keep_upload(session, sheets(1), file_name="don.pdf", formats=["pdf"], max_mb=10, now=now).digest
        walk = submit(
            code,
            owner=owner,
            answers={**APPLICANT, **FORMS[code].answers, **answers},
            papers=[(slot, digest) for slot in papers],
            place=CAI_KHE,
            level="commune",
            receipt_key=settings.receipt_key.encode(),
            now=now,
        ).go("receive.accept", "forward.hand_over", step)
        for document in results(walk):
            make_document({"document_id": str(document.id)}, now=clock.now())
        return walk

    return walked


@pytest.fixture
def certificates(at_the_leaders: Callable[..., Walk]) -> Certificates:
    """Certified signatures that wait for the chairman."""
    return lambda *names: [at_the_leaders(SIGNATURE, "witness.signed", "text", full_name=name) for name in names]


@pytest.fixture
def copies(at_the_leaders: Callable[..., Walk]) -> Walk:
    """Two papers to be certified, each with a document of its own."""
    paper = {"issuer": "vn", "pages": "2", "copies": "3", "ecopy": False}
    papers = [{"title": "Bằng tốt nghiệp", **paper}, {"title": "Giấy khai sinh", **paper}]
    return at_the_leaders(COPIES, "compare.match", docs=papers)


def result(walk: Walk) -> DocumentView:
    return next(document for document in walk.file().documents if document.kind == "result")


def results(walk: Walk) -> list[DocumentView]:
    return [document for document in walk.file().documents if document.kind in ("result", "further_result")]


def stopping(walk: Walk) -> DocumentView:
    return next(document for document in walk.file().documents if document.kind == "stopping")


def act(browser: PageClient, address: str, *walks: Walk, password: str = "") -> TestResponse:
    """Tick on the list as it is shown, send, and give the password on the page that asks for it."""
    fields = hidden_on(browser.get(address))
    response = browser.post(address, data={**fields, "task": [str(walk.file().open_tasks[0].id) for walk in walks]})
    if not password:
        return response
    assert response.status_code == 200
    return browser.post(address, data={**hidden_on(response), "password": password})


def hidden_on(response: TestResponse) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for box in page_of(response).iter("input"):
        if box.get("type") == "hidden":
            found.setdefault(str(box.get("name")), []).append(str(box.get("value")))
    return found


def work() -> None:
    """What waits for the keys by now; what waits to be drawn keeps no official waiting."""
    drain(SIGNATURES, KINDS)


def signed(browser: PageClient, *walks: Walk, address: str = SIGN, password: str = PASSWORD) -> str:
    """All of them signed or sealed: what the page of the batch says."""
    response = act(browser, address, *walks, password=password)
    assert response.status_code == 303, words_of(response)
    work()
    return words_of(browser.get(response.location))


def file_of(walk: Walk) -> bytes:
    digest = result(walk).file_digest
    assert digest is not None
    with content_of(digest) as stream:
        return stream.read()


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow beyond a thousand bytes: as a full disk does, it stops writing half-way."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_the_leader_signs_what_was_shown_and_the_clerk_seals_it_with_its_number(
    as_official: AsOfficial, certificates: Certificates, signs: None
) -> None:
    (walk,) = certificates("Nguyễn Mẫu An")
    shown = file_of(walk)
    assert "Đã xong cả 1 hồ sơ." in signed(as_official(LEADER), walk)
    first = file_of(walk)
    assert first.startswith(shown)
    assert [found.field for found in verify(first).signatures] == [PERSON]
    make_document({"document_id": str(result(walk).id)}, now=clock.now())
    assert file_of(walk) == first, "what is signed is not printed again"
    clerk = as_official(CLERK)
    response = act(clerk, SEAL_PAGE, walk, password=PASSWORD)
    with no_room():
        work()
    assert signatures.FULL in words_of(clerk.get(response.location)), "a full disk"
    assert (result(walk).number, file_of(walk)) == (None, first)
    assert "Đã xong cả 1 hồ sơ." in signed(clerk, walk, address=SEAL_PAGE, password="")
    assert result(walk).number == 1, "no number was lost"
    make_document({"document_id": str(result(walk).id)}, now=clock.now())
    report = verify(file_of(walk))
    assert report.is_good
    assert [found.field for found in report.signatures] == [PERSON, SEAL]
    with reading(SYSTEM) as session:
        kept = session.execute(text("SELECT kind FROM document_signature ORDER BY signed_at")).scalars().all()
    assert kept == ["person", "agency"]


def test_the_leader_sees_and_signs_the_document_of_each_row_and_each_is_sealed_under_its_own_number(
    as_official: AsOfficial, signs: None, copies: Walk
) -> None:
    leader = as_official(LEADER)
    listed = leader.get(SIGN)
    shown = hidden_on(listed)[f"shown-{copies.file().open_tasks[0].id}"]
    drafts = results(copies)
    assert shown == [draft.file_digest for draft in drafts]
    assert heading(listed) == "Trình ký: 2 văn bản"
    assert len([link for link in page_of(listed).iter("a") if "/van-ban/" in link.get("href", "")]) == 2
    signed(leader, copies)
    sealed = signed(as_official(CLERK), copies, address=SEAL_PAGE)
    assert "Đã xong cả 1 hồ sơ." in sealed
    assert f"Số 01/{drafts[0].series}, 02/{drafts[1].series}" in sealed
    assert [(one.id, one.number) for one in results(copies)] == [(drafts[0].id, 1), (drafts[1].id, 2)]
    for document in results(copies):
        make_document({"document_id": str(document.id)}, now=clock.now())
    for document in results(copies):
        with content_of(str(document.file_digest)) as stream:
            report = verify(stream.read())
        assert report.is_good
        assert [found.field for found in report.signatures] == [PERSON, SEAL]


def test_one_document_that_was_not_shown_leaves_all_of_its_record_unsigned(
    as_official: AsOfficial, signs: None, copies: Walk
) -> None:
    task, browser = copies.file().open_tasks[0].id, as_official(LEADER)
    listed = hidden_on(browser.get(SIGN))
    sent = {"csrf_token": listed["csrf_token"], "task": str(task), "password": PASSWORD}
    response = browser.post(SIGN, data={**sent, f"shown-{task}": listed[f"shown-{task}"][0]})
    work()
    assert signatures.CHANGED in words_of(browser.get(response.location))
    assert [one.signed_by for one in results(copies)] == [None, None]


def test_a_letter_waits_for_who_leads_its_agency_and_is_signed_and_sealed_at_once(
    as_official: AsOfficial, signs: None, certificates: Certificates
) -> None:
    (walk,) = certificates("Một")
    walk.go("withdraw")
    letter = stopping(walk)
    make_document({"document_id": str(letter.id)}, now=clock.now())
    assert stopping(walk).awaits_signature_since
    assert str(letter.id) not in words_of(as_official(CLERK).get(SIGN))
    leader = as_official(LEADER)
    fields = hidden_on(leader.get(SIGN))
    assert fields[f"shown-{letter.id}"] == [stopping(walk).file_digest]
    asked = leader.post(SIGN, data={**fields, "letter": str(letter.id)})
    assert heading(asked) == "Ký số 1 văn bản"
    response = leader.post(SIGN, data={**hidden_on(asked), "password": PASSWORD})
    work()
    assert "Đã xong cả 1 hồ sơ." in words_of(leader.get(response.location))
    make_document({"document_id": str(letter.id)}, now=clock.now())
    issued = stopping(walk)
    assert (issued.number, issued.awaits_signature_since) == (letter.number, None)
    with content_of(str(issued.file_digest)) as stream:
        report = verify(stream.read())
    assert report.is_good
    assert [found.field for found in report.signatures] == [PERSON, SEAL]
    again = leader.post(SIGN, data={**fields, "letter": str(letter.id)})
    assert again.location == SIGN, "nothing is signed twice"


def test_the_password_is_asked_for_once_for_each_signing_session(
    as_official: AsOfficial, certificates: Certificates, signs: None
) -> None:
    first, second = certificates("Một", "Hai")
    browser = as_official(LEADER)
    asked = act(browser, SIGN, first)
    assert heading(asked) == "Ký số 1 văn bản"
    wrong = act(browser, SIGN, first, password="sai")
    assert wrong.status_code == 422
    assert "Mật khẩu chưa đúng." in words_of(wrong)
    assert "Đã xong cả 1 hồ sơ." in signed(browser, first)
    elsewhere = act(as_official(LEADER), SIGN, second)
    assert heading(elsewhere) == "Ký số 1 văn bản", "another sign-in confirms for itself"
    response = act(browser, SIGN, second)
    assert response.status_code == 303, "no password a second time"
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE sign_in SET revoked_at = now() WHERE revoked_at IS NULL"))
    work()
    said = words_of(as_official(LEADER).get(response.location))
    assert "Phiên ký đã hết hạn. Nhập lại mật khẩu rồi ký lại; văn bản còn nguyên." in said
    assert second.file().open_tasks[0].step == "sign"


def test_what_was_not_shown_is_not_signed(as_official: AsOfficial, certificates: Certificates, signs: None) -> None:
    (walk,) = certificates("Một")
    task = walk.file().open_tasks[0].id
    browser = as_official(LEADER)
    token_field = {"csrf_token": hidden_on(browser.get(SIGN))["csrf_token"]}
    led = browser.post(f"/can-bo/viec/{task}/sign", data=token_field)
    assert led.location == f"{SIGN}?viec={task}", "the record page leads to the list"
    ticked = [box for box in page_of(browser.get(led.location)).iter("input") if box.get("checked") is not None]
    assert [box.get("value") for box in ticked] == [str(task)]
    sent = {**token_field, "task": str(task), f"shown-{task}": "0" * 64, "password": PASSWORD}
    response = browser.post(SIGN, data=sent)
    work()
    assert signatures.CHANGED in words_of(browser.get(response.location))
    assert result(walk).signed_by is None


def test_a_document_that_is_damaged_in_the_store_is_not_signed_and_its_row_says_so(
    as_official: AsOfficial, certificates: Certificates, signs: None
) -> None:
    damaged, whole = certificates("Một", "Hai")
    browser = as_official(LEADER)
    response = act(browser, SIGN, damaged, whole, password=PASSWORD)
    with the_store().on_disk(str(result(damaged).file_digest)) as file:
        file.write_bytes(file.read_bytes()[:-1])
    work()
    said = words_of(browser.get(response.location))
    assert said.count(signatures.DAMAGED) == 1
    assert [walk.file().open_tasks[0].step for walk in (damaged, whole)] == ["sign", "stamp"]
    assert said.index("Chưa xong") < said.index("Xong"), "first what somebody has to look at"


def test_a_token_that_is_locked_refuses_every_row_and_loses_none(
    as_official: AsOfficial, certificates: Certificates, signs: None, trusted: TrustedCity
) -> None:
    walks = certificates("Một", "Hai")
    browser = as_official(LEADER)
    response = act(browser, SIGN, *walks, password=PASSWORD)
    (trusted.folder / "pin").write_text("another", encoding="utf-8")
    work()
    said = words_of(browser.get(response.location))
    assert said.count(token.LOCKED) == 2
    assert "Chọn lại các hồ sơ chưa xong" in said
    assert [walk.file().open_tasks[0].step for walk in walks] == ["sign", "sign"]


def test_without_electronic_signing_all_is_as_before(as_official: AsOfficial, certificates: Certificates) -> None:
    (walk,) = certificates("Một")
    response = act(as_official(LEADER), SIGN, walk)
    assert response.location == SIGN
    assert walk.file().open_tasks[0].step == "stamp"


def test_a_fee_receipt_is_sealed_by_who_collects_with_its_data_and_a_missing_token_loses_nothing(
    as_official: AsOfficial, permit: Permit, signs: None, trusted: TrustedCity
) -> None:
    walk = permit()
    send(as_official(RECEPTIONIST), f"/can-bo/ho-so/{walk.file().record.code}/thu-tien-mat")
    with reading(SYSTEM) as session:
        told = session.execute(text(CAPTURED), {"record": str(walk.record_id)}).scalar_one()
    KINDS["payment_captured"](told, now=clock.now())
    (receipt,) = receipts(walk)
    owed = {"document_id": str(receipt.id)}
    signing.use(replace(trusted.signing, token="another"))
    with pytest.raises(token.TokenUnavailable):
        make_document(owed, now=clock.now())
    assert receipts(walk) == [receipt], "a number, and no file without its seal"
    with unit_of_work(SYSTEM) as session:
        session.execute(text(GIVEN_UP), {"key": f"{receipt.id}:fee_receipt"})
    KINDS["watch_receipts"]({}, now=clock.now())
    KINDS["seal_receipts"]({}, now=clock.now())
    assert is_given_up(receipt), "the token is still away"
    signing.use(trusted.signing)
    KINDS["seal_receipts"]({}, now=clock.now())
    assert not is_given_up(receipt), "it is back"
    make_document(owed, now=clock.now())
    (sealed,) = receipts(walk)
    make_document(owed, now=clock.now())
    assert receipts(walk) == [sealed], "what is sealed is not printed again"
    with content_of(str(sealed.file_digest)) as stream:
        report = verify(stream.read())
    assert report.is_good
    assert [(found.field, found.signer) for found in report.signatures] == [(SEAL, "UBND phường Cái Khế")]
    with content_of(str(sealed.data_digest)) as stream:
        said = stream.read().decode()
    certificate = re.findall("<X509Certificate>(.*)</X509Certificate>", said)[0]
    assert load_der_x509_certificate(b64decode(certificate)).serial_number == int(report.signatures[0].serial, 16)


GIVEN_UP = "UPDATE job SET given_up_at = now(), attempts = 5 WHERE natural_key = :key"


def is_given_up(receipt: DocumentView) -> bool:
    with reading(SYSTEM) as session:
        jobs = session.scalars(select(Job).where(Job.kind.in_(("make_document", "seal_receipts"))))
        by_key = {job.natural_key: job for job in jobs}
    assert any(job.kind == "seal_receipts" for job in by_key.values()), "the worker of documents is asked to look"
    return by_key[f"{receipt.id}:fee_receipt"].given_up_at is not None


def receipts(walk: Walk) -> list[DocumentView]:
    return [document for document in walk.file().documents if document.kind == "fee_receipt"]
