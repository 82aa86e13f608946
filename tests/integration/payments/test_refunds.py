"""Money that goes back: two persons, one request, and the bank's word that it is done."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import Conflict, NotAllowed, NotFound, Unavailable
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.payments import jobs, queries, refunds
from portal.payments.gateways import RefundOrder
from portal.payments.models import Refund
from portal.payments.signature import FIELD, joined, signature
from portal.payments.types import Books, RefundState
from portal.payments.vnpay import REFUND_ANSWERED, Vnpay
from portal.units.models import UnitFunction
from tests.harness.people import LONG_AGO, make_official, make_unit
from tests.integration.listening import listening
from tests.integration.payments.conftest import SECRET, Owed, Till, Town, ask, press, word

pytestmark = pytest.mark.committed


def finance(*, level: str = "city", people: int = 2) -> list[Actor]:
    """Officials of a finance department."""
    unit = make_unit(name="Sở Tài chính", level=level)
    with unit_of_work(SYSTEM) as session:
        session.add(UnitFunction(unit_id=unit.id, function="finance_planning", valid_from=LONG_AGO))
    found = [make_official(unit=unit) for _ in range(people)]
    return [Actor(kind=ActorKind.OFFICIAL, person_id=person.id, name=person.full_name) for person in found]


def paid_twice(town: Town) -> UUID:
    """A record whose fee the bank took twice; the key of the refund that is due."""
    owner = town.till.citizen()
    record_id = town.till.record(owner)
    town.lies(twice=1)
    started = town.till.start(record_id, owner, now=clock.now() - timedelta(minutes=2))  # the bank asks when it began
    ask("GET", started.redirect_url)
    press(town.bank_url, started.reference)
    town.bank.deliver()
    (refund,) = town.till.refunds(record_id)
    return refund.id


def proposed_and_approved(refund_id: UUID) -> None:
    first, second = finance()
    now = clock.now()
    with unit_of_work(first) as session:
        refunds.propose(session, [refund_id], actor=first, now=now)
    with unit_of_work(second) as session:
        refunds.approve(session, [refund_id], actor=second, now=now)


def test_what_the_bank_says_of_another_refund_is_no_answer_to_this_one() -> None:
    app = Flask(__name__)

    @app.post("/")
    def other() -> dict[str, str]:
        said = dict.fromkeys(REFUND_ANSWERED, "") | {
            "vnp_ResponseCode": "00", "vnp_TransactionStatus": "00", "vnp_TxnRef": "ANOTHER",
        }  # fmt: skip
        return said | {FIELD: signature(joined(said.values()), secret=SECRET)}

    wanted = RefundOrder(
        request="1", reference="OURS", transaction="2", amount=5_000, is_whole=True, begun_at=clock.now(),
        approved_by="x",
    )  # fmt: skip
    with listening(app) as url, pytest.raises(Unavailable):
        Vnpay(url=url, api_url=f"{url}/", merchant="M", secret=SECRET, public_url=url).refund(wanted, now=clock.now())


def state_of(refund_id: UUID) -> Refund:
    with reading(SYSTEM) as session:
        return session.scalars(select(Refund).where(Refund.id == refund_id)).one()


def test_a_second_capture_goes_back_when_two_persons_agree(town: Town, owed: Owed) -> None:
    before = town.till.books()
    refund_id = paid_twice(town)
    proposed_and_approved(refund_id)
    (arguments,) = [found for found in owed("send_refund") if found["refund_id"] == str(refund_id)]
    for _ in range(2):  # a job may run twice
        jobs.send_refund(arguments, now=clock.now())
    refund = state_of(refund_id)
    assert (refund.state, refund.amount) == (RefundState.DONE, 75_000)
    assert town.bank.books.totals()["refunded"] == 75_000
    books = town.till.books()
    assert books == Books(
        captured=before.captured + 150_000,
        matched=before.matched + 75_000,
        suspense=before.suspense,
        refunded=before.refunded + 75_000,
        paid=before.paid + 75_000,
    )


def test_nobody_agrees_with_himself_and_the_table_refuses_it_too(town: Town) -> None:
    refund_id = paid_twice(town)
    (alone,) = finance(people=1)
    with unit_of_work(alone) as session:
        refunds.propose(session, [refund_id], actor=alone, now=clock.now())
    with pytest.raises(NotAllowed, match="Người đề nghị"), unit_of_work(alone) as session:
        refunds.approve(session, [refund_id], actor=alone, now=clock.now())
    forced = "UPDATE refund SET state = 'approved', approved_by = proposed_by, approved_at = now() WHERE id = :wanted"
    with pytest.raises((IntegrityError, Conflict)), unit_of_work(SYSTEM) as session:
        session.execute(text(forced), {"wanted": refund_id})
    assert state_of(refund_id).state == RefundState.PROPOSED


def test_what_was_decided_once_is_not_decided_again_and_what_was_returned_is_proposed_anew(town: Town) -> None:
    refund_id = paid_twice(town)
    first, second = finance()
    with pytest.raises(Conflict), unit_of_work(second) as session:
        refunds.approve(session, [refund_id], actor=second, now=clock.now())
    for _ in range(2):
        with unit_of_work(first) as session:
            refunds.propose(session, [refund_id], actor=first, now=clock.now())
        with unit_of_work(second) as session:
            refunds.return_for_another_look(session, [refund_id], actor=second)
    assert (state_of(refund_id).state, state_of(refund_id).proposed_by) == (RefundState.DUE, None)


@pytest.mark.parametrize("who", ["citizen", "district"])
def test_only_who_keeps_the_citys_accounts_sees_and_decides(town: Town, who: str) -> None:
    refund_id = paid_twice(town)
    stranger = town.till.citizen() if who == "citizen" else finance(level="district", people=1)[0]
    with pytest.raises(NotFound), unit_of_work(stranger) as session:
        refunds.propose(session, [refund_id], actor=stranger, now=clock.now())
    with reading(stranger) as session:
        assert queries.list_refunds(session, state=RefundState.DUE) == []
    with reading(finance(people=1)[0]) as session:
        assert refund_id in {row.id for row in queries.list_refunds(session, state=RefundState.DUE, most=10_000)}


def test_a_bank_that_does_not_answer_is_asked_again_under_the_same_request(till: Till, owed: Owed) -> None:
    owner = till.citizen()
    record_id = till.record(owner)
    first = till.start(record_id, owner, now=clock.now() - timedelta(minutes=20))
    second = till.start(record_id, owner)
    number = new_id().hex[:12]
    till.notify(*word(first.reference, number=f"{number}1"))
    till.notify(*word(second.reference, number=f"{number}2"))
    (refund,) = till.refunds(record_id)
    proposed_and_approved(refund.id)
    jobs.send_refund({"refund_id": str(refund.id)}, now=clock.now())
    mine = [found for found in owed("send_refund") if found["refund_id"] == str(refund.id)]
    assert [found.get("turn") for found in mine] == [None, "1"]
    assert state_of(refund.id).state == RefundState.APPROVED


def test_a_refund_that_the_bank_refuses_may_be_proposed_again(town: Town) -> None:
    refund_id = paid_twice(town)
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE refund SET amount = 75001 WHERE id = :wanted"), {"wanted": refund_id})
    proposed_and_approved(refund_id)
    jobs.send_refund({"refund_id": str(refund_id)}, now=clock.now())
    assert (state_of(refund_id).state, state_of(refund_id).failure) == (RefundState.REFUSED, "91")
    proposed_and_approved(refund_id)
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE refund SET amount = 75000 WHERE id = :wanted"), {"wanted": refund_id})
    jobs.send_refund({"refund_id": str(refund_id)}, now=clock.now())
    assert state_of(refund_id).state == RefundState.DONE
