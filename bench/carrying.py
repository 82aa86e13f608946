"""A record of the ten-task process, carried by the officials whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench.spent import Meter, Spent
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.accounts import CITIZENS
from portal.demonstration.walking import official_for, submit
from portal.records import service
from portal.records.record_file import get_record_file_by_id

PROCEDURE = "9.000010"
COMMUNE = "31144"
RECEIPT_KEY = b"k" * 32
WAY = (
    ("receive", "accept"),
    ("check", "pass"),
    ("desk", "done"),
    ("distribute", "send"),
    ("fire", "done"),
    ("land", "done"),
    ("conclude", "pass"),
    ("sign", "pass"),
    ("confirm", "pass"),
    ("give", "give"),
)
_OPEN = text("SELECT id FROM task WHERE record_id = :wanted AND step = :step AND closed_at IS NULL")
_PERSON = text("SELECT id, full_name FROM person WHERE login = :login")


@dataclass(frozen=True)
class Hands:
    """Who does each step."""

    actors: dict[str, Actor]
    owner: Actor


def citizen() -> Actor:
    with reading(SYSTEM) as session:
        person = session.execute(_PERSON, {"login": CITIZENS[0].id_number}).one()
    return Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name)


def new_record(owner: Actor, *, procedure: str = PROCEDURE) -> UUID:
    """A submitted record, its first task open."""
    answers = {"full_name": owner.name, "place": COMMUNE, "area": "80"}
    place: dict[str, Any] = {"place": COMMUNE, "level": "commune", "receipt_key": RECEIPT_KEY, "now": clock.now()}
    return submit(procedure, owner=owner, answers=answers, papers=[], **place).record_id


def first_walk(way: Sequence[tuple[str, str]] = WAY, *, procedure: str = PROCEDURE) -> Hands:
    """Carry one record along the way, and learn who does what."""
    owner = citizen()
    record_id = new_record(owner, procedure=procedure)
    actors = {}
    for step, action in way:
        with reading(SYSTEM) as session:
            file = get_record_file_by_id(session, record_id)
            task = next(task for task in file.open_tasks if task.step == step)
            actors[step] = official_for(session, task, record_id, day=clock.local_day(clock.now()))
        act(task.id, action, actors[step])
    return Hands(actors, owner)


def act(task_id: UUID, action: str, actor: Actor) -> None:
    """One action as a page takes it."""
    with unit_of_work(actor) as session:
        service.act_on_task(session, task_id, action, actor=actor, now=clock.now())


def open_task(record_id: UUID, step: str) -> UUID:
    with reading(SYSTEM) as session:
        found: UUID = session.execute(_OPEN, {"wanted": record_id, "step": step}).scalar_one()
    return found


def carried(
    hands: Hands,
    records: int,
    meter: Meter,
    *,
    way: Sequence[tuple[str, str]] = WAY,
    procedure: str = PROCEDURE,
) -> Sequence[Spent]:
    """What each action took on so many new records."""
    taken = []
    for _ in range(records):
        record_id = new_record(hands.owner, procedure=procedure)
        taken += [acted(record_id, step, action, hands, meter) for step, action in way]
    return taken


def acted(record_id: UUID, step: str, action: str, hands: Hands, meter: Meter) -> Spent:
    """What the action took; its task was found before."""
    task_id = open_task(record_id, step)
    return meter(partial(act, task_id, action, hands.actors[step]))
