"""A record that its applicant takes back, or that a leader stops: all of it at once, by the right person, in time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.notifications.service import tell_applicant
from portal.records import service
from portal.records.replay import differences
from portal.records.types import Moved
from tests.integration.records.arranging import at_desk, citizen, handed_in, official, task_of, who_holds
from tests.integration.records.test_two_at_once import at_the_same_moment, consulted, ready

REASON = "Chưa xây nữa."
LEADER = "nk.lr1"

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def withdraw(walk: Walk, *, actor: Actor | None = None, reason: str = REASON) -> Moved:
    actor = actor or citizen()
    with unit_of_work(actor) as session:
        return service.withdraw_record(session, walk.record_id, reason=reason, actor=actor, now=walk.now)


def stop(walk: Walk, *, actor: Actor | None = None, reason: str = REASON) -> Moved:
    actor = actor or official(LEADER)
    with unit_of_work(actor) as session:
        return service.stop_record(session, walk.record_id, reason=reason, actor=actor, now=walk.now)


def signed() -> Walk:
    walk = at_desk().go("appraise.ask", "ask_ok.send", "plan.⏰12d", "site.done", "conclude.draft")
    return walk.go("review.initial", "sign.sign")


def messages(walk: Walk) -> list[str]:
    """The subjects of what the applicant is told, once the worker has told it."""
    with unit_of_work(SYSTEM) as session:
        for event in walk.file().events:
            tell_applicant(session, event.id, now=walk.now)
    with reading(SYSTEM) as session:
        return list(session.scalars(text("SELECT subject FROM message ORDER BY sent_at, id")))


def test_withdrawing_cancels_every_task_wherever_it_lies() -> None:
    walk = consulted()
    steps = {task.step for task in walk.file().open_tasks}
    assert len(steps) == 3
    moved = withdraw(walk)
    file = walk.file()
    assert (moved.ended, moved.state, file.record.state, file.open_tasks) == (True, "withdrawn", "withdrawn", ())
    assert file.record.closed_at == file.record.finished_at == walk.now
    cancelled = [task for task in file.tasks if task.outcome == "cancelled"]
    assert {task.step for task in cancelled} == steps
    assert {task.closed_by_name for task in cancelled} == {citizen().name}
    event = file.events[-1]
    assert (event.kind, event.reason, event.state_after) == ("record_withdrawn", REASON, "withdrawn")
    assert differences(file) == []
    assert any("Đã rút hồ sơ" in subject for subject in messages(walk))


def test_a_request_that_waits_for_an_answer_is_taken_back_too_and_the_clock_goes_on() -> None:
    walk = at_desk().supplement("appraise")
    withdraw(walk)
    file = walk.file()
    assert file.open_supplement is None
    assert file.record.paused_at is None
    assert differences(file) == []


def test_withdrawing_twice_is_withdrawing_once() -> None:
    walk = handed_in()
    assert withdraw(walk) == withdraw(walk)
    assert [event.kind for event in walk.file().events] == ["record_submitted", "record_withdrawn"]


def test_once_signed_a_record_can_be_neither_withdrawn_nor_stopped() -> None:
    walk = signed()
    with pytest.raises(Conflict, match="Kết quả đã ký nên không rút"):
        withdraw(walk)
    with pytest.raises(Conflict, match="Kết quả đã ký nên không dừng"):
        stop(walk)
    assert [task.step for task in walk.file().open_tasks] == ["stamp"]


def test_only_its_applicant_withdraws_a_record() -> None:
    walk = at_desk()
    with pytest.raises(NotFound):
        withdraw(walk, actor=citizen(1))
    with pytest.raises(NotAllowed):
        withdraw(walk, actor=who_holds(walk, "appraise"))
    assert walk.file().record.closed_at is None


def test_a_reason_is_needed() -> None:
    walk = handed_in()
    with pytest.raises(InvalidInput):
        withdraw(walk, reason="  ")


def test_the_leader_of_the_body_that_decides_stops_a_record_that_lies_with_another() -> None:
    walk = at_desk()
    stop(walk)
    file = walk.file()
    assert (file.record.state, file.open_tasks, file.record.closed_at) == ("stopped", (), walk.now)
    assert file.events[-1].unit_name == "UBND quận Ninh Kiều"
    assert differences(file) == []
    with pytest.raises(Conflict, match="Hồ sơ này đã kết thúc lúc"):
        withdraw(walk)


@pytest.mark.parametrize("login", ["nk.qldt.hd1", "ck.lr1"])
def test_nobody_else_stops_a_record(login: str) -> None:
    walk = at_desk()
    with pytest.raises((NotAllowed, NotFound)):
        stop(walk, actor=official(login))
    assert walk.file().record.closed_at is None


def test_whoever_acts_on_a_withdrawn_record_is_told_who_ended_it_and_when() -> None:
    walk = at_desk()
    specialist, task = who_holds(walk, "appraise"), task_of(walk, "appraise")
    withdraw(walk)
    with pytest.raises(Conflict) as refused, unit_of_work(specialist) as session:
        service.act_on_task(session, task.id, "ask", actor=specialist, now=walk.now)
    assert "đã rút hồ sơ này lúc" in refused.value.sentence
    assert refused.value.details["name"] == citizen().name


def test_of_an_action_and_a_withdrawal_at_one_moment_one_history_comes_out() -> None:
    walk = handed_in()
    accepting = ready(walk, "receive", "accept")
    accepted, withdrawn = at_the_same_moment(accepting, lambda: withdraw(walk))
    assert isinstance(withdrawn, Moved)
    assert isinstance(accepted, Moved | Conflict)
    file = walk.file()
    assert (file.record.state, file.open_tasks) == ("withdrawn", ())
    assert differences(file) == []
