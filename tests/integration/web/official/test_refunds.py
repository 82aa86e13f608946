"""The page of money that goes back: two officials of the finance department, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.models import Job
from portal.payments import gateways, queries
from portal.payments.captures import settle
from portal.payments.gateways import Ending, Outcome
from portal.payments.jobs import KINDS
from portal.payments.refunds import LAST_TURN
from portal.payments.service import POLLS_AFTER
from portal.payments.types import Heard, RefundState
from portal.payments.vnpay import Vnpay
from tests.harness.client import submit, words_of
from tests.integration.web.official.conftest import AsOfficial, Permit

ADDRESS = "/can-bo/hoan-tien"
FIRST, SECOND = "stc.sp1", "stc.hd1"
ASKING = ("send_refund", "poll_payment")


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


def test_what_the_bank_never_answers_is_asked_again_or_paid_by_hand(
    as_official: AsOfficial, code: str, permit: Permit
) -> None:
    first, second, what = as_official(FIRST), as_official(SECOND), "1.234.567 đồng, VNPAY, số 99000001"
    submit(first, ADDRESS, button=f"Đề nghị hoàn {what}")
    submit(second, ADDRESS, button=f"Duyệt hoàn {what}")
    payer, other = as_official("092085001234"), permit().file().record.code
    begun = submit(payer, f"/ho-so/{other}/nop-phi", {"way": "vnpay"})
    reference = dict(parse_qsl(urlsplit(begun.location).query))["vnp_TxnRef"]
    assert "Chưa trả lời" not in words_of(first.get(ADDRESS)), "the bank is being asked"
    with silent_bank():
        assert worked_off(now=clock.now() + timedelta(days=20)) > len(POLLS_AFTER) + LAST_TURN
        shown = words_of(first.get(ADDRESS))
        assert shown.count("Chưa trả lời") == 2
        assert other in shown
        for button in (f"Hỏi lại ngân hàng {what}", f"Hỏi lại ngân hàng 75.000 đồng, VNPAY, số {reference}"):
            asked = submit(first, ADDRESS, button=button, follow=True)
            assert "Đang hỏi lại ngân hàng." in words_of(asked)
        assert "Chưa trả lời" not in words_of(first.get(ADDRESS))
        assert worked_off(now=clock.now() + timedelta(days=21)) == 2
    submit(first, ADDRESS, {"number": "FT99"}, button=f"Đã trả {what}")
    assert words_of(first.get(ADDRESS)).count("Chưa trả lời") == 1
    with reading(SYSTEM) as session:
        assert [row.number for row in queries.list_refunds(session, state=RefundState.DONE)] == ["99000001"]


@contextmanager
def silent_bank() -> Iterator[None]:
    """Nobody answers at its address."""
    before = gateways.offered()
    gateways.use(Vnpay(url="http://127.0.0.1:9", merchant="M", secret="s", public_url="http://portal"))
    yield
    gateways.use(*before)


def worked_off(*, now: datetime) -> int:
    """Do what is owed to the bank until nothing is left; says how many jobs that were."""
    count = 0
    while True:
        with unit_of_work(SYSTEM) as session:
            owed = list(session.scalars(select(Job).where(Job.kind.in_(ASKING), Job.finished_at.is_(None))))
            for job in owed:
                job.finished_at = now
            wanted = [(job.kind, job.arguments) for job in owed]
        for kind, arguments in wanted:
            KINDS[kind](arguments, now=now)
        count += len(wanted)
        if not wanted:
            return count


def test_the_page_is_for_who_keeps_the_citys_accounts(as_official: AsOfficial, code: str) -> None:
    assert ADDRESS in as_official(FIRST).get("/can-bo/so-va-danh-sach").text
    for login in ("nk.tckh.sp1", "sxd.hd1"):
        stranger = as_official(login)
        assert ADDRESS not in stranger.get("/can-bo/so-va-danh-sach").text
        refused = stranger.get(ADDRESS)
        assert refused.status_code == 403
        assert code not in refused.text
