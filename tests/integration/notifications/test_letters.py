"""Messages by e-mail: the same words, with the paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.core import clock, database
from portal.core.actor import SYSTEM, Actor
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.documents.models import Document
from portal.files import service as files
from portal.files import store
from portal.files.folder import FolderStore
from portal.jobs.types import GiveUp, RetryLater
from portal.notifications import jobs, mailing, queries
from portal.notifications.mailing import MailServer
from portal.payments.models import FeeLine
from portal.records.types import RecordState
from tests.cluster import DatabaseUrls
from tests.harness.letter_box import LetterBox, letter_box
from tests.integration.rows import LONG_AGO, a_citizen, a_counter, a_record, an_event

PDF = b"%PDF-1.7 the receipt"
ADDRESS = "hanh@vidu.vn"

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
def sessions(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[None]:
    engine = database.engine(database_urls.app, pool_size=5)
    use(database.sessions(engine))
    store.use(FolderStore(tmp_path / "files"))
    yield
    engine.dispose()


@pytest.fixture
def box() -> Iterator[LetterBox]:
    with letter_box(refuses="nobody@") as box:
        mailing.use(MailServer(box.url, "cong@vidu.vn", "https://dichvucong.vidu.vn", "0292 1022"))
        yield box
    mailing.use(None)


def told(*, address: str = ADDRESS, is_drawn: bool = True) -> tuple[Actor, dict[str, str]]:
    """A record was sent in: its owner has the message, and a receipt that may still have to be drawn."""
    now = clock.now()
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        session.execute(
            text("UPDATE person SET email = :address WHERE id = :id"), {"address": address, "id": owner.person_id}
        )
        record_id = a_record(session, owner=owner)
        event_id = an_event(session, record_id, owner=owner, number=1, kind="record_submitted")
        stored = files.store_produced(PDF)
        files.write_row(session, stored, media_type="application/pdf", pages=1, now=now)
        session.add(
            Document(
                id=new_id(),
                record_id=record_id,
                owner_id=owner.person_id,
                unit_id=a_counter(session),
                kind="receipt",
                template="receipt",
                title="Biên nhận hồ sơ",
                content={},
                for_applicant=True,
                created_at=LONG_AGO,
                file_digest=stored.digest if is_drawn else None,
                rendered_at=now if is_drawn else None,
            )
        )
    jobs.tell_applicant({"event_id": str(event_id)}, now=now)
    return owner, {"event_id": str(event_id), "owner_id": str(owner.person_id)}


def test_the_letter_says_what_the_message_says_and_brings_the_paper(box: LetterBox) -> None:
    owner, arguments = told()
    with reading(SYSTEM) as session:
        owed = session.execute(text("SELECT arguments FROM job WHERE kind = 'mail_message' ORDER BY due_at DESC"))
        assert arguments in list(owed.scalars())
    jobs.mail_message(arguments, now=clock.now())
    with reading(owner) as session:
        (message,) = queries.list_messages(session, actor=owner)
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, message.text.subject.vi)
    body = letter.get_body()
    assert body is not None
    assert message.text.body.vi in body.get_content()
    assert f"https://dichvucong.vidu.vn/ho-so/{message.record_code}" in body.get_content()
    (paper,) = letter.iter_attachments()
    assert (paper.get_filename(), paper.get_content()) == ("Biên nhận hồ sơ.pdf", PDF)
    assert [paper.title for paper in message.papers] == ["Biên nhận hồ sơ"]


def test_a_letter_that_names_a_fee_says_where_to_pay_it_while_it_is_owed(box: LetterBox) -> None:
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        session.execute(text("UPDATE person SET email = :to WHERE id = :id"), {"to": ADDRESS, "id": owner.person_id})
        record_id = a_record(session, owner=owner, state=RecordState.FEE_DUE)
        line = FeeLine(
            id=new_id(), record_id=record_id, owner_id=owner.person_id, rule="fee", kind="phi", name="Phí",
            amount=34_000, moment="receiving", owed_at=LONG_AGO,
        )  # fmt: skip
        session.add(line)
        event_id = an_event(session, record_id, owner=owner, number=1, state_before="accepted", state_after="fee_due")
    jobs.tell_applicant({"event_id": str(event_id)}, now=clock.now())
    arguments = {"event_id": str(event_id), "owner_id": str(owner.person_id)}
    jobs.mail_message(arguments, now=clock.now())
    asked = []
    for later in (
        "UPDATE record SET state = 'refused' WHERE id = :id",
        "UPDATE fee_line SET paid_at = now() WHERE record_id = :id",
    ):
        with unit_of_work(SYSTEM) as session:
            session.execute(text(later), {"id": record_id})
        jobs.mail_message(arguments, now=clock.now())
        with reading(owner) as session:
            asked += [message.asks_to_pay for message in queries.list_messages(session, actor=owner)]
    first, *others = (letter.get_body().get_content() for letter in box.letters)  # type: ignore[union-attr]
    assert "Nộp 34.000 đồng để hồ sơ được giải quyết tiếp" in first
    assert ["/nop-phi" in body for body in (first, *others)] == [True, False, False]
    assert asked == [False, False]


def test_sent_twice_it_is_the_same_letter(box: LetterBox) -> None:
    _, arguments = told()
    for _ in range(2):
        jobs.mail_message(arguments, now=clock.now())
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_a_letter_waits_for_its_paper(box: LetterBox) -> None:
    _, arguments = told(is_drawn=False)
    with pytest.raises(RetryLater):
        jobs.mail_message(arguments, now=clock.now())
    assert box.letters == []


def test_who_left_no_address_gets_no_letter(box: LetterBox) -> None:
    jobs.mail_message(told(address="")[1], now=clock.now())
    assert box.letters == []


@pytest.mark.parametrize("address", ["nobody@vidu.vn", "a@vidu.vn\nBcc: b@vidu.vn"])
def test_an_address_that_takes_no_letters_is_given_up(box: LetterBox, address: str) -> None:
    with pytest.raises(GiveUp):
        jobs.mail_message(told(address=address)[1], now=clock.now())
    assert box.letters == []


def test_a_server_that_is_away_is_asked_again() -> None:
    mailing.use(MailServer("smtp://127.0.0.1:1", "cong@vidu.vn", "https://dichvucong.vidu.vn", "0292 1022"))
    try:
        with pytest.raises(RetryLater):
            jobs.mail_message(told()[1], now=clock.now())
    finally:
        mailing.use(None)
