"""Branches for each row, offices named in answers, bodies without accounts, corrections, decisions, sets of papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.catalogue import loader
from portal.catalogue.checking import Ground, check_text
from portal.catalogue.expansion import SHARED
from portal.catalogue.needed_units import Needed, needed_units
from portal.catalogue.types import Procedure
from portal.payments.fees import fee_lines
from portal.records.answers import missing_sets
from portal.workflow.definition import Action, Branch, Where
from portal.workflow.soundness import Fault, explore

DAY = date(2026, 11, 9)


def text_of(code: str) -> str:
    return (SHARED.parent / f"{code}.yaml").read_text(encoding="utf-8")


def procedure(code: str) -> Procedure:
    return loader.load(text_of(code), code)


def action(code: str, step: str, name: str) -> Action:
    return procedure(code).process.step(step).action(name)


@pytest.mark.parametrize(
    ("code", "old", "new", "kind"),
    [
        ("1.004873", "each: form.periods.commune", "each: form.periods.village", "unknown_condition_field"),
        ("1.004873", "each: form.periods.commune", "each: form.status", "unknown_condition_field"),
        ("1.004873", "if: row.commune != form.commune", "if: row.comune != form.commune", "unknown_field"),
        ("1.004873", "entered_by: {level: commune, function: justice}", "entered_by: {level: commune}", "missing_key"),
        ("1.004873", "at: {where: each, level: commune, function: justice}", "at: {where: each}", "missing_key"),
        ("1.001193", "corrects: [surname,", "corrects: [surnames,", "unknown_condition_field"),
        ("1.001193", "if: form.copies > 0", "if: form.copys > 0", "unknown_field"),
        ("1.001193", "    one_of: proof\n    replaced_by", "    one_of: Proof\n    replaced_by", "bad_form"),
        ("1.002693", "decide_each: form.trees", "decide_each: form.street", "unknown_condition_field"),
        (
            "2.000635",
            "field: form.registered_at, function",
            "field: form.registered, function",
            "unknown_condition_field",
        ),
        ("2.000635", "competent_level: [commune, district]", "competent_level: []", "wrong_value"),
        ("2.000815", "each: form.docs", "each: form.doc", "unknown_condition_field"),
        ("2.000815", "each: form.docs", "each: form.office", "unknown_condition_field"),
        ("2.000815", "scan: ecopy", "scan: pages", "scan_column"),
        ("2.000815", "scan: ecopy", "scan: nothing", "scan_column"),
        ("2.000815", "        type: unit\n", "        type: booking\n", "one_booking"),
        ("1.002693", "  series: GP-SXD", "  series: GP-SXD\n  each: form.trees", "each_decided"),
        ("1.001266", "{level: district, function: tax}", "{level: district}", "missing_key"),
        ("1.001266", "{level: district, function: tax}", "{where: external}", "missing_key"),
        ("1.001266", "{level: district, function: tax}", "{where: applicant}", "not_one_of"),
        (
            "1.001266",
            "{level: district, function: tax}",
            "{where: field, field: form.x, function: tax}",
            "unknown_condition_field",
        ),
        ("1.009994", "  series: GPXD", "  series: GPXD\n  signs_as: office", "signs_not_as_office"),
        ("1.001612", "  signs_as: office", "  signs_as: unit", "signs_not_as_unit"),
        ("1.009994", "correct: [plot_no", "correct: [plot_number", "unknown_condition_field"),
        ("1.009994", "correct: [plot_no", "correct: [plot_commune", "corrects_place"),
        ("1.009994", "function: leadership}}", "functions: leadership}}", "unknown_key"),
        ("1.009994", "process:\n", "process:\n  correct: nowhere\n", "unknown_step"),
        ("1.009994", "process:\n", "process:\n  correct: conclude\n", "not_one_of"),
        ("1.009994", "ends: done\n    outcome: rejected\n  - name: T4", "ends: expired\n  - name: T4", "test_end"),
        ("1.009994", "CORRECT, correct.decline", "CORRECT, CORRECT", "test_action"),
    ],
)
def test_a_mistake_is_reported(code: str, old: str, new: str, kind: str) -> None:
    text = text_of(code)
    assert old in text
    assert kind in {finding.kind for finding in check_text(text.replace(old, new, 1), "broken.yaml")}


def test_each_row_that_the_condition_names_gives_one_value() -> None:
    each = action("1.004873", "ask_ok", "sign").branches[0].each
    assert each is not None
    rows = [{"commune": code} for code in ("31117", "31135", "31144", "31135", "", None)]
    assert each.values({"form": {"commune": "31117", "periods": rows}}) == ("31135", "31144")
    assert each.values({"form": {}}) == each.values({}) == ()


def test_a_letter_brings_its_number_and_date() -> None:
    step = procedure("1.004873").process.step("elsewhere")
    assert [field.id for field in step.action("answer").form][-2:] == ["letter_no", "letter_date"]
    assert (step.at.where, step.at.level, step.at.function) == (Where.EXTERNAL, "commune", "justice")
    assert step.at.body is not None


def test_the_units_of_a_named_office_are_needed_at_each_of_its_levels() -> None:
    needed = set(needed_units(procedure("2.000635")))
    assert {one for one in needed if one.step_id == "sign"} == {
        Needed("sign", "commune", "leadership", "justice"),
        Needed("sign", "district", "justice", None),
    }
    assert {one.level for one in needed if one.step_id == "duplicate"} == {"district"}


def test_a_missing_unit_of_a_named_office_is_reported() -> None:
    def resolves(level: str, function: str, within: str | None) -> list[str]:
        return ["Quận Mẫu"] if (level, function) == ("district", "justice") else []

    found = check_text(text_of("2.000635"), "2.000635.yaml", ground=Ground(resolves=resolves))
    assert {(one.kind, one.values["step"]) for one in found} >= {("no_unit", "search"), ("no_unit", "sign")}


@pytest.mark.parametrize(
    ("supplied", "missing"), [((), 1), (("witness",), 0), (("birth_paper", "pledge"), 0), (("proxy",), 1)]
)
def test_one_paper_of_a_set_is_enough(supplied: tuple[str, ...], missing: int) -> None:
    papers = procedure("1.001193").papers
    assert len(missing_sets(papers, supplied)) == missing
    assert not any(paper.required for paper in papers if paper.one_of)


@pytest.mark.parametrize(
    ("born", "copies", "owed"),
    [("2026-11-01", 0, [0, 0]), ("2026-09-10", 2, [0, 16000]), ("2026-09-09", 1, [5000, 8000])],
)
def test_a_birth_costs_by_its_day_and_its_copies(born: str, copies: int, owed: list[int]) -> None:
    facts: dict[str, Any] = {"form": {"dob": born, "copies": copies}, "applicant": {}}
    lines = fee_lines(procedure("1.001193"), facts, moment="receiving", day=DAY)
    assert [line.amount for line in lines] == owed


@pytest.mark.parametrize(
    ("code", "path", "hours"),
    [
        ("1.004873", ["forward", "check", "ask_ok", "conclude", "sign", "stamp"], 22),
        ("1.002693", ["forward", "assign", "appraise", "ask_ok", "dist", "dist_sign", "conclude", "review", "sign",
                      "stamp"], 84),
        ("1.013061", ["forward", "assign", "appraise", "ask_ok", "dist", "dist_sign", "conclude", "review", "sign",
                      "stamp"], 48),
        ("1.001193", ["forward", "check", "person_id", "sign", "stamp"], 1.75),
        ("2.000635", ["forward", "search", "sign", "stamp"], 1.5),
    ],
)  # fmt: skip
def test_the_longest_path_takes_the_hours_of_its_internal_procedure(code: str, path: list[str], hours: float) -> None:
    steps = procedure(code).process.steps
    assert sum(steps[name].quota for name in path) == hours


def test_overlapping_periods_of_residence_are_refused() -> None:
    page = next(page for page in procedure("1.004873").pages if page.id == "residence")
    overlap = page.checks[-1].condition
    one, two = {"from": "2008-01-01", "to": "2012-06-30"}, {"from": "2012-06-01", "to": "2015-01-01"}
    later = {"from": "2012-06-30", "to": "2015-01-01"}
    assert overlap.test({"form": {"periods": [one, later]}})
    assert not overlap.test({"form": {"periods": [one, two]}})
    assert not overlap.test({"form": {"periods": [one, one]}})


def test_an_extension_is_proposed_once_and_approved_by_the_leader() -> None:
    process = procedure("1.009994").process
    proposes, approves = process.step("conclude").action("extend"), process.step("extend_ok").action("approve")
    assert proposes.when is not None
    assert [proposes.when.test({"record": {"extensions": count}}) for count in (0, 1)] == [True, False]
    assert (str(approves.extends), approves.documents) == ("10d", ("extension",))
    assert approves.report_to is not None
    assert (approves.report_to.at.level, process.step("extend_ok").role) == ("city", "leader")


def test_without_its_parameters_the_shared_process_has_neither_extension_nor_correction() -> None:
    process = procedure("1.009998").process
    assert process.correct is None
    assert {"extend_ok", "correct"}.isdisjoint(process.steps)
    assert process.step("sign").differs_from == ("check",)


def test_what_only_a_correction_reaches_is_explored_too() -> None:
    process = procedure("1.009994").process
    trap = replace(process.step("correct").action("decline"), ends=None, branches=(Branch("correct"),))
    stuck = replace(process.step("correct"), actions=(trap,))
    faults = explore(replace(process, steps={**process.steps, "correct": stuck}))
    assert [(fault.fault, fault.step) for fault in faults] == [(Fault.CANNOT_END, "correct")]
    unasked = explore(replace(process, correct=None))
    assert [(fault.fault, fault.step) for fault in unasked] == [(Fault.UNREACHABLE, "correct")]
