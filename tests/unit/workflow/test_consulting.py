"""Opinions: asked of whom is ticked, not of the office that asks, taken back while nobody has answered."""

from __future__ import annotations

from typing import Any

import pytest

from portal.catalogue.checking import check_text
from portal.catalogue.comparison import compare
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import load
from portal.catalogue.sequences import Game, SequenceFailed
from portal.workflow import engine
from portal.workflow.bpmn import NotExportable, bpmn_of
from portal.workflow.bpmn_graph import Lane
from portal.workflow.definition import Process
from portal.workflow.quotas import longest_path
from tests.unit.workflow.lane_examples import PROCEDURES, shipped

TEXT = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
PERMIT = shipped("1.009994").process
HEAD = ("receive.accept", "forward.hand_over", "assign.assign", "appraise.ask")
LANES = [Lane("one", "Một")]
SITE = "      role: specialist\n      hours: 24\n"
APPROVED = "          to: more_ok # as the first letters, these leave with the head's approval\n"
PROPOSED = "          kind: consult\n          consult: [fire, plan, land]\n" + APPROVED
WITHOUT_APPROVAL = load(TEXT.replace(APPROVED, ""), "x.yaml").process


def game(*items: str, process: Process = PERMIT, **facts: Any) -> Game:
    form = {"use": "housing", "floors_above": 2, "planning_zone": False}
    played = Game(process, {"form": form, **facts})
    for item in (*HEAD, *items):
        played.act(item)
    return played


def test_the_branch_of_an_office_that_would_ask_itself_arrives_at_once() -> None:
    asked = game("ask_ok.send", same_office=["land"])
    assert asked.open_steps == ("site",)
    assert asked.facts["outcomes"]["land"] == "skipped"
    asked.act("site.done")
    assert asked.open_steps == ("conclude",)


def test_where_only_the_own_office_is_asked_the_step_opens_where_they_meet() -> None:
    done = ("ask_ok.send", "site.done", "land.answer", "land_sign.sign", "conclude.ask_more(land)")
    assert game(*done, process=WITHOUT_APPROVAL).open_steps == ("land",)
    again = game(
        "ask_ok.send",
        "site.done",
        "conclude.ask_more(land)",
        "conclude.ask_more(land+fire)",
        process=WITHOUT_APPROVAL,
        same_office=["land"],
    )
    assert again.open_steps == ("fire",)


def test_whoever_approves_asks_those_that_were_proposed_or_others() -> None:
    proposed = ("ask_ok.send", "site.done", "land.answer", "land_sign.sign", "conclude.ask_more(fire+land)")
    assert game(*proposed).open_steps == ("more_ok",)
    assert game(*proposed, "more_ok.return").open_steps == ("conclude",)
    assert game(*proposed, "more_ok.send").open_steps == ("fire", "land")
    asked = game(*proposed, "more_ok.send(plan)")
    assert asked.open_steps == ("plan",)
    asked.act("plan.⏰12d")
    assert asked.open_steps == ("conclude",)


def test_a_comparison_says_that_the_letters_are_approved_from_now_on() -> None:
    older = load(TEXT.replace(APPROVED, ""), "x.yaml")
    said = {change.after.vi for change in compare(older, shipped("1.009994")) if change.after}
    assert any("qua Duyệt văn bản hỏi thêm" in words for words in said)


def test_of_two_that_are_enough_a_skipped_one_counts() -> None:
    definition = TEXT.replace(
        "      role: specialist\n      hours: 4\n", "      role: specialist\n      hours: 4\n      opens_after: 2\n"
    )
    process = load(definition, "two.yaml").process
    tokens = [engine.Token(1, "ask_ok")]
    facts = {"form": {"use": "mixed", "floors_above": 2, "planning_zone": False}, "same_office": ["land"]}
    move = engine.after(process, tokens, 1, "send", facts)
    assert {opening.step for opening in move.opens} == {"site", "fire"}
    open_now = [engine.Token(index, opening.step, opening.group) for index, opening in enumerate(move.opens)]
    site = next(token.task_id for token in open_now if token.step == "site")
    assert [opening.step for opening in engine.after(process, open_now, site, "done", {}).opens] == ["conclude"]


def test_somebody_must_be_asked() -> None:
    asked = game("ask_ok.send", "site.done", "land.answer", "land_sign.sign")
    asked.act("conclude.ask_more")
    with pytest.raises(SequenceFailed):
        asked.act("more_ok.send")


def test_a_question_is_taken_back_where_its_answer_would_arrive() -> None:
    asked = game("ask_ok.send", "land.answer", "land_sign.recall")
    assert asked.open_steps == ("site",)
    asked.act("site.done")
    assert asked.open_steps == ("conclude",)
    with pytest.raises(SequenceFailed):
        asked.act("conclude.recall")


def test_asking_again_is_no_part_of_the_longest_path() -> None:
    without = TEXT.replace(PROPOSED, "          to: conclude\n").replace("conclude.ask_more", "x")
    hours = longest_path(load(without, "x.yaml").process)
    assert hours == longest_path(PERMIT) == longest_path(WITHOUT_APPROVAL)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (PROPOSED, PROPOSED.replace("plan, land", "firee"), "unknown_step"),
        (PROPOSED, PROPOSED.replace("plan, land", "site"), "asks_no_opinion"),
        (PROPOSED, PROPOSED + "          join: site\n", "one_way_on"),
        (PROPOSED, PROPOSED.replace("more_ok", "[more_ok, site]"), "one_way_on"),
        (PROPOSED, PROPOSED.replace("more_ok", "appraise"), "proposes_in_vain"),
        ("kind: consult\n          documents", "kind: advance\n          documents", "consults_as"),
        (SITE, SITE + "      same_office: skip\n", "skips_no_branch"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_or_skipped_is_said_at_its_line(old: str, new: str, kind: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(DefinitionError) as refused:
        load(TEXT.replace(old, new), "x.yaml")
    assert kind in {finding.kind for finding in refused.value.findings}


def test_an_opinion_that_may_be_skipped_and_asked_again_is_sound() -> None:
    assert check_text(TEXT, "x.yaml") == []


def test_versions_are_compared_in_words() -> None:
    older = load(
        TEXT.replace("        same_office: skip", "        #").replace("[fire, plan, land]", "[fire, plan]"), "x.yaml"
    )
    said = {(change.after.vi if change.after else "") for change in compare(older, shipped("1.009994"))}
    assert "không hỏi" in said
    assert any("hỏi nơi được chọn (Soạn ý kiến về PCCC" in words for words in said)


def test_asking_again_inside_another_branch_has_no_model() -> None:
    nested = TEXT.replace(
        "          join: conclude\n        supplement: # the loop",
        "          to: site_more\n        supplement: # the loop",
    ).replace(
        "    fire:\n      template",
        """    site_more:
      name: {vi: Hỏi thêm, en: Ask more}
      at: $owner
      role: specialist
      actions:
        done: {label: {vi: Xong, en: Done}, join: conclude}
        more: {label: {vi: Hỏi, en: Ask}, kind: consult, consult: [again]}
    again:
      template: opinion
      with:
        name: {vi: A, en: A}
        sign_name: {vi: B, en: B}
        stop: {vi: C, en: C}
        at: {level: city, function: planning}
        hours: 1
        sign_hours: 1
        join: site_more
        timers: [{after: 2d, silence: consent, join: site_more}]
    fire:
      template""",
    )
    process = load(nested, "nested.yaml").process
    lane_of = dict.fromkeys(process.steps, "one")
    with_inner = nested.replace("consult: [fire, plan, land]", "consult: [again, fire]")
    assert bpmn_of(process, code="x", name="x", lanes=LANES, lane_of=lane_of, language="vi")
    inside = load(with_inner, "nested.yaml").process
    with pytest.raises(NotExportable):
        bpmn_of(inside, code="x", name="x", lanes=LANES, lane_of=lane_of, language="vi")
