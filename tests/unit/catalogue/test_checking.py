"""A broken definition: every mistake is reported with its file and line, and in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.calendars.rules import standard_calendar
from portal.catalogue import loader, located
from portal.catalogue.checking import Ground, check_file, check_text
from portal.catalogue.expansion import SHARED
from portal.catalogue.findings import MESSAGES, DefinitionError, Finding

PERMIT = (SHARED.parent / "1.009994.yaml").read_text(encoding="utf-8")
BUSINESS = (SHARED.parent / "1.001612.yaml").read_text(encoding="utf-8")


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def found(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.kind) for finding in check_text(text, "broken.yaml")]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('code: "1.009994"', "code: 1.009994", "not_text"),
        ('code: "1.009994"', 'code: "1009994"', "bad_form"),
        ("minutes: 20", "minuts: 20", "unknown_key"),
        ("minutes: 20", "minutes: many", "not_number"),
        ("minutes: 20", "minutes: 500", "wrong_value"),
        ("minutes: 20", "minutes: 20\nminutes: 21", "twice"),
        ("        type: decimal", "        type: number", "not_one_of"),
        ("    when: form.adjacent", "    when: form.adjacant", "unknown_field"),
        ("    when: form.adjacent", "    when: form.plot_m2", "wrong_type"),
        ("    when: form.tenure == 'leased'", "    when: form.tenure == 'rented'", "unknown_choice"),
        ("    when: form.adjacent", "    when: form.adjacent &&", "syntax_end"),
        ("amount: 75000", "amount: form.plot_no", "wrong_type"),
        ("    in_planning_zone: form.planning_zone", "    in_planning_zone: form.planning", "unknown_field"),
        ("          to: ask_ok", "          to: ask_okay", "unknown_step"),
        ("          join: conclude\n        sup", "          join: concluded\n        sup", "unknown_step"),
        ("          to: ask_ok", "          to: ask_ok\n          end: done", "one_way_on"),
        ("          kind: consult", "          kind: consulting", "not_one_of"),
        ("    first: appraise", "    frist: appraise", "unknown_key"),
        ("  use: one_stop", "  use: no_stop", "unknown_shared"),
        ("      at: $owner", "      at: $owners", "unknown_binding"),
        ("        reject:\n    ask_ok:", "        rejekt:\n    ask_ok:", "unknown_shared_part"),
        ("  template: construction_permit", "  template: permit", "not_one_of"),
        ("place_field: form.plot_commune", "place_field: form.grade", "unknown_condition_field"),
        ("thửa {form.plot_no}", "thửa {form.plot}", "unknown_condition_field"),
        ("  site:\n    title", "  Site:\n    title", "bad_name"),
        ("    formats: [pdf]", "    formats: pdf", "not_a_list"),
        ("    formats: [pdf]", "    formats: [pdf, jpg]\n    signed: true", "signed_no_pdf"),
        ("              type: long_text", "              type: unit", "not_at_desks"),
    ],
)
def test_a_mistake_is_reported_at_its_line(old: str, new: str, kind: str) -> None:
    assert PERMIT.count(old) >= 1
    text = PERMIT.replace(old, new, 1)
    lines = [line for line, name in found(text) if name == kind]
    first = text[: text.index(new)].count("\n") + 1
    assert set(lines) & set(range(first, first + new.count("\n") + 1))


def test_a_missing_key_is_reported_where_it_should_stand() -> None:
    assert found(PERMIT.replace("field: construction\n", "")) == [(line_of(PERMIT, "code:"), "missing_key")]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("    ends: done", "    ends: refused", "test_end"),
        ("plan.⏰12d, site.done", "plan.⏰13d, site.done", "test_action"),
    ],
)
def test_a_test_that_fails_is_reported_where_it_begins(old: str, new: str, kind: str) -> None:
    text = PERMIT.replace(old, new, 1)
    name = "- name: T1" if kind == "test_end" else "- name: T2"
    assert found(text) == [(line_of(text, name), kind)]


def test_every_mistake_is_reported_at_once() -> None:
    text = PERMIT
    for old, new in (
        ("minutes: 20", "minuts: 20"),
        ("    when: form.adjacent", "    when: form.adjacant"),
        ("          to: ask_ok", "          to: ask_okay"),
        ("    max_mb: 50", "    max_mb: 5000"),
        ("amount: 75000", "amount: form.plot_no"),
    ):
        text = text.replace(old, new, 1)
    expected = {
        (line_of(text, "minuts"), "unknown_key"),
        (line_of(text, "form.adjacant"), "unknown_field"),
        (line_of(text, "to: ask_okay"), "unknown_step"),
        (line_of(text, "max_mb: 5000"), "wrong_value"),
        (line_of(text, "amount: form.plot_no"), "wrong_type"),
    }
    assert expected <= set(found(text))


def test_an_unsound_process_is_reported_with_the_way_to_it() -> None:
    text = BUSINESS.replace("          to: tax\n", "          to: sign\n")
    findings = check_text(text, "broken.yaml")
    unreachable = {finding.values["step"] for finding in findings if finding.kind == "unreachable"}
    assert unreachable == {"tax", "tax_hand"}
    assert {finding.line for finding in findings if finding.kind == "unreachable"} == {
        line_of(text, "    tax:"),
        line_of(text, "    tax_hand:"),
    }


def test_a_register_without_a_timer_is_a_step_without_an_actor() -> None:
    text = BUSINESS.replace("      timers: [{after: 4h, to: tax_hand}]\n", "")
    assert (line_of(text, "    tax:\n".strip("\n")), "no_actor") in found(text)


def test_a_branch_that_does_not_arrive_at_the_join_leaves_tasks_behind() -> None:
    text = PERMIT.replace("          join: conclude\n        supplement", "          to: conclude\n        supplement")
    findings = check_text(text, "broken.yaml")
    assert ("one_stop.yaml", "tokens_left") in [(finding.file, finding.kind) for finding in findings]
    assert any("ask_ok.send › site.done › conclude.draft" in finding.message for finding in findings)


def test_an_opinion_of_a_template_is_found_fault_with_where_the_definition_writes_it() -> None:
    text = PERMIT.replace(", {after: 12d, silence: consent, join: conclude}]", "]", 1)
    findings = [finding for finding in check_text(text, "permit.yaml") if finding.kind == "no_deadline"]
    assert {(finding.file, finding.line) for finding in findings} == {("permit.yaml", line_of(text, "    fire:"))}


def test_a_join_that_waits_for_more_branches_than_there_are_is_reported() -> None:
    waits = "      role: specialist\n      hours: 4\n      opens_after: {}\n"
    old = "      role: specialist\n      hours: 4\n"
    assert PERMIT.count(old) == 1
    text = PERMIT.replace(old, waits.format(5))
    assert (line_of(text, "opens_after"), "too_few_branches") in found(text)
    assert "too_few_branches" not in {kind for _, kind in found(PERMIT.replace(old, waits.format(2)))}


def test_quotas_that_never_fit_also_name_the_worst_day() -> None:
    text = PERMIT.replace("      hours: 24", "      hours: 200", 1)
    calendar = standard_calendar(first_year=2026, last_year=2030)
    ground = Ground(calendar=calendar, day=date(2026, 11, 23))
    (finding,) = [one for one in check_text(text, "permit.yaml", ground=ground) if one.kind == "over_term"]
    assert "tiếp nhận ngày" in finding.message
    assert "accepted on" in finding.in_language("en")


def test_a_function_that_no_unit_has_is_reported() -> None:
    def resolves(level: str, function: str, within: str | None) -> list[str]:
        return ["Quận Ô Môn"] if function == "land" else []

    findings = check_text(PERMIT, "permit.yaml", ground=Ground(resolves=resolves))
    assert {finding.kind for finding in findings} == {"no_unit"}
    assert "Quận Ô Môn" in findings[0].message
    assert findings[0].message.endswith("appraise.ask › ask_ok.send)")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("code: [1", "yaml_unclosed"),
        ("code: '1.000000", "yaml_quote"),
        ("code:\n\tname: x", "yaml_character"),
        ("name: Cấp phép: xây", "yaml_colon"),
        ("code: 1\nname", "yaml_no_colon"),
        ("code: 1\n  name: x", "yaml_colon"),
        ("name:\n  vi: x\n en: y", "yaml_indent"),
        ("code: \x00", "yaml_control"),
        ("- a\n- b", "not_a_mapping"),
        ("", "not_a_mapping"),
        ("a: &x [1]\nb: *x", "alias"),
        ("a: 1\n" * 100_000, "too_large"),
        ("code: '1.000000'", "missing_key"),
    ],
)
def test_a_text_that_is_no_definition(text: str, kind: str) -> None:
    kinds = [name for _, name in found(text)]
    assert kind in kinds
    assert len(kinds) == 1 or kind not in located.UNREADABLE, "nothing else is said of a text that cannot be read"


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    assert [finding.kind for finding in check_file(tmp_path / "none.yaml")] == ["not_yaml"]


def test_a_broken_definition_is_not_loaded() -> None:
    with pytest.raises(DefinitionError) as raised:
        loader.load("code: 1", "broken.yaml")
    assert all(isinstance(finding, Finding) for finding in raised.value.findings)


def test_every_message_can_be_said_in_both_languages() -> None:
    for kind, text in MESSAGES.items():
        assert text.vi, kind
        assert text.en, kind
    finding = Finding("a.yaml", 3, "unknown_step", {"name": "x", "near": ""})
    assert str(finding) == "a.yaml:3: Không có bước x."
    assert finding.in_language("en") == "There is no step x."
