"""Before the first page: consent, former names of places, and the way back to a draft."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.records.models import Record
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.web.filing.filling import CAI_KHE, begin, box_on, draft_of, fill_all, send, token_on


def test_consent_is_never_ticked_for_anybody_and_says_what_it_spares(citizen: PageClient) -> None:
    page = citizen.get("/thu-tuc/1.009994/bat-dau")
    assert box_on(page, "consent").get("checked") is None
    assert "Cho Cổng lấy dữ liệu dân cư và đất đai để khỏi nộp giấy" in words_of(page)
    assert "Khỏi nộp: Giấy tờ về quyền sử dụng đất." in words_of(page)
    assert "dữ liệu dân cư" not in words_of(citizen.get("/thu-tuc/2.000815/bat-dau"))


def test_with_consent_a_paper_that_a_register_holds_need_not_be_uploaded(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994", consent="yes")
    fill_all(citizen, draft, "1.009994", leave_out="land")
    listed = words_of(citizen.get(f"{draft}/giay-to"))
    assert "Giấy tờ về quyền sử dụng đất Cổng lấy từ dữ liệu của Nhà nước. Không cần nộp" in listed
    assert "Không cần nộp: Cổng lấy từ dữ liệu của Nhà nước" in words_of(citizen.get(f"{draft}/xem-lai"))
    assert send(citizen, draft).status_code == 303
    with reading(SYSTEM) as session:
        consented_at, submitted_at = session.execute(select(Record.consented_at, Record.submitted_at)).one()
    assert consented_at is not None
    assert consented_at <= submitted_at


def test_without_consent_that_paper_is_required(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    fill_all(citizen, draft, "1.009994", leave_out="land")
    assert "Tải lên Giấy tờ về quyền sử dụng đất." in words_of(citizen.get(f"{draft}/xem-lai"))
    started = submit(citizen, "/thu-tuc/1.001612/bat-dau", {"place": CAI_KHE, "filer": "self"}, button="Bắt đầu")
    household = started.location
    assert "Tải lên Giấy tờ cá nhân của chủ hộ." in words_of(citizen.get(f"{household}/xem-lai"))
    token = {"csrf_token": token_on(citizen, f"{household}/giay-to/id_copy")}
    assert citizen.post(f"{household}/giay-to/id_copy/khong-co", data=token).status_code == 404


def test_consent_is_given_and_taken_back_in_a_draft_and_the_papers_follow(citizen: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    assert "Chưa cho Cổng lấy dữ liệu để khỏi nộp: Giấy tờ về quyền sử dụng đất." in words_of(
        citizen.get(f"{draft}/giay-to")
    )
    address = f"{draft}/cho-lay-du-lieu"
    assert box_on(citizen.get(address), "consent").get("checked") is None
    given = submit(citizen, address, {"consent": "yes"}, button="Lưu", follow=True)
    assert "Giấy tờ về quyền sử dụng đất Cổng lấy từ dữ liệu của Nhà nước. Không cần nộp" in words_of(given)
    assert draft_of(draft).consented_at is not None
    assert "Cho Cổng lấy dữ liệu dân cư và đất đai Có" in words_of(citizen.get(f"{draft}/xem-lai"))
    assert box_on(citizen.get(address), "consent").get("checked") is not None
    taken_back = words_of(submit(citizen, address, {"consent": None}, button="Lưu", follow=True))
    assert "Không lấy dữ liệu. Tải lên: Giấy tờ về quyền sử dụng đất." in taken_back
    assert draft_of(draft).consented_at is None
    assert "Tải lên Giấy tờ về quyền sử dụng đất." in words_of(citizen.get(f"{draft}/xem-lai"))


def test_a_place_is_found_under_its_former_name(citizen: PageClient) -> None:
    page = citizen.get("/thu-tuc/1.009994/bat-dau")
    option = next(
        option for option in page_of(page).iter("option") if option.text == "Phường An Hội (nay là Phường Tân An)"
    )
    draft = draft_of(begin(citizen, "1.009994", place=str(option.get("value"))))
    assert (draft.place, draft.answers["plot_commune"]) == ("31135", "31135")


def test_the_procedures_own_page_leads_back_to_the_draft(citizen: PageClient, client: PageClient) -> None:
    draft = begin(citizen, "1.009994")
    page = citizen.get("/thu-tuc/1.009994")
    text = words_of(page)
    assert "Đang soạn dở từ" in text
    assert f'href="{draft}"' in page.text
    assert "Bắt đầu một hồ sơ khác" in text
    assert "Bắt đầu làm hồ sơ" not in text
    assert "Đang soạn dở" not in words_of(client.get("/thu-tuc/1.009994"))
    assert "Đang soạn dở" not in words_of(citizen.get("/thu-tuc/2.000815"))
