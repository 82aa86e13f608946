"""A walked sequence written into the text of a definition, wherever its tests stand."""

from __future__ import annotations

import pytest

from portal.catalogue import kept_tests
from portal.catalogue.loader import load
from portal.catalogue.sequences import Game
from portal.catalogue.service import PROCEDURES
from portal.catalogue.types import SequenceTest
from portal.core.errors import Conflict, InvalidInput

SOURCE = (PROCEDURES / "2.000884.yaml").read_text(encoding="utf-8")
WITHOUT, _, OWN = SOURCE.partition("tests:\n")
WALKED = (
    "receive.accept", "forward.hand_over", "witness.signed", "sign.sign", "stamp.issue", "give.give",
)  # fmt: skip
KEPT = SequenceTest("T9", ("witness.signed",), "done", "granted", {"form": {"note": "a: b, #c"}})


@pytest.mark.parametrize(
    "source",
    [
        SOURCE,
        WITHOUT,
        f"{WITHOUT}tests: []\n",
        f"tests:\n{OWN}# what follows is the card\n{WITHOUT}",
        f"{WITHOUT}tests:\n" + OWN.replace("  - ", "- "),
        f"{WITHOUT}tests:\n" + OWN.replace("  - ", "      - "),
    ],
    ids=["own tests", "no tests", "an empty list", "before the card", "at the margin", "far in"],
)
def test_a_test_is_added_and_nothing_else_changes(source: str) -> None:
    before, after = load(source, "x"), load(kept_tests.with_test(source, KEPT, file="x"), "x")
    assert after.tests == (*before.tests, KEPT)
    assert after.pages == before.pages
    assert after.process.steps.keys() == before.process.steps.keys()


def test_a_comment_stays_where_it_is() -> None:
    added = kept_tests.with_test(f"tests:\n{OWN}\n# what follows is the card\n{WITHOUT}", KEPT, file="x")
    assert f"# what follows is the card\n{WITHOUT.splitlines()[0]}" in added


def test_tests_on_one_line_stay_there_and_a_text_that_is_no_yaml_is_left_alone() -> None:
    written = "tests: [{name: T1, do: [witness.signed], ends: done}"
    added = kept_tests.with_test(f"{WITHOUT}{written}]\n", KEPT, file="x")
    assert added.startswith(f"{WITHOUT}{written}, ")
    assert load(added, "x").tests[1] == KEPT
    with pytest.raises(InvalidInput):
        kept_tests.with_test(f"{WITHOUT}{written}\n", KEPT, file="x")


def test_what_is_played_by_itself_is_left_out() -> None:
    procedure = load(SOURCE, "x")
    kept = kept_tests.test_of(procedure, "T9", WALKED, facts={}, end="done", outcome="granted")
    assert kept.steps == ("witness.signed",)


def test_a_sequence_that_ends_otherwise_is_not_kept() -> None:
    with pytest.raises(Conflict):
        kept_tests.test_of(load(SOURCE, "x"), "T9", WALKED, facts={}, end="done", outcome="rejected")


def test_the_name_of_a_new_test_is_free() -> None:
    assert kept_tests.free_name(load(SOURCE, "x")) == "T3"
    assert kept_tests.free_name(load(WITHOUT, "x")) == "T1"


def test_conditions_of_a_test_see_how_steps_were_closed() -> None:
    game = Game(load(SOURCE, "x").process, {})
    for item in WALKED[:3]:
        game.act(item)
    assert game.facts["outcomes"] == {"receive": "accept", "forward": "hand_over", "witness": "signed"}
    assert game.facts["record"]["outcome"] == "granted"
