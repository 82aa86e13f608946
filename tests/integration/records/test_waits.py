"""How often the hot paths wait for the database, BEGIN and COMMIT included."""

from __future__ import annotations

import pytest

from portal.core.actor import PUBLIC
from portal.core.references import lookup_token, receipt_secret
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import queries, queues, service
from tests.harness.waits import count_waits
from tests.integration.records.arranging import (
    ALLOWANCE,
    RECEIPT_KEY,
    at_desk,
    citizen,
    draft,
    filled_in,
    handed_in,
    offered,
    send,
    task_of,
    who_holds,
)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

ASK, NAME, WRITE, COMMIT, WRITE_AND_COMMIT = "trip", "statement", "trip", "commit", "trip"


def test_a_submission_waits_three_times() -> None:
    owner = citizen()
    send(draft(owner=owner), owner=owner)  # definitions and units are in memory from now on
    draft_id = draft(owner=owner)
    with count_waits() as waits:
        send(draft_id, owner=owner)
    assert waits.seen == [ASK, WRITE, COMMIT]


@pytest.mark.parametrize("code", ["1.009994", ALLOWANCE])
def test_an_action_on_the_way_waits_twice_and_once_more_for_whom_it_names(code: str) -> None:
    walk = handed_in(code)
    for step, action_id in (("receive", "accept"), ("forward", "hand_over"), ("assign", "assign")):
        if step not in {task.step for task in walk.file().open_tasks}:
            continue
        task, who = task_of(walk, step), who_holds(walk, step)
        action = next(action for action in offered(walk, task) if action.id == action_id)
        answers = filled_in(walk, task, action)
        with count_waits() as waits, unit_of_work(who) as session:
            service.act_on_task(session, task.id, action_id, actor=who, now=walk.now, answers=answers)
        naming_somebody = [NAME] if answers.assignee_id else []
        assert waits.seen == [ASK, *naming_somebody, WRITE_AND_COMMIT], step


def test_a_look_up_is_one_wait() -> None:
    walk = handed_in()
    code = walk.file().record.code
    secret = receipt_secret(walk.record_id, key=RECEIPT_KEY, version=1)
    key = queries.key_of_token(lookup_token(walk.record_id, key=RECEIPT_KEY, version=1))
    assert key is not None
    queries.find_by_key(key, actor=PUBLIC)  # the connection knows that nobody asks
    with count_waits() as waits, reading(PUBLIC) as session:
        assert queries.find_by_receipt(session, code=code, secret=secret)
    assert waits.seen == ["statement"]
    with count_waits() as waits:
        assert queries.find_by_key(key, actor=PUBLIC)
    assert waits.seen == ["trip"]
    with count_waits() as waits, reading(PUBLIC) as session:
        assert queries.find_by_receipt(session, code=code, secret="") is None
    assert waits.seen == ["statement"]


def test_a_queue_is_one_wait_however_long_it_is() -> None:
    walk = at_desk()
    who = who_holds(walk, "appraise")
    for length in (1, 3):
        with reading(who) as session:  # the connection knows who asks
            assert len(queues.list_queue(session, actor=who, now=walk.now).rows) == length
        with count_waits() as waits, reading(who) as session:
            page, counts = queues.read_desk(session, actor=who, now=walk.now)
        assert (len(page.rows), counts.mine) == (length, length)
        assert waits.seen == ["trip"]
        at_desk()
        at_desk()
