"""The policy table, cell by cell."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from portal.core.actor import PUBLIC, SYSTEM, Actor, ActorKind
from portal.records.policy import Permission, Question, may
from portal.records.types import HeldPost, TaskRow
from portal.workflow.definition import Where

NOW = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
ME, COLLEAGUE, OWNER = uuid4(), uuid4(), uuid4()
UNIT, ELSEWHERE = uuid4(), uuid4()


def task(*, assignee: UUID | None = None, role: str = "specialist", function: str | None = "land") -> TaskRow:
    return TaskRow(
        id=uuid4(), step="appraise", step_name="", unit_id=UNIT, function=function, role=role, split="", origin=None,
        consultation=None, version=1, opened_at=NOW, anchored_at=NOW, due_at=NOW, assignee_id=assignee,
        assignee_name="", closed_at=None, closed_by=None, closed_by_name="", outcome=None,
    )  # fmt: skip


def allowed(
    actor: Actor, posts: tuple[HeldPost, ...] = (), about: TaskRow | None = None, where: Where = Where.PLACE
) -> set[Permission]:
    question = Question(actor, posts, about or task(), where, OWNER)
    return {permission for permission in Permission if may(permission, question)}


def official(*, person: UUID = ME) -> Actor:
    return Actor(kind=ActorKind.OFFICIAL, person_id=person)


def post(role: str = "specialist", *, function: str | None = None, unit: UUID = UNIT) -> tuple[HeldPost, ...]:
    return (HeldPost(unit, role, function),)


ACT, CLAIM, ASSIGN = Permission.ACT, Permission.CLAIM, Permission.ASSIGN


@pytest.mark.parametrize(
    ("posts", "about", "expected"),
    [
        (post(), task(), {ACT, CLAIM}),
        (post(function="land"), task(), {ACT, CLAIM}),
        (post(function="trade"), task(), set()),
        (post(function="trade"), task(function=None), {ACT, CLAIM}),
        (post(), task(assignee=ME), {ACT, CLAIM}),
        (post(), task(assignee=COLLEAGUE), {CLAIM}),
        (post(unit=ELSEWHERE), task(), set()),
        (post("clerk"), task(), set()),
        (post("head"), task(), {ASSIGN}),
        (post("head"), task(role="head"), {ACT, CLAIM, ASSIGN}),
        (post("head", unit=ELSEWHERE), task(role="head"), set()),
        (post("leader"), task(), {ASSIGN}),
        (post("counter_leader"), task(role="receptionist"), {ASSIGN}),
        (post("administrator"), task(), set()),
        ((*post("clerk"), *post()), task(), {ACT, CLAIM}),
        ((), task(assignee=ME), set()),
    ],
)
def test_an_official_may_do_what_his_posts_do(
    posts: tuple[HeldPost, ...], about: TaskRow, expected: set[Permission]
) -> None:
    assert allowed(official(), posts, about) == expected


def test_the_applicant_acts_at_the_steps_of_the_applicant_only() -> None:
    owner, other = (Actor(kind=ActorKind.CITIZEN, person_id=person) for person in (OWNER, ME))
    own_step = task(role="applicant", function=None)
    assert allowed(owner, (), own_step, Where.APPLICANT) == {ACT}
    assert allowed(owner, (), task()) == set()
    assert allowed(other, (), own_step, Where.APPLICANT) == set()
    assert allowed(PUBLIC, (), own_step, Where.APPLICANT) == set()


def test_the_portal_itself_may_act_and_nothing_else() -> None:
    assert allowed(SYSTEM) == {ACT}
