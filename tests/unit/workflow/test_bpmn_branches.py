"""Constructs that no shipped definition uses, as BPMN: by the rules of the standard, and played alike elsewhere."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bpmn_io.cli import main
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from portal.catalogue.sequences import Game
from portal.catalogue.who import lanes_of
from portal.workflow.bpmn import NotExportable, bpmn_of
from portal.workflow.definition import Branch, Duration, DurationUnit, Process, Step, Timer, TimerEffect
from portal.workflow.soundness import explore
from portal.workflow.splits import Each
from tests.unit.workflow.processes import action, process, silence, step
from tests.unit.workflow.spiff_record import SpiffRecord
from tests.unit.workflow.test_bpmn_in_another_engine import Pair

ROWS = Each("each rows", lambda facts: tuple(facts.get("rows", ())))
END = ("last", "finish > .")


def counted(opens_after: int, *branches: Branch, **steps: Step) -> Process:
    """Three branches, or those given, of which some are enough."""
    known = {name: step(name, "x > +last") for name in ("a", "b", "c")}
    opened = branches or tuple(Branch(name) for name in known)
    used = {**known, **steps}
    return process(
        step("first", replace(action("go > a, b"), branches=opened)),
        *(used[name] for name in used if name in steps or any(branch.step == name for branch in opened)),
        step(*END, opens_after=opens_after),
    )


def each_and(*more: Step, first: str = "ask") -> Process:
    return process(step("first", replace(action("go > ask"), branches=(Branch(first, each=ROWS),))), *more, step(*END))


TWO_OF_THREE = counted(2)
WITH_CONDITION = counted(2, *action("go > a?wet, b, c?dry").branches)
WITH_ROWS = counted(2, Branch("a"), Branch("b", each=ROWS))
WITH_SILENCE = counted(
    2,
    a=step("a", "x > a2"),
    a2=step("a2", "x > +last", "back > a", timers=(silence(3, "y > +last"),)),
    b=step("b", "x > +last", "no > .expired"),
)
WITH_INNER_SPLIT = counted(
    2,
    c=step("c", "x > c1, c2?wet"),
    c1=step("c1", "x > +both"),
    c2=step("c2", "x > +both"),
    both=step("both", "x > +last"),
)
SPLIT_IN_EACH = each_and(
    step("ask", "x > a, b?wet"),
    step("a", "x > +both", "no > .expired"),
    step("b", "x > +both", timers=(silence(3, "y > +both"),)),
    step("both", "x > +last"),
)
ASKED_FROM_INSIDE = counted(
    2,
    a=step("a", action("ask > sign", asks=True), "x > +last"),
    sign=step("sign", "no > @asker", "yes > fix"),
    fix=step("fix", "send > @asker", timers=(silence(3, "y > .expired"),)),
)
ASKED_EVERYWHERE = process(  # the way of a supplement, from before the branches and from inside them
    step("begin", action("ask > sign", asks=True), "go > first"),
    step("sign", "no > @asker", "yes > fix"),
    step("fix", "send > @asker", timers=(silence(3, "y > .expired"),)),
    step("first", action("ask > sign", asks=True), replace(action("go > a, b"), branches=(Branch("a"), Branch("b")))),
    step("a", action("ask > sign", asks=True), "x > +last"),
    step("b", "x > +last"),
    step(*END, opens_after=1),
)
SIGN, FIX = step("sign", "no > @asker", "yes > fix"), step("fix", "send > @asker")
ASKED_IN_EACH = each_and(step("ask", action("more > sign", asks=True), "x > +last"), SIGN, FIX)
ASKED_TWICE_IN_EACH = each_and(
    step("ask", action("more > sign", asks=True), "x > other"),
    step("other", action("more > sign", asks=True), "x > +last"),
    SIGN,
    FIX,
)
SKIPPED = step("ask", "x > +last", same_office="skip")
SKIPPED_IN_EACH = each_and(SKIPPED)
SKIPPED_IN_COUNTED = counted(
    2, Branch("a"), Branch("b", each=ROWS), Branch("c"), a=step("a", "x > +last", same_office="skip"),
    b=step("b", "x > +last", same_office="skip"), c=step("c", "x > +last"),
)  # fmt: skip
AGAIN_INSIDE = process(  # asked again where two meet, inside a branch that itself meets another that is asked again
    step("first", "go > a, b"),
    step("a", "in > c, d"),
    step("b", "x > +meeting"),
    step("c", "x > +both"),
    step("d", "x > +both"),
    step("both", "again > c, d", "x > +meeting"),
    step("meeting", "again > b, e", "go > last"),
    step("e", "x > +meeting"),
    step(*END),
)
BACKWARDS = Timer(
    Duration(Decimal(3), DurationUnit.WORKING_DAYS), TimerEffect.ACT, action("y > last"), "consent", before_due=True
)
BEFORE_DUE = process(step("first", "go > last", timers=(BACKWARDS,)), step(*END))

EVERY: dict[str, tuple[Process, list[dict[str, Any]]]] = {
    "two-of-three": (TWO_OF_THREE, [{}]),
    "one-of-three": (counted(1), [{}]),
    "three-of-three": (counted(3), [{}]),
    "more-than-there-are": (counted(9), [{}]),
    "with-conditions": (WITH_CONDITION, [{"wet": wet, "dry": dry} for wet in (True, False) for dry in (True, False)]),
    "with-rows": (WITH_ROWS, [{"rows": rows} for rows in ((), ("1",), ("1", "2", "3"))]),
    "with-silence": (WITH_SILENCE, [{}]),
    "with-an-inner-split": (WITH_INNER_SPLIT, [{"wet": True}, {"wet": False}]),
    "a-split-in-each": (
        SPLIT_IN_EACH,
        [{"wet": wet, "rows": rows} for wet in (True, False) for rows in ((), ("1",), ("1", "2"))],
    ),
    "before-due": (BEFORE_DUE, [{}]),
    "a-supplement-in-one": (ASKED_FROM_INSIDE, [{}]),
    "a-supplement-everywhere": (ASKED_EVERYWHERE, [{}]),
    "a-supplement-in-each": (ASKED_IN_EACH, [{"rows": ("1", "2")}]),
    "two-supplements-in-each": (ASKED_TWICE_IN_EACH, [{"rows": ("1",)}]),
    "skipped-in-each": (
        SKIPPED_IN_EACH,
        [{"rows": ("1", "2"), "same_office": same} for same in ([], ["ask[1]"], ["ask[1]", "ask[2]"])],
    ),
    "skipped-in-counted": (
        SKIPPED_IN_COUNTED,
        [{"rows": ("1", "2"), "same_office": same} for same in ([], ["a"], ["b[2]"], ["a", "b[1]"])],
    ),
    "asked-again-inside": (AGAIN_INSIDE, [{}]),
}
LONGEST = 2
"""Sequences of so many actions are all followed; beyond, every situation is met once."""


def model_of(known: Process) -> str:
    lanes, lane_of = lanes_of(known, language="vi")
    return bpmn_of(known, code="x", name="x", lanes=lanes, lane_of=lane_of, language="vi")


@pytest.mark.parametrize(
    "name", ["with-conditions", "a-split-in-each", "a-supplement-everywhere", "skipped-in-counted", "before-due"]
)
def test_a_model_keeps_schema_and_rules(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = model_of(EVERY[name][0])
    BpmnValidator().validate(etree.fromstring(text.encode()))
    model = tmp_path / "model.bpmn"
    model.write_text(text, encoding="utf-8")
    (tmp_path / ".bpmnlintrc").write_text('{"extends": "bpmnlint:recommended"}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in ("lint", "check"):
        code = main([command, str(model)])
        assert (code, "".join(capsys.readouterr()).replace(f"ok: {model}", "").strip()) == (0, "")


@pytest.mark.parametrize("name", EVERY)
def test_both_engines_allow_the_same_sequences(name: str) -> None:
    known, cases = EVERY[name]
    assert explore(known) == ()
    text = model_of(known)
    for facts in cases:
        waiting: deque[tuple[tuple[str, ...], Pair]] = deque([((), begun(known, text, facts))])
        ended, seen = 0, set[Any]()
        while waiting:
            way, pair = waiting.popleft()
            for item, following in pair.follow(way).items():
                ended += following.game.end is not None
                if following.game.end is None and (len(way) < LONGEST or following.situation not in seen):
                    waiting.append(((*way, item), following))
                    seen.add(following.situation)
        assert ended


def test_rows_inside_branches_that_are_a_sub_process_are_refused_by_name() -> None:
    rows = counted(
        1,
        a=step("a", replace(action("go > ask"), branches=(Branch("ask", each=ROWS),))),
        ask=step("ask", "x > +mid"),
        mid=step("mid", "x > +last"),
    )
    with pytest.raises(NotExportable) as refused:
        model_of(rows)
    assert (refused.value.step, "for each row inside branches" in refused.value.reason) == ("a", True)


def begun(known: Process, text: str, facts: dict[str, Any]) -> Pair:
    game = Game(known, facts)
    game.facts["done"] = {}
    game.facts["due"] = dict.fromkeys(known.steps, datetime(2030, 1, 2, tzinfo=UTC))
    game.facts["each"] = {"ask": list(facts.get("rows", ())), "b": list(facts.get("rows", ()))}
    return Pair(game, SpiffRecord(text, game.facts))
