"""Quotas beside the term, and how much of a definition its own tests play."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.calendars.rules import standard_calendar
from portal.catalogue.checking import Ground, check_text
from portal.catalogue.coverage import coverage_of
from portal.catalogue.expansion import SHARED
from portal.catalogue.figures import figures
from portal.catalogue.loader import load

PERMIT = (SHARED.parent / "1.009994.yaml").read_text(encoding="utf-8")
EXTENSION = (SHARED.parent / "1.009998.yaml").read_text(encoding="utf-8")
YEARS = Ground(calendar=standard_calendar(first_year=2025, last_year=2031), day=date(2026, 11, 22))
FILES = sorted(SHARED.parent.glob("*.yaml"))


def found(text: str, ground: Ground = YEARS) -> list[tuple[str, str]]:
    lines = text.splitlines()
    return [(mistake.kind, lines[mistake.line - 1].strip()) for mistake in check_text(text, "x.yaml", ground=ground)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_quotas_of_a_shipped_definition_fit_into_its_term_or_say_why_not(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


def test_quotas_longer_than_the_term_are_refused_and_a_reason_does_not_help() -> None:
    long = EXTENSION.replace("      hours: 16", "      hours: 23")
    term = "term: {value: 5, unit: working_days} # [m]"
    assert found(long) == found(long, Ground()) == [("over_term", term)]
    assert check_text(long, "x.yaml")[0].message.startswith("Định mức các bước cộng lại 41 giờ, thời hạn chỉ có 40 giờ")
    excused = long.replace("unit: working_days}", "unit: working_days, tight: {vi: Vì sao, en: Why}}")
    assert [kind for kind, _ in found(excused)] == ["over_term"]


def test_a_term_that_is_too_short_around_a_holiday_names_the_day_unless_the_definition_gives_its_reason() -> None:
    lines = PERMIT.splitlines()
    start = lines.index("  tight:")
    silent = "\n".join(lines[:start] + lines[start + 3 :])
    assert [kind for kind, _ in found(silent)] == ["over_term_around_holidays"]
    message = check_text(silent, "x.yaml", ground=YEARS)[0].message
    assert "60 giờ" in message
    assert "27/01/2027" in message
    assert "48 giờ" in message
    assert found(silent, Ground()) == []


def test_an_opinion_without_a_deadline_is_refused_with_the_way_to_it() -> None:
    timers = "timers: [{after: 8d, effect: remind}, {after: 12d, silence: consent, join: conclude}]"
    assert PERMIT.count(timers) == 3
    late = PERMIT.replace(timers, "timers: [{after: 8d, effect: remind}]", 1)
    findings = check_text(late, "x.yaml")
    assert {(finding.kind, finding.values["step"]) for finding in findings} == {
        ("no_deadline", "fire"), ("no_deadline", "fire_sign"),
    }  # fmt: skip
    assert "appraise.ask › ask_ok.send" in findings[0].message


def test_coverage_counts_each_action_and_timer_once_and_names_those_never_taken() -> None:
    covered = coverage_of(load(EXTENSION, "x.yaml"))
    assert {"check.draft", "receive.refuse", "sup_in.hand_over", "give.give"} <= set(covered.taken)
    assert {"fix.⏰30d", "review.return", "sup_ok_leader.approve"} <= set(covered.never)
    assert covered.percent == 100 * len(covered.taken) // (len(covered.taken) + len(covered.never))


def test_the_figures_say_how_much_the_tests_play_and_how_the_quotas_fit() -> None:
    said = figures(load(EXTENSION, "x.yaml"), calendar=YEARS.calendar, day=YEARS.day)
    assert said[0].startswith("its 3 tests take ")
    assert said[-1] == "longest path 34 h of 40 h (accepted on 23/11/2026)"
