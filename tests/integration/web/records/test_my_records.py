"""My records: what waits for me first; nothing of anybody else."""

from __future__ import annotations

from portal.demonstration.walking import Walk
from tests.harness.client import heading, page_of, words_of
from tests.harness.html import words
from tests.harness.people import make_citizen
from tests.harness.statements import count_queries
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import NOW, SIGNATURE, at_desk, citizen, draft, handed_in
from tests.integration.records.later_forms import ALCOHOL
from tests.integration.web.records.conftest import Visitor, address


def links_under(text: str, page: object) -> list[str]:
    """The links between that h2 and the next."""
    found: list[str] = []
    inside = False
    for element in page.iter():  # type: ignore[attr-defined]
        if element.tag == "h2":
            inside = words(element) == text
        elif inside and element.tag == "a":
            found.append(words(element))
    return found


def test_whoever_has_no_record_is_led_to_the_procedures(as_user: AsUser) -> None:
    answer = as_user(make_citizen()).get("/ho-so")
    assert heading(answer) == "Hồ sơ của tôi"
    assert "Chưa có hồ sơ nào." in words_of(answer)
    assert 'href="/thu-tuc"' in answer.text


def test_records_stand_where_they_belong(visitor: Visitor) -> None:
    waiting = at_desk(plot_no="1").supplement("appraise")
    under_way = at_desk(plot_no="2")
    refused = handed_in(plot_no="3").go("receive.refuse", "refuse_ok.approve")
    draft_id = draft(SIGNATURE, owner=citizen())
    answer = visitor.at(waiting.now).get("/ho-so")
    page, text = page_of(answer), words_of(answer)
    assert links_under("Cần làm ngay", page)[0] == "Bổ sung"
    assert "Bổ sung 1 mục trước thứ Tư 9/12/2026 Giấy phép xây dựng nhà tại thửa 1" in text
    assert f'href="{address(waiting)}/bo-sung"' in answer.text
    titles = [f"Giấy phép xây dựng nhà tại thửa {number}" for number in (1, 2, 3)]
    assert set(links_under("Đang giải quyết", page)) == {titles[0], titles[1]}
    assert links_under("Đã có kết quả", page) == [titles[2]]
    assert f'href="/to-khai/{draft_id}"' in answer.text
    assert "Chưa gửi. Làm tiếp trước thứ Tư 9/12/2026; sau đó bản nháp bị xóa." in text
    assert "Phòng Quản lý đô thị quận Ninh Kiều đang thẩm định, hẹn trả thứ Tư 25/11/2026." in text
    assert f'href="{address(under_way)}"' in answer.text
    assert f'href="{address(refused)}"' in answer.text


def test_a_record_that_expired_for_its_fee_says_so_and_not_that_something_was_not_supplied(visitor: Visitor) -> None:
    walk = handed_in(ALCOHOL).go("receive.accept", "forward.hand_over", "fee.⏰80h")
    assert walk.file().record.state == "expired"
    shown = words_of(visitor.open(walk))
    assert "Hết hạn nộp phí" in shown
    assert "Chưa nhận được phí trước " in shown
    assert "bổ sung" not in shown.split("Diễn biến")[0]
    assert "Hết hạn nộp phí" in words_of(visitor.at(walk.now).get("/ho-so"))


def test_nobody_sees_the_records_of_others(as_user: AsUser, visitor: Visitor) -> None:
    walk = handed_in()
    assert walk.file().record.code in visitor.at(walk.now).get("/ho-so").text
    assert walk.file().record.code not in as_user(make_citizen()).get("/ho-so").text


def test_the_list_costs_the_same_with_one_and_with_many(visitor: Visitor) -> None:
    def asked() -> list[str]:
        browser = visitor.at(NOW)
        browser.get("/ho-so")
        with count_queries() as sent:
            assert browser.get("/ho-so").status_code == 200
        return sent

    walks: list[Walk] = [handed_in(plot_no="0")]
    one = asked()
    walks += [handed_in(plot_no=str(number)) for number in range(1, 6)]
    many = asked()
    assert len(many) == len(one) <= 4, many


def test_english_readers_get_english_states(visitor: Visitor) -> None:
    handed_in()
    text = words_of(visitor.at(NOW).get("/en/ho-so"))
    assert "Waiting for acceptance" in text
    assert "People's Committee of Cái Khế Ward answers before" in text
