"""The page of a record, in each state that a record can be in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.notifications.service import tell_applicant
from portal.records.jobs import make_document
from portal.records.types import ActionAnswers, RecordState
from portal.web.record_states import STATES
from tests.harness.client import heading, page_of, submit, words_of
from tests.harness.people import make_citizen
from tests.harness.statements import count_queries
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import HOUSEHOLD, at_desk, handed_in
from tests.integration.web.records.conftest import Visitor, address

ASKED = ("appraise.ask", "ask_ok.send")
REASON = "Bản vẽ chưa khớp với thửa đất."
TO_THE_END = ("conclude.draft", "review.initial", "sign.sign", "stamp.issue")


def submitted() -> Walk:
    return handed_in()


def unanswered() -> Walk:
    walk = handed_in()
    walk.now += timedelta(days=2)
    return walk


def supplement_before_acceptance() -> Walk:
    return handed_in().supplement("receive")


def refused() -> Walk:
    answers = ActionAnswers(reason=REASON, form={"ground": "not_ours"})
    return handed_in().go("receive.refuse", answers=answers).go("refuse_ok.approve")


def accepted() -> Walk:
    return handed_in().go("receive.accept")


def in_progress() -> Walk:
    return at_desk()


def consulting() -> Walk:
    return at_desk().go(*ASKED, "site.done")


def supplement() -> Walk:
    return at_desk().supplement("appraise")


def answered() -> Walk:
    walk = at_desk().supplement("appraise")
    walk.now += timedelta(days=4)
    return walk.answer()


def granted() -> Walk:
    return consulting().go("plan.answer", "plan_sign.sign", *TO_THE_END)


def not_granted() -> Walk:
    walk = at_desk().go("appraise.reject", answers=ActionAnswers(reason=REASON))
    return walk.go("review.initial", "sign.sign", "stamp.issue")


def returned() -> Walk:
    return granted().go("give.give")


def expired() -> Walk:
    return supplement().go("fix.⏰30d")


def late() -> Walk:
    walk = at_desk()
    walk.now += timedelta(days=21)
    return walk


@pytest.mark.parametrize(
    ("carried", "sentences"),
    [
        (submitted, ["Chờ tiếp nhận", "UBND phường Cái Khế trả lời trước 08:12, thứ Ba 10/11/2026."]),
        (
            unanswered,
            ["UBND phường Cái Khế phải trả lời trước 08:12, thứ Ba 10/11/2026 mà chưa trả lời. Gọi số hỗ trợ"],
        ),
        (
            supplement_before_acceptance,
            [
                "Cần bổ sung",
                "Bổ sung 1 mục trước thứ Tư 9/12/2026",
                "UBND phường Cái Khế yêu cầu bổ sung. Nhận đủ mới bắt đầu tính thời hạn.",
            ],
        ),
        (
            refused,
            [
                "Không tiếp nhận",
                "UBND phường Cái Khế không tiếp nhận hồ sơ này. Lý do: Bản vẽ chưa khớp với thửa đất. "
                "Có thể khiếu nại trước Chủ nhật 7/2/2027.",
            ],
        ),
        (accepted, ["Đã tiếp nhận", "Hẹn trả thứ Tư 25/11/2026."]),
        (
            in_progress,
            [
                "Đang giải quyết",
                "Phòng Quản lý đô thị quận Ninh Kiều đang thẩm định, hẹn trả thứ Tư 25/11/2026.",
                "còn 12 ngày làm việc",
            ],
        ),
        (
            consulting,
            [
                "Chờ cơ quan góp ý",
                "Sở Xây dựng thành phố Cần Thơ đang góp ý, hạn thứ Hai 23/11/2026.",
                "Không trả lời thì coi như đồng ý.",
            ],
        ),
        (
            supplement,
            [
                "Cần bổ sung",
                "Bổ sung 1 mục trước thứ Tư 9/12/2026",
                "Phòng Quản lý đô thị quận Ninh Kiều yêu cầu bổ sung. Thời hạn đang tạm dừng.",
                "đang tạm dừng",
            ],
        ),
        (
            answered,
            [
                "Đã nhận phần bổ sung",
                "Ngày hẹn trả dời từ thứ Tư 25/11/2026 sang thứ Sáu 27/11/2026.",
                "Tạm dừng 3 ngày",
            ],
        ),
        (granted, ["Đã có kết quả", "Tải về trong hồ sơ, hoặc nhận tại UBND phường Cái Khế."]),
        (
            not_granted,
            [
                "Không được cấp",
                "UBND quận Ninh Kiều quyết định không cấp. Lý do: Bản vẽ chưa khớp với thửa đất.",
                "Có thể khiếu nại trước Chủ nhật 7/2/2027.",
            ],
        ),
        (returned, ["Đã trả kết quả", "trên mạng.", "Hồ sơ này đã xong"]),
        (
            expired,
            [
                "Hết hạn bổ sung",
                "Chưa nhận được bổ sung trước thứ Tư 9/12/2026. Nộp lại được, không phải khai lại.",
            ],
        ),
        (late, ["Trễ hẹn 3 ngày", "UBND quận Ninh Kiều xin lỗi vì trễ hẹn.", "quá 3 ngày làm việc"]),
    ],
)
def test_the_page_says_who_has_the_record_and_until_when(
    visitor: Visitor, carried: Callable[[], Walk], sentences: list[str]
) -> None:
    walk = carried()
    answer = visitor.open(walk)
    text = words_of(answer)
    assert heading(answer) == "Giấy phép xây dựng nhà tại thửa 245"
    assert walk.file().record.code in text
    assert [sentence for sentence in sentences if sentence not in text] == [], text
    assert "Hồ sơ đã đi đến đâu" in text


@pytest.mark.parametrize("carried", [submitted, consulting, supplement, not_granted, returned])
def test_the_page_is_there_in_english(visitor: Visitor, carried: Callable[[], Walk]) -> None:
    walk = carried()
    text = words_of(visitor.open(walk, english=True))
    state = STATES[RecordState(walk.file().record.state)]
    assert state.label.en in text
    assert "It is with" in text or walk.file().record.closed_at is not None


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(RecordState)


def test_who_has_the_record_is_marked_in_the_picture(visitor: Visitor) -> None:
    page = page_of(visitor.open(consulting()))
    here = ["".join(row.itertext()) for row in page.iter("li") if row.get("aria-current") == "step"]
    assert here
    assert all("Góp ý về quy hoạch" in row and "Sở Xây dựng thành phố Cần Thơ" in row for row in here)


def test_a_round_of_consultation_that_is_repeated_stands_twice(visitor: Visitor) -> None:
    walk = at_desk().go(*ASKED, "site.done", "plan.answer", "plan_sign.sign").supplement("conclude")
    text = words_of(visitor.open(walk))
    assert text.count("Góp ý về quy hoạch: đồng ý") == 1


def test_the_newest_three_events_stand_open_and_the_rest_is_folded(visitor: Visitor) -> None:
    page = page_of(visitor.open(granted()))
    timelines = [element for element in page.iter("div") if element.get("class") == "moj-timeline"]
    items = [[item for item in timeline if item.get("class") == "moj-timeline__item"] for timeline in timelines]
    assert len(items[0]) == 3
    assert len(items[1]) > 3


def test_another_citizens_record_is_not_there(as_user: AsUser, visitor: Visitor) -> None:
    walk = granted()
    document = walk.file().documents[0].id
    assert visitor.open(walk).status_code == 200
    stranger = as_user(make_citizen())
    for path in ("", "/vi-sao-ngay-nay", "/bo-sung", "/nop-phi", "/nop-phi/cho", f"/van-ban/{document}"):
        answer = stranger.get(f"{address(walk)}{path}")
        assert answer.status_code == 404, path
        assert "Trần Hoàng Na" not in answer.text


def test_each_day_until_the_due_date_is_explained(visitor: Visitor) -> None:
    answer = visitor.open(answered(), "/vi-sao-ngay-nay")
    assert heading(answer) == "Vì sao hẹn ngày 27/11/2026?"
    days = next(page_of(answer).iter("table"))
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in days.iter("tr")][1:]
    assert rows[0] == ["thứ Hai 9/11/2026", "Không tính", "Ngày tiếp nhận, chưa tính"]
    assert ["thứ Ba 10/11/2026", "Không tính", "Thời hạn tạm dừng"] in rows
    assert rows[-1][0] == "thứ Sáu 27/11/2026, hẹn trả"
    assert sum(row[1] == "Tính" for row in rows) == 15


def test_before_acceptance_no_day_is_promised(visitor: Visitor) -> None:
    assert heading(visitor.open(submitted(), "/vi-sao-ngay-nay")) == "Chưa có ngày hẹn trả"


def test_a_result_is_offered_once_its_file_is_there(visitor: Visitor) -> None:
    walk = granted()
    assert "Giấy phép xây dựng số 01/GPXD Đang tạo tệp." in words_of(visitor.open(walk))
    result = walk.file().result
    assert result is not None
    file_address = f"{address(walk)}/van-ban/{result.id}"
    assert visitor.at(walk.now).get(file_address).status_code == 404
    make_document({"document_id": str(result.id)}, now=walk.now + timedelta(minutes=1))
    shown = visitor.open(walk)
    links = {"".join(link.itertext()): link.get("href") for link in page_of(shown).iter("a")}
    assert links["Tải kết quả"] == file_address
    file = visitor.at(walk.now).get(file_address)
    assert file.mimetype == "application/pdf"
    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_draft_of_the_result_is_not_shown(visitor: Visitor) -> None:
    walk = consulting().go("plan.answer", "plan_sign.sign", "conclude.draft")
    assert "Giấy phép xây dựng số" not in words_of(visitor.open(walk))
    result = walk.file().result
    assert result is not None
    assert visitor.open(walk, f"/van-ban/{result.id}").status_code == 404


def test_a_record_of_a_district_alone_has_its_page_too(visitor: Visitor) -> None:
    walk = handed_in(HOUSEHOLD).go("receive.accept")
    assert "Hẹn trả" in words_of(visitor.open(walk))


def test_the_page_asks_little_of_the_database(visitor: Visitor) -> None:
    walk = granted()
    browser, page = visitor.at(walk.now), address(walk)
    browser.get(page)
    with count_queries() as sent:
        assert browser.get(page).status_code == 200
    assert len(sent) <= 11, [" ".join(one.split())[:90] for one in sent]


def test_messages_are_read_once(visitor: Visitor) -> None:

    walk = supplement()
    with unit_of_work(SYSTEM) as session:
        for event in walk.file().events:
            tell_applicant(session, event.id, now=walk.now)
    assert "Thông báo đã nhận" in words_of(visitor.open(walk))
    browser = visitor.at(walk.now)
    page = browser.get("/tai-khoan/thong-bao")
    assert "Đánh dấu đã đọc hết" in words_of(page)

    submit(browser, "/tai-khoan/thong-bao", button=None, action=None, follow=True)
    assert "Đánh dấu đã đọc hết" not in words_of(browser.get("/tai-khoan/thong-bao"))
