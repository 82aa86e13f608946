"""Each fault is found, with the shortest way to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.workflow.definition import At, Duration, DurationUnit, Process, Where
from portal.workflow.soundness import Fault, explore
from tests.unit.workflow.processes import action, process, remind, silence, step, when

END = step("end", "finish > .")
FAULTS: dict[str, tuple[Process, list[tuple[Fault, str, tuple[str, ...]]]]] = {
    "a sound process": (
        process(step("first", "ask > a, b?wet"), step("a", "x > +end"), step("b", "x > +end"), END),
        [],
    ),
    "a step that nothing opens": (
        process(step("first", "go > ."), step("lost", "go > .")),
        [(Fault.UNREACHABLE, "lost", ())],
    ),
    "a step without actions": (
        process(step("first", "go > a"), step("a")),
        [(Fault.CANNOT_END, "first", ()), (Fault.NO_WAY_ON, "a", ("first.go",))],
    ),
    "conditions that may all fail": (
        process(step("first", action("go > .", when=action("x > a?wet").branches[0].when))),
        [(Fault.NO_WAY_ON, "first", ())],
    ),
    "actions that may all run out of time": (
        process(step("first", action("go > .", within=Duration(Decimal(3), DurationUnit.WORKING_DAYS)))),
        [(Fault.NO_WAY_ON, "first", ())],
    ),
    "a choice without a last way": (
        process(step("first", "go > a?wet | b?cold", "stop > ."), step("a", "x > ."), step("b", "x > .")),
        [(Fault.NO_WAY_ON, "first", ("first.go",))],
    ),
    "a loop without an exit": (
        process(step("first", "go > a", "finish > ."), step("a", "x > b"), step("b", "x > a")),
        [(Fault.CANNOT_END, "a", ("first.go",))],
    ),
    "an end while another branch is open": (
        process(step("first", "go > a, b"), step("a", "x > .", "y > +end"), step("b", "x > +end"), END),
        [(Fault.TOKENS_LEFT, "a", ("first.go", "a.x"))],
    ),
    "a branch that leaves its split": (
        process(step("first", "go > a, b"), step("a", "x > end"), step("b", "x > end"), END),
        [
            (Fault.OPENED_TWICE, "end", ("first.go", "a.x", "b.x")),
            (Fault.TOKENS_LEFT, "end", ("first.go", "a.x", "end.finish")),
        ],
    ),
    "an arrival outside a split": (
        process(step("first", "go > +end", "x > end"), END),
        [(Fault.NO_BRANCH, "first", ("first.go",))],
    ),
    "a single step that waits for branches": (
        process(step("first", "go > a"), step("a", "x > +end", "y > +end"), END),
        [(Fault.NO_BRANCH, "a", ("first.go", "a.x"))],
    ),
    "a step that nobody does": (
        process(step("first", "go > .", role=None)),
        [(Fault.NO_ACTOR, "first", ())],
    ),
    "a register that may never answer": (
        process(step("first", "ok > .", role=None, at=At(Where.AUTOMATIC))),
        [(Fault.NO_ACTOR, "first", ())],
    ),
    "a step that nobody does, further on": (
        process(step("first", "go > a"), step("a", "go > .", role=None)),
        [(Fault.NO_ACTOR, "a", ("first.go",))],
    ),
    "an opinion that may never come": (
        process(step("first", "ask > a"), step("a", "answer > .", consultation="a", timers=(remind(2),))),
        [(Fault.NO_DEADLINE, "a", ("first.ask",))],
    ),
    "an opinion with a deadline": (
        process(step("first", "ask > a"), step("a", "answer > .", consultation="a", timers=(silence(2, "late > ."),))),
        [],
    ),
    "a register with a timer": (
        process(step("first", "ok > .", role=None, at=At(Where.AUTOMATIC), timers=(silence(1, "late > ."),))),
        [],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_explorer_finds(name: str) -> None:
    built, expected = FAULTS[name]
    assert [(found.fault, found.step, found.path) for found in explore(built)] == expected


def test_a_condition_and_its_opposite_never_hold_together() -> None:
    exclusive = process(
        step("first", "go > a?wet, b?!wet"), step("a", "x > +end"), step("b", "x > ."), END
    )  # b ends the record alone, which is only allowed because a is never open beside it
    assert explore(exclusive) == ()


def test_thirty_steps_in_four_long_branches_are_explored_to_the_end() -> None:
    """Every mix of how far the branches are is a marking: 4096 here, the worst that thirty steps can make."""
    branches = [
        step(
            f"{name}{number}",
            f"go > {f'{name}{number + 1}' if number < 6 else '+meet'}",
            *([f"back > {name}{number - 1}"] if number else []),
            action(f"skip > {f'{name}{number + 1}' if number < 6 else '+meet'}", when=when("small")),
        )
        for name in "wxyz"
        for number in range(7)
    ]
    large = process(step("first", "go > w0, x0, y0, z0"), *branches, step("meet", "end > ."))
    assert len(large.steps) == 30
    assert explore(large) == ()
