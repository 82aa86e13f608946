"""Who may do what with a task: a table, asked by pages (to show), by the service (to enforce) and by tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from portal.core.actor import Actor, ActorKind, Post
from portal.records.types import HeldPost, TaskRow
from portal.workflow.definition import Where


class OfUnit(Protocol):
    """A task, wherever it was read."""

    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def function(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...


class Permission(StrEnum):
    ACT = "act"  # close a task with one of its actions
    CLAIM = "claim"  # take a task into one's own hands
    ASSIGN = "assign"  # put a task into somebody's hands


@dataclass(frozen=True)
class Question:
    """May this actor, holding these posts, touch this task of that owner's record?"""

    actor: Actor
    posts: tuple[HeldPost, ...]
    task: TaskRow
    where: Where
    owner_id: UUID


LEADING = frozenset({"head", "counter_leader", "leader"})
AT_THE_COUNTER = frozenset({"receptionist", "counter_leader"})
"""Roles of who meets the applicants."""

Predicate = Callable[[Question], bool]


def is_system(question: Question) -> bool:
    return question.actor.kind is ActorKind.SYSTEM


def is_applicants_own_step(question: Question) -> bool:
    return question.where is Where.APPLICANT and question.actor.person_id == question.owner_id


def holds_post(question: Question) -> bool:
    return any(fits(post, question.task) for post in question.posts)


def leads_unit(question: Question) -> bool:
    return leads(question.posts, question.task.unit_id)


def has_it_in_hand(question: Question) -> bool:
    return question.task.assignee_id in (None, question.actor.person_id)


PERMISSIONS: dict[Permission, list[list[Predicate]]] = {
    Permission.ACT: [[is_system], [is_applicants_own_step], [holds_post, has_it_in_hand]],
    Permission.CLAIM: [[holds_post]],
    Permission.ASSIGN: [[leads_unit]],
}
"""Each permission is granted when all predicates of one of its lines hold. Whether the record may be seen at all is the
database's part: row-level security."""


def may(permission: Permission, question: Question) -> bool:
    return any(all(predicate(question) for predicate in line) for line in PERMISSIONS[permission])


def leads(posts: Iterable[HeldPost], unit_id: UUID | None) -> bool:
    """Whether one of the posts is in charge of the unit."""
    return any(post.unit_id == unit_id and post.role in LEADING for post in posts)


@dataclass(frozen=True)
class EndingQuestion:
    """May this actor, holding these posts, take the whole record back or stop it? `deciding`: who leads the body."""

    actor: Actor
    posts: tuple[HeldPost, ...]
    owner_id: UUID
    deciding: UUID | None


def is_owner(question: EndingQuestion) -> bool:
    return question.actor.person_id == question.owner_id


def leads_deciding_body(question: EndingQuestion) -> bool:
    return any((post.unit_id, post.role) == (question.deciding, "leader") for post in question.posts)


ENDING: dict[str, Callable[[EndingQuestion], bool]] = {"applicant": is_owner, "leader": leads_deciding_body}
"""By what a definition says of its `always` actions (`Action.by`): the applicant himself; whoever leads the body that
decides."""


def may_end(by: str | None, question: EndingQuestion) -> bool:
    return by in ENDING and ENDING[by](question)


class IssuedPermission(StrEnum):
    PROPOSE = "propose"  # that an issued result be revoked, replaced or prolonged
    DECIDE = "decide"  # agree with it, or send it back


@dataclass(frozen=True)
class IssuedQuestion:
    """May this actor, holding these posts, do so with a result of that unit? `bodies`: of each post's unit, in their
    order. `proposed_by`: whose proposal it is."""

    actor: Actor
    posts: tuple[HeldPost, ...]
    bodies: tuple[UUID, ...]
    unit_id: UUID
    proposed_by: UUID | None = None


PROPOSING = frozenset({"specialist", "clerk", "head", "leader"})


def works_for_issuer(question: IssuedQuestion) -> bool:
    """In the unit that issued it, or in an office of that body."""
    mine = zip(question.posts, question.bodies, strict=True)
    return any(post.role in PROPOSING and question.unit_id in (post.unit_id, body) for post, body in mine)


def leads_issuer(question: IssuedQuestion) -> bool:
    return question.unit_id in bodies_led(question.posts)


def bodies_led(posts: Iterable[Post | HeldPost]) -> set[UUID]:
    """The units about whose issued results somebody decides who holds these posts."""
    return {post.unit_id for post in posts if post.role in LEADING and post.role != "counter_leader"}


def is_another_person(question: IssuedQuestion) -> bool:
    return question.proposed_by is not None and question.proposed_by != question.actor.person_id


ISSUED: dict[IssuedPermission, list[list[Callable[[IssuedQuestion], bool]]]] = {
    IssuedPermission.PROPOSE: [[works_for_issuer]],
    IssuedPermission.DECIDE: [[leads_issuer, is_another_person]],
}
"""Four eyes: whoever proposes does not decide, however high his post."""


def may_decide(permission: IssuedPermission, question: IssuedQuestion) -> bool:
    return any(all(predicate(question) for predicate in line) for line in ISSUED[permission])


def fits(post: HeldPost, task: OfUnit) -> bool:
    """Whether a post may do a task: same unit, same role, and the function when both name one."""
    if (post.unit_id, post.role) != (task.unit_id, task.role):
        return False
    return post.function is None or task.function is None or post.function == task.function


def held_posts(actor: Actor) -> tuple[HeldPost, ...]:
    """The posts as a page knows them; an action reads them again in its own transaction."""
    return tuple(HeldPost(post.unit_id, post.role, post.function) for post in actor.posts)
