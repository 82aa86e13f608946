"""People to sign in, made for one test."""

from __future__ import annotations

import secrets
from datetime import date

from portal.accounts.models import Person, PersonPost
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.text import folded, name_key, sort_key
from portal.core.unit_of_work import unit_of_work
from portal.units.models import Unit

LONG_AGO = date(2020, 1, 1)
NO_PASSWORD = "!"  # nobody signs in with it through the form


def make_id_number() -> str:
    """Of a woman born in 1985 whose birth was registered in Cần Thơ."""
    return "092185" + "".join(secrets.choice("0123456789") for _ in range(6))


def make_citizen(*, name: str = "Nguyễn Thị Hoa") -> Person:
    number = make_id_number()
    return _add_person(Person(login=number, id_number=number, full_name=name, birth_date=date(1985, 3, 14)))


def make_official(*, role: str = "specialist", unit: Unit | None = None, name: str = "Trần Văn Lộc") -> Person:
    """An official with one post, in a unit of his own when none is named."""
    unit = unit or make_unit()
    person = _add_person(Person(login=f"ud.{secrets.token_hex(4)}", full_name=name))
    with unit_of_work(SYSTEM) as session:
        session.add(PersonPost(person_id=person.id, person_name=name, unit_id=unit.id, role=role, valid_from=LONG_AGO))
    return person


def make_administrator() -> Person:
    return make_official(role="administrator", name="Lê Minh Quản")


def make_unit(*, name: str = "UBND quận Ninh Kiều", level: str = "district", place: str = "916") -> Unit:
    mark = secrets.token_hex(4)
    unit = Unit(
        id=new_id(),
        code=f"000.00.{mark}.H13",
        account_code=mark,
        name=name,
        short_name=name,
        level=level,
        kind="body",
        place=place,
        sort_key=sort_key(name),
        folded=folded(name),
        valid_from=LONG_AGO,
    )
    with unit_of_work(SYSTEM) as session:
        session.add(unit)
    return unit


def _add_person(person: Person) -> Person:
    person.password_hash = NO_PASSWORD
    person.sort_key = name_key(person.full_name)
    with unit_of_work(SYSTEM) as session:
        session.add(person)
    return person
