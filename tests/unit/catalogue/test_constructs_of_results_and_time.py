"""The rows of the table in docs/procedures.md about results, time, papers, fees and people, each played for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from portal.catalogue.checking import check_text
from portal.catalogue.sequences import SequenceFailed
from portal.core.actor import Actor, ActorKind
from portal.core.errors import NotAllowed
from portal.payments.fees import fee_lines
from portal.records.actions import refuse_same_eyes
from portal.records.answers import asked_papers, brought_papers, faults_of_fields, missing_sets
from portal.records.decisions import rows_of
from portal.records.due_changes import promised_due
from portal.records.duties import duties_of
from portal.records.types import HeldPost, Position, TaskRow
from portal.records.undoing import Asker, undoable
from portal.workflow import engine
from portal.workflow.deadlines import Extension, due_at, rings_at
from portal.workflow.definition import ClockRule, TimerEffect
from tests.unit.catalogue.constructs import (
    BOOK,
    CALENDAR,
    FIELDS,
    Proofs,
    action,
    at,
    play,
    procedure,
    said,
    shared,
    shared_text,
    step,
    text,
)

ME, OTHER, TASK, NEXT = (UUID(int=number) for number in range(1, 5))
UNIT = UUID(int=9)

proofs = Proofs()


@proofs.row("several results, one for each row, changes of an older one, row by row")
def test_results_come_together_change_an_older_one_and_are_decided_row_by_row() -> None:
    older = {
        "template": "allowance_decision",
        "name": said("Giấy"),
        "series": "GP",
        "action": "replace",
        "of": "form.number",
    }
    extract = {"template": "civil_status_extract", "name": said("Trích lục"), "series": "TL", "if": "form.copies > 0"}
    draft = action(kind="draft", decide_each="form.rows", to="last")
    one = procedure({"a": step(actions={"draft": draft})}, result=older, further_results=[extract])
    assert (one.result.action, one.result.of) == ("replace", "number")
    (further,) = one.further_results
    assert further.when is not None
    assert [further.when.test({"form": {"copies": copies}}) for copies in (0, 1)] == [False, True]
    group = one.process.step("a").action("draft").decide_each
    assert len(rows_of({"rows": [{"place": "31117"}, {"place": "31135"}]}, group)) == 2


proofs.elsewhere(
    "several results, one for each row, changes of an older one, row by row",
    "tests/integration/records/test_older_results.py::test_a_change_replaces_the_certificate_and_keeps_what_did_not_change",
    "tests/integration/web/records/test_issued_results.py::test_each_paper_is_certified_under_its_own_number_without_gaps",
)

proofs.elsewhere(
    "visit to the counter, changed, missed",
    "tests/integration/web/records/test_visits.py::test_the_hour_that_was_chosen_is_kept_shown_and_changed",
)

proofs.elsewhere(
    "original scanned, compared, certified",
    "tests/integration/web/records/test_visits.py::test_only_the_scan_that_was_compared_is_certified",
)

proofs.elsewhere(
    "copies of the result for other agencies",
    "tests/integration/web/records/test_issued_results.py::test_a_copy_opens_the_result_and_the_card_to_its_receiver_and_nothing_else",
    "tests/integration/web/records/test_issued_results.py::test_a_body_without_accounts_is_sent_its_copy_by_the_clerk",
)


@proofs.row("calendar, working, same-day terms; one for each level")
@pytest.mark.parametrize(
    ("term", "due"),
    [
        ({"value": 3, "unit": "working_days"}, at(12, 17)),
        ({"value": 5, "unit": "calendar_days"}, at(16, 17)),  # the 14th is a Saturday
        ({"value": 1, "unit": "same_day", "cutoff": "15:00"}, at(9, 17)),
        ({"value": 1, "unit": "same_day", "cutoff": "08:30"}, at(10, 17)),
        (
            {
                "unit": "stages",
                "stages": [
                    {"level": "commune", "value": 1, "unit": "working_days"},
                    {"level": "district", "value": 2, "unit": "working_days"},
                ],
            },
            at(12, 17),
        ),
    ],
)
def test_a_term_accepted_on_monday_morning_is_due(term: dict[str, Any], due: datetime) -> None:
    assert due_at(procedure(term=term).term, accepted_at=at(9, 9), calendar=CALENDAR) == due


OPINION = {
    "template": "opinion",
    "with": {
        "name": said("Ý kiến"),
        "sign_name": said("Ký"),
        "stop": said("Ý kiến"),
        "hours": 8,
        "sign_hours": 4,
        "at": {"level": "district", "function": "justice"},
        "join": "meet",
        "timers": [{"after": "8d", "effect": "remind"}, {"after": "12d", "silence": "refusal", "join": "meet"}],
    },
}


@proofs.row("opinion of another agency: deadline, reminder, silence")
def test_an_opinion_is_drafted_and_signed_reminded_of_and_taken_for_granted() -> None:
    asking = step(at="$owner", actions={"ask": action(kind="consult", to=["fire", "site"])})
    site = step(at="$owner", actions={"done": action(join="meet")})
    meet = step(at="$owner", actions={"draft": None, "reject": None})
    one = shared({"work": asking, "fire": OPINION, "site": site, "meet": meet})
    game = play(one, "receive.accept", "forward.hand_over", "work.ask", "site.done", "fire.answer")
    assert game.open_steps == ("fire_sign",)
    assert [timer.effect for timer in one.process.step("fire_sign").timers] == [TimerEffect.REMIND, TimerEffect.ACT]
    game.act("fire.⏰8d")
    assert game.open_steps == ("fire_sign",)
    game.act("fire.⏰12d")
    assert game.open_steps == ("meet",)
    assert game.facts["outcomes"]["fire_sign"] == "refusal"
    ring = engine.after_timer(
        one.process, play(one, "receive.accept", "forward.hand_over", "work.ask").tokens, 4, 1, {}
    )
    assert ring.outcome == "refusal"


_CONSULTING = "tests/unit/workflow/test_consulting.py"
_QUESTIONS = "tests/integration/web/official/test_questions.py"
proofs.elsewhere(
    "asked again, or one agency more; approved first",
    f"{_CONSULTING}::test_where_only_the_own_office_is_asked_the_step_opens_where_they_meet",
    f"{_QUESTIONS}::test_the_official_who_concludes_asks_one_agency_again_and_one_more",
)
proofs.elsewhere(
    "opinion of the office that asks",
    f"{_CONSULTING}::test_the_branch_of_an_office_that_would_ask_itself_arrives_at_once",
)
proofs.elsewhere(
    "question taken back, late opinion",
    f"{_CONSULTING}::test_a_question_is_taken_back_where_its_answer_would_arrive",
    f"{_QUESTIONS}::test_a_late_opinion_is_read_where_it_is_concluded_and_moves_nothing",
)


@proofs.row("pause for the record, end from inside a branch")
def test_one_branch_pauses_the_record_and_may_end_it() -> None:
    paused = step(
        clock="paused",
        at="applicant",
        role="applicant",
        state="supplement",
        timers=[{"after": "30d", "end": "over"}],
        actions={"sent": action(join="meet")},
    )
    other = step(actions={"done": action(join="meet")})
    ask = step(actions={"ask": action(to=["paused", "other"])})
    one = procedure({"a": ask, "paused": paused, "other": other, "meet": step(actions={"on": action(to="last")})})
    game = play(one, "a.ask")
    assert set(game.open_steps) == {"paused", "other"}
    assert engine.clock_rule(one.process, game.tokens) is ClockRule.PAUSED
    game.act("paused.⏰30d")
    assert (game.open_steps, game.end and game.end.id) == ((), "over")


@proofs.row("extension, once, with its notice; approved by the leader, reported upward")
def test_the_term_is_extended_once_with_a_reason() -> None:
    extend = action(kind="extend", extends="10wd", times=1, needs=["reason"], to="a")
    one = procedure(
        {"a": step(actions={"extend": extend, "on": action(to="last")})}, term={"value": 3, "unit": "working_days"}
    )
    with pytest.raises(SequenceFailed):
        play(one, "a.extend", "a.extend")
    length = one.process.step("a").action("extend").extends
    assert length is not None
    extension = Extension(at(10, 9), length.value, length.unit)
    assert promised_due(one, BOOK, at(9, 9), pauses=(), changes=(extension,)) == at(27, 17)  # the 24th is a holiday


proofs.elsewhere(
    "extension, once, with its notice; approved by the leader, reported upward",
    "tests/integration/web/records/test_issued_results.py::test_the_leader_extends_once_the_applicant_has_the_new_date_and_the_superior_body_a_report",
)


@proofs.row("suspension until something comes")
def test_a_suspended_record_waits_and_then_goes_its_way() -> None:
    waiting = step(clock="paused", timers=[{"after": "30d", "to": "last"}], actions={"came": action(to="last")})
    one = procedure({"wait": waiting})
    assert engine.clock_rule(one.process, play(one).tokens) is ClockRule.PAUSED
    assert play(one, "wait.came").open_steps == play(one, "wait.⏰30d").open_steps == ("last",)


@proofs.row("findings, team, appointment, minutes")
def test_an_action_asks_what_was_found_and_makes_its_minutes() -> None:
    form = {
        "found": {"type": "long_text", "label": said("Ghi nhận"), "required": True},
        "on": {"type": "date", "label": said("Ngày")},
    }
    done = (
        procedure({"a": step(actions={"done": action(form=form, documents=["minutes"], to="last")})})
        .process.step("a")
        .action("done")
    )
    assert [name for name, _ in faults_of_fields(done.form, {"on": "2026-11-09"})] == ["found"]
    assert faults_of_fields(done.form, {"found": "Đúng bản vẽ"}) == []
    assert done.documents == ("minutes",)


@proofs.row("sets of papers, shown, surrendered or signed papers")
def test_one_of_a_set_is_enough_and_what_is_brought_is_not_uploaded() -> None:
    slots: dict[str, dict[str, Any]] = {
        "birth": {"one_of": "proof"},
        "witness": {"one_of": "proof"},
        "id": {"mode": "present"},
        "old": {"mode": "surrender"},
        "drawings": {"signed": True, "formats": ["pdf"]},
    }
    one = procedure(papers={name: {"name": said(name), **more} for name, more in slots.items()})
    assert [len(missing_sets(one.papers, supplied)) for supplied in ((), ("witness",))] == [1, 0]
    assert [paper.id for paper in asked_papers(one, {"form": {}})] == ["birth", "witness", "drawings"]
    assert [paper.id for paper in one.papers if paper.signed] == ["drawings"]
    assert [paper.id for paper in brought_papers(one, {"form": {}})] == ["id", "old"]


@proofs.row("fee by formula, gate before appraisal, refund")
def test_a_fee_is_counted_asked_first_and_given_back() -> None:
    fee = {
        "kind": "phi",
        "name": said("Phí"),
        "note": said("2.000 một bản"),
        "amounts": [{"amount": "form.copies * 2000"}],
        "refund": {"if": "record.supplements == 0", "note": said("Hoàn")},
    }
    one = shared(fee="80h", card={"fees": {"fee": fee}})
    (line,) = fee_lines(one, {"form": {"copies": 3}}, moment="receiving", day=date(2026, 11, 9))
    assert line.amount == 6000
    game = play(one, "receive.accept", "forward.hand_over", record={"unpaid": True})
    assert game.open_steps == ("fee",)
    assert engine.clock_rule(one.process, game.tokens) is ClockRule.PAUSED
    game.act("fee.paid")
    assert game.open_steps == play(one, "receive.accept", "forward.hand_over").open_steps == ("work",)
    assert play(one, "receive.accept", "forward.hand_over", "fee.⏰80h", record={"unpaid": True}).end is not None
    (rule,) = one.fees
    assert rule.refund_if is not None
    assert [rule.refund_if.test({"record": {"supplements": number}}) for number in (0, 1)] == [True, False]


@proofs.row("fee of a supplement, reduced fee of a group, a channel, a period")
def test_a_supplement_has_its_price_and_who_pays_less_knows_by_which_law() -> None:
    online = {"if": "record.channel == 'online'", "amount": 20000, "to": "2026-11-30", "legal_basis": "117/2026"}
    again = {
        "kind": "phi",
        "name": said("Phí thẩm định lại"),
        "amounts": [{"amount": 50000, "legal_basis": "85/2019"}],
        "moment": "supplement",
        "reductions": [
            {**online, "note": said("Nộp trực tuyến")},
            {"from": "2027-01-01", "note": said("Ai cũng miễn")},
        ],
    }
    one = shared(supplement_fee="80h", card={"fees": {"again": again}})

    def owed(day: date, channel: str) -> list[tuple[int, str, str]]:
        lines = fee_lines(one, {"record": {"channel": channel}}, moment="supplement", day=day)
        return [(line.amount, line.note, line.legal_basis) for line in lines]

    assert owed(date(2026, 11, 30), "online") == [(20000, "Nộp trực tuyến", "117/2026")]
    assert owed(date(2026, 11, 30), "counter") == owed(date(2026, 12, 1), "online") == [(50000, "", "85/2019")]
    assert owed(date(2027, 1, 1), "counter") == [(0, "Ai cũng miễn", "85/2019")]
    asked = ("receive.accept", "forward.hand_over", "work.supplement", "sup_ok.approve", "sup_send.send")
    game = play(one, *asked, "fix.submit", record={"unpaid": True})
    assert game.open_steps == ("sup_fee",)
    assert engine.clock_rule(one.process, game.tokens) is ClockRule.PAUSED
    game.act("sup_fee.paid")
    game.act("sup_in.hand_over")
    assert game.open_steps == ("work",)
    assert play(one, *asked, "fix.submit").open_steps == ("sup_in",)


@proofs.row("register call: ok, mismatch, no answer")
@pytest.mark.parametrize(("answer", "opened"), [("ok", "last"), ("mismatch", "by_hand"), ("⏰4h", "by_hand")])
def test_a_register_answers_or_a_person_goes_on(answer: str, opened: str) -> None:
    call = step(
        at="automatic",
        call="population_register",
        timers=[{"after": "4h", "to": "by_hand"}],
        actions={"ok": action(kind="automatic", to="last"), "mismatch": action(kind="automatic", to="by_hand")},
    )
    one = procedure({"call": call, "by_hand": step(actions={"on": action(to="last")})})
    assert one.process.step("call").automatic is not None
    assert play(one, f"call.{answer}").open_steps == (opened,)


@proofs.row("timers after, before due, on a day; remind, escalate, reassign, act")
@pytest.mark.parametrize(
    ("timer", "rings", "effect"),
    [
        ({"after": "1wd", "effect": "remind"}, at(10, 17), TimerEffect.REMIND),
        ({"after": "2d", "effect": "escalate"}, at(11, 17), TimerEffect.ESCALATE),
        ({"before_due": "4h", "effect": "reassign"}, at(11, 13), TimerEffect.REASSIGN),
        ({"on": "form.from", "to": "last"}, at(16, 7), TimerEffect.ACT),
    ],
)
def test_a_timer_rings_at_its_moment(timer: dict[str, Any], rings: datetime, effect: TimerEffect) -> None:
    (one,) = procedure({"a": step(timers=[timer], actions={"on": action(to="last")})}).process.step("a").timers
    facts = {"form": {"from": "2026-11-15"}}  # a Sunday
    assert rings_at(one, anchored_at=at(9, 9), due_at=at(11, 17), facts=facts, calendar=CALENDAR) == rings
    assert one.effect is effect


@proofs.row("the applicant confirms; silence is yes")
def test_who_does_not_answer_in_a_working_day_agrees() -> None:
    shown = step(
        at="applicant",
        role="applicant",
        state="applicant_confirms",
        clock="paused",
        timers=[{"after": "1wd", "silence": "consent", "to": "last"}],
        actions={"confirm": action(kind="submit", to="last")},
    )
    one = procedure({"shown": shown})
    assert engine.record_state(one.process, play(one).tokens, None) == "applicant_confirms"
    assert play(one, "shown.confirm").open_steps == play(one, "shown.⏰1wd").open_steps == ("last",)
    assert engine.after_timer(one.process, play(one).tokens, 1, 0, {}).outcome == "consent"


def task(key: UUID, name: str, *, closed_by: UUID | None = None, version: int = 1) -> TaskRow:
    closed_at = at(9, 10) if closed_by else None
    return TaskRow(
        key,
        name,
        name,
        UNIT,
        "justice",
        "specialist",
        "",
        None,
        None,
        version,
        at(9, 9),
        at(9, 9),
        at(10, 9),
        None,
        "",
        closed_at,
        closed_by,
        "",
        None,
    )


def official(person: UUID) -> Actor:
    return Actor(ActorKind.OFFICIAL, person, "Người Mẫu")


@proofs.row("four eyes, by person")
def test_the_person_who_drafted_does_not_sign() -> None:
    signs = step(differs_from=["draft"], actions={"on": action(to="last")})
    one = procedure({"draft": step(actions={"on": action(to="sign")}), "sign": signs})
    position = Position((task(TASK, "draft", closed_by=ME), task(NEXT, "sign")), (), None, None, False, 0)
    refuse_same_eyes(one.process, position, one.process.step("sign"), official(OTHER))
    with pytest.raises(NotAllowed):
        refuse_same_eyes(one.process, position, one.process.step("sign"), official(ME))


TAKEN = at(9, 10)


@dataclass
class Happened:
    """An event as the history tells it."""

    task_id: UUID | None = TASK
    actor_id: UUID | None = ME
    action: str | None = "on"
    kind: str = "action_taken"
    id: UUID = TASK
    at: datetime = TAKEN
    opened: Any = ({"task_id": str(NEXT)},)
    details: Any = field(default_factory=dict)


@proofs.row("taking one's own last action back")
@pytest.mark.parametrize(
    ("asker", "seen", "possible"),
    [(ME, 1, True), (OTHER, 1, False), (ME, 2, False)],
    ids=["own", "another's", "too late"],
)
def test_an_action_is_taken_back_until_somebody_has_acted_on_it(asker: UUID, seen: int, possible: bool) -> None:
    one = procedure({"a": step(actions={"on": action(to="last")})})
    tasks = (task(TASK, "a", closed_by=ME), task(NEXT, "last", version=seen))
    who = Asker(official(asker), (HeldPost(UNIT, "specialist", "justice"),))
    found = undoable([Happened()], tasks, one.process, asker=who, owner_id=OTHER, is_paused=False)
    assert (found is not None) is possible


@proofs.row("withdrawal and stop")
def test_a_record_is_withdrawn_or_stopped_until_it_is_signed() -> None:
    always = {
        name: action(kind=name, by=who, end="over", closed_in=["last"])
        for name, who in (("withdraw", "applicant"), ("stop", "leader"))
    }
    one = procedure({"a": step(actions={"on": action(to="last")})}, process={"always": always})
    assert [(a.id, a.by) for a in engine.always_actions(one.process, play(one).tokens, {})] == [
        ("withdraw", "applicant"),
        ("stop", "leader"),
    ]
    assert engine.always_actions(one.process, play(one, "a.on").tokens, {}) == ()
    assert play(one, "withdraw").open_steps == ()


@proofs.row("one list for many records")
def test_an_action_for_many_records_names_its_list_and_asks_nothing_of_each() -> None:
    listed = {"batch": {"document": "list"}, "to": "last"}
    pass_on = procedure({"a": step(actions={"on": action(**listed)})}).process.step("a").action("on")
    assert (pass_on.batch, pass_on.makes) == ("list", ("list",))

    def mistakes(place: str | None = None, **more: Any) -> set[str]:
        where = {"at": place, "role": "applicant"} if place else {}
        steps = {
            "a": step(**where, actions={"on": action(**listed, **more)}),
            "last": step(actions={"end": action(end="done")}),
        }
        ends = {"done": {"state": "returned"}}
        return {one.kind for one in check_text(text({"start": "a", "steps": steps, "ends": ends}), "x.yaml")}

    assert mistakes() == set()
    assert mistakes(needs=["reason"]) == mistakes(form={"why": FIELDS["number"]}) == {"batch_asks"}
    assert mistakes(documents=["list"]) == {"batch_document"}
    assert mistakes("applicant") == {"batch_without_desk"}


proofs.elsewhere(
    "one list for many records",
    "tests/integration/web/official/test_batches.py::test_records_go_together_under_one_number_and_the_list_hangs_on_each",
)

proofs.elsewhere(
    "correction of an issued result",
    "tests/integration/web/records/test_issued_results.py::test_a_wrong_result_is_put_right_under_a_new_number_and_the_old_one_stays_readable",
)

proofs.elsewhere(
    "presence at the return, papers taken in",
    "tests/unit/catalogue/test_giving.py::test_presence_asks_who_came_and_leaves_the_counter_alone_as_way_of_return",
    "tests/unit/catalogue/test_giving.py::test_each_surrendered_paper_that_is_asked_for_has_a_field_and_needs_no_key",
)

proofs.elsewhere(
    "results that nobody collects",
    "tests/unit/catalogue/test_giving.py::test_a_result_that_nobody_collects_is_reminded_of_twice_and_archived",
)

proofs.elsewhere(
    "paper that follows, confirmed on its own",
    "tests/unit/catalogue/test_giving.py::test_paper_follows_each_hand_over_unless_the_definition_says_none",
)


@proofs.row("duties after the result")
def test_duties_are_dated_from_the_result_or_an_answer() -> None:
    due = {"soon": "30d", "later": "12m", "then": "form.from"}
    one = procedure(after=[{"id": name, "name": said(name), "due": when} for name, when in due.items()])
    found = duties_of(one, {"from": "2026-11-15"}, finished_at=at(9, 10), calendar=CALENDAR)
    assert [(duty.id, duty.due_on) for duty in found] == [
        ("then", date(2026, 11, 15)),
        ("soon", date(2026, 12, 9)),
        ("later", date(2027, 11, 9)),
    ]


@proofs.row("one process for many procedures")
def test_the_same_process_is_done_by_the_office_that_each_procedure_names() -> None:
    trade, land = (shared(owner={"level": "district", "function": function}) for function in ("trade", "land"))
    assert trade.process.steps.keys() == land.process.steps.keys()
    assert [one.process.step("work").at.function for one in (trade, land)] == ["trade", "land"]
    assert [one.process.step("stamp").at.within for one in (trade, land)] == ["trade", "land"]


@proofs.row("quotas that do not fit the term")
@pytest.mark.parametrize(("days", "mistakes"), [(1, set()), (Decimal(1) / 8, {"over_term"})])
def test_quotas_longer_than_the_term_are_found(days: Decimal, mistakes: set[str]) -> None:
    term = {"value": float(days) * 8, "unit": "working_hours"}
    assert {one.kind for one in check_text(shared_text(card={"term": term}), "x.yaml")} == mistakes


proofs.elsewhere(
    "quotas that do not fit the term",
    "tests/unit/catalogue/test_fitting.py::test_a_term_that_is_too_short_around_a_holiday_names_the_day_unless_the_definition_gives_its_reason",
)
