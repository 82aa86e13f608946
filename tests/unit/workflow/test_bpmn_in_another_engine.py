"""The exported model, run by SpiffWorkflow, allows exactly what our engine allows."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from portal.catalogue.loader import load
from portal.catalogue.sequences import CLOCK_SIGN, Game
from portal.catalogue.types import FieldType, Procedure
from portal.catalogue.who import lanes_of
from portal.workflow import engine
from portal.workflow.bpmn import bpmn_of
from portal.workflow.definition import Action, TimerEffect
from tests.unit.workflow.spiff_record import NotPossible, SpiffRecord

FILES = sorted((Path(__file__).parents[3] / "portal/catalogue/procedures").glob("*.yaml"))
LONGEST = 7
"""Sequences of so many actions are all tried; beyond, every situation is met once, by the shortest way there."""

_EMPTY: dict[FieldType, Any] = {
    FieldType.INTEGER: 0, FieldType.MONEY: 0, FieldType.DECIMAL: 0.0, FieldType.YES_NO: False, FieldType.GROUP: [],
}  # fmt: skip


@lru_cache
def procedure_in(file: Path) -> Procedure:
    return load(file.read_text(encoding="utf-8"), file.name)


@lru_cache
def model_of(file: Path) -> str:
    procedure = procedure_in(file)
    lanes, lane_of = lanes_of(procedure.process, language="vi")
    return bpmn_of(procedure.process, code=procedure.code, name="x", lanes=lanes, lane_of=lane_of, language="vi")


def facts_of(procedure: Procedure, model: str) -> list[dict[str, Any]]:
    """The facts of the definition's own tests, which take its conditions both ways; other answers that a condition
    speaks of are empty."""
    fields = [field for page in procedure.pages for field in page.fields if f"form.{field.id}" in model]
    empty = {field.id: [] if field.several else _EMPTY.get(field.type, "") for field in fields}
    found: list[dict[str, Any]] = []
    for test in procedure.tests:
        facts = {**test.facts, "form": {**empty, **test.facts.get("form", {})}}
        if facts not in found:
            found.append(facts)
    if "size(each[" in model:  # a branch for each row: beside none and two of the tests, also one
        found += [
            {**facts, "form": _with_one_row(facts["form"])}
            for facts in found
            if facts["form"] != _with_one_row(facts["form"])
        ]
    return found


def _with_one_row(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value[:1] if isinstance(value, list) else value for name, value in form.items()}


def allowed_by_ours(game: Game) -> set[str]:
    if game.end is not None:
        return set()
    found = {action.id for action in engine.always_actions(game.process, game.tokens, game.facts)}
    for token in game.tokens:
        offered = engine.actions_from(game.process, token.step, game.facts)
        found |= {f"{token.step}.{action.id}" for action in offered if not action.consults}
        found |= {item for action in offered if action.consults for item in asking(token.step, action)}
        timers = game.process.step(token.step).timers
        found |= {f"{token.step}.{CLOCK_SIGN}{timer.label}" for timer in timers if timer.effect is TimerEffect.ACT}
    return found


def asking(step: str, action: Action) -> Iterator[str]:
    """The action once for each choice of whom to ask."""
    names = [branch.step for branch in action.branches]
    for count in range(1, len(names) + 1):
        yield from (f"{step}.{action.id}({'+'.join(chosen)})" for chosen in combinations(names, count))


class Pair:
    """The same record in both engines."""

    def __init__(self, game: Game, spiff: SpiffRecord) -> None:
        self.game, self.spiff = game, spiff

    def after(self, item: str, kept: bytes) -> Pair:
        game = copy.copy(self.game)
        game.tokens, game.facts = list(self.game.tokens), copy.deepcopy(self.game.facts)
        spiff = self.spiff.opened(kept, self.game.facts)
        spiff.play(item)
        game.act(item)
        spiff.facts = game.facts
        return Pair(game, spiff)

    def follow(self, way: tuple[str, ...]) -> dict[str, Pair]:
        """What follows each possible action. Fails where one engine allows what the other does not."""
        ours = allowed_by_ours(self.game)
        kept = self.spiff.kept()
        found: dict[str, Pair] = {}
        for item in {*ours, *self.spiff.candidates()}:
            try:
                found[item] = self.after(item, kept)
            except NotPossible:
                continue
            except Exception as refused:
                raise AssertionError(f"only the model allows {item} after {way}") from refused
        assert set(found) == ours, f"after {way}"
        for item, pair in found.items():
            steps = tuple(sorted(pair.game.open_steps))
            assert (pair.spiff.open_steps, pair.spiff.has_ended) == (steps, pair.game.end is not None), (*way, item)
        return found

    @property
    def situation(self) -> tuple[Any, ...]:
        tokens = sorted((token.step, token.group, token.origin or "") for token in self.game.tokens)
        done = {name: count for name, count in self.game.facts["done"].items() if self._is_counted(name)}
        return (*tokens, min(self.game.facts["record"]["supplements"], 2), tuple(sorted(done.items())))

    def _is_counted(self, name: str) -> bool:
        step, _, action = name.partition(".")
        return self.game.process.step(step).action(action).times is not None


def cases() -> Iterator[Any]:
    for file in FILES:
        for number, facts in enumerate(facts_of(procedure_in(file), model_of(file))):
            yield pytest.param(file, facts, id=f"{file.stem}-{number}")


def start(file: Path, facts: dict[str, Any]) -> Pair:
    process = procedure_in(file).process
    game = Game(process, facts)
    counted = [f"{step.id}.{action.id}" for step in process.steps.values() for action in step.actions if action.times]
    game.facts["done"] = dict.fromkeys(counted, 0)
    game.facts["each"] = {
        branch.step: list(branch.each.values(facts))
        for step in process.steps.values()
        for action in step.actions
        for branch in action.branches
        if branch.each
    }
    return Pair(game, SpiffRecord(model_of(file), game.facts))


@pytest.mark.parametrize(("file", "facts"), list(cases()))
def test_both_engines_allow_the_same_actions_wherever_a_record_can_come(file: Path, facts: dict[str, Any]) -> None:
    first = start(file, facts)
    seen, count = {first.situation}, 0
    waiting: deque[tuple[tuple[str, ...], Pair]] = deque([((), first)])
    while waiting:
        way, pair = waiting.popleft()
        for item, following in pair.follow(way).items():
            count += 1
            if following.game.end is not None:
                continue
            if len(way) + 1 < LONGEST or following.situation not in seen:
                waiting.append(((*way, item), following))
            seen.add(following.situation)
    assert count > 20
    assert {step for situation in seen for step, *_ in situation[:-2]} >= {"receive", "give"}
