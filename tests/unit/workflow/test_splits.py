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


def counted(opens_after: int, *, inner: bool = False) -> Process:
    """Three branches of which some are enough; with `inner` the last splits again."""
    last = (step("c", "x > c1, c2"), step("c1", "x > +both"), step("c2", "x > +both"), step("both", "x > +end"))
    return process(
        step("first", "go > a, b, c"),
        step("a", "x > +end"),
        step("b", "x > +end"),
        *(last if inner else (step("c", "x > +end"),)),
        step("end", "finish > .", opens_after=opens_after),
    )


def opened(sound: Process, tokens: list[Token], task: int, action_id: str) -> list[Token]:
    """The open tasks after an action; new ones are numbered on."""
    move = engine.after(sound, tokens, task, action_id, {})
    gone = {*move.closes, *move.cancels}
    start = 1 + max(int(str(token.task_id)) for token in tokens)
    new = [Token(start + number, one.step, one.group, one.origin) for number, one in enumerate(move.opens)]
    return [*(token for token in tokens if token.task_id not in gone), *new]


def steps(tokens: list[Token]) -> list[str]:
    return [token.step for token in tokens]


@pytest.mark.parametrize(("enough", "after_one"), [(1, ["end"]), (2, ["b", "c"]), (3, ["b", "c"]), (9, ["b", "c"])])
def test_a_join_opens_after_so_many_branches(enough: int, after_one: list[str]) -> None:
    sound = counted(enough)
    tokens = opened(sound, opened(sound, [Token(1, "first")], 1, "go"), 2, "x")
    assert steps(tokens) == after_one
    if enough > 1:
        tokens = opened(sound, tokens, 3, "x")
        assert steps(tokens) == (["end"] if enough == 2 else ["c"])
    if enough > 2:
        assert steps(opened(sound, tokens, 4, "x")) == ["end"]


def test_tasks_of_an_inner_split_are_one_branch_and_are_cancelled_together() -> None:
    sound = counted(2, inner=True)
    tokens = opened(sound, [Token(1, "first")], 1, "go")
    tokens = opened(sound, tokens, 4, "x")
    assert steps(tokens) == ["a", "b", "c1", "c2"]
    tokens = opened(sound, tokens, 2, "x")
    assert steps(tokens) == ["b", "c1", "c2"]
    assert steps(opened(sound, tokens, 3, "x")) == ["end"]


def test_a_path_keeps_its_number_of_branches_under_another_name() -> None:
    path = splits.inside(splits.inside("", "ask", of=3), "each", "31117", of=2)
    assert path == "ask*3/each*2[31117]"
    assert splits.names_of(path) == ["ask", "each"]
    assert splits.renamed(path, {"ask": "wonder"}, {"31117": "1"}) == "wonder*3/each*2[1]"
    assert splits.uncounted(path) == "ask/each[31117]"
    told = {("", "ask"): 3, ("ask*3", "each"): 2}
    assert splits.counted("ask/each[31117]", lambda around, step: told[around, step]) == path
    assert splits.counted(path, lambda around, step: 9) == path
    assert splits.counted("", lambda around, step: 9) == ""


@pytest.mark.parametrize("enough", [1, 2, 3])
@pytest.mark.parametrize("inner", [False, True])
def test_a_counted_join_is_sound(enough: int, *, inner: bool) -> None:
    assert explore(counted(enough, inner=inner)) == ()


def test_a_counted_join_inside_another_split_is_found_with_the_way_to_it() -> None:
    nested = process(
        step("first", "go > a, other"),
        step("a", "x > b, c"),
        step("b", "x > +both"),
        step("c", "x > +both"),
        step("both", "x > +end", opens_after=1),
        step("other", "x > +end"),
        step("end", "finish > ."),
    )
    assert [(found.fault, found.step, found.path) for found in explore(nested)] == [
        (Fault.CANCELS_OUTSIDE, "both", ("first.go", "a.x", "b.x"))
    ]
