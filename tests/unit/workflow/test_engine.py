"""What opens next."""

from __future__ import annotations

import pytest

from portal.workflow import engine
from portal.workflow.definition import ActionKind, ClockRule
from portal.workflow.engine import InvalidTransition, Opening, TaskClosed, Token
from tests.unit.workflow.processes import ENDS, PAUSED, action, process, remind, silence, step

PARALLEL = process(
    step("first", "ask > site, fire?tall", action("nobody > fire?tall, land?!tall")),
    step("site", "done > +last", action("wait > fix", asks=True, kind=ActionKind.SUPPLEMENT)),
    step("fix", "submit > @asker", "give_up > .expired", state="supplement", **PAUSED),
    step("fire", "answer > fire_sign", consultation="fire", timers=(remind(8), silence(12, "silence > +last"))),
    step("fire_sign", "sign > +last", "back > fire", consultation="fire", timers=(remind(8), silence(12, "s > +last"))),
    step("land", "answer > +last"),
    step("last", "finish > ."),
)


def tokens(*steps: str, group: str = "first") -> list[Token]:
    return [Token(name, name, group) for name in steps]


def test_a_record_starts_with_the_first_step() -> None:
    assert engine.start(PARALLEL, {}) == (Opening("first"),)


def test_a_split_opens_the_branches_whose_condition_holds() -> None:
    both = engine.after(PARALLEL, [Token(1, "first")], 1, "ask", {"tall": True})
    one = engine.after(PARALLEL, [Token(1, "first")], 1, "ask", {"tall": False})
    assert [(opening.step, opening.group) for opening in both.opens] == [("site", "first"), ("fire", "first")]
    assert [opening.step for opening in one.opens] == ["site"]
    assert both.closes == (1,)


def test_a_join_opens_with_the_last_branch_and_only_once() -> None:
    first = engine.after(PARALLEL, tokens("site", "land"), "site", "done", {})
    second = engine.after(PARALLEL, tokens("land"), "land", "answer", {})
    assert first.opens == ()
    assert second.opens == (Opening("last"),)


def test_a_join_waits_for_the_branches_of_an_inner_split() -> None:
    waiting = [Token(1, "land", "first"), Token(2, "fire", "first/site")]
    assert engine.after(PARALLEL, waiting, 1, "answer", {}).opens == ()


def test_a_join_gives_back_the_group_of_the_outer_split() -> None:
    inner = [Token(1, "land", "outer/first")]
    assert engine.after(PARALLEL, inner, 1, "answer", {}).opens == (Opening("last", group="outer"),)


def test_a_split_without_any_branch_goes_straight_to_its_join() -> None:
    nothing = process(
        step("first", "ask > a?wet, b?wet"), step("a", "go > +end"), step("b", "go > +end"), step("end", "finish > .")
    )
    assert engine.after(nothing, [Token(1, "first")], 1, "ask", {}).opens == (Opening("end"),)


def test_a_supplement_in_a_branch_comes_back_to_it_with_its_group() -> None:
    asked = engine.after(PARALLEL, tokens("site", "land"), "site", "wait", {})
    assert asked.opens == (Opening("fix", group="first", origin="site"),)
    answered = engine.after(PARALLEL, [Token(1, "fix", "first", "site")], 1, "submit", {})
    assert answered.opens == (Opening("site", group="first"),)


def test_nobody_can_be_answered_who_did_not_ask() -> None:
    with pytest.raises(InvalidTransition, match="nobody asked"):
        engine.after(PARALLEL, [Token(1, "fix")], 1, "submit", {})


def test_an_end_inside_a_branch_cancels_the_other_branches() -> None:
    move = engine.after(PARALLEL, [Token(1, "fix", "first", "site"), *tokens("fire", "land")], 1, "give_up", {})
    assert (move.closes, move.ends, move.cancels) == ((1,), ENDS["expired"], ("fire", "land"))


def test_the_second_step_of_a_consultation_keeps_the_timer_of_the_first() -> None:
    asked = engine.after(PARALLEL, [Token(1, "first")], 1, "ask", {"tall": True}).opens[1]
    signing = engine.after(PARALLEL, tokens("fire"), "fire", "answer", {}).opens[0]
    back = engine.after(PARALLEL, tokens("fire_sign"), "fire_sign", "back", {}).opens[0]
    assert (asked.consultation, asked.keeps_timer) == ("fire", False)
    assert (signing.consultation, signing.keeps_timer, back.keeps_timer) == ("fire", True, True)


def test_silence_is_an_answer_and_a_reminder_moves_nothing() -> None:
    assert engine.after_timer(PARALLEL, tokens("fire"), "fire", 1, {}).opens == (Opening("last"),)
    assert engine.after_timer(PARALLEL, tokens("fire"), "fire", 0, {}) == engine.Move()
    with pytest.raises(InvalidTransition):
        engine.after_timer(PARALLEL, tokens("fire"), "fire", 2, {})


def test_a_closed_task_is_told_apart_from_an_unknown_action() -> None:
    with pytest.raises(TaskClosed):
        engine.after(PARALLEL, tokens("site"), "fire", "answer", {})
    with pytest.raises(InvalidTransition):
        engine.after(PARALLEL, tokens("site"), "site", "fly", {})


def test_a_choice_takes_the_first_way_whose_condition_holds() -> None:
    choosing = process(step("first", "go > a?wet | b"), step("a", "go > ."), step("b", "go > ."))
    assert engine.after(choosing, [Token(1, "first")], 1, "go", {"wet": True}).opens == (Opening("a"),)
    assert engine.after(choosing, [Token(1, "first")], 1, "go", {}).opens == (Opening("b"),)


def test_an_action_may_be_offered_once_only_and_only_when_its_condition_holds() -> None:
    limited = process(step("first", action("longer > first", times=1), "go > ."))
    assert [item.id for item in engine.actions_from(limited, "first", {})] == ["longer", "go"]
    done = {"done": {"first.longer": 1}}
    assert [item.id for item in engine.actions_from(limited, "first", done)] == ["go"]
    with pytest.raises(InvalidTransition):
        engine.after(limited, [Token(1, "first")], 1, "longer", done)


def test_a_record_is_withdrawn_with_all_its_tasks_until_the_last_step() -> None:
    move = engine.after_always(PARALLEL, tokens("site", "fire"), "withdraw", {})
    assert (move.ends, move.cancels) == (ENDS["withdrawn"], ("site", "fire"))
    assert engine.always_actions(PARALLEL, [Token(1, "last")], {}) == ()
    with pytest.raises(InvalidTransition):
        engine.after_always(PARALLEL, [Token(1, "last")], "withdraw", {})


def test_what_the_applicant_must_do_outweighs_a_consultation() -> None:
    assert engine.record_state(PARALLEL, [*tokens("fire"), Token(1, "fix", "first", "site")], None) == "supplement"
    assert engine.record_state(PARALLEL, tokens("fire", "site"), None) == "consulting"
    assert engine.record_state(PARALLEL, tokens("site"), None) == "in_progress"


def test_one_paused_step_pauses_the_record() -> None:
    assert engine.clock_rule(PARALLEL, [*tokens("fire"), Token(1, "fix")]) is ClockRule.PAUSED
    assert engine.clock_rule(PARALLEL, tokens("fire")) is ClockRule.STATUTORY
    assert engine.clock_rule(PARALLEL, []) is ClockRule.NONE
