"""One construction permit record of a citizen, as its receipt opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import lookup_token, receipt_secret
from portal.core.unit_of_work import reading
from portal.demonstration.accounts import CITIZENS
from portal.demonstration.walking import Walk, submit

NOW = datetime(2026, 11, 9, 1, 12, tzinfo=UTC)
"""Monday, 9 November 2026, 8:12 in Cần Thơ."""

PAPER = "a" * 64
CAI_KHE = "31117"
ANSWERS = {
    "filer": "self",
    "full_name": CITIZENS[0].name,
    "id_no": CITIZENS[0].id_number,
    "birth_date": "1985-03-12",
    "address": "Số 12 đường Mẫu",
    "commune": CAI_KHE,
    "phone": "0900000001",
    "return_by": "online",
    "plot_no": "245",
    "plot_m2": "96.5",
    "plot_commune": CAI_KHE,
    "tenure": "owned",
    "adjacent": False,
    "planning_zone": True,
    "grade": "IV",
    "use": "housing",
    "footprint_m2": "72",
    "floors": [{"kind": "ground", "area_m2": "72"}],
    "total_floor_m2": "72",
    "height_m": "4",
    "floors_above": "1",
    "designer": "self",
    "months": "6",
}


@dataclass(frozen=True)
class Submitted:
    """A record with the codes on its receipt."""

    walk: Walk
    code: str
    secret: str
    token: str
    owner: Person


def hand_in(*, receipt_key: bytes) -> Submitted:
    with reading(SYSTEM) as session:
        person = session.scalars(select(Person).where(Person.login == CITIZENS[0].id_number)).one()
    walk = submit(
        "1.009994",
        owner=Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name),
        answers=ANSWERS,
        papers=[("land", PAPER), ("drawings", PAPER)],
        place=CAI_KHE,
        level="commune",
        receipt_key=receipt_key,
        now=NOW,
    )
    return Submitted(
        walk=walk,
        code=walk.file().record.code,
        secret=receipt_secret(walk.record_id, key=receipt_key, version=1),
        token=lookup_token(walk.record_id, key=receipt_key, version=1),
        owner=person,
    )
