"""What the first citizen of the demonstration keeps to hand it in again: in force, expired, and not described yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.accounts import CITIZENS
from portal.records import vault
from portal.records.vault import Details

DRAWINGS = Details("Bản vẽ thiết kế nhà ở")
LAND = Details(
    "Giấy chứng nhận quyền sử dụng đất",
    "CT 102345",
    "Sở Tài nguyên và Môi trường thành phố Cần Thơ",
    date(2019, 4, 12),
)
CARD = Details(
    "Căn cước công dân",
    "092085001234",
    "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    date(2021, 5, 18),
    date(2025, 3, 12),
)
KEPT = {"drawings": DRAWINGS, "land": LAND, "id_copy": CARD}
"""By the slot in which the paper was handed in with an earlier record."""


def load_vault(*, now: datetime) -> None:
    """Keep papers of earlier records. Where something is kept already, nothing changes."""
    with reading(SYSTEM) as session:
        person = session.scalars(select(Person).where(Person.login == CITIZENS[0].id_number)).one()
        owner = Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name)
    with unit_of_work(owner) as session:
        if any(not item.is_result for item in vault.list_vault(session, actor=owner, now=now)):
            return
        supplied = {row.slot: row.id for row in vault.list_supplied(session, actor=owner) if row.slot in KEPT}
        names = {supplied[slot]: details.name for slot, details in KEPT.items() if slot in supplied}
        vault.keep_supplied(session, names, names, actor=owner, now=now)
        known = {details.name: details for details in KEPT.values()}
        for item in vault.list_vault(session, actor=owner, now=now):
            if item.name.vi in known:
                vault.describe(session, item.id, known[item.name.vi], actor=owner)
