"""The procedures that the portal brings along: sound, tested, complete in both languages, and the same when stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import loader
from portal.catalogue.checking import check_file
from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.catalogue.expansion import SHARED
from portal.core.wording import cited
from portal.payments.fees import fee_lines
from portal.workflow import engine
from portal.workflow.bpmn_reach import every_action
from portal.workflow.definition import Process, Text, TimerEffect
from portal.workflow.splits import value_of

FILES = sorted(SHARED.parent.glob("*.yaml"))
PROCEDURES = {path.stem: loader.load(path.read_text(encoding="utf-8"), path.name) for path in FILES}

every_procedure = pytest.mark.parametrize("code", PROCEDURES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_definition_has_no_mistakes(path: Path) -> None:
    assert [str(finding) for finding in check_file(path)] == []


@every_procedure
def test_the_file_is_named_after_the_code_and_has_tests_of_its_own(code: str) -> None:
    assert PROCEDURES[code].code == code
    assert len(PROCEDURES[code].tests) >= 2


@every_procedure
def test_a_stored_version_loads_to_the_same_procedure_without_the_shared_file(code: str, tmp_path: Path) -> None:
    text = (SHARED.parent / f"{code}.yaml").read_text(encoding="utf-8")
    stored = loader.canonical(text, code)
    assert "use: one_stop" not in stored
    assert loader.load(stored, "stored", shared=tmp_path) == PROCEDURES[code]


@every_procedure
def test_every_text_is_there_in_both_languages(code: str) -> None:
    missing = [text.vi for text in _texts(PROCEDURES[code]) if not text.en or not text.vi]
    assert missing == []


@every_procedure
def test_every_document_that_a_step_makes_has_a_name(code: str) -> None:
    process = PROCEDURES[code].process
    made = {kind for step in process.steps for action in every_action(process, step) for kind in action.documents}
    assert made - {"result", *DOCUMENT_NAMES} == set()


@every_procedure
def test_what_the_law_is_called_is_said_in_english(code: str) -> None:
    laws = PROCEDURES[code].legal_basis
    assert laws
    assert [law.title.vi for law in laws if law.title.en == law.title.vi] == []
    assert [law.article for law in laws if "Điều" in cited(law.article, language="en")] == []


@every_procedure
def test_every_step_of_a_record_has_a_name_that_citizens_understand(code: str) -> None:
    assert [step.id for step in PROCEDURES[code].process.steps.values() if step.stop is None] == []


@every_procedure
def test_a_stop_says_what_is_done_and_not_who_does_it(code: str) -> None:
    """The page of a record says "{unit} đang {stop}", and the lane of the stop who it is."""
    levels = ("Xã ", "Phường ", "Quận", "Huyện ", "Thành phố ")
    stops = {step.stop.vi for step in PROCEDURES[code].process.steps.values() if step.stop}
    assert [stop for stop in stops if stop.startswith(levels)] == []


@settings(max_examples=60, deadline=None)
@given(code=st.sampled_from(sorted(PROCEDURES)), data=st.data())
def test_a_random_walk_ends_and_opens_no_step_twice(code: str, data: st.DataObject) -> None:
    procedure = PROCEDURES[code]
    facts: dict[str, Any] = {
        "form": {
            "use": data.draw(st.sampled_from(["housing", "mixed"])),
            "planning_zone": data.draw(st.booleans()),
            "file_at": data.draw(st.sampled_from(["cantho", "other"])),
            "commune": "31117",
            "periods": [{"commune": code} for code in data.draw(st.sets(st.sampled_from(["31117", "31135", "31144"])))],
        },
        "record": {"supplements": 0},
        "asked": sorted(data.draw(st.sets(st.sampled_from(["fire", "plan", "land"]), min_size=1))),
        "same_office": data.draw(st.sampled_from([[], ["land"]])),
    }
    walk = Walk(procedure.process)
    walk.open(engine.start(procedure.process, facts))
    for _ in range(400):
        facts["record"]["supplements"] = data.draw(st.integers(0, 2))
        if not walk.step(data, facts):
            break
    else:
        walk.go_home(facts)
    assert walk.ended is not None
    assert walk.tokens == []


class Walk:
    """One record moved at random; each opening is compared with what is open already."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.tokens: list[engine.Token] = []
        self.ended: str | None = None
        self._count = 0

    def step(self, data: st.DataObject, facts: dict[str, Any]) -> bool:
        ways = list(self._ways(facts))
        assert ways, f"nothing can be done at {[token.step for token in self.tokens]}"
        token, action_id, timer = data.draw(st.sampled_from(ways))
        self._go(token, action_id, timer, facts)
        return self.ended is None

    def go_home(self, facts: dict[str, Any]) -> None:
        """From anywhere a record ends within a hundred actions, when those that lead back are left out."""
        back = {"return", "supplement", "send_back", "longer", "mismatch", "correct", "not_here"}
        back |= {"ask_move", "ask_more"}
        for _ in range(100):
            ways = [way for way in self._ways(facts) if way[1] not in back] or list(self._ways(facts))
            self._go(*ways[0], facts)
            if self.ended is not None:
                return

    def open(self, openings: tuple[engine.Opening, ...]) -> None:
        for opening in openings:
            open_now = {(token.step, value_of(token.group)) for token in self.tokens}
            assert (opening.step, value_of(opening.group)) not in open_now, f"{opening.step} is opened twice"
            self._count += 1
            self.tokens.append(engine.Token(self._count, opening.step, opening.group, opening.origin))

    def _ways(self, facts: dict[str, Any]) -> Iterator[tuple[engine.Token, str, int | None]]:
        for token in self.tokens:
            for action in engine.actions_from(self.process, token.step, facts):
                yield token, action.id, None
            for index, timer in enumerate(self.process.step(token.step).timers):
                if timer.effect is TimerEffect.ACT:
                    yield token, "", index

    def _go(self, token: engine.Token, action_id: str, timer: int | None, facts: dict[str, Any]) -> None:
        if timer is None:
            move = engine.after(self.process, self.tokens, token.task_id, action_id, facts)
        else:
            move = engine.after_timer(self.process, self.tokens, token.task_id, timer, facts)
        assert set(move.closes) == {token.task_id}
        closed = {*move.closes, *move.cancels}
        self.tokens = [other for other in self.tokens if other.task_id not in closed]
        if move.ends is not None:
            assert self.tokens == []
            self.ended = move.ends.id
        self.open(move.opens)
        if self.ended is None:
            assert engine.record_state(self.process, self.tokens, "granted")


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for declared in fields(value):
            yield from _texts(getattr(value, declared.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)


SHIPPED = {
    "1.009994", "1.001612", "2.000815", "2.000884", "1.010803",
    "1.001266", "1.001570", "1.002425", "1.009998", "2.000620", "2.000720",
    "1.004873", "1.001193", "2.000635", "1.002693", "1.013061",
}  # fmt: skip


def test_the_shipped_procedures_are_those_of_the_portal() -> None:
    assert set(PROCEDURES) == SHIPPED


@pytest.mark.parametrize(
    ("day", "pages", "copies", "ecopy", "amount"),
    [
        (date(2026, 11, 9), 1, 1, False, 2000),
        (date(2026, 11, 9), 3, 1, False, 5000),
        (date(2026, 11, 9), 10, 2, False, 24000),
        (date(2026, 11, 9), 500, 1, False, 200000),
        (date(2026, 11, 9), 3, 0, True, 5000),
        (date(2026, 11, 9), 10, 2, True, 36000),
        (date(2026, 11, 9), 500, 0, True, 200000),
        (date(2020, 5, 22), 3, 0, True, 5000),
        (date(2020, 5, 21), 3, 1, True, 5000),  # before Decree 45/2020 there was no such copy
    ],
)
def test_a_certified_copy_costs_what_the_law_says(day: date, pages: int, copies: int, ecopy: bool, amount: int) -> None:
    asked = {"form": {"docs": [{"pages": pages, "copies": copies, "ecopy": ecopy}]}}
    (line,) = fee_lines(PROCEDURES["2.000815"], asked, moment="return", day=day)
    assert line.amount == amount
    assert "226/2016/TT-BTC" in line.legal_basis
    assert ("45/2020/NĐ-CP" in line.legal_basis) == (day >= date(2020, 5, 22))


def test_the_longest_path_of_a_construction_permit_takes_sixty_hours() -> None:
    steps = PROCEDURES["1.009994"].process.steps
    path = ["forward", "assign", "appraise", "ask_ok", "fire", "fire_sign", "conclude", "review", "sign", "stamp"]
    assert sum(steps[name].quota for name in path) == 60


def test_the_allowance_leaves_each_level_within_its_stage() -> None:
    steps = PROCEDURES["1.010803"].process.steps
    hours = {level: sum(steps[name].quota for name in names) for level, names in STAGES.items()}
    assert hours == {"commune": 34, "district": 44, "city": 44}


STAGES = {
    "commune": ["forward", "c_check", "c_sign", "c_out"],
    "district": ["d_in", "d_assign", "d_check", "d_sign", "d_out"],
    "city": ["t_in", "t_assign", "t_check", "review", "sign", "stamp"],
}


def test_a_second_supplement_is_approved_by_the_leader_and_a_third_is_not_offered() -> None:
    process = PROCEDURES["1.009994"].process
    task = [engine.Token(1, "appraise")]
    first = engine.after(process, task, 1, "supplement", {"record": {"supplements": 0}})
    second = engine.after(process, task, 1, "supplement", {"record": {"supplements": 1}})
    third = engine.actions_from(process, "appraise", {"record": {"supplements": 2}})
    assert [first.opens[0].step, second.opens[0].step] == ["sup_ok", "sup_ok_leader"]
    assert "supplement" not in [action.id for action in third]
