"""The demonstration's people: everywhere somebody who can do what the unit holds."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from sqlalchemy import Connection

from portal.accounts import identity, queries, service
from portal.accounts.types import OfficialView
from portal.core.actor import SYSTEM, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration import PASSWORD
from portal.demonstration.accounts import CITIZENS, ORGANISATION, list_accounts
from portal.demonstration.loading import load_people
from portal.demonstration.officials import read_names
from portal.units.queries import directory
from portal.units.types import UnitView
from tests.harness.city import NOW

DAY = date(2025, 6, 2)

ROLES = {
    "one_stop": {"receptionist", "counter_leader"},
    "registry": {"clerk"},
    "leadership": {"leader"},
}


@pytest.fixture(scope="module")
def people(city_connection: Connection) -> Connection:
    with unit_of_work(SYSTEM) as session:
        load_people(session, now=NOW)
    return city_connection


@pytest.fixture(scope="module")
def staff(people: Connection) -> dict[UnitView, list[OfficialView]]:
    found: dict[UnitView, list[OfficialView]] = {}
    with reading(SYSTEM) as session:
        for unit in directory(session).units(day=DAY):
            found[unit] = queries.list_officials(session, unit.id, day=DAY)
    return found


def test_every_unit_has_people_for_all_it_does(staff: dict[UnitView, list[OfficialView]]) -> None:
    lacking = defaultdict(list)
    for unit, officials in staff.items():
        for holding in unit.holdings:
            usual = {"specialist"} if unit.level == "commune" else {"specialist", "head"}
            able = {official.role for official in officials if official.function in (None, holding.function)}
            if not ROLES.get(holding.function, usual) <= able:
                lacking[unit.name].append(holding.function)
    assert not lacking


def test_nobody_can_be_taken_for_a_real_official(staff: dict[UnitView, list[OfficialView]]) -> None:
    names = [official.name for officials in staff.values() for official in officials]
    assert len(names) > 800
    assert [name for name in names if " Mẫu " not in name] == []


def test_all_who_are_named_by_hand_have_an_account(people: Connection) -> None:
    with reading(SYSTEM) as session:
        units = directory(session)
        for login, name in read_names().items():
            unit = units.unit_of_account(login.rpartition(".")[0], day=DAY)
            assert name in [official.name for official in queries.list_officials(session, unit.id, day=DAY)]


@pytest.mark.parametrize(
    ("office", "role", "signatures"),
    [
        (
            "nk",
            "leader",
            {
                "Trần Mẫu Vinh": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
                "Lê Mẫu Quang": ("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            },
        ),
        (
            "nk.qldt",
            "head",
            {
                "Nguyễn Mẫu Cường": ("", "TRƯỞNG PHÒNG"),
                "Huỳnh Mẫu Phú": ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"),
            },
        ),
        ("ccattp", "head", {"Từ Mẫu Khỏe": ("", "TRƯỞNG PHÒNG")}),
    ],
)
def test_signatures_say_in_which_capacity(
    staff: dict[UnitView, list[OfficialView]], office: str, role: str, signatures: dict[str, tuple[str, str]]
) -> None:
    officials = next(found for unit, found in staff.items() if unit.account_code == office)
    found = {official.name: (official.capacity, official.title) for official in officials if official.role == role}
    assert found == signatures


@pytest.mark.parametrize("login", [login for login, _ in list_accounts()])
def test_every_account_that_is_shown_opens(people: Connection, login: str) -> None:
    with unit_of_work(SYSTEM) as session:
        actor = service.sign_in(session, login, PASSWORD, now=NOW)
    assert actor.kind == (ActorKind.CITIZEN if login.isdigit() else ActorKind.OFFICIAL)


def test_sample_numbers_are_numbers_that_can_be() -> None:
    for citizen in CITIZENS:
        number = identity.checked_id_number(citizen.id_number, today=DAY)
        assert identity.birth_year(number) == citizen.birth_date.year
        assert identity.checked_phone(citizen.phone) == citizen.phone
    assert identity.checked_tax_code(ORGANISATION.tax_code, today=DAY) == ORGANISATION.tax_code


def test_the_representative_may_act_for_the_company(people: Connection) -> None:
    with unit_of_work(SYSTEM) as session:
        actor = service.sign_in(session, ORGANISATION.representative, PASSWORD, now=NOW)
    assert actor.person_id is not None
    with reading(actor) as session:
        (company,) = queries.list_organisations(session, actor.person_id)
        person = queries.get_person(session, actor.person_id)
    assert (company.tax_code, company.role) == (ORGANISATION.tax_code, "representative")
    assert person.full_name == "Lê Mẫu Chi"


def test_loading_people_again_adds_nobody(people: Connection) -> None:
    with unit_of_work(SYSTEM) as session:
        assert load_people(session, now=NOW) == 0
