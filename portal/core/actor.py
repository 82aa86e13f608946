"""Who acts: a frozen value, passed as an argument, never read from the surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PUBLIC = "public"
    CITIZEN = "citizen"
    OFFICIAL = "official"
    SYSTEM = "system"


@dataclass(frozen=True)
class Post:
    """A role in a unit. `function` narrows it where one office holds several functions; None means all of them."""

    unit_id: UUID
    unit_name: str
    level: str
    role: str
    function: str | None = None
    title: str = ""
    unit_name_en: str = ""


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    person_id: UUID | None = None
    name: str = ""
    posts: tuple[Post, ...] = ()
    sign_in_id: UUID | None = None

    @property
    def key(self) -> str:
        """What the database is told: the person's key, or nothing."""
        return str(self.person_id) if self.person_id else ""

    @property
    def unit_ids(self) -> frozenset[UUID]:
        return frozenset(post.unit_id for post in self.posts)

    def has_role(self, role: str) -> bool:
        return any(post.role == role for post in self.posts)


PUBLIC = Actor(kind=ActorKind.PUBLIC)
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Cổng dịch vụ công")
