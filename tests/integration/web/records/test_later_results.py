"""What applicants see of a fee that stops the clock, of a result that another one has replaced, and of duties."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.demonstration.walking import Walk
from portal.records.jobs import make_document
from portal.records.types import ActionAnswers
from tests.harness.client import words_of
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import HOUSEHOLD, act, handed_in, pay
from tests.integration.records.later_forms import ALCOHOL, EXTENSION, FOOD, SUSPENSION, TERMINATION
from tests.integration.web.records.conftest import Visitor

REGISTERED = ("receive.accept", "forward.hand_over", "assign.assign")


def drawn(walk: Walk) -> Walk:
    result = walk.file().result
    assert result is not None
    make_document({"document_id": str(result.id)}, now=walk.now + timedelta(minutes=1))
    return walk


def registered() -> tuple[Walk, str]:
    walk = handed_in(HOUSEHOLD).go(*REGISTERED, "appraise.pass", "tax.⏰4h", "tax_hand.ok", "sign.sign", "stamp.issue")
    result = drawn(walk).file().result
    assert result is not None
    assert result.registered_no
    return walk, result.registered_no


def test_a_record_that_waits_for_its_fee_says_how_much_and_until_when(visitor: Visitor) -> None:
    walk = handed_in(ALCOHOL).go("receive.accept", "forward.hand_over")
    said = words_of(visitor.open(walk))
    assert "Chờ nộp phí" in said
    assert "Nộp 400.000 đồng trước thứ" in said
    assert "Thời hạn đang tạm dừng." in said
    pay(walk)
    assert "Chờ nộp phí" not in words_of(visitor.open(walk))


def test_a_fee_that_is_given_back_says_so(visitor: Visitor) -> None:
    walk = handed_in(FOOD)
    pay(walk)
    refused = ActionAnswers(reason="Cơ sở thuộc diện miễn cấp giấy.", form={"ground": "not_eligible"})
    walk.go("receive.refuse", answers=refused).go("refuse_ok.approve")
    assert "700.000 đồng, đã thu và sẽ được trả lại." in words_of(visitor.open(walk))


def test_a_revoked_certificate_is_no_longer_valid_on_its_own_page(visitor: Visitor) -> None:
    old, code = registered()
    assert "hết giá trị" not in words_of(visitor.open(old))
    ending = handed_in(TERMINATION, code=code)
    for step in (*REGISTERED, "tax.closed", "check.draft", "sign.sign", "stamp.issue"):
        act(ending, *step.split("."))
    assert "hết giá trị từ" in words_of(visitor.open(old))


def test_a_duty_after_the_result_stands_on_the_record_with_its_day(visitor: Visitor) -> None:
    walk = handed_in(SUSPENSION).go(*REGISTERED, "check.draft", "sign.sign")
    assert "Việc phải làm sau khi có kết quả" not in words_of(visitor.open(walk))
    said = words_of(visitor.open(walk.go("stamp.issue")))
    assert "Mở cửa lại, hoặc báo tạm ngừng tiếp trước ngày này trước Chủ nhật 28/2/2027" in said
    assert "before Sunday 28 February 2027" in words_of(visitor.open(walk, english=True))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ALCOHOL, ["Mỗi điểm bán 400.000 đồng", "Được trả lại khi hồ sơ kết thúc", "Việc phải làm sau khi có kết quả"]),
        (EXTENSION, ["15.000 đồng", "5 ngày làm việc", "Mỗi giấy phép được gia hạn tối đa 2 lần"]),
    ],
)
def test_the_page_of_a_procedure_says_what_it_costs_and_asks_afterwards(
    as_user: AsUser, visitor: Visitor, code: str, words: list[str]
) -> None:
    said = words_of(as_user(visitor.person).get(f"/thu-tuc/{code}"))
    assert [word for word in words if word not in said] == []
