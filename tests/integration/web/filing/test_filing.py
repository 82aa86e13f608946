"""Whole filings through the pages, and what must not get lost on the way."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Organisation
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.jobs.models import Job
from portal.records.models import Record
from tests.harness.client import PageClient, heading, submit, words_of
from tests.harness.database import RungBells
from tests.harness.statements import count_queries
from tests.integration.web.filing.filling import (
    CAI_KHE,
    PAGES,
    begin,
    draft_of,
    fill,
    fill_all,
    filled,
    send,
    token_on,
    values_on,
)


def records() -> int:
    with reading(SYSTEM) as session:
        return int(session.scalar(select(func.count()).select_from(Record)) or 0)


@pytest.mark.parametrize("code", list(PAGES))
def test_a_citizen_files_from_the_start_to_the_confirmation(citizen: PageClient, bells: RungBells, code: str) -> None:
    draft = filled(citizen, code)
    review = citizen.get(f"{draft}/xem-lai")
    assert "Không thấy chỗ nào cán bộ sẽ trả lại" in words_of(review)
    answer = send(citizen, draft)
    assert answer.status_code == 303, words_of(answer)
    sent = citizen.get(answer.location)
    assert heading(sent) == "Đã gửi hồ sơ"
    with reading(SYSTEM) as session:
        record = session.scalars(select(Record)).one()
        kinds = set(session.scalars(select(Job.kind)))
    assert record.code in words_of(sent)
    assert record.applicant_name == "Nguyễn Mẫu An"
    assert record.place == CAI_KHE
    assert {"make_document", "tell_applicant"} <= kinds
    assert {"messages", "documents"} <= set(bells.queues)


def test_the_account_fills_in_what_it_knows(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    page = citizen.get(f"{draft}/applicant")
    assert values_on(page)["full_name"] == "Nguyễn Mẫu An"
    assert values_on(page)["phone"] == "0900 000 001"
    assert values_on(page)["birth_date-year"] == "1985"
    assert "Theo tài khoản" in words_of(page)
    assert draft_of(draft).answers["plot_commune"] == CAI_KHE


def test_an_organisation_is_filled_in_from_what_it_is(citizen: PageClient, organisation: Organisation) -> None:
    draft = begin(citizen, "1.009994", filer=str(organisation.id))
    values = values_on(citizen.get(f"{draft}/applicant"))
    assert (values["org_name"], values["tax_code"]) == ("Công ty TNHH Mẫu Phù Sa", "1899000007")
    assert draft_of(draft).organisation_id == organisation.id


def test_wrong_answers_are_kept_as_typed_and_named_where_they_stand(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    wrong = {"id_no": "09208500123", "birth_date-day": "31", "birth_date-month": "2", "phone": "số của tôi"}
    answer = fill(citizen, f"{draft}/applicant", {**wrong, "return_by": "online"})
    assert answer.status_code == 422
    assert "Số định danh phải có 12 chữ số. Số vừa nhập có 11." in words_of(answer)
    assert wrong.items() <= values_on(answer).items()
    later = citizen.get(f"{draft}/applicant")
    assert wrong.items() <= values_on(later).items()
    assert "Cần sửa" in words_of(citizen.get(draft))
    assert records() == 0


def test_numbers_that_are_none_come_back_as_typed(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    answer = fill(citizen, f"{draft}/site", {"plot_no": "245", "plot_m2": "chín mươi"})
    assert answer.status_code == 422
    for page in (answer, citizen.get(f"{draft}/site")):
        assert values_on(page)["plot_m2"] == "chín mươi"
        assert values_on(page)["plot_no"] == "245"


def test_figures_that_no_machine_can_hold_come_back_as_typed(citizen: PageClient) -> None:
    draft = begin(citizen, "2.000884")
    wrong = {"texts": "1e999999999"}
    assert fill(citizen, f"{draft}/signature", wrong).status_code == 422
    assert fill(citizen, f"{draft}/applicant", {"birth_date-day": "9" * 30}).status_code == 422
    assert wrong.items() <= values_on(citizen.get(f"{draft}/signature")).items()
    for part in ("", "/xem-lai"):
        assert citizen.get(draft + part).status_code == 200


def test_nothing_but_the_questions_of_the_page_can_be_written(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    before = draft_of(draft)
    sent = {
        "csrf_token": token_on(citizen, f"{draft}/site"),
        "asked": "plot_no full_name owner_id fee",
        "plot_no": "245",
        "full_name": "Người khác",
        "owner_id": str(UUID(int=1)),
        "received_unit_id": str(UUID(int=1)),
        "submitted_at": "2026-01-01",
        "fee": "0",
    }
    citizen.post(f"{draft}/site", data=sent)
    after = draft_of(draft)
    assert after.answers == {**before.answers, "plot_no": "245"}
    assert (after.owner_id, after.received_unit_id, after.submitted_at) == (
        before.owner_id,
        before.received_unit_id,
        None,
    )


def test_a_page_is_left_half_done_and_taken_up_again(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    answer = fill(citizen, f"{draft}/site", {"plot_no": "245"}, button="Lưu, làm sau")
    assert (answer.status_code, answer.location) == (303, draft)
    tasks = words_of(citizen.get(draft))
    assert "Đang làm" in tasks
    assert "Lần trước dừng ở phần Thửa đất" in tasks
    assert "Đang soạn dở từ" in words_of(citizen.get("/thu-tuc/1.009994/bat-dau"))
    assert values_on(citizen.get(f"{draft}/site"))["plot_no"] == "245"


def test_a_decomposed_name_is_kept_composed(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
    assert fill(citizen, f"{draft}/applicant", {"full_name": name, "return_by": "online"}).status_code == 303
    assert draft_of(draft).answers["full_name"] == "Nguyễn Thị Hoà"


def test_an_answer_makes_another_question_appear_which_is_then_required(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    first = fill(citizen, f"{draft}/design", {"designer": "firm", "months": "6"})
    assert (first.status_code, first.location) == (303, f"{draft}/design#designer_name")
    page = citizen.get(f"{draft}/design")
    assert "Tên bên thiết kế" in words_of(page)
    assert values_on(page)["months"] == "6"
    again = fill(citizen, f"{draft}/design", {})
    assert again.status_code == 422
    assert "Nhập tên bên thiết kế" in words_of(again)
    assert fill(citizen, f"{draft}/design", {"designer_name": "Xưởng A", "certificate_no": "12"}).status_code == 303


def test_what_an_earlier_answer_hides_does_not_reach_the_record(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    fill_all(citizen, draft, "1.009994", leave_out="design")
    fill(citizen, f"{draft}/design", {"designer": "firm", "months": "6"})
    fill(citizen, f"{draft}/design", {"designer_name": "Xưởng A", "certificate_no": "12"})
    assert fill(citizen, f"{draft}/design", {"designer": "self"}).status_code == 303
    send(citizen, draft)
    with reading(SYSTEM) as session:
        answers = session.scalars(select(Record.answers)).one()
    assert "designer_name" not in answers


def test_rows_are_added_and_removed_with_everything_kept(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    building = dict(PAGES["1.009994"]["building"])
    added = fill(citizen, f"{draft}/building", building, button="Thêm tầng")
    assert (added.status_code, added.location) == (303, f"{draft}/building#floors-1-kind")
    second = {"floors-1-kind": "upper", "floors-1-area_m2": "60,5", "total_floor_m2": "132,5"}
    assert values_on(citizen.get(f"{draft}/building"))["footprint_m2"] == "72"
    fill(citizen, f"{draft}/building", second, button="Thêm tầng")
    removed = fill(citizen, f"{draft}/building", {}, button="Xóa Tầng 1")
    assert removed.status_code == 303
    values = values_on(citizen.get(f"{draft}/building"))
    assert values["floors-0-area_m2"] == "60,5"
    assert "floors-1-area_m2" in values
    assert fill(citizen, f"{draft}/building", {"total_floor_m2": "60,5"}).status_code == 303
    assert draft_of(draft).answers["floors"] == [{"kind": "upper", "area_m2": "60.5"}]


def test_a_group_without_rows_is_asked_for(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    fill(citizen, f"{draft}/building", dict(PAGES["1.009994"]["building"]), button="Xóa Tầng 1")
    answer = fill(citizen, f"{draft}/building", {})
    assert answer.status_code == 422
    assert "Chọn loại tầng" in words_of(answer)


def test_answers_that_contradict_each_other_are_named_with_their_sentence(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    building = {**PAGES["1.009994"]["building"], "total_floor_m2": "99"}
    answer = fill(citizen, f"{draft}/building", building)
    assert answer.status_code == 422
    assert "Tổng diện tích sàn phải bằng tổng các tầng đã kê. Sửa tổng hoặc sửa diện tích tầng." in words_of(answer)
    assert 'href="#total_floor_m2"' in answer.text


def test_a_warning_is_shown_and_stops_nobody(citizen: PageClient) -> None:
    draft = begin(citizen, "2.000815")
    answer = fill(citizen, f"{draft}/docs", {**PAGES["2.000815"]["docs"], "docs-0-issuer": "foreign"})
    assert answer.status_code == 303
    assert "hợp pháp hóa lãnh sự" in words_of(citizen.get(answer.location))
    assert "Nên xem lại" in words_of(citizen.get(f"{draft}/xem-lai"))


def test_a_day_to_come_is_no_day_of_birth(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    answer = fill(citizen, f"{draft}/applicant", {"birth_date-year": "2999", "return_by": "online"})
    assert answer.status_code == 422
    assert "Ngày sinh phải trước hôm nay." in words_of(answer)


def test_another_place_brings_another_counter(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    before = draft_of(draft)
    fields = {**PAGES["1.009994"]["site"], "plot_commune": "31312"}
    assert fill(citizen, f"{draft}/site", fields).status_code == 303
    after = draft_of(draft)
    assert after.place == "31312"
    assert after.received_unit_id != before.received_unit_id


def test_a_form_opened_before_signing_in_again_keeps_its_answers(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    sent = {"csrf_token": "0" * 40, "asked": "plot_no plot_m2", "plot_no": "245", "plot_m2": "96,5"}
    stale = citizen.post(f"{draft}/site", data=sent)
    assert stale.status_code == 422
    assert "Các câu trả lời vẫn còn. Gửi lại lần nữa." in words_of(stale)
    assert values_on(stale)["plot_no"] == "245"
    assert "plot_no" not in draft_of(draft).answers


def test_sending_twice_makes_one_record_and_shows_it(citizen: PageClient) -> None:
    draft = filled(citizen, "2.000884")
    token = token_on(citizen, f"{draft}/xem-lai")
    answers = [citizen.post(f"{draft}/xem-lai", data={"csrf_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert records() == 1
    opened = citizen.get(draft)
    assert (opened.status_code, opened.location) == (303, answers[0].location)


def test_what_is_missing_is_listed_with_the_way_to_it_and_nothing_is_sent(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    fill_all(citizen, draft, "1.009994", leave_out="land")
    review = citizen.get(f"{draft}/xem-lai")
    assert "Nên xem lại 1 chỗ" in words_of(review)
    assert f'href="{draft}/giay-to/land"' in review.text
    answer = citizen.post(f"{draft}/xem-lai", data={"csrf_token": token_on(citizen, f"{draft}/xem-lai")})
    assert answer.status_code == 422
    assert f'href="{draft}/giay-to/land"' in answer.text
    assert records() == 0


def test_a_wrong_answer_of_a_page_left_behind_stops_the_sending(citizen: PageClient) -> None:
    draft = filled(citizen, "2.000884")
    assert fill(citizen, f"{draft}/applicant", {"phone": "12"}).status_code == 422
    answer = citizen.post(f"{draft}/xem-lai", data={"csrf_token": token_on(citizen, f"{draft}/xem-lai")})
    assert answer.status_code == 422
    assert "Điện thoại phải nhập lại." in words_of(answer)
    assert records() == 0


@pytest.mark.parametrize("part", ["", "/applicant", "/giay-to", "/giay-to/text", "/xem-lai", "/xoa"])
def test_another_citizen_finds_nothing(citizen: PageClient, another: PageClient, part: str) -> None:
    draft = filled(citizen, "2.000884")
    assert another.get(draft + part).status_code == 404
    token = token_on(another, "/thu-tuc/2.000884/bat-dau")
    if part and part != "/giay-to":
        assert another.post(draft + part, data={"csrf_token": token, "asked": "full_name"}).status_code == 404
    assert draft_of(draft).answers["full_name"] == "Nguyễn Mẫu An"


def test_another_citizen_does_not_see_the_confirmation(citizen: PageClient, another: PageClient) -> None:
    answer = send(citizen, filled(citizen, "2.000884"))
    assert another.get(answer.location).status_code == 404


def test_a_draft_is_thrown_away_after_asking(citizen: PageClient) -> None:
    draft = begin(citizen, "2.000884")
    asked = citizen.get(f"{draft}/xoa")
    assert heading(asked) == "Xóa bản nháp này?"
    assert submit(citizen, f"{draft}/xoa", button="Xóa bản nháp").status_code == 303
    assert citizen.get(draft).status_code == 404


def test_pages_of_a_draft_ask_the_database_a_few_times_only(citizen: PageClient) -> None:
    draft = filled(citizen, "1.009994")
    most: dict[str, Any] = {"": 8, "/applicant": 6, "/building": 6, "/giay-to": 5, "/giay-to/land": 7, "/xem-lai": 8}
    for part, limit in most.items():
        with count_queries() as statements:
            assert citizen.get(draft + part).status_code == 200
        assert len(statements) <= limit, f"{part}: {statements}"
