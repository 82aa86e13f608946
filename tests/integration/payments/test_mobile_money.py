"""The second gateway, through the same interface: a telecom's mobile-money accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.payments import jobs, refunds
from portal.simulators.bank_books import Behaviour
from tests.integration.payments.conftest import Town, ask
from tests.integration.payments.test_refunds import finance

pytestmark = pytest.mark.committed


def test_a_fee_is_paid_from_a_telephone_account_and_a_second_capture_goes_back(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.telecom.books.behave(Behaviour(twice=1, duplicate=2, forge=1))
    started = town.till.start(record_id, owner, way="mobile")
    status, page, _ = ask("GET", started.redirect_url)
    assert status == 200
    assert "<h1>Trả 75.000 đồng</h1>" in page
    status, _, way_back = ask("POST", f"{town.bank_url}/mobile/checkout/{started.reference}", {"choice": "pay"})
    assert way_back == f"{town.till.url}/thanh-toan/mobile/tro-ve?order={started.reference}"
    assert town.till.states(record_id) == ["created"]
    town.telecom.deliver()
    assert town.till.captures(record_id) == ["matched", "twice"]
    assert [delivery["answered"] for delivery in town.telecom.books.deliveries()][:2] == ["97", "00"]

    (refund,) = town.till.refunds(record_id)
    first, second = finance()
    with unit_of_work(first) as session:
        refunds.propose(session, [refund.id], actor=first, now=clock.now())
    with unit_of_work(second) as session:
        refunds.approve(session, [refund.id], actor=second, now=clock.now())
    jobs.send_refund({"refund_id": str(refund.id)}, now=clock.now())
    assert town.telecom.books.totals() == {"orders": 1, "captured": 150_000, "refunded": 75_000}
    assert town.till.books().is_balanced


def test_a_silent_telecom_is_asked_and_its_daily_file_read(town: Town) -> None:
    owner = town.till.citizen()
    asked, settled = town.till.record(owner), town.till.record(owner)
    town.telecom.books.behave(Behaviour(drop=1))
    references = []
    for record_id in (asked, settled):
        started = town.till.start(record_id, owner, way="mobile")
        ask("GET", started.redirect_url)
        jobs.poll_payment({"reference": started.reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))
        ask("POST", f"{town.bank_url}/mobile/checkout/{started.reference}", {"choice": "pay"})
        references.append(started.reference)
    jobs.poll_payment({"reference": references[0], "turn": "0"}, now=clock.now() + timedelta(minutes=5))
    assert (town.till.states(asked), town.till.states(settled)) == (["captured"], ["created"])
    town.telecom.books.put_forward(1)
    jobs.compare_books({}, now=clock.now() + timedelta(days=1))
    assert town.till.states(settled) == ["captured"]


def test_two_ways_to_pay_the_same_fee_are_one_match_and_one_suspense(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    for way, page in (("vnpay", "pay"), ("mobile", "mobile/checkout")):
        started = town.till.start(record_id, owner, way=way)
        ask("GET", started.redirect_url)
        ask("POST", f"{town.bank_url}/{page}/{started.reference}", {"choice": "pay"})
    town.telecom.deliver()
    town.bank.deliver()
    assert town.till.captures(record_id) == ["matched", "twice"]
    assert town.till.states(record_id) == ["captured", "suspense"]


def test_a_way_that_is_not_offered_is_refused(town: Town) -> None:
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    with pytest.raises(InvalidInput, match="cách nộp"):
        town.till.start(record_id, owner, way="barter")
    with unit_of_work(SYSTEM):
        assert town.till.payments(record_id) == []
