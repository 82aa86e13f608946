"""Answering a request for a supplement: exactly what was asked, nothing lost, sent once."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.payments.models import FeeLine
from portal.records import paper_uploads
from portal.records.paper_uploads import UploadedPaper
from portal.records.types import SupplementItem
from portal.web.citizen import supplement
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import at_desk, handed_in
from tests.integration.web.records.conftest import Visitor, address

LAND = SupplementItem("paper", "land", "Giấy tờ về quyền sử dụng đất", "Ảnh mờ, không đọc được số thửa.")
HEIGHT = SupplementItem("field", "height_m", "Chiều cao", "Không khớp bản vẽ.", wish="correct")
FLOORS = SupplementItem("field", "floors", "Các tầng", "Thiếu tầng lửng.", wish="correct")


def a_pdf() -> bytes:
    content = BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(content)
    return content.getvalue()


def asked(*items: SupplementItem) -> Walk:
    walk = at_desk().supplement("appraise", items=items or (LAND, HEIGHT))
    walk.now += timedelta(days=4)
    return walk


def token_on(browser: PageClient, page: str) -> str:
    inputs = page_of(browser.get(page)).iter("input")
    return next(field.get("value", "") for field in inputs if field.get("name") == "csrf_token")


def answer_land(
    browser: PageClient, walk: Walk, *, content: bytes | None = None, name: str = "so-do.pdf"
) -> TestResponse:
    upload = (BytesIO(a_pdf() if content is None else content), name)
    fields = {"item-way": "new", "item-files": upload}
    return submit(browser, f"{address(walk)}/bo-sung/giay-to/land", fields)


def answer_height(browser: PageClient, walk: Walk, height: str = "7,5") -> TestResponse:
    return submit(browser, f"{address(walk)}/bo-sung/thong-tin/height_m", {"item-way": "new", "height_m": height})


def test_the_list_names_exactly_what_was_asked(visitor: Visitor) -> None:
    walk = asked()
    answer = visitor.open(walk, "/bo-sung")
    text = words_of(answer)
    assert heading(answer) == "Bổ sung 2 mục trước thứ Tư 9/12/2026"
    assert "Thời hạn giải quyết đang tạm dừng. Chỉ cần trả lời đúng các mục này." in text
    assert "Ảnh mờ, không đọc được số thửa." in text
    assert text.count("Chưa làm") == 2
    assert "Gửi phần bổ sung" not in text
    assert "Nộp rồi hồ sơ mới được giải quyết tiếp." not in text, "what was owed before is another matter"
    with unit_of_work(SYSTEM) as session:
        owed = {"moment": "supplement", "amount": 50_000, "paid_at": None}
        session.execute(update(FeeLine).where(FeeLine.record_id == walk.record_id).values(owed))
    text = words_of(visitor.open(walk, "/bo-sung"))
    assert "Gửi xong thì nộp 50.000 đồng. Nộp rồi hồ sơ mới được giải quyết tiếp." in text
    assert "Còn phải nộp 50.000 đồng." in words_of(visitor.open(walk))


def test_a_file_and_a_correction_are_sent_and_the_due_date_moves(visitor: Visitor) -> None:
    walk = asked()
    browser = visitor.at(walk.now)
    assert answer_land(browser, walk).status_code == 303
    assert answer_height(browser, walk).status_code == 303
    listed = words_of(browser.get(f"{address(walk)}/bo-sung"))
    assert "Tệp mới: so-do.pdf" in listed
    assert "Sửa thành: 7,5 m" in listed
    sent = submit(browser, f"{address(walk)}/bo-sung", button="Gửi phần bổ sung", follow=True)
    assert heading(sent) == "Giấy phép xây dựng nhà tại thửa 245"
    assert "Đã gửi bổ sung. Hẹn trả mới: thứ Sáu 27/11/2026 (trước là 25/11/2026)." in words_of(sent)
    file = walk.file()
    assert (file.record.state, file.open_supplement) == ("in_progress", None)
    assert file.record.answers["height_m"] == "7.5"
    assert [paper.file_name for paper in file.papers_of("land")] == ["so-do.pdf"]
    assert [paper.file_name for paper in file.papers if paper.replaced_at] == ["land.pdf"]


def test_the_new_paper_can_be_seen_and_taken_back_home(visitor: Visitor, as_user: AsUser) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    answer_land(browser, walk)
    submit(browser, f"{address(walk)}/bo-sung", button="Gửi phần bổ sung")
    (paper,) = walk.file().papers_of("land")
    file = browser.get(f"{address(walk)}/giay-to/{paper.id}")
    assert (file.mimetype, file.data[:4]) == ("application/pdf", b"%PDF")
    assert "so-do.pdf" in file.headers["Content-Disposition"]
    picture = browser.get(f"{address(walk)}/giay-to/{paper.id}/trang-1.png")
    assert picture.data.startswith(b"\x89PNG")
    assert browser.get(f"{address(walk)}/giay-to/{paper.id}/trang-2.png").status_code == 404
    assert as_user(make_citizen()).get(f"{address(walk)}/giay-to/{paper.id}").status_code == 404


def test_a_paper_of_the_store_answers_an_item_and_keeps_its_origin(visitor: Visitor) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    item = f"{address(walk)}/bo-sung/giay-to/land"
    submit(browser, "/kho-giay-to/them", {"file": (BytesIO(a_pdf()), "giay-dat.pdf")}, button="Tải lên")
    (kept,) = (one.get("value") for one in page_of(browser.get(item)).iter("input") if one.get("name") == "item")
    none = submit(browser, item, {}, button="Dùng giấy này")
    assert (none.status_code, "Chọn giấy muốn dùng lại" in words_of(none)) == (422, True)
    assert submit(browser, item, {"item": kept}, button="Dùng giấy này").status_code == 303
    assert "Tệp mới: giay-dat.pdf" in words_of(browser.get(f"{address(walk)}/bo-sung"))
    again = browser.get(item)
    assert "giay-dat.pdf lấy từ Kho giấy tờ" in words_of(again)
    assert 'name="item"' not in again.text, "it is there already"
    submit(browser, f"{address(walk)}/bo-sung", button="Gửi phần bổ sung")
    (paper,) = walk.file().papers_of("land")
    assert (paper.file_name, paper.from_vault) == ("giay-dat.pdf", True)


def test_what_was_supplied_may_be_defended(visitor: Visitor) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    item = f"{address(walk)}/bo-sung/giay-to/land"
    silent = submit(browser, item, {"item-way": "as_it_is"})
    assert (silent.status_code, "Nhập lý do" in words_of(silent)) == (422, True)
    submit(browser, item, {"item-way": "as_it_is", "item-why": "Ảnh chụp đủ bốn góc."})
    submit(browser, f"{address(walk)}/bo-sung", button="Gửi phần bổ sung")
    supplement = walk.file().supplements[0]
    assert supplement.items[0]["answer"] == {"as_it_is": "Ảnh chụp đủ bốn góc."}
    assert [paper.file_name for paper in walk.file().papers_of("land")] == ["land.pdf"]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "so-do.pdf", "Tệp trống (0 byte)."),
        (b"<!doctype html><title>x</title>", "so-do.pdf", "Tệp tên .pdf nhưng là trang web."),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_a_sentence(
    visitor: Visitor, content: bytes, name: str, sentence: str
) -> None:
    walk = asked(LAND)
    answer = answer_land(visitor.at(walk.now), walk, content=content, name=name)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert walk.file().supplements[0].items[0]["answer"] is None


def test_a_file_that_was_not_given_is_asked_for(visitor: Visitor) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    item = f"{address(walk)}/bo-sung/giay-to/land"
    assert "Tải lên giấy tờ về quyền sử dụng đất" in words_of(submit(browser, item))


def test_a_corrected_answer_must_fit(visitor: Visitor) -> None:
    walk = asked(HEIGHT)
    browser = visitor.at(walk.now)
    answer = answer_height(browser, walk, "cao lắm")
    assert answer.status_code == 422
    assert "cao lắm" in answer.text
    assert walk.file().supplements[0].items[0]["answer"] is None


def test_no_more_files_are_kept_than_the_paper_takes(visitor: Visitor) -> None:
    walk = asked(LAND)
    many = [(BytesIO(a_pdf()), f"trang-{number}.pdf") for number in range(11)]
    fields = {"item-way": "new", "item-files": many}
    answer = submit(visitor.at(walk.now), f"{address(walk)}/bo-sung/giay-to/land", fields)
    assert answer.status_code == 422
    assert "Mục này nhận nhiều nhất 10 tệp. Chọn lại." in words_of(answer)
    assert walk.file().supplements[0].items[0]["answer"] is None


def test_rows_are_added(visitor: Visitor) -> None:
    walk = asked(FLOORS)
    browser = visitor.at(walk.now)
    item = f"{address(walk)}/bo-sung/thong-tin/floors"
    more = submit(browser, item, {"item-way": "new"}, button="Thêm tầng")
    assert more.status_code == 200
    names = [field.get("name") for field in page_of(more).iter("input")]
    assert "floors-2-area_m2" in names
    assert walk.file().supplements[0].items[0]["answer"] is None


def test_a_row_is_removed_and_the_others_keep_what_was_typed(visitor: Visitor) -> None:
    walk = asked(FLOORS)
    item = f"{address(walk)}/bo-sung/thong-tin/floors"
    typed = {"item-way": "new", "floors-1-area_m2": "rộng lắm"}
    fewer = submit(visitor.at(walk.now), item, typed, button="Xóa Tầng 1")
    boxes = {field.get("name"): field.get("value") for field in page_of(fewer).iter("input")}
    assert fewer.status_code == 200
    assert boxes["floors-0-area_m2"] == "rộng lắm"
    assert "floors-1-area_m2" not in boxes
    assert walk.file().supplements[0].items[0]["answer"] is None


def test_nothing_else_opens(visitor: Visitor, as_user: AsUser) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    for path in ("giay-to/drawings", "thong-tin/height_m", "giay-to/khong-co"):
        assert browser.get(f"{address(walk)}/bo-sung/{path}").status_code == 404, path
    assert as_user(make_citizen()).get(f"{address(walk)}/bo-sung/giay-to/land").status_code == 404


def test_sending_before_all_is_answered_is_refused(visitor: Visitor) -> None:
    walk = asked()
    browser = visitor.at(walk.now)
    answer_height(browser, walk)
    token = token_on(browser, f"{address(walk)}/bo-sung")
    answer = browser.post(f"{address(walk)}/bo-sung", data={"csrf_token": token})
    assert answer.status_code == 422
    assert "Trả lời mục Giấy tờ về quyền sử dụng đất." in words_of(answer)
    assert walk.file().record.state == "supplement"


def test_a_second_click_finds_it_sent(visitor: Visitor) -> None:
    walk = asked(HEIGHT)
    browser = visitor.at(walk.now)
    answer_height(browser, walk)
    page = f"{address(walk)}/bo-sung"
    token = token_on(browser, page)
    first = browser.post(page, data={"csrf_token": token})
    second = browser.post(page, data={"csrf_token": token})
    assert first.status_code == 303
    assert second.status_code == 409
    events = [event for event in walk.file().events if event.action == "submit"]
    assert len(events) == 1


def test_before_acceptance_the_counter_answers_anew(visitor: Visitor) -> None:
    walk = handed_in().supplement("receive", items=(HEIGHT,))
    browser = visitor.at(walk.now)
    answer_height(browser, walk)
    sent = submit(browser, f"{address(walk)}/bo-sung", button="Gửi phần bổ sung", follow=True)
    assert "Đã gửi bổ sung. Nơi tiếp nhận sẽ trả lời trước" in words_of(sent)


def upload_land(browser: PageClient, walk: Walk, *files: tuple[bytes, str]) -> TestResponse:
    sent = [(BytesIO(content), name) for content, name in files]
    fields = {"item-way": "new", "item-files": sent}
    return submit(browser, f"{address(walk)}/bo-sung/giay-to/land", fields, button="Lưu mục này")


def kept_names(walk: Walk) -> list[str]:
    return [file["file_name"] for file in (walk.file().supplements[0].items[0]["answer"] or {}).get("files", [])]


def test_of_several_files_the_bad_ones_are_named_and_the_good_ones_stay(visitor: Visitor) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    answer = upload_land(browser, walk, (a_pdf(), "mot.pdf"), (b"", "hai.pdf"), (b"<html>", "ba.pdf"))
    assert answer.status_code == 422
    at_the_field = next(one for one in page_of(answer).iter("p") if one.get("id") == "item-files-error")
    said = "".join(at_the_field.itertext())
    assert "hai.pdf: Tệp trống (0 byte)." in said
    assert "ba.pdf: Tệp tên .pdf nhưng là trang web." in said
    assert answer.text.count('href="#item-files"') == 2
    assert kept_names(walk) == ["mot.pdf"]
    assert upload_land(browser, walk, (a_pdf() + b"\n", "hai.pdf")).status_code == 303
    assert kept_names(walk) == ["mot.pdf", "hai.pdf"]


def test_a_kept_file_is_taken_out_again(visitor: Visitor) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    upload_land(browser, walk, (a_pdf(), "mot.pdf"), (a_pdf() + b"\n", "hai.pdf"))
    item = f"{address(walk)}/bo-sung/giay-to/land"
    answer = submit(browser, item, action=f"{item}/xoa")
    assert (answer.status_code, answer.location) == (303, item)
    assert kept_names(walk) == ["hai.pdf"]


def test_what_another_window_uploads_meanwhile_stays(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = asked(LAND)
    browser = visitor.at(walk.now)
    item = f"{address(walk)}/bo-sung/giay-to/land"
    upload_land(browser, walk, (a_pdf() + b"\n\n", "cu.pdf"))
    keeping = paper_uploads.keep_paper_of

    def slowly(*arguments: Any, **named: Any) -> UploadedPaper:
        monkeypatch.setattr(supplement, "keep_paper_of", keeping)
        assert upload_land(browser, walk, (a_pdf() + b"\n", "nhanh.pdf")).status_code == 303
        assert submit(browser, item, action=f"{item}/xoa").status_code == 303
        return keeping(*arguments, **named)

    monkeypatch.setattr(supplement, "keep_paper_of", slowly)
    assert upload_land(browser, walk, (a_pdf(), "cham.pdf")).status_code == 303
    assert kept_names(walk) == ["nhanh.pdf", "cham.pdf"], "what was removed there does not come back either"
