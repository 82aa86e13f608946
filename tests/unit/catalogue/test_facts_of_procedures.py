"""What the law and the agencies say about the eleven later procedures, beside what their definitions say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.workflow.quotas import longest_path
from tests.unit.catalogue.test_definitions import PROCEDURES

CONSTRUCTION = ["50/2014/QH13", "62/2020/QH14", "175/2024/NĐ-CP"]
BUSINESS = ["01/2021/NĐ-CP", "01/2021/TT-BKHĐT", "02/2023/TT-BKHĐT"]
CIVIL_STATUS = ["60/2014/QH13", "123/2015/NĐ-CP", "07/2025/NĐ-CP", "04/2020/TT-BTP", "04/2024/TT-BTP"]

FACTS: dict[str, tuple[str, str, int | None, str, list[str]]] = {
    "1.009998": ("5 working_days", "34", None, "GPXD-GH", CONSTRUCTION),
    "2.000720": ("3 working_days", "22", None, "GCN-HKD", BUSINESS),
    "1.001570": ("3 working_days", "18", None, "GXN-TCKH", BUSINESS),
    "1.001266": ("3 working_days", "20", None, "TB-TCKH", BUSINESS),
    "1.004873": ("3 working_days", "22", 6, "XNTTHN", CIVIL_STATUS),
    "1.001193": ("1 same_day", "1.75", None, "KS", [*CIVIL_STATUS, "87/2020/NĐ-CP"]),
    "2.000635": ("1 same_day", "1.50", None, "TLHT-BS", CIVIL_STATUS),
    "1.002693": ("15 working_days", "84", 1, "GP-SXD", ["64/2010/NĐ-CP"]),
    "2.000620": ("10 working_days", "60", 60, "GP-PKT", ["105/2017/NĐ-CP", "17/2020/NĐ-CP", "168/2016/TT-BTC"]),
    "1.013061": ("7 working_days", "48", None, "GP-SGTVT", ["35/2024/QH15", "165/2024/NĐ-CP", "41/2024/TT-BGTVT"]),
    "1.002425": ("15 working_days", "104", 36, "ATTP-CC", ["55/2010/QH12", "155/2018/NĐ-CP", "67/2021/TT-BTC"]),
}
"""Term, longest path of quotas in working hours, months of validity, book of numbers, laws."""


@pytest.mark.parametrize("code", FACTS)
def test_term_quotas_validity_numbers_and_laws_are_those_that_were_found(code: str) -> None:
    procedure = PROCEDURES[code]
    term, hours, validity, series, laws = FACTS[code]
    months = procedure.result.validity_months
    assert f"{procedure.term.value} {procedure.term.unit}" == term
    assert longest_path(procedure.process).hours == Decimal(hours)
    assert (months if isinstance(months, int) else None, procedure.result.series) == (validity, series)
    assert set(laws) <= {law.number for law in procedure.legal_basis}


@pytest.mark.parametrize("code", FACTS)
def test_each_is_found_under_something_that_happens_in_life(code: str) -> None:
    assert PROCEDURES[code].life_events


def test_who_digs_up_a_road_reports_the_start_and_restores_it() -> None:
    assert [duty.id for duty in PROCEDURES["1.013061"].after] == ["report_start", "restore"]


@pytest.mark.parametrize(("moved_from", "is_told"), [("", False), ("31312", True)])
def test_the_district_that_a_business_leaves_is_told(moved_from: str, is_told: bool) -> None:
    tax, old = PROCEDURES["2.000720"].copies_to
    assert tax.when is None
    assert (old.at.level, old.at.function) == ("district", "finance_planning")
    assert old.when is not None
    assert old.when.test({"form": {"moved_from": moved_from}}) is is_told


def test_what_was_remedied_is_reported_in_writing() -> None:
    assert PROCEDURES["1.002425"].process.step("remedy").action("report").documents == ("report",)
