"""Coming to the counter by appointment, and the electronic copy that is made there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.bookings.queries import booking_of
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.files.service import content_of
from portal.jobs.drain import drain
from portal.jobs.types import DOCUMENTS
from portal.notifications import service as notifications
from portal.notifications.queries import list_messages
from portal.records import book_prints, scans, service
from portal.records.jobs import booking_near, booking_over, make_document
from portal.records.models import Record
from portal.units.models import Unit
from tests.harness.client import PageClient, submit, words_of
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import COPIES, NOW, act, citizen, handed_in, task_of, who_holds
from tests.integration.web.official.conftest import sheets
from tests.integration.web.records.conftest import Visitor, address

pytestmark = pytest.mark.usefixtures("bells")

COUNTER = "/can-bo/lich-hen?ngay=2026-11-09"
SAVE = "Lưu và báo người nộp"
PAPER = {"title": "Bằng tốt nghiệp", "issuer": "vn", "pages": "2", "copies": "0", "ecopy": True}


@pytest.fixture
def as_official(as_user: AsUser, clock_at: Callable[[datetime], None]) -> Callable[..., PageClient]:
    def signed_in(login: str, moment: datetime) -> PageClient:
        clock_at(moment)
        with reading(SYSTEM) as session:
            person = session.query(Person).filter(Person.login == login).one()
        return as_user(person)

    return signed_in


def visit(walk: Walk) -> Any:
    with reading(SYSTEM) as session:
        return booking_of(session, walk.record_id)


def told(walk: Walk) -> list[str]:
    """What the applicant is told of everything that has happened, the newest first."""
    for event in walk.file().events:
        with unit_of_work(SYSTEM) as session:
            notifications.tell_applicant(session, event.id, now=walk.now)
    with reading(citizen()) as session:
        return [f"{one.text.subject.vi}. {one.text.body.vi}" for one in list_messages(session, actor=citizen())]


def test_the_hour_that_was_chosen_is_kept_shown_and_changed(visitor: Visitor) -> None:
    walk = handed_in(COPIES)
    first = visit(walk)
    assert first.starts_at == NOW.replace(hour=2, minute=30)
    assert walk.file().record.reception_due_at > first.starts_at
    browser = visitor.at(walk.now)
    page = words_of(browser.get(address(walk)))
    assert "Đến quầy lúc 09:30, thứ Hai 9/11/2026" in page
    answer = submit(browser, f"{address(walk)}/lich-hen", {"slot": "2026-11-10T13:30"}, button="Giữ giờ này")
    assert answer.status_code == 303
    assert "13:30, thứ Ba 10/11/2026" in words_of(browser.get(address(walk)))
    assert walk.file().record.answers["visit_at"] == "2026-11-10T13:30"
    assert task_of(walk, "receive").due_at == walk.file().record.reception_due_at
    looks_at_the_old_list = who_holds(walk, "receive")
    with pytest.raises(Conflict), unit_of_work(looks_at_the_old_list) as session:
        service.note_arrival(session, first.id, actor=looks_at_the_old_list, now=walk.now)
    messages = told(walk)
    assert "Giờ hẹn cũ 09:30, thứ Hai 9/11/2026 không còn." in messages[0]
    assert "Hẹn đến UBND phường Cái Khế lúc 09:30, thứ Hai 9/11/2026" in messages[-1]
    assert "Chưa phải làm gì" not in messages[-1]


def test_a_visit_that_was_given_up_or_missed_leaves_its_place_and_another_can_be_made(visitor: Visitor) -> None:
    walk = handed_in(COPIES)
    browser = visitor.at(walk.now)
    assert submit(browser, f"{address(walk)}/lich-hen", {}, button="Bỏ hẹn này").status_code == 303
    assert "Hồ sơ chưa có giờ hẹn." in words_of(browser.get(address(walk)))
    others = [handed_in(COPIES, owner=citizen(number)) for number in (1, 2)]
    assert {visit(other).starts_at for other in others} == {NOW.replace(hour=2, minute=30)}
    answer = submit(browser, f"{address(walk)}/lich-hen", {"slot": "2026-11-09T10:00"}, button="Giữ giờ này")
    assert answer.status_code == 303
    booking_near({"booking_id": str(visit(walk).id)}, now=walk.now)
    booking_over({"booking_id": str(visit(walk).id)}, now=NOW + timedelta(hours=9))
    booking_over({"booking_id": str(visit(walk).id)}, now=NOW + timedelta(hours=10))
    assert visit(walk).state == "missed"
    assert [event.kind for event in walk.file().events][1:] == [
        "booking_cancelled", "booking_made", "booking_near", "booking_missed",
    ]  # fmt: skip
    assert "Lỡ hẹn" in told(walk)[0]


def test_the_counter_sees_who_comes_and_notes_the_arrival(as_official: Callable[..., PageClient]) -> None:
    walk = handed_in(COPIES)
    browser = as_official("ck.ju1", walk.now)
    page = words_of(browser.get(COUNTER))
    assert "09:30–10:00" in page
    assert "1 người hẹn đến, 1 chưa đến." in page
    for far in ("9999-12-31", "2100-12-31", "1900-01-01"):
        assert browser.get(f"/can-bo/lich-hen?ngay={far}").status_code == 200, far
    answer = submit(browser, COUNTER, {}, button="Ghi đã đến Nguyễn Mẫu An")
    assert answer.status_code == 303
    assert "Người nộp đã đến theo hẹn" in words_of(browser.get(answer.location))
    assert visit(walk).state == "came"
    stranger = as_official("nk.qldt.sp1", walk.now)
    assert "Nguyễn Mẫu An" not in words_of(stranger.get(COUNTER))


def test_the_counter_finds_another_hour_for_who_calls_and_says_why(
    as_official: Callable[..., PageClient], visitor: Visitor
) -> None:
    walk = handed_in(COPIES)
    walk.now = NOW.replace(hour=2, minute=10)  # twenty minutes before: too late for the applicant's own page
    assert "Sát giờ hẹn" in words_of(visitor.at(walk.now).get(f"{address(walk)}/lich-hen"))
    stranger = as_official("nk.qldt.sp1", walk.now)
    assert stranger.get(f"{desk(walk)}/lich-hen").status_code == 404
    browser = as_official("ck.ju1", walk.now)
    assert f"{desk(walk)}/lich-hen" in browser.get(COUNTER).text
    moved = {"slot": "2026-11-10T13:30", "reason": "Người nộp gọi điện, bận việc nhà."}
    silent = submit(browser, f"{desk(walk)}/lich-hen", {**moved, "reason": " "}, button=SAVE)
    assert (silent.status_code, visit(walk).starts_at) == (422, NOW.replace(hour=2, minute=30))
    done = words_of(submit(browser, f"{desk(walk)}/lich-hen", moved, button=SAVE, follow=True))
    assert "Đã hẹn 13:30, thứ Ba 10/11/2026 và báo người nộp." in done
    assert "Lý do: Người nộp gọi điện, bận việc nhà." in done
    assert walk.file().record.answers["visit_at"] == "2026-11-10T13:30"
    assert "Lý do: Người nộp gọi điện, bận việc nhà." in told(walk)[0]
    submit(browser, f"{desk(walk)}/lich-hen", {"slot": "none", "reason": "Chưa biết ngày."}, button=SAVE)
    assert visit(walk).state == "cancelled"
    shown = words_of(visitor.at(walk.now).get(address(walk)))
    assert "Hồ sơ chưa có giờ hẹn." in shown
    assert re.search(r"Đã bỏ hẹn UBND phường Cái Khế.*? Lý do: Chưa biết ngày\.", shown)


def test_a_record_that_ends_gives_its_place_back_and_one_that_is_accepted_was_visited() -> None:
    ended, accepted = handed_in(COPIES), handed_in(COPIES, owner=citizen(1))
    ended.go("withdraw")
    accepted.now = visit(accepted).starts_at
    act(accepted, "receive", "accept")
    assert [visit(ended).state, visit(accepted).state] == ["cancelled", "came"]


def test_a_visit_that_is_still_to_come_when_its_record_is_accepted_stays(
    as_official: Callable[..., PageClient], visitor: Visitor
) -> None:
    walk, early = handed_in(COPIES), handed_in(COPIES, owner=citizen(1))
    act(walk, "receive", "accept")
    assert (walk.now < visit(walk).starts_at, visit(walk).state) == (True, "booked")
    reception = walk.file().record.reception_due_at
    assert "Đến quầy lúc 09:30, thứ Hai 9/11/2026" in words_of(visitor.open(walk))
    moved = {"slot": "2026-11-10T13:30", "reason": "Người nộp gọi điện."}
    browser = as_official("ck.ju1", walk.now)
    assert submit(browser, f"{desk(walk)}/lich-hen", moved, button=SAVE).status_code == 303
    assert walk.file().record.reception_due_at == reception, "the counter has answered already"
    arrived = submit(browser, f"{desk(walk)}/lich-hen", button="Ghi đã đến Nguyễn Mẫu An")
    assert (arrived.status_code, visit(walk).state) == (303, "came"), "earlier than promised: the official says so"
    assert browser.get(f"{desk(walk)}/lich-hen").status_code == 404
    early.go("receive.accept", "forward.hand_over", "compare.match")
    assert visit(early).state == "came", "the originals were seen"


def scanned(browser: PageClient, walk: Walk, pages: int) -> TestResponse:
    sent = {"file": (BytesIO(sheets(pages).getvalue()), "ban-chup.pdf")}
    return submit(browser, f"{desk(walk)}/ban-dien-tu/1", sent, button="Tải bản chụp lên")


def certify(walk: Walk) -> None:
    """The official goes on, without anybody who scans for him."""
    who = who_holds(walk, "compare")
    with unit_of_work(who) as session:
        service.act_on_task(session, task_of(walk, "compare").id, "match", actor=who, now=walk.now)


def desk(walk: Walk) -> str:
    return f"/can-bo{address(walk)}"


def compare_again(walk: Walk, who: Actor) -> None:
    with unit_of_work(who_holds(walk, "compare")) as session:
        digest = scans.list_scans(session, walk.record_id)[0].digest
        scans.compare_scan(session, walk.record_id, 0, digest=digest, actor=who, now=walk.now)


def test_only_the_scan_that_was_compared_is_certified(as_official: Callable[..., PageClient], visitor: Visitor) -> None:
    walk = handed_in(COPIES, docs=[PAPER])
    for step in ("receive.accept", "forward.hand_over"):
        act(walk, *step.split("."))
    with reading(SYSTEM) as session:
        login = session.get_one(Person, who_holds(walk, "compare").person_id).login
    browser = as_official(login, walk.now)
    with pytest.raises(InvalidInput, match="chưa chụp hoặc chưa đối chiếu"):
        certify(walk)
    page = f"{desk(walk)}/ban-dien-tu/1"
    assert scanned(browser, walk, 3).status_code == 303
    shown = words_of(browser.get(page))
    assert "Người nộp khai 2 trang, bản chụp có 3 trang." in shown
    assert browser.get(f"{page}/trang/3").mimetype == "image/png"
    everything = {"checks": ["pages", "legible", "same"]}
    assert submit(browser, page, {"checks": ["pages"]}, button="Xác nhận khớp bản chính").status_code == 422
    late = submit(browser, page, {**everything, "digest": "0" * 64}, button="Xác nhận khớp bản chính")
    assert "Bản chụp vừa được thay." in words_of(late)
    assert submit(browser, page, everything, button="Xác nhận khớp bản chính").status_code == 303
    first, noted = who_holds(walk, "compare"), len(walk.file().events)
    compare_again(walk, first)
    with pytest.raises(Conflict, match="đã đối chiếu bản chụp này"):
        compare_again(walk, replace(first, person_id=citizen(1).person_id))
    assert len(walk.file().events) == noted, "who compared it first stays, and nothing is noted twice"
    with pytest.raises(NotAllowed), unit_of_work(SYSTEM) as session:
        another = select(Unit.id).where(Unit.id != walk.file().record.received_unit_id).limit(1).scalar_subquery()
        session.execute(update(Record).where(Record.id == walk.record_id).values(received_unit_id=another))
        scans.compare_scan(session, walk.record_id, 0, digest="", actor=first, now=walk.now)
    certify(walk)
    (draft,) = (one for one in walk.file().documents if one.kind == "result")
    make_document({"document_id": str(draft.id)}, now=walk.now)
    (made,) = (one for one in walk.file().documents if one.kind == "result")
    with content_of(made.file_digest or "") as stream, pikepdf.open(BytesIO(stream.read())) as pdf:
        assert len(pdf.pages) == 4
    assert "SHA-256 của bản chụp" in words_of(browser.get(page))
    assert "Chụp lại" not in words_of(browser.get(page))
    walk.go("sign.sign", "stamp.issue")
    for said in (words_of(visitor.open(walk)), told(walk)[0]):
        assert "bản điện tử" in said
        assert "nhận tại" not in said, "there is nothing on paper"


def test_the_book_of_copies_has_a_line_for_each_number_and_is_the_agencys_own(
    as_official: Callable[..., PageClient],
) -> None:
    papers = [{**PAPER, "title": title, "copies": "2", "ecopy": False} for title in ("Bằng lái xe", "Học bạ")]
    walk = handed_in(COPIES, docs=papers)
    walk.go("receive.accept", "forward.hand_over", "compare.match", "sign.sign", "stamp.issue")
    browser = as_official("ck.ju1", walk.now)
    page = words_of(browser.get("/can-bo/so-chung-thuc"))
    assert "2 số chứng thực" in page
    assert re.search(
        r"01/SCT/BS .* Bằng lái xe .* 2 bản giấy 8\.000 đồng 02/SCT/BS .* Học bạ .* 2 bản giấy 8\.000", page
    )
    drawn = submit(browser, "/can-bo/so-chung-thuc", button="In sổ (PDF)")
    drain(DOCUMENTS, book_prints.KINDS)
    assert "Bản in đã xong." in words_of(browser.get(str(drawn.headers["Location"])))
    assert browser.get("/can-bo/so-chung-thuc/so.xlsx").status_code == 200
    other = as_official("ta.ju1", walk.now)
    assert "Bằng lái xe" not in words_of(other.get("/can-bo/so-chung-thuc"))
