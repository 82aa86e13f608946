"""The page of money that goes back: two officials of the finance department, one after the other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.payments.captures import settle
from portal.payments.gateways import Ending, Outcome
from portal.payments.types import Heard
from tests.harness.client import submit, words_of
from tests.integration.web.official.conftest import AsOfficial, Permit

ADDRESS = "/can-bo/hoan-tien"
FIRST, SECOND = "stc.sp1", "stc.hd1"


@pytest.fixture
def code(permit: Permit) -> str:
    """The code of a record whose fee was paid, and paid again by a reference that nobody began."""
    walk = permit()
    walk.pay()
    outcome = Outcome(
        gateway="vnpay",
        reference="NOBODY-BEGAN",
        amount=1_234_567,
        transaction="99000001",
        ending=Ending.CAPTURED,
        paid_on=None,
    )
    with unit_of_work(SYSTEM) as session:
        settle(session, outcome, heard=Heard.DAILY_FILE, now=walk.now + timedelta(hours=1))
    return walk.file().record.code


@pytest.mark.usefixtures("code")
def test_one_proposes_and_another_approves(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    shown = words_of(first.get(ADDRESS))
    assert "1.234.567 đồng" in shown
    assert "Tiền vào không khớp lần nộp nào" in shown
    assert "VNPAY, số 99000001" in shown
    mistyped = submit(
        first, ADDRESS, {"code": "H13-9"}, button="Đề nghị nộp cho hồ sơ 1.234.567 đồng, VNPAY, số 99000001"
    )
    assert mistyped.status_code == 422
    assert words_of(mistyped).count("Không thấy hồ sơ này. Xem lại mã hồ sơ.") == 2, "above the page and at the input"
    assert 'value="H13-9"' in mistyped.text
    [named] = re.findall(r'href="#(typed-[^"]+)"', mistyped.text)
    assert mistyped.text.count(f' id="{named}"') == 1, "the summary leads to the input"
    submit(first, ADDRESS, button="Đề nghị hoàn 1.234.567 đồng, VNPAY, số 99000001")
    assert "Duyệt hoàn" not in words_of(first.get(ADDRESS)), "nobody approves what he proposed"
    answer = submit(second, ADDRESS, button="Duyệt hoàn 1.234.567 đồng, VNPAY, số 99000001", follow=True)
    assert "Đã duyệt." in words_of(answer)
    assert "Đang hoàn" in words_of(answer)
    assert words_of(second.get(f"/en{ADDRESS}")).count("1,234,567 VND") == 2


def test_the_page_is_for_who_keeps_the_citys_accounts(as_official: AsOfficial, code: str) -> None:
    assert ADDRESS in as_official(FIRST).get("/can-bo/so-va-danh-sach").text
    for login in ("nk.tckh.sp1", "sxd.hd1"):
        stranger = as_official(login)
        assert ADDRESS not in stranger.get("/can-bo/so-va-danh-sach").text
        refused = stranger.get(ADDRESS)
        assert refused.status_code == 403
        assert code not in refused.text
