"""A fee that is asked before the appraisal: who has not paid waits, who has paid goes on, and some get it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.plausible import WORDS
from portal.demonstration.walking import Walk, official_for
from portal.notifications.queries import list_messages
from portal.notifications.service import tell_applicant
from portal.payments.models import Refund
from portal.records import service
from portal.records.cash import take_cash
from portal.records.contents.gathering import writing_of
from portal.records.contents.licences import remedy_report
from portal.records.ending import withdraw_record
from portal.records.types import ActionAnswers
from tests.integration.records.arranging import COPIES, PERMIT, at_desk, citizen, handed_in, pay, task_of
from tests.integration.records.later_forms import ALCOHOL, FOOD

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

FORWARDED = ("receive.accept", "forward.hand_over")


def test_an_unpaid_record_waits_with_its_clock_standing_and_goes_on_by_itself_once_it_is_paid() -> None:
    walk = handed_in(ALCOHOL).go(*FORWARDED)
    record = walk.file().record
    assert (record.state, [task.step for task in walk.file().open_tasks]) == ("fee_due", ["fee"])
    assert record.paused_at is not None
    pay(walk)
    file = walk.file()
    assert (file.record.state, [task.step for task in file.open_tasks]) == ("accepted", ["assign"])
    assert file.record.paused_at is None
    assert [event.kind for event in file.events[-2:]] == ["fee_paid", "action_taken"]
    pay(walk)  # hearing of the same payment again opens nothing twice
    assert [task.step for task in walk.file().open_tasks] == ["assign"]


def test_who_has_paid_already_does_not_wait() -> None:
    walk = handed_in(ALCOHOL)
    pay(walk)
    walk.go(*FORWARDED)
    assert [task.step for task in walk.file().open_tasks] == ["assign"]


@pytest.mark.parametrize("actor", ["citizen", "portal"])
def test_nobody_says_that_it_is_paid_before_it_is(actor: str) -> None:
    walk = handed_in(ALCOHOL).go(*FORWARDED)
    who = citizen() if actor == "citizen" else SYSTEM
    with pytest.raises(Conflict), unit_of_work(who) as session:
        service.act_on_task(session, task_of(walk, "fee").id, "paid", actor=who, now=walk.now)
    assert walk.file().record.state == "fee_due"


def test_a_fee_is_given_back_when_the_record_ends_before_the_appraisal() -> None:
    walk = handed_in(FOOD)
    pay(walk)
    refused = ActionAnswers(reason="Cơ sở thuộc diện miễn cấp giấy.", form={"ground": "not_eligible"})
    walk.go("receive.refuse", answers=refused).go("refuse_ok.approve")
    (fee,) = walk.file().fees
    assert fee.paid_at is not None
    assert fee.refund_due_at == walk.file().record.closed_at


def test_a_fee_is_given_back_to_who_withdraws_before_the_appraisal() -> None:
    walk = handed_in(ALCOHOL)
    pay(walk)
    walk.go(*FORWARDED)
    with unit_of_work(citizen()) as session:
        withdraw_record(session, walk.record_id, reason="Đổi ý.", actor=citizen(), now=walk.now)
    (fee,) = walk.file().fees
    assert fee.refund_due_at == walk.file().record.closed_at == walk.now


def test_money_that_comes_after_the_record_was_withdrawn_goes_back() -> None:
    walk = handed_in(ALCOHOL)
    with unit_of_work(citizen()) as session:
        withdraw_record(session, walk.record_id, reason="Đổi ý.", actor=citizen(), now=walk.now)
    for _ in range(2):
        pay(walk)
    (fee,) = walk.file().fees
    assert (fee.paid_at, fee.refund_due_at) == (walk.now, walk.now)
    with reading(SYSTEM) as session:
        queued = session.scalars(select(Refund).where(Refund.record_id == walk.record_id)).all()
    assert [(refund.amount, refund.cause, refund.state) for refund in queued] == [(fee.amount, "fee_given_back", "due")]


def test_money_that_came_before_the_record_was_withdrawn_goes_back_only_by_its_rule() -> None:
    """Its job runs after the withdrawal, which did not see the money."""
    goes_back = {}
    for minutes, procedure in enumerate((ALCOHOL, PERMIT)):
        walk = handed_in(procedure)
        came = walk.now + timedelta(minutes=minutes)
        walk.now = came + timedelta(hours=1)
        with unit_of_work(citizen()) as session:
            withdraw_record(session, walk.record_id, reason="Đổi ý.", actor=citizen(), now=walk.now)
        walk.now = came
        pay(walk)
        (fee,) = walk.file().fees
        assert fee.paid_at == came
        goes_back[procedure] = fee.refund_due_at is not None
    assert goes_back == {ALCOHOL: True, PERMIT: False}


def test_a_fee_stays_paid_once_the_record_was_appraised_and_an_unpaid_one_is_not_owed_back() -> None:
    appraised = handed_in(FOOD)
    pay(appraised)
    appraised.go(*FORWARDED, "assign.assign", "check.supplement", "sup_ok.approve", "sup_send.send", "fix.⏰30d")
    assert appraised.file().record.state == "expired"
    unpaid = handed_in(ALCOHOL).go(*FORWARDED, "fee.⏰80h")
    assert unpaid.file().record.state == "expired"
    assert [fee.refund_due_at for walk in (appraised, unpaid) for fee in walk.file().fees] == [None, None]


def test_a_remedy_is_asked_once_and_stops_the_clock() -> None:
    walk = handed_in(FOOD).go(*FORWARDED, "assign.assign", "check.team", "team_ok.decide", "inspect.remedy")
    assert walk.file().record.paused_at is not None
    walk.go("remedy.report")
    assert walk.file().record.paused_at is None
    with reading(SYSTEM, consistent=True) as session:
        said = remedy_report(writing_of(session, walk.record_id, walk.file().documents[-1].id, now=walk.now))
    assert (said["demanded"], said["remedied"]) == (WORDS["remedies"], WORDS["remedied"])
    with pytest.raises(Exception, match="không có việc đó"):
        walk.go("inspect.remedy")


def test_a_result_is_given_once_the_fee_that_falls_due_with_it_is_paid() -> None:
    walk = at_desk(COPIES, step="compare").go("compare.match", "sign.sign", "stamp.issue")
    (fee,) = walk.file().fees
    assert (fee.moment, fee.paid_at, fee.note[:25]) == ("return", None, "2.000 đồng một trang, từ ")
    assert {one.kind: walk.file().waits_for_fee(one) for one in walk.file().documents}["result"]
    assert _messages(walk) == [("granted_unpaid", True, [])], "nobody gets by mail what must be paid first"
    (task,) = walk.file().open_tasks
    with reading(SYSTEM) as session:
        clerk = official_for(session, task, walk.record_id, day=clock.local_day(walk.now))
    with pytest.raises(Conflict, match="chưa nộp"), unit_of_work(clerk) as session:
        service.act_on_task(session, task.id, "give", actor=clerk, now=walk.now)
    walk.now += timedelta(minutes=1)
    with unit_of_work(clerk) as session:
        take_cash(session, walk.record_id, amount=walk.file().unpaid, actor=clerk, now=walk.now)
    pay(walk)
    title = walk.file().result.title  # type: ignore[union-attr]
    assert _messages(walk) == [("paid", False, [title]), ("granted_unpaid", False, [])]
    with unit_of_work(clerk) as session:
        service.act_on_task(session, task.id, "give", actor=clerk, now=walk.now)
    assert walk.file().record.state == "returned"


def _messages(walk: Walk) -> list[tuple[str, bool, list[str]]]:
    """Since the result: kind, whether they ask to pay, and results that go with them."""
    events = [event for event in walk.file().events if event.state_after == "granted" and event.for_applicant]
    with unit_of_work(SYSTEM) as session:
        for event in events:
            tell_applicant(session, event.id, now=walk.now)
    with reading(citizen()) as session:
        told = list_messages(session, actor=citizen(), record_id=walk.record_id)
    result = walk.file().result
    return [
        (one.kind, one.asks_to_pay, [paper.title for paper in one.papers if result and paper.id == result.id])
        for one in told
    ]
