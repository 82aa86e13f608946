"""The page of a record, its papers as pictures and files, finding it, and signing many at once."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records.types import SupplementItem
from tests.harness.client import heading, page_of, submit, words_of
from tests.integration.web.official.conftest import CLERK, HEAD, LEADER, RECEPTIONIST, AsOfficial, Permit
from tests.integration.web.official.test_acting import ASKED, TO_SIGN, TO_SPECIALIST, record_page


def test_the_page_shows_what_was_declared_where_it_is_and_what_to_do(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    response = as_official(RECEPTIONIST).get(record_page(walk))
    page = words_of(response)
    assert heading(response) == "Nguyễn Thị Hoa: cấp giấy phép xây dựng nhà ở riêng lẻ"
    assert "Chờ tiếp nhận" in page
    assert "Diện tích lô đất 96,5 m²" in page
    assert "Tầng trệt: 72 m²; Tầng lầu: 72 m²" in page
    assert "Đang ở đây" in page
    assert "Đề nghị từ chối tiếp nhận" in page
    assert "50/2014/QH13: Luật Xây dựng" in page


def test_an_identity_number_is_masked_until_it_is_asked_for_and_asking_leaves_a_trace(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk = permit()
    browser = as_official(RECEPTIONIST)
    assert "092190004321" not in browser.get(record_page(walk)).text
    assert "092190004321" in browser.get(f"{record_page(walk)}?hien=so").text
    with reading(SYSTEM) as session:
        noted = session.execute(
            text("SELECT count(*) FROM audit_entry WHERE kind = 'identity_numbers_seen' AND record_id = :record"),
            {"record": walk.record_id},
        ).scalar_one()
    assert noted == 1


def test_what_a_supplement_changed_stands_beside_what_was_there(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    walk.supplement("appraise", items=[SupplementItem("field", "height_m", "Chiều cao", "Khác với bản vẽ.", "correct")])
    with unit_of_work(SYSTEM) as session:  # the applicant's page keeps the value; here it is written beside it
        session.execute(
            text("""
            UPDATE supplement SET answered_at = sent_at,
              items = jsonb_set(items::jsonb, '{0,answer}', '{"value": "11.5"}') WHERE record_id = :record
            """),
            {"record": walk.record_id},
        )
        session.execute(
            text('UPDATE record SET answers = answers || \'{"height_m": "11.5"}\' WHERE id = :record'),
            {"record": walk.record_id},
        )
    page = words_of(as_official(HEAD).get(record_page(walk)))
    assert "Chiều cao 11,5 m Đã sửa 8 m" in page
    assert "Khác với bản vẽ." in page


def test_opinions_and_what_was_filled_in_stand_on_the_page(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*ASKED, "fire.answer", "fire_sign.sign")
    page = words_of(as_official(HEAD).get(record_page(walk)))
    assert "Ý kiến (2)" in page
    assert "Nội dung hỏi ý kiến: Đề nghị cho ý kiến về hồ sơ xây dựng nhà ở kèm theo" in page


def test_the_way_names_who_did_each_step_and_what_time_it_took(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_SPECIALIST)
    page = words_of(as_official(HEAD).get(record_page(walk)))
    received = walk.file().tasks[0].closed_by_name
    assert received
    assert re.search(rf"Đã qua Tiếp nhận, kiểm tra hồ sơ {received} \d+ (phút|giờ)", page)


def test_a_paper_is_seen_as_a_picture_and_saved_as_a_file(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit()
    paper = walk.file().papers[0]
    browser = as_official(RECEPTIONIST)
    picture = browser.get(f"{record_page(walk)}/giay-to/{paper.id}/trang/2")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    assert browser.get(f"{record_page(walk)}/giay-to/{paper.id}/trang/3").status_code == 404
    whole = browser.get(f"{record_page(walk)}/giay-to/{paper.id}")
    assert whole.data.startswith(b"%PDF")
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Trang 2 trên 2" in words_of(browser.get(f"{record_page(walk)}?giay={paper.id}&trang=2"))


def test_a_stranger_gets_no_paper_and_no_document(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit("receive.accept")
    file = walk.file()
    stranger = as_official("bt.mc.rec1")
    for address in (f"giay-to/{file.papers[0].id}", f"giay-to/{file.papers[0].id}/trang/1"):
        assert stranger.get(f"{record_page(walk)}/{address}").status_code == 404
    assert stranger.get(f"{record_page(walk)}/van-ban/{file.documents[0].id}").status_code == 404


def test_a_document_that_is_not_printed_yet_has_no_link(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit("receive.accept")
    browser = as_official(RECEPTIONIST)
    assert "đang tạo tệp" in words_of(browser.get(record_page(walk)))
    assert browser.get(f"{record_page(walk)}/van-ban/{walk.file().documents[0].id}").status_code == 404


def found(as_official: AsOfficial, question: str, *, login: str = RECEPTIONIST) -> str:
    return words_of(submit(as_official(login), "/can-bo/tim", {"q": question}, button="Tìm"))


def test_a_record_is_found_by_name_and_by_part_of_its_code(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(name="Đặng Thị Ưu Tú")
    code = walk.file().record.code
    for question in ("dang thi uu tu", "Đặng Tú", code, code[-11:].lower(), code.lower()):
        assert code in found(as_official, question), question
    assert "Chưa thấy hồ sơ nào" in found(as_official, "Nguyễn Không Có")
    assert "Chưa thấy hồ sơ nào" in found(as_official, "99%")
    assert "Nhập ít nhất 2 chữ" in found(as_official, "đ")


def test_a_search_finds_nothing_of_other_units(as_official: AsOfficial, permit: Permit) -> None:
    permit(name="Đặng Thị Ưu Tú")
    assert "Chưa thấy hồ sơ nào" in found(as_official, "dang thi uu tu", login="bt.mc.rec1")


def to_sign(permit: Permit, *names: str) -> list[Walk]:
    return [permit(*TO_SIGN, name=name, at=clock.now() - timedelta(days=20)) for name in names]


def waiting(walk: Walk) -> str:
    return str(walk.file().open_tasks[0].id)


def to_be_signed(page: TestResponse) -> int:
    return int(heading(page).removeprefix("Trình ký: ").removesuffix(" văn bản"))


def test_a_head_initials_several_a_leader_signs_and_a_clerk_numbers_them(
    as_official: AsOfficial, permit: Permit
) -> None:
    leader, clerk = as_official(LEADER), as_official(CLERK)
    others = to_be_signed(leader.get("/can-bo/trinh-ky"))
    (third,) = to_sign(permit, "Ba")
    drafted = clock.now() - timedelta(days=20)
    first, second = (permit(*TO_SIGN[:-1], name=name, at=drafted) for name in ("Một", "Hai"))
    head = as_official(HEAD)
    initialled = submit(head, "/can-bo/ky-nhay", {"task": [waiting(first), waiting(second)]}, follow=True)
    assert "Đã ký nháy 2 văn bản." in words_of(initialled)
    assert to_be_signed(leader.get("/can-bo/trinh-ky")) == others + 3
    response = submit(leader, "/can-bo/trinh-ky", {"task": [waiting(first), waiting(second)]}, follow=True)
    assert "Đã ký 2 văn bản." in words_of(response)
    assert to_be_signed(response) == others + 1
    submit(clerk, "/can-bo/van-thu", {"task": [waiting(first), waiting(second)]})
    results = [walk.file().result for walk in (first, second)]
    assert [result.series for result in results if result] == ["GPXD", "GPXD"]
    one, two = (result.number or 0 for result in results if result)
    assert abs(one - two) == 1
    assert third.file().open_tasks[0].step == "sign"


def test_one_refusal_keeps_back_no_other_document(as_official: AsOfficial, permit: Permit) -> None:
    own, other = to_sign(permit, "Tự soạn", "Người khác soạn")
    leader = as_official(LEADER)
    page = leader.get("/can-bo/trinh-ky")
    assert page.status_code == 200
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text("""
            UPDATE task SET closed_by = (SELECT id FROM person WHERE login = :login)
            WHERE record_id = :record AND step = 'conclude'
            """),
            {"login": LEADER, "record": own.record_id},
        )
    response = submit(leader, "/can-bo/trinh-ky", {"task": [waiting(own), waiting(other)]}, follow=True)
    assert "Đã ký 1 văn bản." in words_of(response)
    assert "Tự soạn, Giấy phép xây dựng: Người soạn không được ký." in words_of(response)
    ticked = [box.get("value") for box in page_of(response).iter("input") if box.get("checked") is not None]
    assert ticked == [waiting(own)]
    assert own.file().open_tasks[0].step == "sign"
    assert other.file().open_tasks[0].step == "stamp"
