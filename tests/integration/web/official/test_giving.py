"""Giving a result: who came, what is taken in, what happens when nobody comes; and paper that follows its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from portal.calendars.queries import working_calendar
from portal.catalogue import queries as catalogue
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk, actor_of_person
from portal.demonstration.walking import submit as send_in
from portal.notifications.service import tell_applicant, tell_officials
from portal.records import service
from portal.records.record_view import view_of
from portal.records.replay import differences
from portal.records.transfers import Transfer, list_transfers, tell_late
from portal.records.types import ActionAnswers
from portal.units.queries import directory
from portal.web.record_words import status_of
from tests.harness.client import submit, words_of
from tests.integration.records.arranging import ALLOWANCE, APPLICANT, FORMS
from tests.integration.records.further_forms import BIRTH
from tests.integration.web.official.conftest import PLACE, SPECIALIST, AsOfficial, holder_of, person
from tests.integration.web.official.test_acting import action_page, hidden_of, open_task, record_page

CLOSING = "1.001266"
Sent = Callable[..., Walk]
SHOWN = {"came": "self", "identity_paper": "card", "identity_no": "092085001234"}
COUNTER = {"return_by": "counter", "return_unit": PLACE}
BORN = ("receive.accept", "forward.hand_over", "check.ready", "confirm.confirm", "person_id.ok", "sign.sign",
        "stamp.issue")  # fmt: skip
CLOSED = ("receive.accept", "forward.hand_over", "assign.assign", "tax.closed", "check.draft", "sign.sign",
          "stamp.issue")  # fmt: skip
TO_DISTRICT = ("receive.accept", "forward.hand_over", "c_check.pass", "c_sign.sign", "c_out.hand_over")


@pytest.fixture
def sent(office: Connection, settings: Settings, kept_paper: str) -> Sent:
    """A record of that procedure, carried along the steps named."""

    def walked(code: str, *steps: str, channel: str = "online", **changed: Any) -> Walk:
        citizen, form, start = person("092085001234"), FORMS[code], clock.now() - timedelta(hours=1)
        walk = send_in(
            code,
            owner=Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name),
            answers={**APPLICANT, **form.answers, **changed},
            papers=[(slot, kept_paper) for slot in form.papers],
            place=PLACE,
            level=form.level,
            receipt_key=settings.receipt_key.encode(),
            now=start,
            channel=channel,
        )
        return walk.go(*steps)

    return walked


def test_who_is_named_gets_the_step_after_the_register_too(sent: Sent, as_official: AsOfficial) -> None:
    """Closing a business begins with a question to the tax office, which nobody takes in his hands."""
    walk, chosen = sent(CLOSING, *CLOSED[:2]), person("nk.tckh.sp2")
    url = action_page(walk, "assign", "assign")
    response = submit(as_official("nk.tckh.hd1"), url, {"assignee_id": str(chosen.id)}, button="Phân công")
    assert response.status_code == 303, words_of(response)
    tax = str(open_task(walk, "tax").id)
    assert tax not in as_official(chosen.login).get("/can-bo").text
    walk.go("tax.closed")
    assert open_task(walk, "check").assignee_id == chosen.id


def messages(walk: Walk) -> list[str]:
    """Subject and body of what the applicant is told, once the worker has told it."""
    with unit_of_work(SYSTEM) as session:
        for event in walk.file().events:
            tell_applicant(session, event.id, now=walk.now)
    found = "SELECT subject || '. ' || body FROM message WHERE record_id = :record ORDER BY sent_at, id"
    with reading(SYSTEM) as session:
        return list(session.scalars(text(found), {"record": walk.record_id}))


def test_a_birth_certificate_is_given_to_who_came_and_to_nobody_unnamed(as_official: AsOfficial, sent: Sent) -> None:
    walk = sent(BIRTH, *BORN)
    ready = messages(walk)[-1]
    assert "Người nộp phải đến" in ready
    assert "Tải về trong hồ sơ" not in ready
    browser = as_official(holder_of(open_task(walk, "give")))
    url = action_page(walk, "give", "give")
    nobody = browser.post(url, data=hidden_of(browser, url))
    assert nobody.status_code == 422
    assert "Chọn người đến nhận" in words_of(nobody)
    given = {"came": "authorised", "identity_paper": "card", "identity_no": "092190000111"}
    unnamed = browser.post(url, data={**hidden_of(browser, url), **given})
    assert unnamed.status_code == 422
    assert "Nhập họ và tên người được ủy quyền." in words_of(unnamed)
    given |= {"came_name": "Lý Mẫu Tâm", "authorisation": "certified", "authorisation_no": "0412/CT"}
    assert submit(browser, url, given).status_code == 303
    history = words_of(browser.get(record_page(walk)))
    assert "Người đến nhận: Người được ủy quyền." in history
    assert "Họ và tên người được ủy quyền: Lý M. T." in history
    assert "Lý Mẫu Tâm" not in history
    assert "0412/CT" not in history
    assert "092190000111" not in history
    assert walk.file().record.state == "returned"
    assert differences(walk.file()) == []


def test_of_the_applicant_himself_no_name_or_paper_is_kept(sent: Sent) -> None:
    form = {**SHOWN, "identity_paper": "electronic", "came_name": "Trần Mẫu Bình"}
    walk = sent(BIRTH, *BORN)
    with pytest.raises(InvalidInput) as refused:
        walk.go("give.give", answers=ActionAnswers(form={**form, "identity_no": "092085009999"}))
    assert refused.value.field == "identity_no"
    walk.go("give.give", answers=ActionAnswers(form=form))
    assert walk.file().events[-1].details["form"] == {"came": "self", "identity_paper": "electronic"}


def test_an_old_certificate_is_taken_in_or_the_result_stays(as_official: AsOfficial, sent: Sent) -> None:
    walk = sent(CLOSING, *CLOSED, **COUNTER)
    assert "Mang theo để nộp lại: Giấy chứng nhận đã cấp." in messages(walk)[-1]
    browser = as_official(holder_of(open_task(walk, "give")))
    url = action_page(walk, "give", "give")
    kept = browser.post(url, data=hidden_of(browser, url))
    assert kept.status_code == 422
    assert "Chọn thu lại" in words_of(kept)
    assert submit(browser, url, {**SHOWN, "taken_certificate": "taken"}).status_code == 303
    assert "Thu lại: Giấy chứng nhận đã cấp: Đã thu bản chính." in words_of(browser.get(record_page(walk)))


def fire(walk: Walk, index: int) -> None:
    with unit_of_work(SYSTEM) as session:
        service.fire_timer(session, open_task(walk, "give").id, index, now=walk.now)


def test_a_result_that_nobody_collects_is_reminded_of_and_goes_to_the_archive(
    as_official: AsOfficial, sent: Sent
) -> None:
    walk = sent(CLOSING, *CLOSED, **COUNTER)
    browser = as_official(holder_of(open_task(walk, "give")))
    assert "Chưa đến nhận" not in words_of(browser.get("/can-bo/don-vi"))
    fire(walk, 0)
    assert "Chưa ai đến nhận kết quả" in messages(walk)[-1]
    assert "đưa vào lưu" in messages(walk)[-1]
    queue = words_of(browser.get("/can-bo/don-vi?loc=chua-den-nhan"))
    assert "Chưa đến nhận kết quả" in queue
    assert walk.file().record.code in queue
    fire(walk, 2)
    file = walk.file()
    assert (file.record.state, file.open_tasks) == ("archived", ())
    assert "Bản điện tử vẫn tải được" in messages(walk)[-1]
    assert "Bản giấy lưu tại" in messages(walk)[-1]
    assert file.result is not None
    assert "Đã đưa vào lưu" in words_of(browser.get(record_page(walk)))
    assert differences(file) == []


def test_whoever_comes_later_gets_it_from_the_archive_on_the_same_terms(as_official: AsOfficial, sent: Sent) -> None:
    walk = sent(CLOSING, *CLOSED, **COUNTER)
    browser = as_official(holder_of(open_task(walk, "give")))
    fire(walk, 2)
    before = walk.file()
    url = f"{record_page(walk)}/tra-tu-luu"
    assert url in browser.get(record_page(walk)).text
    kept = submit(browser, url, {})
    assert kept.status_code == 422
    assert "Chọn thu lại" in words_of(kept)
    assert submit(browser, url, {**SHOWN, "taken_certificate": "lost"}).status_code == 303
    page = browser.get(record_page(walk))
    assert "Đã mất, người nhận viết cam kết" in words_of(page)
    assert url not in page.text
    assert "Đã trả kết quả hồ sơ" in messages(walk)[-1]
    assert submit(browser, url, {**SHOWN, "taken_certificate": "taken"}).status_code == 409
    assert (walk.file().record.state, len(walk.file().events)) == ("archived", len(before.events) + 1)
    assert as_official(SPECIALIST).get(url).status_code in (403, 404)
    assert differences(walk.file()) == []


def test_who_takes_it_online_is_not_asked_to_come(sent: Sent) -> None:
    walk = sent(CLOSING, *CLOSED)
    before = len(walk.file().events)
    fire(walk, 0)
    assert len(walk.file().events) == before


def transfers(walk: Walk) -> list[Transfer]:
    with reading(SYSTEM) as session:
        return list_transfers(session, walk.record_id)


def official_at(walk: Walk, step: str) -> Actor:
    with reading(SYSTEM) as session:
        wanted = text("SELECT id FROM person WHERE login = :login")
        person_id = session.scalars(wanted, {"login": holder_of(open_task(walk, step))}).one()
        return actor_of_person(session, person_id, day=clock.local_day(walk.now))


def test_paper_follows_and_the_work_does_not_wait_for_it(as_official: AsOfficial, sent: Sent) -> None:
    walk = sent(ALLOWANCE, *TO_DISTRICT, channel="counter")
    (paper,) = transfers(walk)
    assert paper.is_on_the_way
    walk.go("d_in.receive")
    browser = as_official(holder_of(open_task(walk, "d_assign")))
    assert "Phải tới trước" in words_of(browser.get(record_page(walk)))
    receiving = as_official(receiver(paper))
    assert walk.file().record.code in words_of(receiving.get("/can-bo/giay-to"))
    response = submit(receiving, record_page(walk), {}, button="Đã nhận bản giấy")
    assert response.status_code == 303
    (paper,) = transfers(walk)
    assert paper.arrived_at is not None
    history = words_of(receiving.get(record_page(walk)))
    assert "Đã nhận bản giấy" in history
    assert walk.file().record.code not in words_of(receiving.get("/can-bo/giay-to"))
    assert differences(walk.file()) == []


def receiver(paper: Transfer) -> str:
    with reading(SYSTEM) as session:
        wanted = text(
            "SELECT login FROM person JOIN post ON post.person_id = person.id WHERE unit_id = :unit ORDER BY login"
        )
        return str(session.scalars(wanted, {"unit": paper.to_unit_id}).first())


def test_the_desk_that_sent_the_paper_may_not_confirm_it_and_nobody_twice(sent: Sent) -> None:
    walk = sent(ALLOWANCE, *TO_DISTRICT[:-1], channel="post")
    sender = official_at(walk, "c_out")
    walk.go("c_out.hand_over")
    (paper,) = transfers(walk)
    with pytest.raises(NotAllowed), unit_of_work(sender) as session:
        service.confirm_paper(session, paper.id, actor=sender, now=walk.now)
    taker = official_at(walk, "d_in")
    with unit_of_work(taker) as session:
        service.say_no_paper(session, paper.id, actor=taker, now=walk.now)
    with pytest.raises(Conflict), unit_of_work(taker) as session:
        service.confirm_paper(session, paper.id, actor=taker, now=walk.now)


def test_late_paper_is_told_to_who_leads_the_desk_that_sent_it(as_official: AsOfficial, sent: Sent) -> None:
    walk = sent(ALLOWANCE, *TO_DISTRICT, channel="counter")
    (paper,) = transfers(walk)
    late = paper.due_at + timedelta(minutes=1)
    with unit_of_work(SYSTEM) as session:
        assert not tell_late(session, paper.id, now=paper.due_at - timedelta(minutes=1))
        assert tell_late(session, paper.id, now=late)
    file = walk.file()
    told = file.events[-1]
    assert (told.kind, told.for_applicant) == ("paper_late", False)
    with unit_of_work(SYSTEM) as session:
        tell_officials(session, told.id, now=late)
        roles = session.scalars(
            text("""
            SELECT DISTINCT post.role FROM message JOIN post ON post.person_id = message.owner_id
            WHERE message.event_id = :event
            """),
            {"event": told.id},
        )
        assert set(roles) & {"head", "counter_leader", "leader"}
    browser = as_official(holder_of(open_task(walk, "d_in")))
    assert "Bản giấy chưa tới" in words_of(browser.get("/can-bo/don-vi"))


def test_a_record_that_came_online_has_no_paper_to_follow(sent: Sent) -> None:
    assert transfers(sent(ALLOWANCE, *TO_DISTRICT)) == []


def test_taking_the_hand_over_back_takes_the_paper_back(sent: Sent) -> None:
    walk = sent(ALLOWANCE, *TO_DISTRICT[:-1], channel="counter")
    task, clerk = open_task(walk, "c_out"), official_at(walk, "c_out")
    walk.go("c_out.hand_over")
    with unit_of_work(clerk) as session:
        service.undo_action(session, task.id, actor=clerk, now=walk.now)
    assert [paper.is_on_the_way for paper in transfers(walk)] == [False]


def test_the_page_of_a_record_says_beforehand_who_must_come_and_what_to_bring(sent: Sent) -> None:
    born, closing = sent(BIRTH, *BORN[:2]), sent(CLOSING, *CLOSED[:2], **COUNTER)
    said = []
    for walk in (born, closing):
        with reading(SYSTEM) as session:
            view = view_of(walk.file())
            procedure = catalogue.version(session, view.version_id).procedure
            status = status_of(
                view, procedure, directory(session), working_calendar(session, now=walk.now), now=walk.now,
                language="vi",
            )  # fmt: skip
        said.append(next(fact.note for fact in status.facts if fact.term == "Cách nhận"))
    assert said == [
        "người nộp hoặc người được ủy quyền phải đến",
        "mang nộp lại: Giấy chứng nhận đã cấp",
    ]
