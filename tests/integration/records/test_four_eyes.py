"""Who drafted may not sign: persons are compared, not posts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from portal.accounts.models import PersonPost
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from tests.integration.records.arranging import at_desk, citizen, handed_in, official, person, task_of, who_holds

LONG_AGO, ENDED = date(2020, 1, 1), date(2025, 1, 1)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def give_post(person: Actor, like: Actor, *, role: str) -> None:
    """One more post for the person: the unit and role of somebody else."""
    [post] = [post for post in like.posts if post.role == role][:1]
    with unit_of_work(SYSTEM) as session:
        session.add(
            PersonPost(
                person_id=person.person_id,
                person_name=person.name,
                unit_id=post.unit_id,
                role=role,
                function=post.function,
                valid_from=LONG_AGO,
            )
        )


def drafted() -> Walk:
    """A permit at the leader's desk."""
    walk = at_desk()
    walk.go("appraise.ask", "ask_ok.send", "plan.⏰12d", "site.done", "conclude.draft")
    while "sign" not in {task.step for task in walk.file().open_tasks}:
        walk.go(f"{walk.file().open_tasks[0].step}.initial")
    return walk


def sign(walk: Walk, actor: Actor) -> None:
    with unit_of_work(actor) as session:
        service.act_on_task(session, task_of(walk, "sign").id, "sign", actor=actor, now=walk.now)


def test_the_drafter_may_not_sign_with_a_second_post_either() -> None:
    walk = drafted()
    leader = who_holds(walk, "sign")
    drafter_id = next(task.closed_by for task in walk.file().tasks if task.step == "conclude")
    assert drafter_id is not None
    give_post(person(drafter_id), leader, role="leader")
    with pytest.raises(NotAllowed, match="Người soạn không được ký"):
        sign(walk, person(drafter_id))
    assert walk.file().result.signed_at is None  # type: ignore[union-attr]
    sign(walk, leader)
    assert walk.file().result.signed_by == leader.person_id  # type: ignore[union-attr]


def test_initial_signature_and_seal_are_those_of_three_persons() -> None:
    walk = drafted()
    leader = who_holds(walk, "sign")
    initialled_by = next(task.closed_by for task in walk.file().tasks if task.step == "review")
    assert initialled_by is not None
    give_post(person(initialled_by), leader, role="leader")
    with pytest.raises(NotAllowed, match="Bước này phải do người khác làm"):
        sign(walk, person(initialled_by))
    sign(walk, leader)
    give_post(leader, who_holds(walk, "stamp"), role="clerk")
    assert leader.person_id is not None
    again = person(leader.person_id)
    with pytest.raises(NotAllowed, match="Bước này phải do người khác làm"), unit_of_work(again) as session:
        service.act_on_task(session, task_of(walk, "stamp").id, "issue", actor=again, now=walk.now)
    assert walk.file().result.number is None  # type: ignore[union-attr]


def test_an_official_may_not_work_on_what_no_post_of_his_does() -> None:
    walk = handed_in()
    chair = official("ck.lr1")
    with pytest.raises(NotAllowed), unit_of_work(chair) as session:
        service.act_on_task(session, task_of(walk, "receive").id, "accept", actor=chair, now=walk.now)


def test_a_post_that_has_ended_gives_no_right_although_the_page_was_open() -> None:
    walk = handed_in()
    clerk = who_holds(walk, "receive")
    with unit_of_work(SYSTEM) as session:
        session.execute(update(PersonPost).where(PersonPost.person_id == clerk.person_id).values(valid_to=ENDED))
    with pytest.raises(NotFound), unit_of_work(clerk) as session:
        service.act_on_task(session, task_of(walk, "receive").id, "accept", actor=clerk, now=walk.now)
    assert walk.file().record.accepted_at is None


def test_the_applicant_acts_only_where_the_applicant_is_asked() -> None:
    walk = handed_in()
    owner = citizen()
    with pytest.raises(NotAllowed), unit_of_work(owner) as session:
        service.act_on_task(session, task_of(walk, "receive").id, "accept", actor=owner, now=walk.now)
