"""What is issued: a number for each row, copies for other agencies, an extension that is told, a result put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from portal.accounts.models import Person
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.documents import copies
from portal.notifications import queries as notifications
from portal.notifications.jobs import KINDS as TELLING
from portal.records import service
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.record_file import DocumentView
from portal.records.replay import differences
from portal.records.types import ActionAnswers
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.harness.html import fields_of
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import (
    COPIES,
    HOUSEHOLD,
    act,
    at_desk,
    citizen,
    handed_in,
    offered,
    official,
    pay,
    task_of,
    who_holds,
)
from tests.integration.records.further_forms import BIRTH, ROAD_WORKS
from tests.integration.web.records.conftest import Visitor, address

pytestmark = pytest.mark.usefixtures("bells")

PAPERS = [
    {"title": f"Bằng số {number}", "issuer": "vn", "pages": "2", "copies": "1", "ecopy": False} for number in (1, 2, 3)
]
WRONG = "Diện tích lô đất ghi 96,5, đúng là 98,5."
TAX, SUSPENSION = "nk.thue.hd1", "1.001570"
HIDDEN = ("record", "task", "record_event", "record_paper", "supplement", "opinion", "fee_line")


@pytest.fixture
def as_official(as_user: AsUser, clock_at: Callable[[datetime], None]) -> Callable[[str, datetime], PageClient]:
    def signed_in(login: str, moment: datetime) -> PageClient:
        clock_at(moment)
        with reading(SYSTEM) as session:
            person = session.query(Person).filter(Person.login == login).one()
        return as_user(person)

    return signed_in


def said(walk: Walk, document: DocumentView) -> dict[str, Any]:
    with reading(SYSTEM) as session:
        return dict(BUILDERS[document.template](writing_of(session, walk.record_id, document.id, now=walk.now)))


def through(walk: Walk, *steps: str) -> Walk:
    for step in steps:
        act(walk, *step.split("."))
    return walk


def results(walk: Walk) -> list[DocumentView]:
    return [one for one in walk.file().documents if one.kind == "result"]


def seen(actor: Actor, table: str, record_id: UUID) -> int:
    column = "id" if table == "record" else "record_id"
    with reading(actor) as session:
        query = text(f"SELECT count(*) FROM {table} WHERE {column} = :id")
        return int(session.execute(query, {"id": record_id}).scalar_one())


def certified() -> Walk:
    walk = through(handed_in(COPIES, docs=PAPERS), "receive.accept", "forward.hand_over", "compare.match", "sign.sign")
    return walk


def test_each_paper_is_certified_under_its_own_number_without_gaps(visitor: Visitor) -> None:
    walk = certified()
    drafts = results(walk)
    draft = drafts[0]
    assert [said(walk, one)["papers"][0]["title"] for one in drafts] == ["Bằng số 1", "Bằng số 2", "Bằng số 3"]
    assert len({one.signed_by for one in drafts} - {None}) == 1, "each was signed"
    walk.go("stamp.issue")
    made = results(walk)
    assert [one.id for one in made] == [one.id for one in drafts]
    assert [(one.row, one.reference, one.title) for one in made] == [
        (row, f"0{row + 1}/SCT/BS", f"Bản sao chứng thực: Bằng số {row + 1}") for row in range(3)
    ]
    assert [[paper["title"] for paper in said(walk, one)["papers"]] for one in made] == [
        ["Bằng số 1"], ["Bằng số 2"], ["Bằng số 3"],
    ]  # fmt: skip
    assert {said(walk, one)["signature"]["name"] for one in made} == {said(walk, draft)["signature"]["name"]} != {""}
    owing = words_of(visitor.open(walk))
    assert "Nộp phí rồi tải về, hoặc nộp khi đến nhận tại" in owing
    assert "2.000 đồng một trang" in owing
    pay(walk)
    page = words_of(visitor.open(walk))
    assert "Xem 3 kết quả" in page
    assert "Bản sao chứng thực: Bằng số 3 số 03/SCT/BS" in page
    assert "Certified copy: Bằng số 2 no. 02/SCT/BS" in words_of(visitor.open(walk, english=True))


def test_a_result_that_goes_by_post_waits_for_its_fee_too(visitor: Visitor) -> None:
    walk = certified().go("stamp.issue")
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE record SET return_by = 'post' WHERE id = :wanted"), {"wanted": walk.record_id})
    owing = words_of(visitor.open(walk))
    assert "Kết quả đã có. Nộp phí rồi tải về. Bản giấy gửi qua bưu điện." in owing
    assert "Tải về trong hồ sơ" not in owing


def test_a_deputy_signs_in_place_of_the_chair_each_capacity_on_its_own_line() -> None:
    walk = through(handed_in(COPIES), "receive.accept", "forward.hand_over", "compare.match")
    with unit_of_work(official("ck.lr2")) as session:
        service.act_on_task(session, task_of(walk, "sign").id, "sign", actor=official("ck.lr2"), now=walk.now)
    (draft,) = results(walk)
    assert said(walk, draft)["signature"]["capacity"] == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_the_next_record_goes_on_with_the_next_number() -> None:
    certified().go("stamp.issue")
    following = certified().go("stamp.issue")
    assert [one.number for one in results(following)] == [4, 5, 6]


def suspended() -> Walk:
    walk = handed_in(SUSPENSION)
    return through(walk, "receive.accept", "forward.hand_over", "assign.assign", "check.draft", "sign.sign")


def test_a_copy_opens_the_result_and_the_card_to_its_receiver_and_nothing_else(
    as_official: Callable[[str, datetime], PageClient],
) -> None:
    walk, tax = suspended(), official(TAX)
    assert said(walk, results(walk)[0])["recipients"] == ["Chủ hộ kinh doanh", "Chi cục Thuế quận Ninh Kiều", "Lưu: VT"]
    assert seen(tax, "document", walk.record_id) == 0
    walk.go("stamp.issue")
    assert seen(tax, "document", walk.record_id) == 1
    assert [seen(tax, table, walk.record_id) for table in HIDDEN] == [0] * len(HIDDEN)
    for stranger in (official("om.thue.hd1"), official("sct.lr1"), citizen(1)):
        assert seen(stranger, "document", walk.record_id) + seen(stranger, "document_copy", walk.record_id) == 0
    with unit_of_work(tax) as session:  # it may read, and change nothing
        changed: Any = session.execute(text("UPDATE document SET title = 'x'"))
        assert changed.rowcount == 0

    browser = as_official(TAX, walk.now)
    listed = browser.get("/can-bo/nhan-de-biet")
    assert "Mới Giấy xác nhận tạm ngừng, tiếp tục kinh doanh, số 01/GXN-TCKH để biết" in words_of(listed)
    with reading(tax) as session:
        (copy,) = copies.list_received(session, actor=tax)
    url = f"/can-bo/nhan-de-biet/{copy.id}"
    page = words_of(browser.get(url))
    assert walk.file().record.code in page
    assert "Tạm ngừng" in page
    assert "Suspension or resumption: " in words_of(browser.get(f"/en{url}"))
    assert browser.get(f"/can-bo/ho-so/{copy.record_code}").status_code == 404
    assert as_official("om.thue.hd1", walk.now).get(url).status_code == 404
    browser = as_official(TAX, walk.now)
    submit(browser, url, {})
    assert "Đã đọc" in words_of(browser.get("/can-bo/nhan-de-biet"))
    assert "For information" in words_of(browser.get("/en/can-bo/nhan-de-biet"))


def test_a_result_without_a_template_of_its_own_prints_the_answers_that_were_asked() -> None:
    walk = suspended()
    document = results(walk)[0]
    with reading(SYSTEM) as session:
        general = dict(BUILDERS["general_result"](writing_of(session, walk.record_id, document.id, now=walk.now)))
    assert (general["title"], general["holder"], general["holder_number"], general["holder_address"]) == (
        document.title, "Nguyễn Mẫu An", "092085001234", "Số 12 đường Mẫu, Phường Cái Khế",
    )  # fmt: skip
    assert [(fact["label"], fact["value"]) for fact in general["facts"]] == [
        ("Mã số hộ kinh doanh", "32A8010625"),
        ("Tên hộ kinh doanh", "Hộ kinh doanh Mẫu An"),
        ("Phường, xã đặt trụ sở", "Phường Cái Khế"),
        ("Chủ thể thành lập", "Một người"),
        ("Loại thông báo", "Tạm ngừng kinh doanh"),
        ("Từ ngày", "1/12/2026"),
        ("Đến ngày", "28/2/2027"),
    ]
    assert general["bases"][0] == "Nghị định số 01/2021/NĐ-CP về đăng ký doanh nghiệp"
    assert general["recipients"] == ["Như mục 1", "Chi cục Thuế quận Ninh Kiều", "Lưu: VT, hồ sơ"]
    assert general["signature"] == {"capacity": ["TRƯỞNG PHÒNG"], "name": "Vương Mẫu Tài"}


def test_who_leads_the_receiving_unit_is_told() -> None:
    walk = suspended()
    walk.go("stamp.issue")
    TELLING["tell_recipients"]({"event_id": str(walk.file().events[-1].id)}, now=walk.now)
    tax = official(TAX)
    with reading(tax) as session:
        (message,) = notifications.list_messages(session, actor=tax)
    assert (message.kind, message.record_code) == ("copy", "")
    assert message.text.body.en.endswith("Read it under For information.")


def test_a_copy_that_names_the_document_of_another_record_opens_nothing() -> None:
    walk, other = suspended().go("stamp.issue"), suspended()
    mine = official("sct.lr1")
    with unit_of_work(SYSTEM) as session:
        columns = "record_id, owner_id, body, body_en, sender_id, purpose, record_code, applicant_name, subject, "
        columns += "version_id, created_at, sent_at, sent_by_name, sent_how, read_by_name"
        values = {"id": new_id(), "unit": mine.posts[0].unit_id, "document": results(other)[0].id, "of": walk.record_id}
        forged = f"""
            INSERT INTO document_copy (id, document_id, unit_id, {columns})
            SELECT :id, :document, :unit, {columns} FROM document_copy WHERE record_id = :of
        """
        session.execute(text(forged), values)
    assert seen(mine, "document", other.record_id) + seen(mine, "document", walk.record_id) == 0


def test_a_body_without_accounts_is_sent_its_copy_by_the_clerk(
    as_official: Callable[[str, datetime], PageClient],
) -> None:
    walk = through(handed_in(ROAD_WORKS), "receive.accept", "forward.hand_over", "assign.assign", "appraise.ask")
    through(walk, "ask_ok.send", "site.done", "police.answer", "police_sign.sign", "dist.answer", "dist_sign.sign")
    through(walk, "conclude.draft", "review.initial", "sign.sign")
    with reading(SYSTEM) as session:
        clerk_id = who_holds(walk, "stamp").person_id
        login = session.get_one(Person, clerk_id).login
    walk.go("stamp.issue")
    assert "Ban An toàn giao thông thành phố" in said(walk, results(walk)[0])["recipients"]
    browser = as_official(login, walk.now)
    assert "chờ gửi" in words_of(browser.get("/can-bo/nhan-de-biet"))
    with reading(SYSTEM) as session:
        (copy,) = [one for one in copies.list_of_record(session, walk.record_id) if one.unit_id is None]
    submit(browser, f"/can-bo/nhan-de-biet/gui/{copy.id}", {"how": "EA123456789VN"})
    assert "số bưu gửi EA123456789VN" in words_of(browser.get("/can-bo/nhan-de-biet"))
    clerk = official(login)
    with pytest.raises(Conflict), unit_of_work(clerk) as session:
        copies.note_posted(session, copy.id, how="", actor=clerk, now=walk.now)
    with pytest.raises(NotFound), unit_of_work(official("sgtvt.lr1")) as session:
        copies.note_posted(session, copy.id, how="", actor=official("sgtvt.lr1"), now=walk.now)


def concluding() -> Walk:
    walk = at_desk()
    through(walk, "appraise.ask", "ask_ok.send", "site.done", "plan.answer", "plan_sign.sign")
    return walk


def test_the_leader_extends_once_the_applicant_has_the_new_date_and_the_superior_body_a_report(
    visitor: Visitor,
) -> None:
    walk = concluding()
    due = walk.file().record.due_at
    walk.go("conclude.extend", answers=ActionAnswers(reason="Phải hỏi thêm về cốt nền."))
    assert walk.file().record.due_at == due
    act(walk, "extend_ok", "approve")
    file = walk.file()
    assert file.record.due_at is not None
    assert due is not None
    assert (file.record.due_at - due).days == 12  # the tenth is a Saturday
    notice = next(one for one in file.documents if one.kind == "extension")
    content = said(walk, notice)
    assert (notice.reference, notice.for_applicant) == ("01/TB-UBND", True)
    assert content["reason"] == "Phải hỏi thêm về cốt nền."
    assert (content["was_due_at"], content["due_at"]) == (due, file.record.due_at)
    assert "UBND thành phố Cần Thơ" in content["recipients"]
    city = official("tp.lr1")
    with reading(city) as session:
        (report,) = copies.list_received(session, actor=city)
    assert (report.purpose, report.reference, seen(city, "record", walk.record_id)) == ("report", "01/TB-UBND", 0)
    assert "extend" not in {action.id for action in offered(walk, task_of(walk, "conclude"))}
    assert "Thông báo gia hạn thời gian giải quyết số 01/TB-UBND" in words_of(visitor.open(walk))


def test_a_leader_who_does_not_extend_sends_it_back() -> None:
    walk = through(concluding(), "conclude.extend", "extend_ok.return")
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]
    assert "extend" in {action.id for action in offered(walk, task_of(walk, "conclude"))}


def test_same_day_work_that_takes_longer_is_told_with_hour_and_day() -> None:
    walk = through(handed_in(COPIES), "receive.accept", "forward.hand_over", "compare.longer")
    notice = next(one for one in walk.file().documents if one.kind == "extension")
    assert said(walk, notice)["due_at"] == walk.file().record.due_at


def returned() -> Walk:
    walk = concluding()
    return through(walk, "conclude.draft", "review.initial", "sign.sign", "stamp.issue", "give.give")


def ask(walk: Walk, actor: Actor, reason: str = WRONG) -> None:
    with unit_of_work(actor) as session:
        service.ask_correction(session, walk.record_id, reason=reason, actor=actor, now=walk.now)


def test_a_wrong_result_is_put_right_under_a_new_number_and_the_old_one_stays_readable(visitor: Visitor) -> None:
    walk = returned()
    before = walk.file()
    browser = visitor.at(walk.now)
    assert "Báo kết quả ghi sai" in words_of(browser.get(address(walk)))
    submit(browser, f"{address(walk)}/dinh-chinh", {"reason": WRONG})
    file = walk.file()
    assert (file.record.state, file.record.closed_at, file.record.outcome) == ("in_progress", None, "granted")
    assert [task.step for task in file.open_tasks] == ["correct"]
    assert "Kết quả đã cấp vẫn dùng được." in words_of(visitor.open(walk))
    assert "Being corrected" in words_of(visitor.open(walk, english=True))
    assert "Rút hồ sơ" not in words_of(visitor.open(walk))

    walk.go("correct.draft", answers=ActionAnswers(form={"plot_m2": "98.5"}))
    through(walk, "review.initial", "sign.sign", "stamp.issue", "give.give")
    file = walk.file()
    old, new = [one for one in file.documents if one.kind == "result"]
    assert (old.reference, new.reference, new.changes_id) == ("01/GPXD", "02/GPXD", old.id)
    assert (old.ended_at, new.ended_at, new.valid_until) == (new.issued_at, None, old.valid_until)
    assert said(walk, new)["plot_area"] == 98.5
    assert (file.record.state, file.record.finished_at) == ("returned", before.record.finished_at)
    assert [event.id for event in file.events[: len(before.events)]] == [event.id for event in before.events]
    assert [event.number for event in file.events] == list(range(1, len(file.events) + 1))
    assert differences(file) == []
    assert file.puts_right(old) == new
    assert file.results_in_force == (new,)


def test_the_office_begins_a_correction_itself_and_sees_what_it_changes(
    as_official: Callable[[str, datetime], PageClient],
) -> None:
    walk = returned()
    login = "nk.qldt.hd1"
    browser = as_official(login, walk.now)
    url = f"/can-bo/ho-so/{walk.file().record.code}"
    assert "Đính chính kết quả" in words_of(browser.get(url))
    submit(browser, f"{url}/dinh-chinh", {"reason": WRONG})
    task = task_of(walk, "correct")
    with reading(SYSTEM) as session:
        specialist = session.get_one(Person, who_holds(walk, "correct").person_id).login
    browser = as_official(specialist, walk.now)
    form = browser.get(f"/can-bo/viec/{task.id}/draft")
    assert 'value="96,5"' in form.text
    submit(browser, f"/can-bo/viec/{task.id}/draft", {"plot_m2": "98,5"})
    assert walk.file().record.answers["plot_m2"] == "98.5"
    assert "96,5" in words_of(browser.get(url)).partition("Diễn biến")[2]


def test_the_office_puts_rows_right_and_no_button_of_a_row_sends_them(
    as_official: Callable[[str, datetime], PageClient],
) -> None:
    walk = handed_in(HOUSEHOLD).go("receive.accept", "forward.hand_over", "assign.assign", "appraise.pass", "tax.⏰4h")
    walk.go("tax_hand.ok", "sign.sign", "stamp.issue", "give.give")
    ask(walk, citizen(), "Thiếu ngành bán bánh mì.")
    task = task_of(walk, "correct")
    with reading(SYSTEM) as session:
        specialist = session.get_one(Person, who_holds(walk, "correct").person_id).login
    browser, url = as_official(specialist, walk.now), f"/can-bo/viec/{task.id}/draft"
    opened = words_of(browser.get(url))
    assert "Nguyễn Mẫu An đề nghị đính chính ngày" in opened
    assert "Thiếu ngành bán bánh mì." in opened
    wider = submit(browser, url, button="Thêm ngành, nghề")
    assert wider.status_code == 200
    assert [one.step for one in walk.file().open_tasks] == ["correct"]
    (form,) = (one for one in page_of(wider).iter("form") if "lines-rows" in fields_of(one))
    sent = {**fields_of(form), "lines-1-title": "Bán bánh mì", "lines-1-vsic": ""}
    wrong = browser.post(url, data=sent)
    assert (wrong.status_code, "Bán bánh mì" in wrong.text) == (422, True)
    assert browser.post(url, data={**sent, "lines-1-vsic": "4711"}).status_code == 303
    lines = walk.file().record.answers["lines"]
    assert [(line["title"], line["main"]) for line in lines] == [("Bán cà phê", True), ("Bán bánh mì", False)]
    (event,) = [one for one in walk.file().events if "before" in one.details]
    assert list(event.details["before"]) == ["lines"]
    assert differences(walk.file()) == []


def test_an_office_that_finds_nothing_wrong_says_so_and_the_result_stays() -> None:
    walk = returned()
    ask(walk, citizen())
    walk.go("correct.decline", answers=ActionAnswers(reason="Giấy phép đúng với hồ sơ đã nộp."))
    file = walk.file()
    (result,) = results(walk)
    assert (file.record.state, file.record.outcome, result.ended_at) == ("returned", "granted", None)
    TELLING["tell_applicant"]({"event_id": str(file.events[-1].id)}, now=walk.now)
    with reading(citizen()) as session:
        newest = notifications.list_messages(session, actor=citizen())[0]
    assert newest.kind == "correction_declined"
    assert differences(file) == []


def test_a_correction_is_asked_once_with_a_reason_by_those_it_concerns() -> None:
    walk = returned()
    with pytest.raises(InvalidInput):
        ask(walk, citizen(), reason=" ")
    with pytest.raises(NotFound):
        ask(walk, citizen(1))
    with pytest.raises(NotAllowed):
        ask(walk, official("ck.ju1"))
    ask(walk, citizen())
    ask(walk, citizen())  # sent twice, it is asked once
    with pytest.raises(Conflict):
        ask(walk, official("nk.qldt.hd1"))
    assert [event.kind for event in walk.file().events].count("correction_asked") == 1
    with pytest.raises(Conflict), unit_of_work(citizen()) as session:
        service.withdraw_record(session, walk.record_id, reason="Thôi.", actor=citizen(), now=walk.now)


def test_what_is_not_granted_or_under_way_is_not_corrected() -> None:
    with pytest.raises(Conflict):
        ask(at_desk(), citizen())
    refused = through(at_desk(), "appraise.reject", "review.initial", "sign.sign", "stamp.issue", "give.give")
    with pytest.raises(Conflict):
        ask(refused, citizen())


def test_the_copies_that_came_with_a_certificate_are_made_again_with_it() -> None:
    walk = through(handed_in(BIRTH), "receive.accept", "forward.hand_over", "check.ready")
    walk.go("confirm.⏰", "person_id.ok", "sign.sign", "stamp.issue", "give.give")
    walk.now += timedelta(days=2)
    ask(walk, citizen(), "Tên ghi Khang, đúng là Khánh.")
    walk.go("correct.draft", answers=ActionAnswers(form={"given": "Khánh"}))
    walk.go("sign.sign", "stamp.issue")
    made = [(one.reference, one.ended_at is None) for one in walk.file().documents if "result" in one.kind]
    assert sorted(made) == [("01/KS", False), ("01/TLKS-BS", False), ("02/KS", True), ("02/TLKS-BS", True)]
