"""What definitions say about giving the result: who comes, what is taken in, what happens when nobody does."""

from __future__ import annotations

import pytest

from portal.catalogue.expansion import SHARED
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import load
from portal.catalogue.types import Procedure
from portal.records.answers import asking
from portal.records.collecting import collecting
from portal.workflow.definition import Action, TimerEffect


def text_of(code: str) -> str:
    return (SHARED.parent / f"{code}.yaml").read_text(encoding="utf-8")


BIRTH, CLOSING, MARITAL, ALLOWANCE = map(text_of, ("1.001193", "1.001266", "1.004873", "1.010803"))


def give(procedure: Procedure) -> Action:
    return procedure.process.step("give").action("give")


WHO = ["came", "identity_paper", "identity_no", "came_name", "authorisation", "authorisation_no"]


def asked(text: str, *, outcome: str = "granted", way: str = "online", **form: object) -> list[str]:
    facts = {"form": form, "record": {"outcome": outcome, "return_by": way}}
    return [field.id for field in asking(give(load(text, "x.yaml")), facts).form]


def mistakes(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        load(text, "x.yaml")
    return [finding.kind for finding in refused.value.findings]


def test_presence_asks_who_came_and_leaves_the_counter_alone_as_way_of_return() -> None:
    procedure = load(BIRTH, "x.yaml")
    assert asked(BIRTH, way="counter") == WHO
    (ways,) = [field for page in procedure.pages for field in page.fields if field.id == "return_by"]
    assert [choice.value for choice in ways.choices] == ["counter"]
    assert collecting(procedure, None, outcome=None).in_person


def test_without_presence_every_way_of_return_is_offered_and_nobody_is_asked_for() -> None:
    text = BIRTH.replace("    presence: required # both sign the register [s]\n", "")
    assert (asked(text), asked(text, way="post"), asked(text, way="counter")) == ([], [], WHO)
    ways = [field for page in load(text, "x.yaml").pages for field in page.fields if field.id == "return_by"]
    assert [choice.value for choice in ways[0].choices] == ["counter", "post", "online"]


def test_each_surrendered_paper_that_is_asked_for_has_a_field_and_needs_no_key() -> None:
    assert asked(CLOSING) == ["taken_certificate"]
    assert asked(MARITAL) == []
    assert asked(MARITAL, reissue=True) == ["taken_old"]
    names = collecting(load(MARITAL, "x.yaml"), {"reissue": True}, outcome="granted").names
    assert (names.vi, names.en) == ("Giấy đã cấp", "The earlier certificate")


def test_a_refusal_takes_nothing_in_but_whoever_fetches_it_shows_who_he_is() -> None:
    assert asked(CLOSING, outcome="rejected") == []
    assert asked(BIRTH, outcome="rejected", way="counter") == asked(CLOSING, outcome="rejected", way="counter") == WHO
    assert not collecting(load(BIRTH, "x.yaml"), {}, outcome="rejected").in_person


def test_a_result_that_nobody_collects_is_reminded_of_twice_and_archived() -> None:
    timers = load(ALLOWANCE, "x.yaml").process.step("give").timers
    reminding = [timer.label for timer in timers if timer.effect is TimerEffect.REMIND_APPLICANT]
    ending = [(timer.label, timer.action.ends) for timer in timers if timer.action]
    assert (reminding, ending) == (["30d", "180d"], [("365d", "archived")])


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ("unclaimed: none", []),
        ("unclaimed: {remind: 10d, archive: 90d}", ["10d", "90d"]),
        ("unclaimed: {remind: 10d, again: 20d, archive: 90d}", ["10d", "20d", "90d"]),
    ],
)
def test_a_definition_may_say_otherwise(given: str, labels: list[str]) -> None:
    text = BIRTH.replace("    presence: required", f"    {given}\n    presence: required")
    assert [timer.label for timer in load(text, "x.yaml").process.step("give").timers] == labels


def test_paper_follows_each_hand_over_unless_the_definition_says_none() -> None:
    def following(text: str) -> dict[str, int | None]:
        steps = load(text, "x.yaml").process.steps.values()
        return {step.id: action.paper_within for step in steps for action in step.actions if action.paper_within}

    assert following(ALLOWANCE) == {"forward": 1, "c_out": 1, "d_out": 1, "sup_in": 1}
    none = BIRTH.replace("    presence: required", "    paper_within: none\n    presence: required")
    assert following(none) == {}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("          paper_within: 1wd", "          paper_within: 30h", "bad_form"),
        ("          paper_within: 1wd", '          paper_within: 1wd\n          cutoff: "25:00"', "bad_form"),
        ("          kind: hand_over", "          kind: advance", "paper_at_hand_over"),
        ("          kind: hand_over", "          kind: hand_over\n          needs: [presence]", "presence_at_give"),
        ("          kind: hand_over", "          kind: hand_over\n          presence: required", "unknown_key"),
    ],
)
def test_a_key_at_the_wrong_place_is_a_mistake(old: str, new: str, kind: str) -> None:
    assert kind in mistakes(ALLOWANCE.replace(old, new, 1))
