"""What is typed on a page of a form survives a dead line and an end of the sign-in, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor, Way

CITIZEN = "092085001234"
CAI_KHE = "31117"

# What JavaScript adds is asked of the way that has it.
pytestmark = pytest.mark.parametrize("visitor", [Way.WIDE], indirect=True, ids=[Way.WIDE.value])


@pytest.fixture
def page_of_form(visitor: Visitor) -> str:
    """The address of a page of a new draft, opened."""
    visitor.sign_in(CITIZEN).open("/thu-tuc/1.009994/bat-dau")
    visitor.fill({"place": CAI_KHE, "level": "commune", "filer": "self"}).press("Bắt đầu")
    address = f"{visitor.page.url}/site"
    visitor.open(address)
    return address


def test_what_is_typed_is_kept_and_comes_back(visitor: Visitor, page_of_form: str) -> None:
    page, note = visitor.page, visitor.page.locator("[data-keep-status]")
    page.get_by_label("Lô đất số").fill("245")
    expect(note).to_have_text(re.compile(r"Đã lưu lúc \d\d:\d\d"))
    visitor.examine()
    page.context.set_offline(True)
    page.get_by_label("Lô đất số").fill("246")
    expect(note).to_have_text("Mất mạng. Đang giữ trên máy này.")
    page.context.set_offline(False)
    expect(note).to_have_text("Đã gửi lại phần vừa điền lúc mất mạng")
    visitor.open(page_of_form)
    expect(page.get_by_label("Lô đất số")).to_have_value("246")
    questions_open_and_close_in_their_place(visitor, page_of_form.replace("/site", "/design"))


def questions_open_and_close_in_their_place(visitor: Visitor, address: str) -> None:
    page, number = visitor.open(address).page, visitor.page.get_by_label("Số chứng chỉ")
    firm = page.get_by_role("radio", name="Một tổ chức thiết kế")
    firm.check()
    expect(page.locator("[data-question] input:not([type=radio])")).to_have_count(3)
    expect(page.locator("[data-keep-status]")).to_contain_text("Có thêm câu hỏi: Tên bên thiết kế; Số chứng chỉ.")
    expect(firm).to_be_focused()
    visitor.examine()
    number.fill("CC-1")
    page.get_by_role("radio", name="Chủ nhà tự thiết kế").check()
    expect(number).to_have_count(0)
    firm.check()
    expect(number).to_have_value("CC-1")
    page.get_by_label("Tên bên thiết kế").fill("Mẫu Phù Sa")
    page.get_by_label("Số tháng thi công").fill("6")
    visitor.save()
    assert page.url != address


def test_the_end_of_the_sign_in_loses_nothing(visitor: Visitor, page_of_form: str) -> None:
    page = visitor.page
    page.get_by_label("Lô đất số").fill("245")
    page.context.clear_cookies()
    page.get_by_role("radio", name="Có", exact=True).first.check()
    expect(page.locator("[data-keep-status]")).to_contain_text("Phiên đăng nhập đã hết.")
    page.get_by_role("button", name="Lưu và tiếp tục", exact=True).last.click()
    assert "phần vừa điền vẫn còn trên máy này" in visitor.words()
    page.get_by_label("Số định danh").fill(CITIZEN)
    page.locator("input[type=password]").fill("CanTho-2026")
    visitor.press("Đăng nhập")
    assert page.url == page_of_form
    expect(page.get_by_label("Lô đất số")).to_have_value("245")
    expect(page.locator("[data-keep-status]")).to_have_text("Đã gửi lại phần vừa điền lúc mất mạng")
    visitor.open(page_of_form)
    expect(page.get_by_label("Lô đất số")).to_have_value("245")
