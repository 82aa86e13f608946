"""Publishing procedures as versions, and finding them by words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select

from portal.catalogue import queries, service
from portal.catalogue.findings import DefinitionError
from portal.catalogue.models import ProcedureVersion, ProcedureWord
from portal.catalogue.queries import PublishedProcedure
from portal.core.actor import PUBLIC, SYSTEM
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.units.seed import CITY_FILE
from portal.units.service import import_units
from tests.harness.city import NOW
from tests.harness.statements import count_queries

HOUSE = (service.PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
SHOP = HOUSE.replace('code: "1.009994"', 'code: "1.001612"')
for before, after in (
    (
        "{vi: Cấp giấy phép xây dựng nhà ở riêng lẻ, en: Construction permit for a detached house}",
        "{vi: Đăng ký thành lập hộ kinh doanh, en: Household business registration}",
    ),
    ("{vi: Xây nhà, en: Build a house}", "{vi: Mở quán, en: Open a shop}"),
    ("field: construction\n", "field: business\n"),
    ("{vi: Hoạt động xây dựng, en: Construction}", "{vi: Đăng ký kinh doanh, en: Business registration}"),
    ("life_events: [build_a_house]", "life_events: [do_business]"),
    (
        "search_words: [xây nhà, xay nha, giấy phép xây dựng, giay phep xay dung, GPXD, xin phép xây dựng, làm nhà, "
        "cất nhà, xây mới nhà]",
        "search_words: [mở tiệm, giấy phép kinh doanh, nhanh]",
    ),
):
    assert before in SHOP
    SHOP = SHOP.replace(before, after)


def publish(text: str, *, after: timedelta = timedelta()) -> PublishedProcedure:
    with unit_of_work(SYSTEM) as session:
        return service.publish(session, text, actor=SYSTEM, now=NOW + after)


@pytest.fixture(scope="module")
def published(city_connection: Connection) -> Connection:
    publish(HOUSE)
    publish(SHOP)
    return city_connection


def codes(question: str = "", **filters: Any) -> list[str]:
    with reading(PUBLIC) as session:
        found = queries.find_procedures(session, question, **filters)
    assert found.total == len(found.procedures)
    return [one.procedure.code for one in found.procedures]


def test_a_definition_becomes_a_version_that_reads_back_the_same(city: Connection) -> None:
    first = publish(HOUSE)
    with reading(PUBLIC) as session:
        read = queries.get_procedure(session, "1.009994")
    assert (read.version_id, read.number, read.published_at) == (first.version_id, 1, NOW)
    assert read.procedure == first.procedure


def test_the_same_text_is_not_published_twice(city: Connection) -> None:
    first = publish(HOUSE)
    assert publish(HOUSE, after=timedelta(days=1)).version_id == first.version_id


def test_a_change_is_a_new_version_and_the_old_one_stays(city: Connection) -> None:
    first = publish(HOUSE)
    second = publish(HOUSE.replace("minutes: 20", "minutes: 25"))
    with reading(PUBLIC) as session:
        assert queries.get_procedure(session, "1.009994").version_id == second.version_id
        assert queries.version(session, first.version_id).procedure.minutes == 20
    assert second.number == 2
    assert codes("xay nha") == ["1.009994"]


def test_a_version_is_read_once_in_a_process(published: Connection) -> None:
    with reading(PUBLIC) as session:
        seen = queries.get_procedure(session, "1.009994")
    with count_queries() as statements, reading(PUBLIC) as session:
        assert queries.version(session, seen.version_id) is seen
    assert statements == []


def test_a_broken_definition_changes_nothing(city: Connection) -> None:
    def rows() -> list[int | None]:
        with reading(PUBLIC) as session:
            return [
                session.scalar(select(func.count()).select_from(model)) for model in (ProcedureVersion, ProcedureWord)
            ]

    before = rows()
    with pytest.raises(DefinitionError) as refused:
        publish(HOUSE.replace("minutes: 20", "minuts: 20"))
    assert [finding.line for finding in refused.value.findings] == [
        number for number, line in enumerate(HOUSE.splitlines(), start=1) if line.startswith("minutes: 20")
    ]
    assert rows() == before


def test_a_function_that_a_place_lacks_is_named(city: Connection, tmp_path: Path) -> None:
    content = json.loads(CITY_FILE.read_text())
    next(unit for unit in content["units"] if unit["account_code"] == "pd.ktht")["valid_to"] = "2025-05-31"
    ended = tmp_path / "units.json"
    ended.write_text(json.dumps(content))
    with unit_of_work(SYSTEM) as session:
        import_units(session, ended, actor=SYSTEM, now=NOW)
    with pytest.raises(DefinitionError, match="Huyện Phong Điền"):
        publish(HOUSE)


def test_an_unknown_procedure_or_version_is_not_found(published: Connection) -> None:
    with reading(PUBLIC) as session:
        with pytest.raises(NotFound):
            queries.get_procedure(session, "9.999999")
        with pytest.raises(NotFound):
            queries.version(session, UUID(int=1))


@pytest.mark.parametrize(
    "question",
    [
        "xây nhà",
        "xay nha",
        "XÂY NHÀ",
        "giay phep xay dung",
        "giấy phép xây",
        "tôi muốn xin xây nhà",
        "1.009994",
        "detached",
    ],
)
def test_the_house_is_found_by_words_with_and_without_diacritics(published: Connection, question: str) -> None:
    assert codes(question) == ["1.009994"]


def test_whole_words_count_more_than_begun_ones(published: Connection) -> None:
    assert codes("nha") == ["1.009994", "1.001612"]
    assert codes("giay phep") == ["1.001612", "1.009994"]


def test_every_word_must_stand_somewhere(published: Connection) -> None:
    assert codes("xay tiem") == []
    assert codes("%") == codes("") == ["1.001612", "1.009994"]


def test_procedures_are_found_by_field_level_and_life_event(published: Connection) -> None:
    assert codes(field="business") == ["1.001612"]
    assert codes(level="district", life_event="build_a_house") == ["1.009994"]
    assert codes(level="commune") == []
    assert codes("construction", field="business") == []


def test_fields_stand_in_vietnamese_order(published: Connection) -> None:
    with reading(PUBLIC) as session:
        fields = queries.list_fields(session)
    assert [(field.code, field.name.en, field.procedures) for field in fields] == [
        ("business", "Business registration", 1),
        ("construction", "Construction", 1),
    ]


def test_a_search_costs_one_statement_once_versions_are_known(published: Connection) -> None:
    codes("giay phep")
    with count_queries() as statements:
        codes("giay phep")
    assert len(statements) == 1


def test_there_are_eight_life_events() -> None:
    assert len({event.slug for event in queries.list_life_events()}) == 8
