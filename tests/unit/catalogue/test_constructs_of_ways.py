"""The rows of the table in docs/procedures.md about ways, places, counters and signatures, each played for itself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from portal.catalogue.findings import DefinitionError
from portal.catalogue.sequences import SequenceFailed
from portal.core.errors import Conflict
from portal.records.limits import check_limit, limit_of
from portal.records.whereabouts import Whereabouts
from portal.units.resolution import Directory
from portal.units.types import Holding, PlaceView, UnitView
from portal.workflow import engine
from portal.workflow.definition import ActionKind, ClockRule
from portal.workflow.splits import inside
from tests.unit.catalogue.constructs import BOOK, Proofs, action, at, play, procedure, said, shared, step

proofs = Proofs()


@proofs.row("choice by action")
def test_each_action_leads_to_its_own_step() -> None:
    one = procedure(
        {
            "a": step(actions={"yes": action(to="b"), "no": action(to="last")}),
            "b": step(actions={"on": action(to="last")}),
        }
    )
    assert play(one, "a.yes").open_steps == ("b",)
    assert play(one, "a.no").open_steps == ("last",)


@proofs.row("choice by condition")
def test_the_first_way_whose_condition_holds_is_taken_and_an_action_is_offered_only_then() -> None:
    ways = {"choose": [{"step": "high", "if": "tall"}, "low"]}
    steps = {
        "a": step(actions={"go": action(**ways), "skip": action(to="last", unless="tall")}),
        "high": step(actions={"on": action(to="last")}),
        "low": step(actions={"on": action(to="last")}),
    }
    one = procedure(steps, process={"conditions": {"tall": "form.floors >= 7"}})
    assert play(one, "a.go", form={"floors": 7}).open_steps == ("high",)
    assert play(one, "a.go", form={"floors": 6}).open_steps == ("low",)
    offered = {
        floors: [a.id for a in engine.actions_from(one.process, "a", {"form": {"floors": floors}})] for floors in (6, 7)
    }
    assert offered == {6: ["go", "skip"], 7: ["go"]}


@proofs.row("conditions on record, applicant, earlier outcomes")
@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ("record.supplements >= 1", {"record": {"supplements": 1}}, True),
        ("record.supplements >= 1", {"record": {"supplements": 0}}, False),
        ("applicant.poor_household", {"applicant": {"poor_household": True}}, True),
        ("applicant.poor_household", {}, False),
        ("outcomes.a == 'agree'", {"outcomes": {"a": "agree"}}, True),
        ("outcomes.a == 'agree'", {"outcomes": {"a": "go"}}, False),
    ],
)
def test_a_condition_may_look_at_what_has_become_of_the_record(
    condition: str, facts: dict[str, object], holds: bool
) -> None:
    one = procedure({"a": step(actions={"agree": action(to="last"), "go": action(to="last", **{"if": condition})})})
    assert ("go" in [one.id for one in engine.actions_from(one.process, "a", facts)]) is holds


_OPINION = {
    "template": "opinion",
    "with": {
        "name": said("Soạn"), "sign_name": said("Ký"), "stop": said("Góp ý"), "join": "meet", "hours": 1,
        "sign_hours": 1, "at": {"level": "city", "function": "fire_police"},
        "timers": [{"after": "12d", "silence": "refusal", "join": "meet"}],
    },
}  # fmt: skip


def _asking(condition: str) -> dict[str, object]:
    ways = {"choose": [{"step": "against", "if": condition}, "work"]}
    meet = step(actions={"go": action(**ways)})
    asks = step(actions={"ask": action(to=["fire", "site"])})
    site = step(actions={"done": action(join="meet")})
    against = step(actions={"go": action(to="work")})
    work = step(at="$owner", actions={"draft": None})
    return {"ask": asks, "fire": _OPINION, "site": site, "meet": meet, "against": against, "work": work}


@pytest.mark.parametrize(
    ("condition", "way", "opens"),
    [
        ("outcomes.fire == 'disagree'", "fire.answer(disagree)", "against"),
        ("outcomes.fire == 'disagree'", "fire.answer", "work"),
        ("outcomes.fire_sign == 'agree'", "fire.answer", "against"),
        ("outcomes.fire == 'refusal'", "fire.⏰12d", "against"),
        ("outcomes.fire == 'recalled'", "fire.recall", "against"),
    ],
)
def test_a_condition_finds_what_an_agency_said_or_its_silence_was_taken_for(
    condition: str, way: str, opens: str
) -> None:
    one = shared(_asking(condition), first="ask")
    signs = ("fire_sign.sign",) if way.startswith("fire.answer") else ()
    assert play(
        one, "receive.accept", "forward.hand_over", "ask.ask", "site.done", way, *signs, "meet.go"
    ).open_steps == (opens,)


def test_a_word_that_no_step_is_closed_with_is_a_mistake() -> None:
    with pytest.raises(DefinitionError) as raised:
        shared(_asking("outcomes.fire == 'disagreed'"), first="ask")
    (finding,) = raised.value.findings
    assert finding.kind == "unknown_choice"
    assert {"agree", "disagree", "refusal", "recalled"} <= set(str(finding.values["near"]).split(", "))


@proofs.row("parallel branches, all / any / k of n")
@pytest.mark.parametrize(("enough", "arrivals"), [(None, 3), (1, 1), (2, 2)])
def test_the_join_opens_when_enough_branches_have_arrived(enough: int | None, arrivals: int) -> None:
    branches = {name: step(actions={"done": action(join="meet")}) for name in "xyz"}
    meet = step(actions={"on": action(to="last")}) | ({"opens_after": enough} if enough else {})
    one = procedure({"a": step(actions={"ask": action(to=list("xyz"))}), **branches, "meet": meet})
    game = play(one, "a.ask")
    for name in "xyz"[:arrivals]:
        assert "meet" not in game.open_steps
        game.act(f"{name}.done")
    assert game.open_steps == ("meet",)


@proofs.row("a branch for each row")
def test_a_step_opens_once_for_each_place_that_the_rows_name() -> None:
    asked = step(at={"where": "each", "level": "commune", "function": "justice"}, actions={"done": action(join="last")})
    one = procedure(
        {"a": step(actions={"ask": action(to=[{"step": "there", "each": "form.rows.place"}])}), "there": asked}
    )
    rows = [{"place": code} for code in ("31117", "31135", "31117")]
    game = play(one, "a.ask", form={"rows": rows})
    assert list(game.open_steps) == ["there", "there"]
    game.act("there.done")
    game.act("there.done")
    assert list(game.open_steps) == ["last"]


@proofs.row("loop")
def test_a_record_may_come_back_so_often_and_no_more() -> None:
    again = {"on": action(to="b"), "end": action(to="last")}
    one = procedure(
        {"a": step(actions=again), "b": step(actions={"again": action(to="a", times=1), "end": action(to="last")})}
    )
    game = play(one, "a.on", "b.again", "a.on")
    with pytest.raises(SequenceFailed):
        game.act("b.again")


@proofs.row("work sent back, to a lower level too")
def test_a_higher_level_sends_the_work_down_with_a_reason() -> None:
    back = action(kind="send_back", needs=["reason"], to="check")
    one = procedure(
        {
            "check": step(actions={"on": action(to="above")}),
            "above": step(level="district", actions={"back": back, "on": action(to="last")}),
        }
    )
    assert play(one, "check.on", "above.back").open_steps == ("check",)
    sent = one.process.step("above").action("back")
    assert (sent.kind, sent.needs) == (ActionKind.SEND_BACK, ("reason",))
    assert one.process.step("check").clock is ClockRule.STATUTORY  # the term runs: it is no supplement


def unit(number: int, place: str, *functions: str) -> UnitView:
    begin = date(2020, 1, 1)
    return UnitView(
        UUID(int=number),
        f"U{number}",
        f"u{number}",
        f"UBND {number}",
        "",
        "",
        "commune",
        "body",
        place,
        None,
        "",
        "",
        "",
        begin,
        holdings=tuple(Holding(function, begin) for function in functions),
    )


PLACES = [PlaceView(code, code, "phường", "commune", None, code, code) for code in ("31117", "31135", "31144")]
UNITS = [unit(number, place.code, "justice", "one_stop") for number, place in enumerate(PLACES, start=1)]


@proofs.row("place: counter of reception or return, an answer's office, each commune, a body outside")
@pytest.mark.parametrize(
    ("where", "split", "number"),
    [
        ({"level": "commune", "function": "justice"}, "", 1),
        ({"where": "received", "function": "one_stop"}, "", 2),
        ({"where": "return", "function": "one_stop"}, "", 3),
        ({"where": "field", "field": "form.office", "level": "commune", "function": "justice"}, "", 3),
        ({"where": "each", "level": "commune", "function": "justice"}, inside("", "a", "31135"), 2),
        (
            {
                "where": "external",
                "body": {"vi": "Cục", "en": "Body"},
                "entered_by": {"level": "commune", "function": "justice"},
            },
            "",
            1,
        ),
    ],
)
def test_a_step_is_done_where_the_definition_says(where: dict[str, object], split: str, number: int) -> None:
    one = procedure({"a": step(at=where, actions={"on": action(to="last")})})
    whereabouts = Whereabouts(
        directory=Directory(version=1, units=UNITS, places=PLACES),
        place="31117",
        received_unit_id=UUID(int=2),
        return_unit_id=UUID(int=3),
        facts={"form": {"office": "31144"}},
        day=date(2026, 11, 9),
    )
    done_by = whereabouts.desk_of(one.process.step("a"), split=split).unit
    assert done_by is not None
    assert done_by.id == UUID(int=number)


@proofs.row("several levels that may decide")
def test_the_office_that_an_answer_names_decides_at_its_own_level() -> None:
    by_level = {"district": {"function": "justice", "role": "head"}}
    signed = {"where": "field", "field": "form.office", "function": "leadership", "by_level": by_level}
    one = procedure(
        {"sign": step(at=signed, role="leader", actions={"on": action(to="last")})},
        competent_level=["commune", "district"],
    )
    place = one.process.step("sign").at
    assert one.competent_levels == ("commune", "district")
    assert place.post_at("commune") is None
    assert getattr(place.post_at("district"), "role", None) == "head"


@proofs.row("seal of the office")
def test_an_office_with_a_seal_of_its_own_signs_and_numbers_its_result() -> None:
    result = {
        "template": "allowance_decision",
        "name": {"vi": "Giấy", "en": "Paper"},
        "series": "GP",
        "signs_as": "office",
    }
    one = shared(signer="head", card={"result": result})
    assert one.result.signs_as == "office"
    assert one.process.step("sign").at == one.process.step("work").at
    assert shared().process.step("sign").at.function == "leadership"


@proofs.row("what the term counts")
@pytest.mark.parametrize("rule", list(ClockRule))
def test_the_clock_of_a_record_is_that_of_its_open_step(rule: ClockRule) -> None:
    one = procedure({"a": step(clock=rule.value, actions={"on": action(to="last")})})
    assert engine.clock_rule(one.process, play(one).tokens) is rule


@proofs.row("refusal by the head of the counter, on its form")
def test_a_refusal_is_decided_by_the_head_of_the_counter_and_makes_its_form() -> None:
    one = shared()
    game = play(one, "receive.refuse")
    assert game.open_steps == ("refuse_ok",)
    assert one.process.step("refuse_ok").role == "counter_leader"
    assert "reason" in one.process.step("receive").action("refuse").needs
    assert one.process.step("refuse_ok").action("approve").documents == ("form03",)
    game.act("refuse_ok.approve")
    assert game.end is not None
    assert (game.end.id, game.end.codes) == ("refused", (3,))


@proofs.row("supplement: way, limit, wait, clock")
def test_a_supplement_goes_through_the_counter_so_often_and_waits_so_long() -> None:
    one = shared(card={"supplement": {"limit": 1, "wait": "20d", "clock": "restart"}})
    way = ("work.supplement", "sup_ok.approve", "sup_send.send")
    game = play(one, "receive.accept", "forward.hand_over", *way)
    assert game.open_steps == ("fix",)
    assert engine.clock_rule(one.process, game.tokens) is ClockRule.PAUSED
    assert (str(one.process.step("fix").timers[0].after), one.supplement.clock) == ("20d", "restart")
    game.act("fix.submit")
    game.act("sup_in.hand_over")
    assert game.open_steps == ("work",)
    with pytest.raises(SequenceFailed):
        game.act("work.supplement")


proofs.elsewhere(
    "supplement: way, limit, wait, clock",
    "tests/unit/catalogue/test_definitions.py::test_a_second_supplement_is_approved_by_the_leader_and_a_third_is_not_offered",
    "tests/unit/workflow/test_deadlines.py::test_a_term_that_restarts_is_counted_from_the_answer",
)


@proofs.row("first notice only for some days")
def test_an_action_is_possible_until_the_end_of_its_last_day() -> None:
    one = procedure({"a": step(actions={"ask": action(to="last", within="3wd")})})
    limit = limit_of(one.process.step("a").action("ask"), accepted_at=at(9, 9), pauses=(), book=BOOK)
    assert limit == at(12, 17)
    check_limit(limit, now=at(12, 17))
    with pytest.raises(Conflict):
        check_limit(limit, now=at(13, 7))


@proofs.row("hand-over with its slip, received or sent back")
def test_who_takes_over_confirms_or_sends_back() -> None:
    taken = {"receive": action(to="last"), "send_back": action(kind="send_back", needs=["reason"], to="out")}
    out = step(actions={"over": action(kind="hand_over", documents=["slip"], to="into")})
    one = procedure({"out": out, "into": step(level="district", actions=taken)})
    assert one.process.step("out").action("over").documents == ("slip",)
    assert play(one, "out.over", "into.receive").open_steps == ("last",)
    assert play(one, "out.over", "into.send_back").open_steps == ("out",)


@proofs.row("initial, signature, number and seal")
def test_three_persons_initial_sign_and_seal() -> None:
    one = shared(hours={"forward": 1, "review": 1, "sign": 1, "stamp": 1})
    game = play(one, "receive.accept", "forward.hand_over", "work.draft", "review.initial", "sign.sign")
    assert game.open_steps == ("stamp",)
    kinds = {
        name: (one.process.step(name).role, one.process.step(name).actions[0].kind)
        for name in ("review", "sign", "stamp")
    }
    assert kinds == {
        "review": ("head", ActionKind.INITIAL),
        "sign": ("leader", ActionKind.SIGN),
        "stamp": ("clerk", ActionKind.ISSUE),
    }


@proofs.row("outcome is not the path; national codes")
@pytest.mark.parametrize(("chosen", "outcome"), [("grant", "granted"), ("deny", "rejected")])
def test_one_way_ends_granted_or_rejected(chosen: str, outcome: str) -> None:
    both = {"grant": action(to="last", outcome="granted"), "deny": action(to="last", outcome="rejected")}
    game = play(procedure({"a": step(actions=both)}), f"a.{chosen}", "last.end")
    assert game.outcome == outcome
    assert game.end is not None
    assert (game.end.state, game.end.codes) == ("returned", (9, 10))
