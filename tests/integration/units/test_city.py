"""The city's own units: everything resolves everywhere, and a second import changes nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from portal.core.actor import PUBLIC, SYSTEM
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.units import queries
from portal.units.resolution import Directory
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from portal.units.types import UnresolvedFunction
from tests.harness.city import NOW
from tests.harness.statements import count_queries

DAY = date(2025, 6, 2)

MUST_RESOLVE = {
    "commune": ["one_stop", "leadership", "registry", "justice", "labour"],
    "district": [
        "one_stop",
        "leadership",
        "registry",
        "urban_management",
        "trade",
        "finance_planning",
        "justice",
        "labour",
        "land",
    ],
    "city": [
        "one_stop",
        "leadership",
        "registry",
        "planning",
        "greenery",
        "roads",
        "labour",
        "food_safety",
        "fire_police",
        "traffic_police",
    ],
}


@pytest.fixture
def directory(city: Connection) -> Directory:
    with reading(PUBLIC) as session:
        return queries.directory(session)


@pytest.mark.parametrize(
    ("level", "function"), [(level, function) for level, functions in MUST_RESOLVE.items() for function in functions]
)
def test_what_procedures_need_resolves_at_every_place(directory: Directory, level: str, function: str) -> None:
    assert directory.missing(level, function, day=DAY) == []


@pytest.mark.parametrize("within", ["urban_management", "finance_planning", "justice", "labour"])
@pytest.mark.parametrize("function", ["one_stop", "leadership", "registry"])
def test_every_district_office_finds_who_leads_seals_and_receives(
    directory: Directory, function: str, within: str
) -> None:
    assert directory.missing("district", function, day=DAY, within=within) == []


def test_the_city_has_nine_districts_and_eighty_communes(directory: Directory) -> None:
    assert [len(directory.places(level)) for level in ("city", "district", "commune")] == [1, 9, 80]
    bodies = [unit for unit in directory.units(day=DAY) if unit.is_body]
    assert len(bodies) == 90
    assert len({unit.code for unit in bodies}) == 90


def test_not_every_district_has_food_safety(directory: Directory) -> None:
    assert [place.name for place in directory.missing("district", "food_safety", day=DAY)] == [
        "Huyện Phong Điền",
        "Huyện Vĩnh Thạnh",
    ]


def test_communes_stand_in_the_order_of_a_vietnamese_dictionary(directory: Directory) -> None:
    names = [place.bare_name for place in directory.communes("916")]
    assert names == [
        "An Bình",
        "An Hòa",
        "An Khánh",
        "Cái Khế",
        "Hưng Lợi",
        "Tân An",
        "Thới Bình",
        "Xuân Khánh",
    ]


@pytest.mark.parametrize(
    ("function", "within", "name"),
    [
        ("leadership", None, "UBND quận Ninh Kiều"),
        ("one_stop", None, "Bộ phận Tiếp nhận và Trả kết quả quận Ninh Kiều"),
        ("registry", None, "Văn phòng HĐND và UBND quận Ninh Kiều"),
        ("registry", "urban_management", "Văn phòng HĐND và UBND quận Ninh Kiều"),
        ("registry", "finance_planning", "Phòng Tài chính – Kế hoạch quận Ninh Kiều"),
        ("registry", "justice", "Phòng Tư pháp quận Ninh Kiều"),
        ("leadership", "urban_management", "UBND quận Ninh Kiều"),
        ("one_stop", "finance_planning", "Bộ phận Tiếp nhận và Trả kết quả quận Ninh Kiều"),
    ],
)
def test_a_district_office_seals_itself_or_its_body_does(
    directory: Directory, function: str, within: str | None, name: str
) -> None:
    unit = directory.resolve(level="district", function=function, place="31117", day=DAY, within=within)
    assert unit.name == name


@pytest.mark.parametrize(
    ("function", "within", "name"),
    [
        ("leadership", None, "UBND thành phố Cần Thơ"),
        ("leadership", "labour", "Sở Lao động – Thương binh và Xã hội thành phố Cần Thơ"),
        ("registry", "planning", "Sở Xây dựng thành phố Cần Thơ"),
        ("leadership", "food_safety", "Chi cục An toàn vệ sinh thực phẩm thành phố Cần Thơ"),
        ("one_stop", "labour", "Trung tâm Phục vụ hành chính công thành phố Cần Thơ"),
    ],
)
def test_a_department_of_the_city_signs_for_itself(
    directory: Directory, function: str, within: str | None, name: str
) -> None:
    unit = directory.resolve(level="city", function=function, place="31312", day=DAY, within=within)
    assert unit.name == name


def test_one_office_of_a_rural_district_does_both_building_and_trade(directory: Directory) -> None:
    found = {
        directory.resolve(level="district", function=function, place="31312", day=DAY).name
        for function in ("urban_management", "trade")
    }
    assert found == {"Phòng Kinh tế và Hạ tầng huyện Phong Điền"}


def test_the_counter_of_the_city_exists_since_its_first_day(directory: Directory) -> None:
    with pytest.raises(UnresolvedFunction):
        directory.resolve(level="city", function="one_stop", place="92", day=date(2024, 2, 25))
    directory.resolve(level="city", function="one_stop", place="92", day=date(2024, 2, 26))


def test_a_commune_is_not_found_from_its_district_or_from_nowhere(directory: Directory) -> None:
    for place in ("916", "00000"):
        with pytest.raises(UnresolvedFunction):
            directory.resolve(level="commune", function="justice", place=place, day=DAY)
    with pytest.raises(NotFound):
        directory.place("00000")


def test_three_counters_serve_a_commune(directory: Directory) -> None:
    assert [unit.account_code for unit in directory.counters("31117", day=DAY)] == ["ck", "nk.mc", "pvhcc"]


def test_the_way_up_leads_to_the_city(directory: Directory) -> None:
    office = directory.unit_of_account("nk.mc", day=DAY)
    assert [unit.account_code for unit in directory.ancestors(office.id)] == ["nk.vp", "nk", "tp"]
    assert directory.body_of(office.id).account_code == "nk"
    assert [place.code for place in directory.territories("31117")] == ["31117", "916", "92"]


def test_names_exist_in_english(directory: Directory) -> None:
    assert directory.unit_of_account("ck", day=DAY).in_language("en") == "People's Committee of Cái Khế Ward"
    assert directory.place("31312").in_language("en") == "Mỹ Khánh Commune"
    assert all(unit.name_en for unit in directory.units(day=DAY))


def test_the_directory_is_read_once_until_something_changes(city: Connection) -> None:
    with reading(PUBLIC) as session:
        before = queries.directory(session)
    with count_queries() as statements, reading(PUBLIC) as session:
        assert queries.directory(session) is before
        assert queries.directory(session, before.version) is before
    assert len(statements) == 1


def test_a_second_import_of_the_same_file_changes_nothing(city: Connection) -> None:
    with unit_of_work(SYSTEM) as session:
        before = queries.directory(session).version
        assert import_units(session, CITY_FILE, actor=SYSTEM, now=NOW) == 0
        assert queries.directory(session).version == before


def test_a_changed_name_is_seen_at_once(city: Connection, tmp_path: Path) -> None:
    content = json.loads(CITY_FILE.read_text())
    ward = next(unit for unit in content["units"] if unit["account_code"] == "ck")
    ward["address"] = "Số 99 đường Mẫu"
    changed = tmp_path / "units.json"
    changed.write_text(json.dumps(content))
    with unit_of_work(SYSTEM) as session:
        assert import_units(session, changed, actor=SYSTEM, now=NOW) == 1
    with reading(PUBLIC) as session:
        ward_seen = queries.directory(session).unit_of_account("ck", day=DAY)
    assert ward_seen.address == "Số 99 đường Mẫu"


def test_a_faulty_file_names_each_fault_and_changes_nothing(city: Connection, tmp_path: Path) -> None:
    content = json.loads(CITY_FILE.read_text())
    content["units"][3]["place"] = "99"
    content["units"][4]["parent"] = "nobody"
    faulty = tmp_path / "units.json"
    faulty.write_text(json.dumps(content))
    with pytest.raises(InvalidInput) as refused, unit_of_work(SYSTEM) as session:
        import_units(session, faulty, actor=SYSTEM, now=NOW)
    faults = str(refused.value.details["faults"])
    assert "sxd covers 99" in faults
    assert "sgtvt belongs to nobody" in faults
