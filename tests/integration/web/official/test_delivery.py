"""A result on its way to the applicant: by post with an operator that loses, repeats, scatters and is impersonated; at
the counter after the parcel came back; and the choice until it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import receipt_secret
from portal.core.unit_of_work import reading, unit_of_work
from portal.delivery import operator
from portal.delivery import service as delivering
from portal.delivery.jobs import KINDS as DELIVERY_KINDS
from portal.delivery.operator import NOTIFIED_AT, PostalOperator, Taken
from portal.demonstration.walking import Walk
from portal.demonstration.walking import submit as send_in
from portal.notifications.jobs import KINDS as MESSAGE_KINDS
from portal.records.parcels import KINDS as PARCEL_KINDS
from portal.records.replay import differences
from portal.simulators.post import Post, post_app
from portal.simulators.post_books import Behaviour, PostBooks
from portal.simulators.serving import server
from tests.harness import html
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.records.arranging import APPLICANT, FORMS
from tests.integration.web.official.conftest import PLACE, AsOfficial, holder_of, person
from tests.integration.web.official.test_acting import action_page, open_task, record_page

COPY = "2.000815"
ISSUED = ("receive.accept", "forward.hand_over", "compare.match", "sign.sign", "stamp.issue")
CITIZEN = "092085001234"
SECRET = "secret-of-the-post-that-nobody-else-knows"
RECEIVER = {
    "post_name": "Lý Mẫu Tâm",
    "post_phone": "0907 000 111",
    "post_where": "city",
    "post_commune": PLACE,
    "post_address": "45 Nguyễn Trãi",
}
ORDER, HAND, TAKE_BACK = "Lập đơn cho các dòng đã chọn", "Đã giao cho bưu tá", "Đã nhận lại các dòng đã chọn"
CANCEL = "Hủy đơn, giữ lại quầy"
HANDLERS = {**DELIVERY_KINDS, **PARCEL_KINDS, "tell_applicant": MESSAGE_KINDS["tell_applicant"]}


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """The trial post, listening; what it has to tell is brought to the portal's door by `told`."""
    played = Post(PostBooks(tmp_path), secret=SECRET, notification_url="")
    listening = server(post_app(played), port=0)
    Thread(target=listening.serve_forever, daemon=True).start()
    operator.use(PostalOperator(url=f"http://127.0.0.1:{listening.port}", secret=SECRET))
    yield played
    operator.use(None)
    listening.shutdown()


@pytest.fixture
def record(office: Connection, settings: Settings, kept_paper: str) -> Any:
    """A record of a certified copy, carried along the steps named; its time is now."""

    def walked(*steps: str, **changed: Any) -> Walk:
        citizen, form = person(CITIZEN), FORMS[COPY]
        walk = send_in(
            COPY,
            owner=Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name),
            answers={**APPLICANT, **form.answers, **changed},
            papers=[(slot, kept_paper) for slot in form.papers],
            place=PLACE,
            level=form.level,
            receipt_key=settings.receipt_key.encode(),
            now=clock.now() - timedelta(hours=1),
        )
        walk.pace = Decimal(0)
        walk.go(*steps).pay()
        return walk

    return walked


def work(*, later: timedelta = timedelta()) -> None:
    """Do what is owed by then, and what that brings about."""
    now = clock.now() + later
    owed = text("""
    UPDATE job SET finished_at = :now WHERE finished_at IS NULL AND due_at <= :now AND kind = ANY (:kinds)
    RETURNING kind, arguments
    """)
    for _ in range(9):
        with unit_of_work(SYSTEM) as session:
            jobs = session.execute(owed, {"now": now, "kinds": list(HANDLERS)}).all()
        for job in jobs:
            HANDLERS[job.kind](job.arguments, now=now)
        if not jobs:
            return


def told(post: Post, browser: PageClient, *, backwards: bool = False) -> list[str]:
    """Bring every word to the portal; what it answered."""
    due = sorted(post.books.due(), key=lambda word: word["id"], reverse=backwards)
    answers = []
    for word in due:
        response = browser.post(NOTIFIED_AT, data=word["message"], content_type="application/json")
        answers.append(str(json.loads(response.text)["result"]))
        post.books.note(word, answered=answers[-1])
    return answers


def carry(post: Post, *kinds: str) -> None:
    (parcel,) = post.books.parcels()
    for kind in kinds:
        post.carry(parcel, kind)


def parcel_key(walk: Walk) -> UUID:
    found = walk.file().parcel
    assert found is not None
    return found.id


def pdf_words(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(BytesIO(content))
    return " ".join(page.get_textpage().get_text_range() for page in pages)


def subjects(walk: Walk) -> list[str]:
    found = "SELECT subject FROM message WHERE record_id = :record ORDER BY sent_at, id"
    with reading(SYSTEM) as session:
        return list(session.scalars(text(found), {"record": walk.record_id}))


def sent_by_post(post: Post, record: Any, as_official: AsOfficial) -> tuple[Walk, PageClient]:
    """A result in the hands of the post; the browser is the counter's."""
    walk = record(*ISSUED, return_by="post", **RECEIVER)
    counter = as_official(holder_of(open_task(walk, "give")))
    submit(counter, "/can-bo/buu-gui", {"one": str(walk.record_id)}, button=ORDER)
    work()
    submit(counter, "/can-bo/buu-gui", {"one": str(parcel_key(walk))}, button=HAND)
    work()
    return walk, counter


def test_a_result_goes_by_post_once_whatever_the_post_loses_repeats_or_others_forge(
    post: Post, record: Any, as_official: AsOfficial, settings: Settings
) -> None:
    walk = record(*ISSUED, return_by="post", **RECEIVER)
    counter, citizen = as_official(holder_of(open_task(walk, "give"))), as_official(CITIZEN)
    assert action_page(walk, "give", "give") not in counter.get(record_page(walk)).text
    list_of_counter = words_of(counter.get("/can-bo/buu-gui"))
    assert "Lý Mẫu Tâm, 45 Nguyễn Trãi, Phường Cái Khế" in list_of_counter
    assert registers_read() == [1], "it says who lives where"
    post.books.behave(Behaviour(lose=1))
    assert submit(counter, "/can-bo/buu-gui", {"one": str(walk.record_id)}, button=ORDER).status_code == 303
    work()
    assert walk.file().parcel.state == "ordered"
    post.books.behave(Behaviour(duplicate=2, forge=1))
    work(later=timedelta(minutes=2))
    (parcel,) = post.books.parcels()
    assert walk.file().parcel.number == parcel.number
    labels = counter.get("/can-bo/buu-gui/nhan.pdf")
    assert counter.get("/can-bo/buu-gui/danh-sach-giao.pdf").status_code == 200
    assert registers_read()[-2:] == [1, 1]
    assert labels.headers["Content-Disposition"].isascii()
    printed = pdf_words(labels.data)
    assert [word for word in (parcel.number, "0907 000 111", "22.000 đồng") if word not in printed] == []
    assert submit(counter, "/can-bo/buu-gui", {"one": str(parcel_key(walk))}, button=HAND).status_code == 303
    page = words_of(citizen.get(f"/ho-so/{walk.file().record.code}"))
    assert parcel.number in page
    assert "22.000 đồng, người nhận trả cho bưu tá" in page
    assert "Đổi cách nhận" not in page
    carry(post, "collected", "failed", "out")
    answers = told(post, citizen, backwards=True)
    assert (answers.count("00"), answers.count("97")) == (9, 3)
    work()
    assert walk.file().parcel.state == "out"
    looked_up = look_up(as_official, walk, settings)
    assert "Bưu tá đi phát" in looked_up
    assert "Lý Mẫu Tâm" not in looked_up
    assert "0907 000 111" not in looked_up
    carry(post, "delivered")
    told(post, citizen)
    told(post, citizen)
    work()
    file = walk.file()
    assert (file.record.state, file.open_tasks, len(file.parcel.events)) == ("returned", (), 4)
    assert subjects(walk)[-1] == f"Đã trả kết quả hồ sơ {file.record.code}"
    assert sum("đã giao cho bưu điện" in subject for subject in subjects(walk)) == 1
    assert differences(file) == []


def registers_read() -> list[int]:
    """How many lines each that was opened had."""
    read = "SELECT details ->> 'count' FROM audit_entry WHERE kind = 'register_read' ORDER BY at, id"
    with reading(SYSTEM) as session:
        return [int(count) for count in session.scalars(text(read))]


def sent_again(browser: PageClient, url: str, page: TestResponse, fields: dict[str, str]) -> TestResponse:
    """The form of a page that came back, filled in further."""
    (form,) = (form for form in page_of(page).iter("form") if form.get("action") is None)
    return browser.post(url, data={**html.fields_of(form), **fields})


def look_up(as_official: AsOfficial, walk: Walk, settings: Settings) -> str:
    secret = receipt_secret(walk.record_id, key=settings.receipt_key.encode(), version=1)
    stranger = as_official("quantri")
    form = {"code": walk.file().record.code, "secret": secret}
    stranger.post("/tra-cuu", data=form)
    return words_of(stranger.get("/tra-cuu/ket-qua"))


def test_what_was_never_told_is_asked_and_what_never_left_is_not_delivered(
    post: Post, record: Any, as_official: AsOfficial
) -> None:
    walk = record(*ISSUED, return_by="post", **RECEIVER)
    counter = as_official(holder_of(open_task(walk, "give")))
    submit(counter, "/can-bo/buu-gui", {"one": str(walk.record_id)}, button=ORDER)
    work()
    post.books.behave(Behaviour(drop=1))
    carry(post, "delivered")
    work(later=timedelta(hours=3))
    assert walk.file().parcel.state == "ready"
    submit(counter, "/can-bo/buu-gui", {"one": str(parcel_key(walk))}, button=HAND)
    carry(post, "collected", "out")
    work(later=timedelta(hours=7))
    assert walk.file().parcel.state == "out", "it was not delivered before it left"
    carry(post, "delivered")
    work(later=timedelta(hours=13))
    assert (walk.file().parcel.state, walk.file().record.state) == ("delivered", "returned")


def test_what_comes_back_waits_at_the_counter_for_somebody_who_shows_who_he_is(
    post: Post, record: Any, as_official: AsOfficial
) -> None:
    walk, counter = sent_by_post(post, record, as_official)
    carry(post, "collected", "failed", "returning")
    told(post, counter)
    work()
    assert "Không ai nhận sau nhiều lần phát" in words_of(counter.get("/can-bo/buu-gui"))
    submit(counter, "/can-bo/buu-gui", {"one": str(parcel_key(walk))}, button=TAKE_BACK)
    work()
    assert "đã về quầy" in subjects(walk)[-1]
    assert walk.file().record.return_by == "counter"
    url = action_page(walk, "give", "give")
    stranger = {"came": "self", "identity_paper": "card", "identity_no": "092085009999"}
    refused = submit(counter, url, stranger)
    assert refused.status_code == 422
    assert "Số này khác số định danh của người nộp" in words_of(refused)
    came = {**stranger, "identity_no": CITIZEN}
    assert submit(counter, url, came).status_code == 303
    slip = pdf_words(counter.get(f"{record_page(walk)}/giay-giao-nhan.pdf").data)
    assert "giấy giao nhận kết quả" in slip.lower()
    assert "đã đối chiếu, đúng số định danh" in slip
    assert differences(walk.file()) == []


def test_the_way_may_be_changed_until_the_order_and_nothing_typed_is_lost(
    post: Post, record: Any, as_official: AsOfficial, settings: Settings
) -> None:
    walk = record(*ISSUED, return_by="online")
    citizen, counter = as_official(CITIZEN), as_official(holder_of(open_task(walk, "give")))
    url = f"/ho-so/{walk.file().record.code}/cach-nhan"
    more = submit(citizen, url, {"return_by": "post"})
    assert more.status_code == 200
    assert "Trả lời thêm các câu dưới đây" in words_of(more)
    refused = sent_again(citizen, url, more, {**RECEIVER, "post_phone": "12"})
    assert refused.status_code == 422
    assert "Lý Mẫu Tâm" in refused.text
    assert sent_again(citizen, url, refused, {"post_phone": "0907 000 111"}).status_code == 303
    assert walk.file().parcel.receiver.line.startswith("45 Nguyễn Trãi, Phường Cái Khế")
    assert submit(counter, record_page(walk), {}, button="Người nộp đến nhận tại quầy").status_code == 303
    assert (walk.file().record.return_by, walk.file().parcel) == ("counter", None)
    history = words_of(citizen.get(f"/ho-so/{walk.file().record.code}"))
    assert "Trước nhận trên mạng, nay nhận qua bưu điện." in history
    assert "Trước nhận qua bưu điện, nay nhận tại UBND phường Cái Khế." in history
    assert "Trước nhận trên mạng, nay nhận qua bưu điện." in words_of(counter.get(record_page(walk)))
    assert "Trước nhận trên mạng, nay nhận qua bưu điện." in look_up(as_official, walk, settings)
    assert sent_again(citizen, url, refused, {"post_phone": "0907 000 111"}).status_code == 303
    submit(counter, "/can-bo/buu-gui", {"one": str(walk.record_id)}, button=ORDER)
    assert citizen.get(url).status_code == 303
    taken_back = parcel_key(walk)
    submit(counter, "/can-bo/buu-gui", {"one": str(taken_back)}, button=CANCEL)
    work()  # the post knows nothing of it yet: the order was still on its way to it
    taken = post.books.take(delivering.request_of(taken_back), reference="", receiver="", fee=0)
    with unit_of_work(SYSTEM) as session:
        assert not delivering.note_order(session, taken_back, Taken(taken.number, 0), now=clock.now())
    work()
    assert post.books.parcels()[0].cancelled
    operator.use(None)
    walk = record(*ISSUED[:1], return_by="online")
    page = citizen.get(f"/ho-so/{walk.file().record.code}/cach-nhan")
    assert 'value="online"' in page.text
    assert 'value="post"' not in page.text
