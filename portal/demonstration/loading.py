"""Loading the demonstration city: in pieces, each a unit of work that may be repeated."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.accounts import passwords
from portal.accounts.registration import add_organisation, add_people
from portal.accounts.types import NewOrganisation, NewPerson, NewPost, Role
from portal.catalogue.service import PROCEDURES, publish_file
from portal.config import Settings
from portal.core.actor import SYSTEM
from portal.core.clock import local_day
from portal.core.errors import NotAllowed
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration import PASSWORD
from portal.demonstration.accounts import ADMINISTRATOR_UNIT, ADMINISTRATORS, CITIZENS, ORGANISATION
from portal.demonstration.applicants import applicants
from portal.demonstration.definitions import load_definitions
from portal.demonstration.officials import officials_of, read_names
from portal.demonstration.records import load_records
from portal.demonstration.vault import load_vault
from portal.notifications import mailing
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.units.seed import CITY_FILE
from portal.units.service import import_units

log = logging.getLogger(__name__)

IN_OFFICE_SINCE = date(2024, 1, 1)


def load_demonstration(settings: Settings, *, now: datetime, if_empty: bool = False) -> None:
    """Load units, people, procedures and records; what is there already stays as it is.

    With `if_empty`, a database that holds any place is left alone. Raises NotAllowed unless the settings say that
    this is a demonstration: its password is public.
    """
    if not settings.demonstration:
        raise NotAllowed("Chỉ nạp dữ liệu mẫu khi PORTAL_DEMONSTRATION=1: mật khẩu của nó ai cũng biết.")
    if if_empty and _holds_a_city():
        return
    mailing.use(None)  # what is replayed was written long ago: nobody gets a letter about it now
    load_city(now=now)
    load_records(receipt_key=settings.receipt_key.encode(), now=now)
    load_vault(now=now)
    load_definitions(now=now)
    log.info("the demonstration city is loaded")


def load_city(*, now: datetime) -> None:
    """Load units, people and procedures: the city before anybody has asked it for anything."""
    with unit_of_work(SYSTEM) as session:
        import_units(session, CITY_FILE, actor=SYSTEM, now=now)
    with unit_of_work(SYSTEM) as session:
        load_people(session, now=now)
    with unit_of_work(SYSTEM) as session:
        for file in sorted(PROCEDURES.glob("*.yaml")):
            publish_file(session, file, actor=SYSTEM, now=now)


def load_people(session: Session, *, now: datetime) -> int:
    """Open the accounts of citizens, the administrators and all officials; returns how many are new."""
    directory = units.directory(session)
    password_hash = passwords.hashed(PASSWORD)
    people = [*_citizens(password_hash), *_administrators(directory, password_hash, now=now)]
    people += _officials(directory, password_hash, now=now)
    opened = add_people(session, people, actor=SYSTEM, now=now)
    add_organisation(
        session,
        NewOrganisation(
            name=ORGANISATION.name,
            tax_code=ORGANISATION.tax_code,
            representative=ORGANISATION.representative,
            address=ORGANISATION.address,
            place=ORGANISATION.place,
        ),
        actor=SYSTEM,
        now=now,
    )
    return opened


def _holds_a_city() -> bool:
    with reading(SYSTEM) as session:
        return bool(units.directory(session).places("city"))


def _citizens(password_hash: str) -> Iterator[NewPerson]:
    for citizen in (*CITIZENS, *applicants()):
        yield NewPerson(
            login=citizen.id_number,
            full_name=citizen.name,
            password_hash=password_hash,
            id_number=citizen.id_number,
            birth_date=citizen.birth_date,
            gender=citizen.gender,
            phone=citizen.phone,
            email=citizen.email,
            address=citizen.address,
            place=citizen.place,
        )


def _administrators(directory: Directory, password_hash: str, *, now: datetime) -> Iterator[NewPerson]:
    unit = directory.unit_of_account(ADMINISTRATOR_UNIT, day=local_day(now))
    post = NewPost(unit_id=unit.id, role=Role.ADMINISTRATOR, valid_from=IN_OFFICE_SINCE, title="Quản trị")
    for login, name in ADMINISTRATORS.items():
        yield NewPerson(login=login, full_name=name, password_hash=password_hash, posts=(post,))


def _officials(directory: Directory, password_hash: str, *, now: datetime) -> Iterator[NewPerson]:
    day = local_day(now)
    for official in officials_of(directory.units(day=day), read_names(), day=day):
        posts = tuple(
            NewPost(
                unit_id=official.unit.id,
                role=post.role,
                function=post.function,
                title=post.title,
                capacity=post.capacity,
                valid_from=IN_OFFICE_SINCE,
            )
            for post in official.posts
        )
        yield NewPerson(login=official.login, full_name=official.name, password_hash=password_hash, posts=posts)
