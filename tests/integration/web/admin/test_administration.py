"""What needs attention, units, accounts, calendar, jobs, audit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.accounts import administration
from portal.accounts.models import Person, PersonPost, SignIn
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration import PASSWORD
from portal.jobs.models import Job
from portal.jobs.service import owe
from portal.units.models import UnitFunction
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.integration.web.admin.writing import BROKEN, FIRST, SECOND, noted, write
from tests.integration.web.official.conftest import LEADER, SPECIALIST, AsOfficial, Permit, person


def signed_in_at(browser: PageClient, login: str) -> str:
    """Where the door leads to."""
    return str(submit(browser, "/dang-nhap", {"login": login, "password": PASSWORD}).location)


def stuck(kind: str = "make_document") -> None:
    """A job that was given up."""
    now = clock.now()
    with unit_of_work(SYSTEM) as session:
        owe(session, kind, arguments={"document_id": "none"}, now=now - timedelta(hours=1), natural_key=f"stuck {kind}")
    with unit_of_work(SYSTEM) as session:
        session.execute(
            update(Job)
            .where(Job.natural_key == f"stuck {kind}")
            .values(given_up_at=now, attempts=5, last_error="StorageError")
        )


def test_an_administrator_comes_in_at_his_own_page_and_a_specialist_does_not(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    assert signed_in_at(browser, FIRST) == "/quan-tri"
    assert signed_in_at(browser, SPECIALIST) == "/can-bo"
    assert as_official(SPECIALIST).get("/quan-tri").status_code == 403


def test_records_that_stand_still_are_listed_and_those_that_nobody_can_carry_on_stand_first(
    as_official: AsOfficial, permit: Permit
) -> None:
    walk, browser = permit(at=clock.now() - timedelta(days=14)), as_official(FIRST)
    code = walk.file().record.code
    said = words_of(browser.get("/quan-tri/dung-yen"))
    assert "Không ai làm tiếp được Không có hồ sơ nào." in said
    assert code in said.partition("Không có gì mới quá 24 giờ làm việc")[2]
    unit_id = walk.file().open_tasks[0].unit_id
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    with unit_of_work(SYSTEM) as session:
        session.execute(update(PersonPost).where(PersonPost.unit_id == unit_id).values(valid_to=yesterday))
    assert f"1 hồ sơ không ai làm tiếp được Đứng yên {code}" in words_of(browser.get("/quan-tri"))
    assert code in words_of(browser.get("/quan-tri/dung-yen")).partition("Không có gì mới")[0]


def test_what_needs_attention_is_listed_and_nothing_else(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    assert "Không có việc nào cần xem" in words_of(browser.get("/quan-tri"))
    stuck()
    write(browser, BROKEN)
    said = words_of(browser.get("/quan-tri"))
    assert "1 việc: tạo văn bản PDF Đã bỏ dở" in said
    assert "Bản soạn còn 2 lỗi" in said
    assert "2 việc cần xem" in said


def test_a_function_that_nobody_has_at_some_place_is_named(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    with unit_of_work(SYSTEM) as session:
        fire = update(UnitFunction).where(UnitFunction.function == "fire_police").values(valid_to=yesterday)
        session.execute(fire)
        session.connection().exec_driver_sql("UPDATE directory_version SET version = version + 1")
    said = words_of(browser.get("/quan-tri"))
    assert "Không đơn vị nào giữ chức năng cảnh sát phòng cháy ở Thành phố Cần Thơ" in said
    assert "Thiếu đơn vị" in said


def test_jobs_that_were_given_up_are_tried_again(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    assert "Không có việc nào bị kẹt." in words_of(browser.get("/quan-tri/hang-doi"))
    stuck("make_document")
    stuck("tell_applicant")
    page = browser.get("/quan-tri/hang-doi")
    assert "StorageError" in words_of(page)
    assert "5 trên 5 lần" in words_of(page)
    ids = [box.get("value") for box in page_of(page).iter("input") if box.get("name") == "job"]
    assert len(ids) == 2
    one = submit(browser, "/quan-tri/hang-doi", {"job": ids[0]}, button="Chạy lại các việc đã chọn", follow=True)
    assert "Đang chạy lại 1 việc." in words_of(one)
    with reading(SYSTEM) as session:
        job = session.get_one(Job, ids[0])
        assert (job.given_up_at, job.attempts) == (None, 0)
        assert job.due_at <= clock.now()
    assert noted("jobs_tried_again") == [(person(FIRST).id, {"jobs": 1})]
    assert words_of(browser.get("/quan-tri/hang-doi")).count("StorageError") == 1


@pytest.mark.parametrize("state", ["given_up", "late", "waiting", "planned", "bogus"])
def test_each_state_of_jobs_has_its_page(as_official: AsOfficial, permit: Permit, state: str) -> None:
    permit()
    browser = as_official(FIRST)
    assert browser.get(f"/quan-tri/hang-doi?loc={state}").status_code == 200


def test_a_unit_is_found_and_shows_its_functions_and_people(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    whole = browser.get("/quan-tri/don-vi")
    assert "UBND thành phố Cần Thơ" in words_of(whole)
    found = browser.get("/quan-tri/don-vi?q=quan+ly+do+thi+ninh+kieu")
    links = [a for a in page_of(found).iter("a") if "/quan-tri/don-vi/" in (a.get("href") or "")]
    assert len(links) == 1
    unit = browser.get(links[0].get("href") or "")
    assert "quản lý đô thị" in words_of(unit)
    assert "trưởng phòng" in words_of(unit)
    address = links[0].get("href") or ""
    refused = submit(browser, address, {"tax_code": "180000000"})
    assert refused.status_code == 422
    assert "Mã số thuế có 10 chữ số" in words_of(refused)
    submit(browser, address, {"tax_code": "1800000001-002"})
    assert noted("tax_code_set") == [(person(FIRST).id, {"unit": "nk.qldt", "tax_code": "1800000001-002"})]
    with unit_of_work(SYSTEM) as session:
        import_units(session, CITY_FILE, actor=SYSTEM, now=clock.now())
    field = next(box for box in page_of(browser.get(address)).iter("input") if box.get("name") == "tax_code")
    assert field.get("value") == "1800000001-002", "an import leaves it alone"
    assert "Chưa thấy đơn vị nào" in words_of(browser.get("/quan-tri/don-vi?q=khong+co"))
    assert "0 đơn vị có hiệu lực" in words_of(browser.get("/quan-tri/don-vi?ngay=1990-01-01"))


def test_an_account_is_found_without_its_password_or_number_and_each_look_is_noted(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    found = submit(browser, "/quan-tri/tai-khoan", {"q": "nk.qldt.sp1"})
    assert "Thấy 1 tài khoản" in words_of(found)
    assert noted("accounts_searched") == [(person(FIRST).id, {"found": 1})]
    account = person(SPECIALIST)
    page = browser.get(f"/quan-tri/tai-khoan/{account.id}")
    assert heading(page) == account.full_name
    assert account.password_hash not in page.text
    assert noted("account_read") == [(person(FIRST).id, {})]
    assert "Nhập ít nhất 2 chữ" in words_of(submit(browser, "/quan-tri/tai-khoan", {"q": "a"}))
    assert "Chưa thấy tài khoản nào" in words_of(submit(browser, "/quan-tri/tai-khoan", {"q": "092085001234"}))


def test_a_locked_account_is_out_at_once_and_comes_back_unlocked(as_official: AsOfficial) -> None:
    administrator, specialist = as_official(FIRST), as_official(SPECIALIST)
    assert specialist.get("/can-bo").status_code == 200
    page = f"/quan-tri/tai-khoan/{person(SPECIALIST).id}"
    assert "Nhập lý do khóa" in words_of(submit(administrator, page, button="Khóa tài khoản"))
    submit(administrator, page, {"reason": "Nghỉ việc"}, button="Khóa tài khoản")
    assert specialist.get("/can-bo").status_code == 303
    assert "Số định danh hoặc mật khẩu chưa đúng" in words_of(
        submit(specialist, "/dang-nhap", {"login": SPECIALIST, "password": PASSWORD})
    )
    with reading(SYSTEM) as session:
        open_ones = select(func.count()).where(SignIn.person_id == person(SPECIALIST).id, SignIn.revoked_at.is_(None))
        assert session.scalar(open_ones) == 0
    submit(administrator, page, button="Mở khóa")
    assert signed_in_at(specialist, SPECIALIST) == "/can-bo"
    assert [kind for kind in ("account_locked", "account_unlocked") if len(noted(kind)) == 1] == [
        "account_locked",
        "account_unlocked",
    ]


def test_nobody_locks_himself_or_gives_himself_a_post(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    own = f"/quan-tri/tai-khoan/{person(FIRST).id}"
    page = browser.get(own)
    assert "Khóa tài khoản" not in words_of(page)
    token = submit(browser, f"{own}/vi-tri", post(browser, own))
    assert token.status_code == 403


def post(browser: PageClient, account: str, **changed: str) -> dict[str, str]:
    """A post at the first unit of the list."""
    page = page_of(browser.get(f"{account}/vi-tri"))
    unit = next(option.get("value", "") for option in page.iter("option") if len(option.get("value", "")) == 36)
    first = {"valid_from-day": "1", "valid_from-month": "1", "valid_from-year": "2027"}
    return {"unit": unit, "role": "clerk", **first, **changed}


def test_a_post_is_given_and_ended_with_its_days(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    account = f"/quan-tri/tai-khoan/{person(SPECIALIST).id}"
    reversed_days = {"valid_to-day": "1", "valid_to-month": "1", "valid_to-year": "2026"}
    refused = submit(browser, f"{account}/vi-tri", post(browser, account, **reversed_days))
    assert "Ngày hết phải từ ngày bắt đầu trở đi" in words_of(refused)
    given = submit(browser, f"{account}/vi-tri", post(browser, account), follow=True)
    assert "Đã thêm vị trí." in words_of(given)
    assert "từ 1/1/2027" in words_of(given)
    twice = submit(browser, f"{account}/vi-tri", post(browser, account))
    assert "đã giữ vị trí đó rồi" in words_of(twice)
    with reading(SYSTEM) as session:
        newest = select(PersonPost).where(PersonPost.person_id == person(SPECIALIST).id)
        added = session.scalars(newest.order_by(PersonPost.valid_from.desc()).limit(1)).one()
    end = f"/quan-tri/tai-khoan/vi-tri/{added.id}/ket-thuc"
    assert "Ngày hết phải từ hôm nay trở đi" in words_of(submit(browser, end))
    last = {"last_day-day": "30", "last_day-month": "6", "last_day-year": "2027"}
    assert "1/1/2027 đến 30/6/2027" in words_of(submit(browser, end, last, follow=True))
    assert [details["role"] for _, details in noted("post_given") + noted("post_ended")] == ["clerk", "clerk"]


def test_the_accounts_function_answers_nobody_but_administrators(as_official: AsOfficial) -> None:
    """Row-level security in depth: a leader who reached the query would see nothing."""
    leader = Actor(ActorKind.OFFICIAL, person_id=person(LEADER).id)
    with reading(leader) as session, pytest.raises(NotFound):
        administration.get_account(session, person(SPECIALIST).id)
    with reading(Actor(ActorKind.OFFICIAL, person_id=person(FIRST).id)) as session:
        assert administration.get_account(session, person(SPECIALIST).id).login == SPECIALIST
        with pytest.raises(NotFound):
            administration.get_account(session, citizen().id)


def citizen() -> Person:
    return person("092085001234")


def test_the_calendar_shows_days_off_swaps_and_their_source(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    said = words_of(browser.get("/quan-tri/lich?nam=2026"))
    assert "Lịch làm việc 2026" in said
    assert "thứ Bảy 10/1/2026 Làm bù Làm bù cho ngày nghỉ 2/1/2026 12729/VPCP-KGVX" in said
    assert "thứ Hai đến thứ Sáu: 07:00–11:00, 13:00–17:00" in said
    assert heading(browser.get("/quan-tri/lich?nam=9999")).startswith("Lịch làm việc 20")


def test_the_audit_log_asks_for_the_purpose_first_and_notes_the_look(as_official: AsOfficial, permit: Permit) -> None:
    browser = as_official(FIRST)
    assert "signed_in" not in browser.get("/quan-tri/nhat-ky").text
    without = submit(browser, "/quan-tri/nhat-ky")
    assert "Nhập mục đích xem" in words_of(without)
    code = permit().file().record.code
    assert as_official("ck.ju1").get(f"/can-bo/ho-so/{code}").status_code == 200
    fields = {"purpose": "Trả lời khiếu nại 12/KN", "kind": "record_read", "code": code.lower()}
    found = words_of(submit(browser, "/quan-tri/nhat-ky", fields))
    assert f"xem hồ sơ hồ sơ {code}" in found
    assert person("ck.ju1").full_name in found
    [(who, details)] = noted("audit_read")
    assert (who, details["purpose"], details["looked_for"]) == (person(FIRST).id, fields["purpose"], "record_read")
    nobody = submit(browser, "/quan-tri/nhat-ky", {**fields, "login": "khong.co"})
    assert "Không có tài khoản cán bộ mang tên này." in words_of(nobody)
    unknown = submit(browser, "/quan-tri/nhat-ky", {**fields, "code": "000.00.00.H13-260101-0001"})
    assert "Không có hồ sơ mang mã này." in words_of(unknown)


def test_the_second_administrator_reads_what_the_first_has_read(as_official: AsOfficial) -> None:
    submit(as_official(FIRST), "/quan-tri/nhat-ky", {"purpose": "Kiểm tra định kỳ"})
    said = words_of(submit(as_official(SECOND), "/quan-tri/nhat-ky", {"purpose": "Kiểm tra", "kind": "audit_read"}))
    assert "Ngô Mẫu Quản xem nhật ký" in said
    assert "Kiểm tra định kỳ" in said
