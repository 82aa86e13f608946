"""Branches for each value of an answer: opened, joined, explored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.workflow import engine, splits
from portal.workflow.definition import At, Branch, Process, Step, Where
from portal.workflow.engine import Token
from portal.workflow.soundness import Fault, explore
from portal.workflow.splits import Each
from tests.unit.workflow.processes import action, process, silence, step

ROWS = Each("each rows", lambda facts: tuple(facts.get("rows", ())))
THERE = At(Where.EACH, "commune", "justice")


def asking(*steps: Step) -> Process:
    """A process whose first step opens `ask` for each row, and `other` when it is wet."""
    branches = (Branch("ask", each=ROWS), *action("x > other?wet").branches)
    return process(
        step("first", replace(action("go > ask"), branches=branches)),
        *steps,
        step("other", "x > +end"),
        step("end", "finish > ."),
    )


def test_a_branch_opens_for_each_value_and_the_join_waits_for_all() -> None:
    sound = asking(step("ask", "x > sign", at=THERE), step("sign", "x > +end", at=THERE))
    opened = engine.after(sound, [Token(1, "first")], 1, "go", {"rows": ("a", "b"), "wet": True}).opens
    assert [(one.step, one.group) for one in opened] == [
        ("ask", "first[a]"),
        ("ask", "first[b]"),
        ("other", "first"),
    ]
    tokens = [Token(number, one.step, one.group) for number, one in enumerate(opened, start=2)]
    moved = engine.after(sound, tokens, 2, "x", {})
    assert [(one.step, one.group) for one in moved.opens] == [("sign", "first[a]")]
    assert engine.after(sound, [Token(2, "sign", "first[a]"), *tokens[1:]], 2, "x", {}).opens == ()
    last = engine.after(sound, [Token(2, "sign", "first[b]")], 2, "x", {}).opens
    assert [(one.step, one.group) for one in last] == [("end", "")]


def test_without_values_the_record_goes_straight_to_the_join() -> None:
    sound = asking(step("ask", "x > +end", at=THERE))
    opened = engine.after(sound, [Token(1, "first")], 1, "go", {"rows": (), "wet": False}).opens
    assert [(one.step, one.group) for one in opened] == [("end", "")]


def test_the_explorer_takes_no_row_one_and_two() -> None:
    assert explore(asking(step("ask", "x > +end", at=THERE))) == ()
    nested = asking(
        step("ask", "x > a, b", at=THERE),
        step("a", "x > +both"),
        step("b", "x > +both"),
        step("both", "x > +end", at=THERE),
    )
    assert explore(nested) == ()


def test_a_branch_that_leaves_its_split_is_found() -> None:
    found = explore(asking(step("ask", "x > end", at=THERE)))
    assert Fault.TOKENS_LEFT in {fault.fault for fault in found}


def test_a_step_at_the_place_of_its_branch_needs_one() -> None:
    stray = process(step("first", "go > ask"), step("ask", "x > .", at=THERE))
    assert [(found.fault, found.step, found.path) for found in explore(stray)] == [
        (Fault.NO_VALUE, "ask", ("first.go",))
    ]


def test_a_timer_leads_each_branch_on_by_itself() -> None:
    timed = asking(
        step("ask", "x > +end", at=THERE, timers=(silence(1, "late > pledge"),)),
        step("pledge", "x > +end", at=At(Where.APPLICANT)),
    )
    assert explore(timed) == ()


@pytest.mark.parametrize(
    ("group", "other", "is_in"),
    [
        ("a[1]", "a[2]", True),
        ("a", "a[2]/b", True),
        ("a[1]/b", "a[1]/b[3]", True),
        ("a[1]/b", "a[2]/b", False),
        ("a", "ab", False),
        ("a[1]/b", "a[1]", False),
    ],
)
def test_what_belongs_to_one_split(group: str, other: str, is_in: bool) -> None:
    assert splits.holds(group, other) is is_in


def test_the_value_of_a_task_is_that_of_its_nearest_branch() -> None:
    assert [splits.value_of(group) for group in ("", "a", "a[1]", "a[1]/b", "a[1]/b[2]")] == ["", "", "1", "1", "2"]
    assert (splits.inside("a[1]", "b", "2"), splits.around("a[1]/b[2]")) == ("a[1]/b[2]", "a[1]")
