"""A fee paid by transfer: the code that the payer scans, and the statement that proves the money."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import clock, wording
from portal.core.actor import SYSTEM
from portal.core.sealed import sealed
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.jobs.models import Job
from portal.payments import queries
from portal.payments.bank_transfer import BankTransfer
from portal.payments.gateways import of
from portal.payments.jobs import KINDS
from portal.payments.types import RefundState
from tests.harness.client import PageClient, submit, words_of
from tests.integration.web.official.conftest import AsOfficial, Permit

CITIZEN, CASHIER = "092085001234", "stc.sp1"
ADDRESS = "/can-bo/so-tien/sao-ke"
NOTIFIED_AT = "/thanh-toan/transfer/thong-bao"


@pytest.fixture
def walk(permit: Permit) -> Walk:
    return permit()


def begun(browser: PageClient, walk: Walk) -> tuple[str, str]:
    """The payer chooses a transfer: the address of its page, and what to write with the money."""
    address = f"/ho-so/{walk.file().record.code}/nop-phi"
    sent = submit(browser, address, {"way": "transfer"})
    page = urlsplit(sent.location).path
    return page, page.rpartition("/")[2]


def brought(browser: PageClient, *lines: str, **ticked: str) -> TestResponse:
    text = "\n".join(["Ngày;Số giao dịch;Ghi có;Nội dung", *lines])
    statement = (BytesIO(text.encode()), "sao-ke.csv")
    return submit(browser, ADDRESS, {"statement": statement, **ticked}, follow=True)


def test_the_page_says_the_transfer_as_a_code_and_in_words(as_official: AsOfficial, walk: Walk) -> None:
    browser = as_official(CITIZEN)
    address, reference = begun(browser, walk)
    shown = browser.get(address)
    account = of("transfer")
    assert isinstance(account, BankTransfer)
    for said in ("VietinBank", "113366668888", "TK THU PHI LE PHI", "75.000 đồng", reference):
        assert said in words_of(shown)
    assert "<svg" in shown.text
    assert "Another way to pay" in words_of(browser.get(f"/en{address}"))
    assert begun(browser, walk) == (address, reference), "a second click leads to the same transfer"
    assert as_official("nk.tckh.sp1").get(address).status_code in (403, 404)


def test_a_statement_pays_what_fits_and_keeps_the_rest_in_suspense(as_official: AsOfficial, walk: Walk) -> None:
    payer, cashier = as_official(CITIZEN), as_official(CASHIER)
    _, reference = begun(payer, walk)
    lines = [
        f"20/11/2026;FT1;75.000;NOP PHI {reference}",
        f"20/11/2026;FT2;70.000;{reference}",
        "20/11/2026;FT3;9.000;a",
    ]
    shown = words_of(brought(cashier, *lines))
    assert shown.count("Đã khớp") == 1
    assert "Ngân hàng thu khác số tiền phải nộp" in shown
    assert "Tiền vào không khớp lần nộp nào" in shown
    assert walk.file().unpaid == 0
    with reading(SYSTEM) as session:
        books = queries.books(session)
    again = words_of(brought(cashier, *lines, "20/11/2026;FT4;1.000;b"))
    assert again.count("Đã ghi từ trước.") == 3
    with reading(SYSTEM) as session:
        later = queries.books(session)
    assert later.captured == books.captured + 1_000
    assert later.is_balanced


def test_only_a_day_that_a_statement_has_whole_can_miss_a_sum(as_official: AsOfficial) -> None:
    cashier = as_official(CASHIER)
    first, second, third = (clock.local_day(clock.now()) - timedelta(days=back) for back in (3, 2, 1))
    for day in (first, second, third):
        brought(cashier, f"{day};EVENING{day.day};1000;a")
    part = [f"{day};NOON{day.day};2000;b" for day in (first, second, third)]
    shown = words_of(brought(cashier, *part))
    assert shown.count("sao kê không có") == 1, "of the day between the first and the last"
    assert f"Tệp có tiền vào của ngày {wording.day(first)} đến {wording.day(third)}" in shown
    assert "Chưa khớp 6.000 đồng" in shown, "what the file does not name is none of its money"
    for _ in range(2):
        again = words_of(brought(cashier, *part, has_whole_days="y"))
        assert again.count("sao kê không có") == 3, "who forgot to say that it has all of its days says so now"
    whole = words_of(brought(cashier, *part, f"{third};LATE;3000;c", has_whole_days="y"))
    assert whole.count("sao kê không có") == 3
    today = clock.local_day(clock.now())
    brought(cashier, f"{today};NOW;1000;a")
    assert "sao kê không có" not in words_of(brought(cashier, f"{today};SOON;1000;a", has_whole_days="y"))


def test_a_statement_that_cannot_be_read_books_nothing(as_official: AsOfficial, walk: Walk) -> None:
    _, reference = begun(as_official(CITIZEN), walk)
    refused = brought(as_official(CASHIER), f"20/11/2026;FT1;75.000;{reference}", "20/11/2026;FT2;7x;a")
    assert refused.status_code == 422
    assert "Không đọc được dòng 3" in words_of(refused)
    assert walk.file().unpaid == 75_000


def test_statements_are_for_who_keeps_the_accounts(as_official: AsOfficial) -> None:
    for login in ("nk.tckh.sp1", "ck.ju1"):
        assert as_official(login).get(ADDRESS).status_code == 403


def test_a_sealed_notification_counts_whatever_it_names(as_official: AsOfficial, walk: Walk) -> None:
    browser = as_official(CITIZEN)
    _, reference = begun(browser, walk)
    told = {"account": "113366668888", "booked_at": (clock.now() - timedelta(minutes=1)).isoformat()}

    def hear(*, is_forged: bool = False, **said: Any) -> str:
        word = sealed({**told, **said}, secret="another" if is_forged else "secret of the tests for transfers")
        return str(browser.post(NOTIFIED_AT, json=word).get_json()["result"])

    paid: dict[str, Any] = {"transaction": "FT9", "amount": 75_000, "purpose": f"ck {reference}"}
    assert hear(is_forged=True, **paid) == "97"
    assert walk.file().unpaid == 75_000
    assert [hear(**paid), hear(**paid)] == ["00", "02"]
    assert walk.file().unpaid == 0
    assert hear(transaction="FT10", amount=5_000, purpose="quà") == "00"
    with reading(SYSTEM) as session:
        assert queries.books(session).suspense >= 5_000


def test_a_transfer_goes_back_by_hand_when_two_persons_agree(as_official: AsOfficial) -> None:
    first, second = as_official(CASHIER), as_official("stc.hd1")
    brought(first, "20/11/2026;FT3;9.000;nhầm")
    page, what = "/can-bo/hoan-tien", "9.000 đồng, Chuyển khoản, số FT3"
    submit(first, page, button=f"Đề nghị hoàn {what}")
    submit(second, page, button=f"Duyệt hoàn {what}")
    refused = submit(second, page, button=f"Đã trả {what}", follow=True)
    assert "Ghi số giao dịch, hoặc số phiếu chi đã ký nhận." in words_of(refused)
    done = submit(second, page, {"number": "FT99"}, button=f"Đã trả {what}", follow=True)
    assert "Đã ghi khoản này là đã trả." in words_of(done)
    with reading(SYSTEM) as session:
        assert queries.books(session).is_balanced
        assert [row.number for row in queries.list_refunds(session, state=RefundState.DONE)] == ["FT3"]


def test_money_in_suspense_pays_a_fee_when_two_persons_agree(as_official: AsOfficial, walk: Walk) -> None:
    first, second = as_official(CASHIER), as_official("stc.hd1")
    brought(first, "20/11/2026;FT7;75.000;nguyen thi hoa nop le phi", "20/11/2026;FT8;74.000;x")
    page, code = "/can-bo/hoan-tien", walk.file().record.code
    assert "Người chuyển ghi: nguyen thi hoa nop le phi" in words_of(first.get(page))
    refused = submit(first, page, {"code": code}, button="Đề nghị nộp cho hồ sơ 74.000 đồng, Chuyển khoản, số FT8")
    assert refused.status_code == 409
    what = "75.000 đồng, Chuyển khoản, số FT7"
    proposed = submit(first, page, {"code": code.lower()}, button=f"Đề nghị nộp cho hồ sơ {what}", follow=True)
    assert f"Nộp phí cho hồ sơ {code}" in words_of(proposed)
    assert walk.file().unpaid == 75_000
    submit(second, page, button=f"Duyệt nộp phí {what}")
    with reading(SYSTEM) as session:
        (arguments,) = session.scalars(select(Job.arguments).where(Job.kind == "match_suspense"))
    for _ in range(2):
        KINDS["match_suspense"](arguments, now=walk.now)
    assert walk.file().unpaid == 0
    assert "Đã khớp bằng tay" in words_of(second.get(page))
    with reading(SYSTEM) as session:
        assert queries.books(session).is_balanced


def test_what_was_paid_meanwhile_is_not_paid_by_money_in_suspense(as_official: AsOfficial, walk: Walk) -> None:
    first, second = as_official(CASHIER), as_official("stc.hd1")
    brought(first, "20/11/2026;FT7;75.000;x")
    page, what = "/can-bo/hoan-tien", "75.000 đồng, Chuyển khoản, số FT7"
    submit(first, page, {"code": walk.file().record.code}, button=f"Đề nghị nộp cho hồ sơ {what}")
    submit(second, page, button=f"Duyệt nộp phí {what}")
    walk.pay()
    with reading(SYSTEM) as session:
        (arguments,) = session.scalars(select(Job.arguments).where(Job.kind == "match_suspense"))
    KINDS["match_suspense"](arguments, now=walk.now)
    with reading(SYSTEM) as session:
        assert [row.number for row in queries.list_refunds(session, state=RefundState.DUE)] == ["FT7"]
        assert queries.books(session).is_balanced
