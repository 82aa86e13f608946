"""Taking back one's own last action: only one's own, only the last, only while nobody has acted on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from portal.records.replay import differences
from portal.records.types import Moved
from tests.integration.records.arranging import act, at_desk, handed_in, official, person, task_of, who_holds

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

TO_SPECIALIST = (("receive", "accept"), ("forward", "hand_over"), ("assign", "assign"))

RUNG_AGAIN = """
SELECT count(*) FROM job WHERE kind = 'task_timer' AND arguments ->> 'task_id' = :task AND due_at = :now
"""


def doer_of(walk: Walk, step: str) -> Actor:
    task = next(task for task in reversed(walk.file().tasks) if task.step == step and task.closed_by)
    assert task.closed_by is not None
    return person(task.closed_by)


def undo(walk: Walk, step: str, actor: Actor) -> Moved:
    task = next(task for task in reversed(walk.file().tasks) if task.step == step)
    with unit_of_work(actor) as session:
        return service.undo_action(session, task.id, actor=actor, now=walk.now + timedelta(minutes=2))


def open_steps(walk: Walk) -> set[str]:
    return {task.step for task in walk.file().open_tasks}


@pytest.fixture
def assigned() -> Walk:
    """A permit that the head of another unit has just assigned."""
    walk = handed_in()
    for step, action in TO_SPECIALIST:
        act(walk, step, action)
    return walk


def test_the_task_opens_again_in_the_same_hands_and_the_history_grows(assigned: Walk) -> None:
    head, before = doer_of(assigned, "assign"), assigned.file()
    undo(assigned, "assign", head)
    after = assigned.file()
    assert open_steps(assigned) == {"assign"}
    assert (after.open_tasks[0].assignee_id, after.open_tasks[0].assignee_name) == (head.person_id, head.name)
    assert after.record.state == before.events[-1].state_before
    assert [event.kind for event in after.events[-2:]] == ["action_taken", "action_undone"]
    assert [(event.id, event.details) for event in after.events[:-1]] == [
        (event.id, event.details) for event in before.events
    ]
    assert differences(after) == []


def test_what_was_taken_back_can_be_done_again_and_counts_once(assigned: Walk) -> None:
    undo(assigned, "assign", doer_of(assigned, "assign"))
    act(assigned, "assign", "assign")
    file = assigned.file()
    assert open_steps(assigned) == {"appraise"}
    assert [task.outcome for task in file.tasks if task.step == "appraise"] == ["undone", None]
    assert differences(file) == []


def test_a_task_of_another_unit_closes_with_it() -> None:
    walk = handed_in()
    act(walk, "receive", "accept")
    act(walk, "forward", "hand_over")
    receptionist = doer_of(walk, "forward")
    assert task_of(walk, "assign").unit_id not in receptionist.unit_ids
    undo(walk, "forward", receptionist)
    assert open_steps(walk) == {"forward"}


def test_a_draft_that_is_taken_back_grants_nothing() -> None:
    walk = at_desk()
    walk.go("appraise.reject")
    assert walk.file().record.outcome == "rejected"
    undo(walk, "appraise", doer_of(walk, "appraise"))
    assert (walk.file().record.outcome, open_steps(walk)) == (None, {"appraise"})
    walk.go("appraise.ask")
    assert walk.file().record.outcome is None


def test_a_request_that_has_not_left_is_taken_back_whole() -> None:
    walk = at_desk()
    act(walk, "appraise", "supplement")
    undo(walk, "appraise", doer_of(walk, "appraise"))
    (request,) = walk.file().supplements
    assert request.cancelled_at is not None
    act(walk, "appraise", "supplement")
    assert [one.sheet for one in walk.file().supplements] == [1, 2]


def test_somebody_elses_action_stays(assigned: Walk) -> None:
    with pytest.raises(Conflict, match="Không hoàn tác được nữa"):
        undo(assigned, "assign", who_holds(assigned, "appraise"))


def test_an_official_whose_unit_had_no_part_does_not_see_it(assigned: Walk) -> None:
    with pytest.raises(NotFound):
        undo(assigned, "assign", official("pd.ktht.hd1"))


def test_it_is_too_late_once_somebody_has_claimed_or_acted(assigned: Walk) -> None:
    head, specialist = doer_of(assigned, "assign"), who_holds(assigned, "appraise")
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE task SET version = version + 1 WHERE step = 'appraise'"))
    with pytest.raises(Conflict):
        undo(assigned, "assign", head)
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE task SET version = 1 WHERE step = 'appraise'"))
    act(assigned, "appraise", "ask")
    assert doer_of(assigned, "appraise").person_id == specialist.person_id
    with pytest.raises(Conflict):
        undo(assigned, "assign", head)


@pytest.mark.parametrize(
    "done",
    [
        (("receive", "accept"),),
        (("receive", "supplement"),),
        (("receive", "refuse"), ("refuse_ok", "approve")),
        (
            ("receive", "accept"),
            ("forward", "hand_over"),
            ("assign", "assign"),
            ("appraise", "ask"),
            ("ask_ok", "send"),
        ),
    ],
    ids=["acceptance", "what has reached the applicant", "an end", "letters that have left"],
)
def test_words_that_were_given_stay(done: tuple[tuple[str, str], ...]) -> None:
    walk = handed_in()
    for step, action in done:
        act(walk, step, action)
    step = done[-1][0]
    with pytest.raises(Conflict):
        undo(walk, step, doer_of(walk, step))


def test_a_reminder_that_came_meanwhile_comes_again() -> None:
    walk = at_desk()
    for step, action in (("appraise", "ask"), ("ask_ok", "send"), ("plan", "answer"), ("plan_sign", "return")):
        act(walk, step, action)
    task = next(task for task in walk.file().tasks if task.step == "plan_sign")
    walk.now += timedelta(days=9)
    undo(walk, "plan_sign", doer_of(walk, "plan_sign"))
    with unit_of_work(SYSTEM) as session:
        again = {"task": str(task.id), "now": walk.now + timedelta(minutes=2)}
        assert session.scalar(text(RUNG_AGAIN), again) == 1
    assert "plan_sign" in open_steps(walk)


def test_a_step_under_no_timer_owes_no_new_one() -> None:
    walk = at_desk()
    act(walk, "appraise", "ask")
    act(walk, "ask_ok", "return")
    undo(walk, "ask_ok", doer_of(walk, "ask_ok"))
    with unit_of_work(SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM job WHERE kind = 'task_timer'")) == 0
    assert open_steps(walk) == {"ask_ok"}
