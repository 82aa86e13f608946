"""Our books against the bank's daily file: what was never told is booked, what differs is found, nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.payments import jobs, reconciliation
from portal.payments.gateways import DailyFile, SettledLine
from portal.payments.models import Settlement, SettlementLine
from portal.payments.signature import signed_query
from portal.simulators.bank_books import Order
from tests.integration.payments.conftest import SECRET, Owed, Till, Town, ask, press, word

pytestmark = pytest.mark.committed


def findings(gateway: str, day: date) -> dict[str, str]:
    """By the number of the money."""
    with reading(SYSTEM) as session:
        found = session.execute(
            select(SettlementLine.number, SettlementLine.finding)
            .join(Settlement, Settlement.id == SettlementLine.settlement_id)
            .where(Settlement.gateway == gateway, Settlement.day == day)
        )
        return {row.number: row.finding for row in found}


def compared(*lines: SettledLine, day: date) -> None:
    file = DailyFile(day=day, digest=new_id().hex, lines=lines)
    with unit_of_work(SYSTEM) as session:
        reconciliation.compare(session, "vnpay", file, now=clock.now())


def test_a_payment_of_which_the_bank_never_spoke_is_found_in_its_daily_file(town: Town, owed: Owed) -> None:
    owner = town.till.citizen()
    told, silent = town.till.record(owner), town.till.record(owner)
    for record_id, drop in ((told, 0), (silent, 1)):
        town.lies(drop=drop)
        started = town.till.start(record_id, owner)
        ask("GET", started.redirect_url)
        press(town.bank_url, started.reference)
    town.bank.deliver()
    stranger = Order("NOBODY-BEGAN", 5_000, "x", "http://portal", "20250101000000", "20990101000000")
    town.bank.books.keep(stranger)
    town.bank.settle(stranger, code="00")
    assert (town.till.states(told), town.till.states(silent)) == (["captured"], ["created"])

    town.bank.books.put_forward(1)
    tomorrow = clock.now() + timedelta(days=1)
    before = town.till.books()
    for _ in range(2):
        jobs.compare_books({}, now=tomorrow)
    assert town.till.states(silent) == ["captured"]
    assert len([job for job in owed("payment_captured") if job["record_id"] == str(silent)]) == 1
    books = town.till.books()
    assert (books.captured - before.captured, books.suspense - before.suspense) == (80_000, 5_000)
    assert [(refund.cause, refund.state) for refund in town.till.refunds(None) if refund.amount == 5_000] == [
        ("unknown", "due")
    ]


def test_what_differs_is_found_and_changes_nothing(till: Till) -> None:
    day = date(2031, 1, 1) + timedelta(days=new_id().int % 10_000)
    owner = till.citizen()
    record_id = till.record(owner)
    number = new_id().hex[:12]
    said = dict(word(till.start(record_id, owner).reference, number=number)[:-1])
    said["vnp_PayDate"] = f"{day:%Y%m%d}080000"
    till.notify(*parse_qsl(signed_query(said, secret=SECRET)))
    before = till.books()
    compared(SettledLine("capture", number, "R", 74_999), SettledLine("refund", "1", "R", 10), day=day)
    assert findings("vnpay", day) == {number: "other_amount", "1": "unknown"}
    assert till.books() == before


def test_what_the_file_does_not_name_is_missing(till: Till) -> None:
    day = date(2031, 1, 1) + timedelta(days=new_id().int % 10_000)
    owner = till.citizen()
    number = new_id().hex[:12]
    said = dict(word(till.start(till.record(owner), owner).reference, number=number)[:-1])
    said["vnp_PayDate"] = f"{day:%Y%m%d}080000"
    till.notify(*parse_qsl(signed_query(said, secret=SECRET)))
    before = till.books()
    compared(day=day)
    assert findings("vnpay", day) == {number: "missing"}
    assert till.books() == before


def test_a_file_may_name_more_numbers_than_a_statement_takes_values(till: Till) -> None:
    owner, number = till.citizen(), new_id().hex[:12]
    till.notify(*word(till.start(till.record(owner), owner).reference, number=number))
    numbers = [*map(str, range(70_000)), number]
    with reading(SYSTEM) as session:
        assert reconciliation.captured(session, "vnpay", numbers)[number] == 75_000
        assert reconciliation.paid_back(session, "vnpay", numbers) == {}


def test_the_bank_that_took_another_sum_is_believed_by_its_books_only(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(less=1_000)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    town.bank.deliver()
    assert town.till.states(record_id) == ["created"]
    assert {delivery["answered"] for delivery in town.bank.books.deliveries()} == {"04"}
    jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
    assert (town.till.states(record_id), town.till.captures(record_id)) == (["suspense"], ["other_amount"])
    assert [refund.amount for refund in town.till.refunds(record_id)] == [74_000]


def test_a_bank_that_answers_after_thirty_days_is_still_counted(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(days=30)
    late = town.till.start(record_id, owner)
    ask("GET", late.redirect_url)
    press(town.bank_url, late.reference)
    town.bank.deliver()
    jobs.poll_payment({"reference": late.reference, "turn": "1"}, now=clock.now() + timedelta(minutes=16))
    assert town.till.states(record_id) == ["failed"]
    town.lies()
    again = town.till.start(record_id, owner)
    ask("GET", again.redirect_url)
    press(town.bank_url, again.reference)
    town.bank.deliver()
    town.bank.books.put_forward(30)
    town.bank.deliver()
    assert town.till.states(record_id) == ["captured", "suspense"]
    assert town.till.captures(record_id) == ["matched", "twice"]


def test_words_that_arrive_in_any_order_count_the_same(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(reorder=0.01, duplicate=5, forge=1, amount=7, twice=1)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    town.bank.books.put_forward(0.01)
    town.bank.deliver()
    assert town.till.captures(record_id) == ["matched", "twice"]
