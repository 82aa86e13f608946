"""Paying a fee: from the button to the bank and back, with a bank that may lie."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy.orm import Session

from portal.commands.data_folder import free_port
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wire import post_json
from portal.payments import gateway, jobs, queries, service
from portal.payments.gateway import Gateway
from portal.payments.signature import signed_query
from portal.payments.types import (
    ALREADY_CONFIRMED,
    CONFIRMED,
    NOT_KNOWN,
    UNKNOWN_REFERENCE,
    WRONG_AMOUNT,
    WRONG_SIGNATURE,
    Answer,
    PaymentStart,
    PaymentState,
)
from tests.integration.payments.conftest import CODE, PERMIT, SECRET, Till, Town, ask, fee_lines_of

pytestmark = pytest.mark.committed
Owed = Callable[[str], list[dict[str, str]]]


def press(town_url: str, reference: str, choice: str = "pay") -> str:
    status, _, way_back = ask("POST", f"{town_url}/pay/{reference}", {"choice": choice})
    assert status == 303
    return way_back


def word(reference: str, *, amount: int = 75_000, code: str = "00", number: str = "14000001") -> list[tuple[str, str]]:
    """A notification as the gateway signs it."""
    said = {
        "vnp_Amount": str(amount * 100),
        "vnp_ResponseCode": code,
        "vnp_TmnCode": "DEMOTMN1",
        "vnp_TransactionNo": number,
        "vnp_TransactionStatus": "00" if code == "00" else "02",
        "vnp_TxnRef": reference,
    }
    return parse_qsl(signed_query(said, secret=SECRET))


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
    assert town.till.states(record_id) == ["captured", "suspense"]
    assert town.till.matched_and_suspense() == (75_000, 75_000)


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


def overtaken(first: Callable[[Session], object], second: Callable[[], object]) -> tuple[object, object]:
    """What both answer when the second begins before the first has committed: it must wait for the first."""
    with ThreadPoolExecutor(1) as hand:
        with unit_of_work(SYSTEM) as session:
            answered = first(session)
            waiting = hand.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        return answered, waiting.result(timeout=10)


def told(session: Session, pairs: list[tuple[str, str]]) -> Answer:
    return service.receive_notification(session, pairs, now=clock.now())


def test_the_same_word_twice_at_once_is_one_capture(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    said = word(till.start(record_id, owner).reference)
    answers = overtaken(lambda session: told(session, said), lambda: till.notify(*said))
    assert answers == (CONFIRMED, ALREADY_CONFIRMED)
    assert till.states(record_id) == ["captured"]
    assert len(owed("payment_captured")) == 1


def test_two_payments_captured_at_once_are_one_match_and_one_suspense(till: Till) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    first = till.start(record_id, owner, now=clock.now() - timedelta(minutes=20)).reference
    second = till.start(record_id, owner).reference
    overtaken(lambda session: told(session, word(first, number="1")), lambda: till.notify(*word(second, number="2")))
    assert till.states(record_id) == ["captured", "suspense"]
    assert till.matched_and_suspense() == (75_000, 75_000)


def test_a_crowd_of_words_is_one_capture(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    said = word(till.start(record_id, owner).reference)
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: till.notify(*said), range(10)))
    assert sorted(answer.code for answer in answers) == ["00"] + ["02"] * 9
    assert len(owed("payment_captured")) == 1


def test_a_double_click_begins_one_payment(till: Till) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    now = clock.now()

    def begun(session: Session) -> PaymentStart:
        return service.start_payment(
            session, record_id, record_code=CODE, client_address="127.0.0.1", actor=owner, now=now
        )

    first, second = overtaken(begun, lambda: till.start(record_id, owner))
    assert first == second
    assert till.states(record_id) == ["created"]


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


def test_the_trial_bank_is_a_process_of_its_own(till: Till, tmp_path: Path) -> None:
    """Started as `portal run` starts it, asked over HTTP."""
    port = free_port()
    environment = {
        **os.environ,
        "PORTAL_DATABASE_URL": "postgresql://portal_app@127.0.0.1/none",
        "PORTAL_REDIS_URL": "redis://127.0.0.1",
        "PORTAL_SECRET_KEY": "a",
        "PORTAL_RECEIPT_KEY": "b",
        "PORTAL_PAYMENT_SECRET": SECRET,
        "PORTAL_REGISTERS_SECRET": "another secret",
        "PORTAL_REGISTERS_URL": "http://registers.example",
        "PORTAL_PAYMENT_URL": f"http://127.0.0.1:{port}",
        "PORTAL_PUBLIC_URL": "http://127.0.0.1:9",
        "PORTAL_FILES_DIR": str(tmp_path),
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_DEMONSTRATION": "1",
    }
    command = [sys.executable, "-m", "portal", "simulate", "payments", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        gateway.use(
            Gateway(url=f"http://127.0.0.1:{port}", merchant="DEMOTMN1", secret=SECRET, public_url="http://portal")
        )
        owner = till.citizen()
        record_id = till.record(owner)
        started = till.start(record_id, owner)
        assert ask("GET", started.redirect_url)[0] == 200
        way_back = press(f"http://127.0.0.1:{port}", started.reference)
        jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
        assert dict(parse_qsl(urlsplit(way_back).query))["vnp_TxnRef"] == started.reference
        assert till.states(record_id) == ["captured"]
        question = post_json(f"http://127.0.0.1:{port}/api/transaction", {"vnp_TxnRef": started.reference})
        assert question["vnp_ResponseCode"] == "97"
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(port: int) -> None:
    for _ in range(150):
        try:
            ask("GET", f"http://127.0.0.1:{port}/control")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the trial bank did not start")


def test_the_page_of_lies_is_set_and_read_back(town: Town) -> None:
    status, _, _ = ask("POST", f"{town.bank_url}/control", {"duplicate": "2", "drop": "1", "delay": ""})
    assert status == 303
    assert town.bank.books.behaviour().duplicate == 2
    status, page, _ = ask("GET", f"{town.bank_url}/control")
    assert status == 200
    assert 'name="drop" inputmode="numeric" value="1"' in page
