"""Paying a fee: from the button to the bank and back, with a bank that may lie."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.unit_of_work import reading
from portal.payments import jobs, queries
from portal.payments.types import (
    ALREADY_CONFIRMED,
    CONFIRMED,
    NOT_KNOWN,
    UNKNOWN_REFERENCE,
    WRONG_AMOUNT,
    WRONG_SIGNATURE,
    PaymentState,
)
from tests.integration.payments.conftest import PERMIT, Owed, Till, Town, ask, fee_lines_of, press, word

pytestmark = pytest.mark.committed


def test_a_fee_is_paid_by_the_banks_word_not_by_the_return_of_the_browser(town: Town, owed: Owed) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    started = town.till.start(record_id, owner)
    status, page, _ = ask("GET", started.redirect_url)
    assert status == 200
    assert "<h1>Trả 75.000 đồng</h1>" in page
    assert "H13.31135-241118-0001" in page

    way_back = press(town.bank_url, started.reference)
    assert way_back.startswith(f"{town.till.url}/thanh-toan/vnpay/tro-ve?")
    with reading(owner) as session:
        assert queries.payment_status(session, started.reference).is_waiting
        assert queries.unpaid_amount(session, record_id) == 75_000

    town.bank.deliver()
    with reading(owner) as session:
        paid = queries.payment_status(session, started.reference)
        (line,) = fee_lines_of(session, record_id)
        assert queries.unpaid_amount(session, record_id) == 0
    assert paid.state is PaymentState.CAPTURED
    assert paid.captured_at == line.paid_at
    assert owed("payment_captured") == [{"record_id": str(record_id), "payment_id": str(paid.id)}]
    assert [delivery["answered"] for delivery in town.bank.books.deliveries()] == ["00"]


def test_a_payer_who_refuses_may_pay_again(town: Town, owed: Owed) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    first = town.till.start(record_id, owner)
    ask("GET", first.redirect_url)
    press(town.bank_url, first.reference, "refuse")
    town.bank.deliver()
    (refused,) = town.till.payments(record_id)
    assert (refused.state, refused.failure) == (PaymentState.FAILED, "24")

    second = town.till.start(record_id, owner)
    assert second.reference != first.reference
    ask("GET", second.redirect_url)
    press(town.bank_url, second.reference)
    town.bank.deliver()
    assert town.till.states(record_id) == ["captured", "failed"]
    assert len(owed("payment_captured")) == 1


def test_the_bank_opens_no_page_for_an_address_that_was_changed(town: Town) -> None:
    owner = town.till.citizen()
    started = town.till.start(town.till.record(owner), owner)
    status, page, _ = ask("GET", started.redirect_url.replace("vnp_Amount=7500000", "vnp_Amount=100"))
    assert status == 400
    assert "Không mở được khoản này" in page


@pytest.mark.parametrize(
    "lies",
    [
        {"duplicate": 3.0},
        {"forge": 1.0},
        {"amount": 1.0},
        {"delay": 0.05},
        {"forge": 1.0, "amount": 5.0, "duplicate": 2.0},
    ],
)
def test_a_lying_bank_is_believed_once_and_to_the_dong(town: Town, owed: Owed, lies: dict[str, float]) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(**lies)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    time.sleep(lies.get("delay", 0) + 0.02)
    town.bank.deliver()
    assert town.till.states(record_id) == ["captured"]
    assert len(owed("payment_captured")) == 1
    assert all(delivery["done"] for delivery in town.bank.books.deliveries())


def test_a_forged_success_of_a_refused_payment_pays_nothing(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(forge=1)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference, "poor")
    town.bank.deliver()
    assert town.till.states(record_id) == ["failed"]
    assert [delivery["answered"] for delivery in town.bank.books.deliveries()] == ["97", "00"]


def test_money_taken_twice_for_one_order_waits_in_suspense(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(twice=1, duplicate=1)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    town.bank.deliver()
    assert (town.till.states(record_id), town.till.captures(record_id)) == (["captured"], ["matched", "twice"])
    assert town.till.matched_and_suspense() == (75_000, 75_000)
    assert [(refund.amount, refund.state) for refund in town.till.refunds(record_id)] == [(75_000, "due")]


def test_a_payment_of_which_the_bank_says_nothing_is_found_by_asking(town: Town, owed: Owed) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(drop=1)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    town.bank.deliver()
    assert town.till.states(record_id) == ["created"]
    (arguments,) = owed("poll_payment")
    for _ in range(2):
        jobs.poll_payment(arguments, now=clock.now() + timedelta(minutes=5))
    assert town.till.states(record_id) == ["captured"]
    assert len(owed("payment_captured")) == 1


def test_asking_about_a_payment_goes_on_until_the_time_to_pay_is_over(town: Town, owed: Owed) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    started = town.till.start(record_id, owner)
    for _ in range(2):
        jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
    assert [arguments["turn"] for arguments in owed("poll_payment")] == ["0", "1"]
    assert town.till.states(record_id) == ["created"]
    jobs.poll_payment({"reference": started.reference, "turn": "1"}, now=clock.now() + timedelta(minutes=16))
    (payment,) = town.till.payments(record_id)
    assert (payment.state, payment.failure) == (PaymentState.FAILED, "11")


def test_a_capture_that_comes_after_the_time_was_over_still_counts(till: Till) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    started = till.start(record_id, owner)
    assert till.notify(*word(started.reference, code="11", number="0")) == CONFIRMED
    assert till.notify(*word(started.reference)) == CONFIRMED
    assert till.notify(*word(started.reference, code="11", number="0")) == ALREADY_CONFIRMED
    assert till.states(record_id) == ["captured"]


def test_a_bank_that_does_not_answer_is_asked_again_and_nothing_is_decided(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    started = till.start(record_id, owner)
    jobs.poll_payment({"reference": started.reference, "turn": "1"}, now=clock.now() + timedelta(minutes=16))
    assert till.states(record_id) == ["created"]
    assert [arguments["turn"] for arguments in owed("poll_payment")] == ["0", "2"]
    jobs.poll_payment({"reference": started.reference, "turn": "4"}, now=clock.now() + timedelta(days=1))
    assert len(owed("poll_payment")) == 2


def test_an_answer_that_the_bank_did_not_sign_decides_nothing(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    started = town.till.start(record_id, owner)
    ask("GET", started.redirect_url)
    town.bank.settle(town.bank.books.orders()[0], code="00")
    town.bank.secret = "another secret"
    jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
    assert town.till.states(record_id) == ["created"]


def test_the_checks_come_in_vnpays_order_and_a_refused_word_changes_nothing(till: Till) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    started = till.start(record_id, owner)
    assert till.notify(*word("NO-SUCH", amount=1)[:-1]) == WRONG_SIGNATURE
    assert till.notify(*word("NO-SUCH", amount=1)) == UNKNOWN_REFERENCE
    assert till.notify(*word(started.reference, amount=74_999)) == WRONG_AMOUNT
    assert till.notify(*word(started.reference, amount=7_500_000)) == WRONG_AMOUNT
    assert till.notify(*word(started.reference, number="0")) == NOT_KNOWN
    assert till.states(record_id) == ["created"]
    assert till.notify(*word(started.reference)) == CONFIRMED
    assert till.notify(*word(started.reference)) == ALREADY_CONFIRMED
    assert till.notify(*word(started.reference, amount=1)) == WRONG_AMOUNT
    assert till.states(record_id) == ["captured"]


def test_money_of_which_the_bank_is_not_sure_pays_nothing_and_is_not_lost(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    started = till.start(record_id, owner)
    assert till.notify(*word(started.reference, code="07")) == CONFIRMED
    (payment,) = till.payments(record_id)
    assert (payment.state, payment.failure) == (PaymentState.SUSPENSE, "07")
    assert till.matched_and_suspense() == (0, 75_000)
    assert owed("payment_captured") == []


def test_two_payments_of_the_same_fees_are_one_match_and_one_suspense(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    first = till.start(record_id, owner, now=clock.now() - timedelta(minutes=20))
    second = till.start(record_id, owner)
    assert first.reference != second.reference
    assert till.notify(*word(second.reference, number="2")) == CONFIRMED
    assert till.notify(*word(first.reference, number="1")) == CONFIRMED
    assert till.states(record_id) == ["captured", "suspense"]
    assert till.matched_and_suspense() == (75_000, 75_000)
    assert len(owed("payment_captured")) == 1


def test_one_capture_pays_for_one_record_only(till: Till) -> None:
    owner = till.citizen()
    mine, other = till.record(owner), till.record(owner)
    assert till.notify(*word(till.start(mine, owner).reference, number="1")) == CONFIRMED
    assert till.notify(*word(till.start(other, owner).reference, number="1")) == ALREADY_CONFIRMED
    assert (till.states(mine), till.states(other)) == (["captured"], ["created"])


def test_all_that_is_unpaid_is_paid_together_and_an_exempt_line_asks_for_nothing(till: Till) -> None:
    owner = till.citizen()
    exempt = replace(PERMIT, rule="survey", amount=0, note="Miễn cho hộ nghèo")
    record_id = till.record(owner, PERMIT, exempt, replace(PERMIT, rule="copy", amount=2_000))
    started = till.start(record_id, owner)
    assert dict(parse_qsl(urlsplit(started.redirect_url).query))["vnp_Amount"] == "7700000"
    assert till.notify(*word(started.reference, amount=77_000)) == CONFIRMED
    with reading(owner) as session:
        lines = fee_lines_of(session, record_id)
        assert queries.unpaid_amount(session, record_id) == 0
    assert [line.note for line in lines if line.amount == 0] == ["Miễn cho hộ nghèo"]
    with pytest.raises(Conflict, match="đã nộp rồi"):
        till.start(record_id, owner)


def test_a_fee_is_owed_once_however_often_it_is_asked_for(till: Till) -> None:
    owner = till.citizen()
    record_id = till.record(owner, PERMIT, PERMIT)
    with reading(owner) as session:
        assert queries.unpaid_amount(session, record_id) == 75_000


def test_a_stranger_neither_pays_nor_sees_nor_learns_that_there_is_something_to_pay(till: Till) -> None:
    owner, stranger = till.citizen(), till.citizen()
    record_id = till.record(owner)
    started = till.start(record_id, owner)
    with pytest.raises(NotFound):
        till.start(record_id, stranger)
    with reading(stranger) as session, pytest.raises(NotFound):
        queries.payment_status(session, started.reference)
    with reading(stranger) as session:
        assert fee_lines_of(session, record_id) == []


def test_the_portal_itself_pays_for_nobody(till: Till) -> None:
    record_id = till.record(till.citizen())
    with pytest.raises(NotAllowed):
        till.start(record_id, SYSTEM)
