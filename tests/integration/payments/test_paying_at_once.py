"""Words of the bank and clicks of the payer that arrive at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.payments import gateways, service
from portal.payments.gateways import Word
from portal.payments.types import ALREADY_CONFIRMED, CONFIRMED, Answer, PaymentStart
from portal.records import positions
from tests.integration.payments.conftest import CODE, Owed, Till, word

pytestmark = pytest.mark.committed


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
    return service.receive_notification(session, gateways.of("vnpay"), Word(parameters=pairs), now=clock.now())


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
    assert till.captures(record_id) == ["matched", "twice"]
    assert till.matched_and_suspense() == (75_000, 75_000)


def test_a_crowd_of_words_is_one_capture(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    said = word(till.start(record_id, owner).reference)
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: till.notify(*said), range(10)))
    assert sorted(answer.code for answer in answers) == ["00"] + ["02"] * 9
    assert len(owed("payment_captured")) == 1


def test_the_word_of_the_bank_does_not_wait_for_whoever_acts_on_the_record(till: Till) -> None:
    """Else both wait for ever: who takes cash or stops the record wants its fees next, which the word has locked."""
    owner = till.citizen()
    record_id = till.record(owner)
    said = word(till.start(record_id, owner).reference)
    with ThreadPoolExecutor(1) as hand, unit_of_work(SYSTEM) as session:
        with pytest.raises(NotFound):  # of this record no task is there; its row is locked all the same
            positions.lock_record(session, record_id, now=clock.now())
        assert hand.submit(till.notify, *said).result(timeout=5) == CONFIRMED


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
