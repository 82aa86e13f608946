"""The book of money: a period to the đồng, the differences of the comparisons, and the same as a spreadsheet."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from python_calamine import load_workbook
from sqlalchemy import text

from portal.core import clock, wording
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.payments import reconciliation, statements
from portal.payments.daily_files import parsed
from tests.harness.client import page_of, submit, words_of
from tests.integration.web.official.conftest import RECEPTIONIST, AsOfficial, Permit

ADDRESS, CASHIER = "/can-bo/so-tien", "stc.sp1"


def days(first: date, last: date) -> dict[str, str]:
    """As the boxes of the period send them."""
    return {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("first_day", first), ("last_day", last))
        for part in ("day", "month", "year")
    }


@pytest.fixture
def walk(permit: Permit, as_official: AsOfficial) -> Walk:
    """Cash for a fee, and two transfers that nobody knows."""
    walk = permit()
    submit(as_official(RECEPTIONIST), f"/can-bo/ho-so/{walk.file().record.code}/thu-tien-mat")
    statement = b"Date,Reference,Credit,Description\n20/11/2026,FT1,9000,a\n20/11/2026,FT2,1234,=1+1\n"
    with unit_of_work(SYSTEM) as session:
        statements.book(session, statement, file_name="a.csv", now=clock.now())
    return walk


def test_the_period_is_shown_to_the_dong(as_official: AsOfficial, walk: Walk) -> None:
    cashier = as_official(CASHIER)
    shown = words_of(cashier.get(ADDRESS))
    assert "Đã thu 85.234 đồng Khớp với phí 75.000 đồng Chưa khớp 10.234 đồng Đã hoàn 0 đồng" in shown
    assert walk.file().record.code in shown
    assert "Sổ không cân" not in shown
    before = clock.local_day(clock.now() - timedelta(days=40))
    assert "Không có khoản nào trong kỳ này." in words_of(cashier.get(ADDRESS, query_string=days(before, before)))
    assert "Money book" in words_of(cashier.get(f"/en{ADDRESS}"))


def test_days_that_make_no_period_are_told_at_their_boxes(as_official: AsOfficial, walk: Walk) -> None:
    cashier, today = as_official(CASHIER), clock.local_day(clock.now())
    for asked, sentence in (
        (days(today, today - timedelta(days=1)), "Ngày cuối phải từ ngày đầu trở đi"),
        (days(today, today) | {"last_day-day": "31", "last_day-month": "2"}, "Đến hết ngày"),
        (days(today, date.max), "Đến hết ngày"),
    ):
        for address in (ADDRESS, f"{ADDRESS}/bang-tinh"):
            answer = cashier.get(address, query_string=asked)
            assert answer.status_code == 422
            assert f"Lỗi: {sentence}" in words_of(answer), asked
            assert "Đã thu" not in words_of(answer)


def test_the_spreadsheet_has_every_dong_and_no_formula(as_official: AsOfficial, walk: Walk) -> None:
    answer = as_official(CASHIER).get(f"{ADDRESS}/bang-tinh")
    assert "so-tien-" in answer.headers["Content-Disposition"]
    rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()[3:]
    sums = [sum(float(str(row[column])) for row in rows) for column in (6, 7, 8, 9)]
    assert sums == [85_234, 75_000, 10_234, 0]
    assert walk.file().record.code in {row[4] for row in rows}
    assert "=1+1" in {row[3] for row in rows}, "what a payer wrote stays a text"
    listed = page_of(as_official(CASHIER).get(ADDRESS)).iter("span")
    amounts = [words.text for words in listed if "queue__name" in words.get("class", "")]
    assert amounts == [wording.vnd(int(float(str(row[6])))) for row in reversed(rows)], "the newest first"


def test_differences_of_the_daily_comparison_are_listed(as_official: AsOfficial) -> None:
    day = clock.local_day(clock.now())
    file = parsed(f"{day:%Y%m%d}\nkind;transaction;reference;amount\nrefund;77;R;5000\nend;1\n", day=day)
    with unit_of_work(SYSTEM) as session:
        reconciliation.compare(session, "vnpay", file, now=clock.now())
    assert "Khoản hoàn chưa ai duyệt" in words_of(as_official(CASHIER).get(ADDRESS))


def test_books_that_do_not_balance_are_said_at_once(as_official: AsOfficial, walk: Walk) -> None:
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE fee_line SET amount = amount + 1 WHERE record_id = :w"), {"w": walk.record_id})
    assert "Sổ không cân" in words_of(as_official(CASHIER).get(ADDRESS))


@pytest.mark.parametrize("login", ["nk.tckh.sp1", RECEPTIONIST])
def test_the_book_is_for_who_keeps_the_accounts(as_official: AsOfficial, login: str) -> None:
    stranger = as_official(login)
    assert ADDRESS not in stranger.get("/can-bo").text
    assert [stranger.get(f"{ADDRESS}{path}").status_code for path in ("", "/bang-tinh")] == [403, 403]
