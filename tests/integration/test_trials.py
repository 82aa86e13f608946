"""Trials of the shipped definitions: a pretended record ends as the definitions' own tests say that it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.calendars import queries as calendars
from portal.catalogue import kept_tests
from portal.catalogue.asked_facts import asked_facts
from portal.catalogue.consulting import ASKED
from portal.catalogue.loader import load
from portal.catalogue.sequences import CLOCK_SIGN, CORRECT, HEAD, SUPPLEMENT_WAY, TAIL, asked_in
from portal.catalogue.service import PROCEDURES
from portal.catalogue.types import Field, FieldType, Procedure, SequenceTest
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.notifications.types import MessageText
from portal.records.decisions import DECISIONS, rows_of
from portal.records.types import ActionAnswers, SupplementItem
from portal.trials.happenings import HappeningKind, OpenTask, Trial
from portal.trials.playing import play
from portal.trials.service import KeptTrial, kept_test_of
from portal.trials.stage import TrialGround
from portal.trials.types import MoveKind, TrialMove, TrialStart, move_of, start_of, stored_move, stored_start
from portal.units import queries as units
from portal.workflow.definition import Action
from portal.workflow.engine import RECALL
from portal.workflow.working_time import VIETNAM
from tests.harness.city import NOW
from tests.integration.records.arranging import in_one_office
from tests.integration.records.test_sequences import SEQUENCES

PLACE = "31117"
PERMIT = load((PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8"), "1.009994.yaml")
BEGIN = datetime(2025, 6, 3, 8, 0, tzinfo=VIETNAM)


class Rehearsal:
    """Plays items of a test as moves of a trial."""

    def __init__(self, procedure: Procedure, facts: Mapping[str, Any]) -> None:
        with reading(SYSTEM) as session:
            if "same_office" in facts:
                in_one_office(session)
            directory, book = units.directory(session), calendars.calendar_book(session, now=NOW)
        self.ground = TrialGround(procedure, directory, book)
        self.start = beginning(procedure, facts)
        self.moves: list[TrialMove] = []

    @property
    def trial(self) -> Trial:
        return play(self.ground, self.start, self.moves)

    def item(self, item: str) -> None:
        step, _, action_id = item.partition(".")
        if item == "SUP":
            for way in SUPPLEMENT_WAY:
                self.anywhere(way)
        elif not action_id:
            if item == CORRECT:
                self.tail()
            answers = ActionAnswers(reason="Lý do")
            self.make(TrialMove(MoveKind.END, action=item, answers=answers))
        elif action_id.startswith(CLOCK_SIGN):
            self.until_open(step)
            self.ring(step, action_id.removeprefix(CLOCK_SIGN))
        else:
            self.until_open(step)
            self.act(next(met for met in self.trial.open_tasks if met.step.id == step), action_id)

    def until_open(self, step: str) -> None:
        for action_id in HEAD:
            met = self.trial.open_tasks
            if any(step in (one.step.id, one.step.consultation) for one in met) or len(met) != 1:
                return
            if action_id in {action.id for action in met[0].actions}:
                self.act(met[0], action_id)

    def anywhere(self, action_id: str) -> None:
        offering = (met for met in self.trial.open_tasks if met.task.origin and offers(met, action_id))
        self.act(next(offering), action_id)

    def tail(self) -> None:
        for action_id in TAIL:
            met = self.trial.open_tasks
            if len(met) == 1 and offers(met[0], action_id):
                self.act(met[0], action_id)

    def ring(self, step: str, after: str) -> None:
        armed = next(
            armed
            for met in self.trial.open_tasks
            for armed in met.timers
            if step in (met.step.id, met.step.consultation) and str(armed.timer.after) == after
        )
        self.make(TrialMove(MoveKind.WAIT, until=armed.due))

    def act(self, met: OpenTask, item: str) -> None:
        action_id, asked = asked_in(item)
        if action_id == RECALL:
            self.make(TrialMove(MoveKind.RECALL, task=met.number, answers=ActionAnswers(reason="Lý do")))
            return
        action = met.step.action(action_id)
        answers = answers_to(action, self.trial.facts["form"])
        proposed = dict(self.trial.proposed) if action.consults else {}
        answers = replace(answers, form={**answers.form, **proposed, **({ASKED: asked} if asked else {})})
        self.make(TrialMove(MoveKind.ACT, task=met.number, action=action_id, answers=answers))

    def make(self, move: TrialMove) -> None:
        self.moves.append(move)
        stopped = self.trial.stopped
        assert stopped is None, (move, stopped.error)


def offers(met: OpenTask, action_id: str) -> bool:
    return any(action.id == action_id for action in met.actions)


def beginning(procedure: Procedure, facts: Mapping[str, Any]) -> TrialStart:
    """The facts of the test; places that steps are found by, which it need not name, are all the same. Of each group
    that something is counted or decided by there is a row."""
    named = {step.at.field for step in procedure.process.steps.values() if step.at.field}
    places = {path.removeprefix("form."): PLACE for path in named}
    record = facts.get("record", {})
    rows = {field.id: [{"note": "x"}] for field in asked_facts(procedure).fields if field.type is FieldType.GROUP}
    return TrialStart(
        place=PLACE,
        level=procedure.receivers[0],
        at=BEGIN,
        answers={**places, **rows, **facts.get("form", {})},
        channel=record.get("channel", "online"),
        unpaid=record.get("unpaid", False),
    )


def answers_to(action: Action, answers: Mapping[str, Any]) -> ActionAnswers:
    form = {field.id: example(field) for field in action.form if field.required}
    if action.decide_each:
        form[DECISIONS] = [{"granted": True} for _row in rows_of(answers, action.decide_each)]
    if action.corrects:
        form[action.corrects[0]] = "Nguyễn Thị Mới"
    return ActionAnswers(reason="Lý do", items=(SupplementItem("paper", "x", "Giấy tờ", "Mờ"),), form=form)


def example(field: Field) -> Any:
    if field.type is FieldType.CHOICE:
        return [field.choices[0].value] if field.several else field.choices[0].value
    if field.type is FieldType.DATE:
        return "2025-06-10"
    if field.type is FieldType.YES_NO:
        return True
    return str(field.minimum or 1) if field.type in NUMBERS else "Chữ"


NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
IDS = [f"{procedure.code}-{test.name}" for procedure, test in SEQUENCES]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("procedure", "test"), SEQUENCES, ids=IDS)
def test_a_trial_ends_as_the_definitions_own_test_says_and_can_be_kept_as_one(
    procedure: Procedure, test: SequenceTest
) -> None:
    rehearsal = Rehearsal(procedure, test.facts)
    for item in test.steps:
        rehearsal.item(item)
    rehearsal.tail()
    trial = rehearsal.trial
    assert trial.end is not None
    assert (trial.end.id, trial.view.outcome) == (test.ends, test.outcome)
    assert trial.open_tasks == ()
    kept = kept_test_of(rehearsal.ground, KeptTrial(rehearsal.start, tuple(rehearsal.moves)), trial, name="Giữ")
    assert (kept.ends, kept.outcome) == (test.ends, test.outcome)
    assert len(kept.steps) <= len(test.steps)
    source = (PROCEDURES / f"{procedure.code}.yaml").read_text(encoding="utf-8")
    added = load(kept_tests.with_test(source, kept, file="x"), "x").tests[-1]
    assert (added.steps, added.ends, added.outcome, added.facts) == (kept.steps, kept.ends, kept.outcome, kept.facts)


@pytest.mark.usefixtures("city")
def test_what_is_kept_of_a_trial_is_what_was_done() -> None:
    procedure, test = next(pair for pair in SEQUENCES if pair[0].code == "1.009994" and pair[1].name == "T2")
    rehearsal = Rehearsal(procedure, test.facts)
    for item in test.steps:
        rehearsal.item(item)
    assert start_of(stored_start(rehearsal.start)) == rehearsal.start
    again = play(rehearsal.ground, rehearsal.start, [move_of(stored_move(move)) for move in rehearsal.moves])
    assert again == rehearsal.trial


@pytest.mark.usefixtures("city")
def test_a_late_opinion_changes_no_step_comes_once_and_only_until_the_signature() -> None:
    rehearsal = Rehearsal(PERMIT, {"form": {"planning_zone": True}})
    for item in ("appraise.ask", "ask_ok.send", "plan.⏰12d"):
        rehearsal.item(item)
    (late,) = rehearsal.trial.late
    assert (late.step.id, late.who.actor.posts[0].role) == ("plan", "head")
    assert rehearsal.trial.facts["outcomes"]["plan"] == "consent"
    before = [met.step.id for met in rehearsal.trial.open_tasks]
    said = {"verdict": "disagree", "comment": "Trùng đường quy hoạch."}
    move = TrialMove(MoveKind.LATE, task=late.number, answers=ActionAnswers(form=said))
    assert move_of(stored_move(move)) == move
    rehearsal.make(move)
    told = rehearsal.trial
    assert [met.step.id for met in told.open_tasks] == before
    assert told.happenings[-1].kind is HappeningKind.SAID_LATE
    assert [name.vi for name in told.happenings[-1].documents] == ["Văn bản góp ý"]
    assert told.facts["outcomes"]["plan"] == "consent", "what the record went on with"
    assert told.late == ()
    rehearsal.moves.remove(move)
    for item in ("site.done", "conclude.draft", "review.initial"):
        rehearsal.item(item)
    assert rehearsal.trial.late != ()
    rehearsal.item("sign.sign")
    assert rehearsal.trial.late == ()


@pytest.mark.usefixtures("city")
def test_a_condition_of_a_trial_finds_what_the_agency_said() -> None:
    rehearsal = Rehearsal(PERMIT, {"form": {"planning_zone": True}})
    for item in ("appraise.ask", "ask_ok.send", "plan.answer"):
        rehearsal.item(item)
    assert rehearsal.trial.facts["outcomes"]["plan"] == "answer"
    rehearsal.item("plan_sign.sign")
    assert rehearsal.trial.facts["outcomes"]["plan"] == "agree"


@pytest.mark.usefixtures("city")
def test_a_second_official_of_the_post_does_what_the_first_may_not() -> None:
    test = next(test for procedure, test in SEQUENCES if procedure.code == "1.009994")
    source = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
    own = source.replace("    conclude:\n", "    conclude:\n      differs_from: [site]\n")
    rehearsal = Rehearsal(load(own, "own"), test.facts)
    for item in test.steps[:-1]:
        rehearsal.item(item)
    (met,) = rehearsal.trial.open_tasks
    assert (met.step.id, met.who.name) == ("conclude", "Chuyên viên thứ 2")


@pytest.mark.usefixtures("city")
def test_a_process_that_only_rings_does_not_hold_the_clock_for_ever() -> None:
    source = (PROCEDURES / "2.000884.yaml").read_text(encoding="utf-8")
    rings = "      timers: [{after: 1h, to: witness}]\n      checklist:"
    rehearsal = Rehearsal(load(source.replace("      checklist:", rings), "ringing"), {})
    rehearsal.until_open("witness")
    far = TrialMove(MoveKind.WAIT, until=BEGIN.replace(month=12))
    stopped = play(rehearsal.ground, rehearsal.start, [*rehearsal.moves, far]).stopped
    assert stopped is not None
    assert stopped.error.details == {"count": 200}


def at_the_desk(code: str, *items: str, **facts: Any) -> Rehearsal:
    rehearsal = Rehearsal(load((PROCEDURES / f"{code}.yaml").read_text(encoding="utf-8"), code), facts)
    for item in items:
        rehearsal.item(item)
    return rehearsal


@pytest.mark.usefixtures("city")
def test_the_time_of_an_action_runs_out_in_a_trial_too() -> None:
    rehearsal = at_the_desk("2.000620", form={"points": [{}], "seller": "firm", "urban": True})
    rehearsal.until_open("appraise")
    (met,) = rehearsal.trial.open_tasks
    assert met.limits == {"supplement": datetime(2025, 6, 6, 17, 0, tzinfo=VIETNAM)}
    rehearsal.make(TrialMove(MoveKind.WAIT, until=datetime(2025, 6, 9, 8, 0, tzinfo=VIETNAM)))
    answers = answers_to(met.step.action("supplement"), {})
    late = TrialMove(MoveKind.ACT, task=met.number, action="supplement", answers=answers)
    stopped = play(rehearsal.ground, rehearsal.start, [*rehearsal.moves, late]).stopped
    assert stopped is not None
    assert str(stopped.error.sentence).startswith("Việc này chỉ làm được đến hết ngày")


@pytest.mark.usefixtures("city")
def test_fees_are_computed_waited_for_and_given_back_in_a_trial() -> None:
    answers = {"points": [{}, {}], "seller": "firm", "urban": True}
    rehearsal = at_the_desk("2.000620", form=answers, record={"unpaid": True})
    assert [(fee.amount, fee.is_unpaid) for fee in rehearsal.trial.fees] == [(2_400_000, True)]
    rehearsal.until_open("fee")
    assert message(rehearsal).body.vi.startswith("Nộp 2.400.000 đồng để hồ sơ được giải quyết tiếp.")
    rehearsal.make(TrialMove(MoveKind.PAY))
    assert [met.step.id for met in rehearsal.trial.open_tasks] == ["assign"]
    assert "fee.paid" in rehearsal.trial.taken
    again = play(rehearsal.ground, rehearsal.start, [*rehearsal.moves, TrialMove(MoveKind.PAY)]).stopped
    assert again is not None
    rehearsal.item("withdraw")
    assert [fee.is_given_back for fee in rehearsal.trial.fees] == [True]
    assert rehearsal.trial.happenings[-1].given_back == rehearsal.trial.fees


@pytest.mark.usefixtures("city")
def test_a_date_that_will_be_missed_is_told_and_promised_anew_in_a_trial() -> None:
    rehearsal = at_the_desk("2.000815")
    rehearsal.until_open("compare")
    due = rehearsal.trial.view.due_at
    assert due is not None
    rehearsal.make(TrialMove(MoveKind.WAIT, until=due + timedelta(days=7)))
    foreseen = next(one for one in rehearsal.trial.happenings if one.kind is HappeningKind.FORESEEN)
    assert foreseen.at <= due
    assert foreseen.told is not None
    assert "sẽ không kịp hẹn" in foreseen.told.subject.vi
    trial = rehearsal.trial
    assert (trial.signer is not None, trial.apology is not None) == (True, True)
    form = {"day": "2025-07-01"}
    rehearsal.make(TrialMove(MoveKind.APOLOGISE, answers=ActionAnswers(reason="Nhiều hồ sơ", form=form)))
    assert clock.local_day(rehearsal.trial.view.due_at or due) == date(2025, 7, 1)
    assert "Hẹn lại thứ Ba 1/7/2025" in message(rehearsal).body.vi
    assert rehearsal.trial.signer is None
    again = TrialMove(MoveKind.APOLOGISE, answers=ActionAnswers(reason="Nhiều hồ sơ", form=form))
    assert play(rehearsal.ground, rehearsal.start, [*rehearsal.moves, again]).stopped is not None


@pytest.mark.usefixtures("city")
def test_messages_of_a_trial_are_those_of_real_records() -> None:
    rehearsal = at_the_desk("2.000884")
    assert message(rehearsal).subject.vi == "Đã gửi hồ sơ 000.00.00.H00-000000-0000"
    (met,) = rehearsal.trial.open_tasks
    rehearsal.act(met, "supplement")
    assert "Các mục: Giấy tờ." in message(rehearsal).body.vi
    assert move_of(stored_move(rehearsal.moves[0])) == rehearsal.moves[0]


def message(rehearsal: Rehearsal) -> MessageText:
    """What the applicant was told last."""
    return next(told for one in reversed(rehearsal.trial.happenings) if (told := one.told) is not None)


def test_the_paper_of_a_record_that_came_by_hand_follows_and_that_of_another_does_not() -> None:
    procedure = load((PROCEDURES / "1.010803.yaml").read_text(encoding="utf-8"), "x.yaml")
    due = []
    for channel in ("counter", "online"):
        rehearsal = Rehearsal(procedure, {"form": {"file_at": "cantho"}, "record": {"channel": channel}})
        for item in ("c_check.pass", "c_sign.sign", "c_out.hand_over"):
            rehearsal.item(item)
        due.append(rehearsal.trial.happenings[-1].paper_due)
    assert due == [datetime(2025, 6, 3, 17, tzinfo=VIETNAM), None]


def test_the_applicant_is_reminded_of_a_result_before_it_is_archived() -> None:
    procedure = load((PROCEDURES / "2.000635.yaml").read_text(encoding="utf-8"), "x.yaml")
    rehearsal = Rehearsal(procedure, {})
    for item in ("search.found", "sign.sign", "stamp.issue", "give.⏰365d"):
        rehearsal.item(item)
    trial = rehearsal.trial
    kinds = [happening.kind for happening in trial.happenings]
    assert kinds.count(HappeningKind.APPLICANT_REMINDED) == 2
    assert (trial.view.state, trial.end and trial.end.id) == ("archived", "archived")


@pytest.mark.usefixtures("city")
def test_a_supplement_with_a_price_waits_until_it_is_paid() -> None:
    text = (PROCEDURES / "2.000620.yaml").read_text(encoding="utf-8")
    again = "fees:\n  again: {kind: phi, name: {vi: Phí thẩm định lại, en: Second appraisal}, moment: supplement,\n"
    text = text.replace("fees:\n", f"{again}    amounts: [{{amount: 50000, legal_basis: 85/2019}}]}}\n", 1)
    procedure = load(text.replace("    fee: 80h", "    supplement_fee: 80h\n    fee: 80h", 1), "x.yaml")
    rehearsal = Rehearsal(procedure, {})
    rehearsal.item("appraise.supplement")
    for way in ("approve", "send"):
        rehearsal.anywhere(way)
    owed = [(fee.rule, fee.amount, fee.is_unpaid) for fee in rehearsal.trial.fees if fee.moment == "supplement"]
    assert owed == [("again", 50_000, True)]
    rehearsal.anywhere("submit")
    waiting = rehearsal.trial
    assert ([met.step.id for met in waiting.open_tasks], waiting.view.state) == (["sup_fee"], "fee_due")
    rehearsal.make(TrialMove(MoveKind.PAY))
    assert [met.step.id for met in rehearsal.trial.open_tasks] == ["sup_in"]
