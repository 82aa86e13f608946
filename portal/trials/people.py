"""The pretended officials of a trial: a person for each post at the units that the steps really lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import NAMESPACE_OID, uuid5

from portal.catalogue.who import ROLES
from portal.core.actor import SYSTEM, Actor, ActorKind, Post
from portal.core.errors import NotAllowed
from portal.records.actions import refuse_same_eyes
from portal.records.types import Position, TaskRow
from portal.units.resolution import Directory
from portal.units.types import UnitView
from portal.workflow.definition import Process, Step, Text, Where

APPLICANT_ID = uuid5(NAMESPACE_OID, "applicant")
_APPLICANT = Text("Người nộp", "The applicant")
_REGISTER = Text("Dữ liệu được hỏi", "The register")
_PORTAL = Text(SYSTEM.name, "Public services portal")
_ANOTHER = Text("{role} thứ {number}", "{role} no. {number}")
MOST_EYES = 9


@dataclass(frozen=True)
class Pretended:
    """Who acts. `number` is above 1 when somebody else of that post must: four eyes."""

    actor: Actor
    unit: UnitView | None = None
    number: int = 1

    @property
    def name(self) -> str:
        return self.actor.name


@dataclass(frozen=True)
class People:
    """Everybody who acts in a trial, named in the language of its reader."""

    directory: Directory
    language: str
    process: Process

    def applicant(self) -> Pretended:
        return Pretended(Actor(ActorKind.CITIZEN, APPLICANT_ID, _APPLICANT.in_language(self.language)))

    def portal(self) -> Pretended:
        return Pretended(replace(SYSTEM, name=_PORTAL.in_language(self.language)))

    def register(self) -> Pretended:
        """Whoever answers an automatic step that asks somebody."""
        return Pretended(replace(SYSTEM, name=_REGISTER.in_language(self.language)))

    def official(self, unit: UnitView | None, function: str | None, role: str | None, *, number: int = 1) -> Pretended:
        """The person who holds the post. The same post is always the same person."""
        post = ROLES.get(role or "", Text(role or "")).in_language(self.language)
        name = post if number == 1 else _ANOTHER.in_language(self.language).format(role=post, number=number)
        key = uuid5(NAMESPACE_OID, f"{unit.id if unit else ''}:{function}:{role}:{number}")
        posts = (Post(unit.id, unit.name, unit.level, role or "", function),) if unit else ()
        return Pretended(Actor(ActorKind.OFFICIAL, key, name, posts), unit, number)

    def who_does(self, task: TaskRow, step: Step, position: Position) -> Pretended:
        """Who closes the task: the holder of its post, or a second one where the first may not."""
        if step.at.where is Where.APPLICANT:
            return self.applicant()
        if step.at.where is Where.AUTOMATIC:
            return self.register() if step.automatic else self.portal()
        unit = self.directory.unit(task.unit_id) if task.unit_id else None
        for number in range(1, MOST_EYES):
            found = self.official(unit, task.function, task.role, number=number)
            if _may(self.process, position, step, found.actor):
                return found
        return self.official(unit, task.function, task.role)


def _may(process: Process, position: Position, step: Step, actor: Actor) -> bool:
    try:
        refuse_same_eyes(process, position, step, actor)
    except NotAllowed:
        return False
    return True
