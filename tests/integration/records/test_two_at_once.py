"""Two people on one record at the same moment: the second always sees what the first has done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.bookings.models import Booking, BookingSlot
from portal.bookings.service import FULL
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import positions, service
from portal.records.replay import differences
from portal.records.supplements import AS_IT_IS
from portal.records.types import ActionAnswers, Moved
from tests.integration.records.arranging import (
    COPIES,
    at_desk,
    citizen,
    draft,
    filled_in,
    handed_in,
    offered,
    official,
    send,
    task_of,
    who_holds,
)
from tests.integration.records.test_submitting import wait_until_somebody_waits

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def ready(walk: Walk, step: str, action_id: str, *, actor: Actor | None = None) -> Callable[[], Moved]:
    """The action, with everything read beforehand that a page would have read."""
    task, who = task_of(walk, step), actor or who_holds(walk, step)
    action = next(action for action in offered(walk, task) if action.id == action_id)
    answers = filled_in(walk, task, action)

    def act() -> Moved:
        with unit_of_work(who) as session:
            return service.act_on_task(session, task.id, action_id, actor=who, now=walk.now, answers=answers)

    return act


def at_the_same_moment(*actions: Callable[[], Any]) -> list[Any]:
    """What each answers: a value or the exception it raised."""
    together = Barrier(len(actions))

    def start(action: Callable[[], Any]) -> Any:
        together.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as people:
        started: list[Future[Any]] = [people.submit(start, action) for action in actions]
    return [each.exception() or each.result() for each in started]


def consulted(**changed: Any) -> Walk:
    """A permit at the moment when three agencies have been asked: fire police, site visit, planning."""
    walk = at_desk(use="mixed", floors_above="3", **changed)
    walk.go("appraise.ask", "ask_ok.send")
    return walk


def test_of_five_who_want_the_last_two_places_of_an_hour_two_get_them() -> None:
    drafts = [(owner, draft(COPIES, owner=owner)) for owner in (citizen(number % 3) for number in range(5))]
    answers = at_the_same_moment(*(partial(send, draft_id, owner=owner) for owner, draft_id in drafts))
    refused = [answer for answer in answers if isinstance(answer, InvalidInput)]
    assert len(refused) == 3
    assert {answer.sentence for answer in refused} == {FULL}
    with reading(SYSTEM) as session:
        booked = select(BookingSlot.taken, func.count()).join(Booking, Booking.starts_at == BookingSlot.starts_at)
        assert session.execute(booked.group_by(BookingSlot.taken)).all() == [(2, 2)]


def test_whoever_waited_for_the_lock_sees_the_task_closed_and_the_next_one_open() -> None:
    walk = handed_in()
    first, second = ready(walk, "receive", "accept"), official("ck.lb1")
    task = task_of(walk, "receive")
    with ThreadPoolExecutor(1) as other:
        with unit_of_work(SYSTEM) as session:  # holds the record
            positions.lock_record(session, walk.record_id, now=walk.now)
            acting = other.submit(first)
            wait_until_somebody_waits()
        acting.result()

        def look() -> list[tuple[str, bool]]:
            with unit_of_work(second) as session:
                _, position = positions.lock_task(session, task.id, now=walk.now)
                return [(seen.step, seen.is_open) for seen in position.tasks]

        with unit_of_work(who_holds(walk, "forward")) as session:
            service.act_on_task(
                session, task_of(walk, "forward").id, "hand_over", actor=who_holds(walk, "forward"), now=walk.now
            )
            looking = other.submit(look)
            wait_until_somebody_waits()
        assert looking.result() == [("receive", False), ("forward", False), ("assign", True)]


def test_two_posts_on_one_task_are_one_success_and_one_conflict_that_says_who_and_when() -> None:
    walk = handed_in()
    first, second = official("ck.ju1"), official("ck.lb1")
    answers = at_the_same_moment(
        ready(walk, "receive", "accept", actor=first), ready(walk, "receive", "accept", actor=second)
    )
    [moved] = [answer for answer in answers if isinstance(answer, Moved)]
    [conflict] = [answer for answer in answers if isinstance(answer, Conflict)]
    winner = (first, second)[answers.index(moved)]
    assert conflict.details == {"name": winner.name, "time": "08:12"}
    file = walk.file()
    assert [event.kind for event in file.events] == ["record_submitted", "action_taken"]
    assert [task.step for task in file.open_tasks] == ["forward"]
    assert differences(file) == []


def test_the_same_action_sent_twice_answers_like_the_first_time() -> None:
    walk = handed_in()
    accept = ready(walk, "receive", "accept")
    first, again = at_the_same_moment(accept, accept)
    assert isinstance(first, Moved)
    assert first == again
    assert len(walk.file().events) == 2


def test_the_same_action_with_another_reason_is_not_a_repeat() -> None:
    walk = handed_in()
    who, task = who_holds(walk, "receive"), task_of(walk, "receive")

    def refuse(reason: str) -> Moved:
        with unit_of_work(who) as session:
            answers = ActionAnswers(reason=reason, form={"ground": "not_ours"})
            return service.act_on_task(session, task.id, "refuse", actor=who, now=walk.now, answers=answers)

    first = refuse("Không thuộc thẩm quyền.")
    assert refuse(" Không thuộc thẩm quyền. ") == first
    with pytest.raises(Conflict):
        refuse("Thiếu bản vẽ.")
    assert walk.file().events[-1].reason == "Không thuộc thẩm quyền."


def test_opinions_of_two_agencies_at_one_moment_both_succeed_and_the_join_opens_once() -> None:
    walk = consulted()
    walk.go("fire.answer", "site.done")
    while {"plan", "land"} & (open_steps := {task.step for task in walk.file().open_tasks}):
        walk.go(f"{({'plan', 'land'} & open_steps).pop()}.answer")
    signs = sorted({task.step for task in walk.file().open_tasks})
    assert len(signs) == 2
    answers = at_the_same_moment(*(ready(walk, step, "sign") for step in signs))
    assert all(isinstance(answer, Moved) for answer in answers), answers
    file = walk.file()
    assert [task.step for task in file.open_tasks] == ["conclude"]
    assert sorted(len(answer.opened) for answer in answers) == [0, 1]
    assert all(opinion.final_at for opinion in file.opinions)
    assert differences(file) == []


def test_every_asked_agency_may_answer_at_the_same_moment() -> None:
    walk = consulted()
    steps = {task.step for task in walk.file().open_tasks}
    actions = {step: "done" if step == "site" else "answer" for step in steps}
    assert len(steps) >= 3
    answers = at_the_same_moment(*(ready(walk, step, action_id) for step, action_id in actions.items()))
    assert all(isinstance(answer, Moved) for answer in answers), answers
    assert differences(walk.file()) == []


def test_a_task_claimed_by_a_colleague_is_refused_with_his_name() -> None:
    walk = handed_in()
    holder, other = official("ck.ju1"), official("ck.lb1")
    with unit_of_work(holder) as session:
        service.claim_task(session, task_of(walk, "receive").id, actor=holder, now=walk.now)
    with pytest.raises(Conflict) as held:
        ready(walk, "receive", "accept", actor=other)()
    assert held.value.details == {"name": holder.name}
    ready(walk, "receive", "accept", actor=holder)()


def test_claiming_and_acting_at_one_moment_never_both_count_on_an_open_task() -> None:
    walk = handed_in()
    holder, other = official("ck.ju1"), official("ck.lb1")
    task = task_of(walk, "receive")

    def claim() -> None:
        with unit_of_work(holder) as session:
            service.claim_task(session, task.id, actor=holder, now=walk.now)

    claimed, acted = at_the_same_moment(claim, ready(walk, "receive", "accept", actor=other))
    assert isinstance(claimed, Conflict) is isinstance(acted, Moved)
    kinds = [event.kind for event in walk.file().events]
    assert kinds == ["record_submitted", "action_taken" if isinstance(acted, Moved) else "task_claimed"]
    assert differences(walk.file()) == []


def test_claiming_twice_is_noted_once_and_taking_over_is_noted() -> None:
    walk = handed_in()
    first, second = official("ck.ju1"), official("ck.lb1")
    for actor in (first, first, second):
        with unit_of_work(actor) as session:
            service.claim_task(session, task_of(walk, "receive").id, actor=actor, now=walk.now)
    notes = [event for event in walk.file().events if event.kind == "task_claimed"]
    assert [note.details for note in notes] == [{"from": "", "to": first.name}, {"from": first.name, "to": second.name}]
    assert task_of(walk, "receive").version == 3


def test_only_the_head_assigns_and_only_to_somebody_who_may_do_it() -> None:
    walk = at_desk()
    task = task_of(walk, "appraise")
    head, specialist, stranger = official("nk.qldt.hd1"), who_holds(walk, "appraise"), official("nk.tckh.sp1")
    with pytest.raises(NotAllowed), unit_of_work(specialist) as session:
        service.assign_task(session, task.id, specialist.person_id, actor=specialist, now=walk.now)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed), unit_of_work(head) as session:
        service.assign_task(session, task.id, stranger.person_id, actor=head, now=walk.now)  # type: ignore[arg-type]
    with unit_of_work(head) as session:
        service.assign_task(session, task.id, specialist.person_id, actor=head, now=walk.now)  # type: ignore[arg-type]
    assert task_of(walk, "appraise").assignee_id == specialist.person_id


def test_an_answer_given_while_the_supplement_is_sent_is_in_it_or_refused() -> None:
    walk = at_desk().supplement("appraise")
    owner = citizen()
    [item] = walk.file().supplements[0].items

    def answer(words: str) -> None:
        with unit_of_work(owner) as session:
            service.answer_item(
                session, walk.record_id, item["kind"], item["id"], {AS_IT_IS: words}, actor=owner, now=walk.now
            )

    def send() -> Moved:
        with unit_of_work(owner) as session:
            return service.send_supplement(session, walk.record_id, actor=owner, now=walk.now)

    answer("Lần đầu.")
    answered, sent = at_the_same_moment(lambda: answer("Lần hai."), send)
    assert isinstance(sent, Moved)
    [supplement] = walk.file().supplements
    assert supplement.answered_at is not None
    kept = supplement.items[0]["answer"][AS_IT_IS]
    assert kept == ("Lần hai." if answered is None else "Lần đầu.")
    with pytest.raises(Conflict):
        send()
