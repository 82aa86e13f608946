"""A walked sequence becomes one of the definition's own tests: shortened, checked, and written into its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.catalogue.asked_facts import AskedFacts
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import load
from portal.catalogue.sequences import CORRECT, HEAD, SUPPLEMENT_WAY, TAIL, Game, SequenceFailed, played
from portal.catalogue.source import Source
from portal.catalogue.source_writing import block
from portal.catalogue.types import Procedure, SequenceTest
from portal.core.errors import Conflict, InvalidInput
from portal.core.text import marked

OTHER_END = marked("Phép thử viết ra không dẫn đến cùng chỗ kết thúc, nên không giữ được lượt này.")
NOT_WRITTEN = marked("Không thêm được phép thử vào tệp này. Chép đoạn dưới vào mục tests của tệp.")


def test_of(
    procedure: Procedure, name: str, steps: Sequence[str], *, facts: Mapping[str, Any], end: str, outcome: str | None
) -> SequenceTest:
    """The shortest way to write the sequence that ends the same. Raises Conflict when no way does."""
    test = SequenceTest(name, tuple(steps), end, outcome, facts)
    wanted = _result(procedure, test)
    if wanted is None or wanted[:2] != (end, outcome):
        raise Conflict(OTHER_END)
    for shorter in (_with_supplement_way, _without_tail, _without_head):
        test = shorter(procedure, test, wanted)
    return test


def facts_of(asked: AskedFacts, answers: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """What a test must say for conditions to hold as they did: nothing that is empty, nothing that is not asked."""
    ids = {field.id for field in asked.fields}
    form = {name: value for name, value in answers.items() if name in ids and value not in (None, "", [], False)}
    about = {name: value for name, value in record.items() if name in asked.record and value not in (None, "", False)}
    applicant = {
        "poor_household": bool(answers.get("poor_household")),
        "kind": "organisation" if answers.get("filer") == "org" else "",
    }
    said = {name: value for name, value in applicant.items() if name in asked.applicant and value}
    return {name: value for name, value in (("form", form), ("applicant", said), ("record", about)) if value}


def entry_of(test: SequenceTest) -> dict[str, Any]:
    """The test as the file has it."""
    facts = {"facts": _exact(test.facts)} if test.facts else {}
    outcome = {"outcome": test.outcome} if test.outcome is not None else {}
    return {"name": test.name, **facts, "do": list(test.steps), "ends": test.ends, **outcome}


def written(test: SequenceTest) -> str:
    """The test as an item of `tests`, without indentation."""
    return block([entry_of(test)], column=0) + "\n"


def with_test(source: str, test: SequenceTest, *, file: str) -> str:
    """The text of a definition with one test more. Raises InvalidInput when it cannot be put in."""
    try:
        added = Source(source, file).add(("tests",), entry_of(test)).text
        tests = load(added, file).tests
    except DefinitionError as broken:
        raise InvalidInput(NOT_WRITTEN) from broken
    if not tests or (tests[-1].name, tests[-1].steps) != (test.name, test.steps):
        raise InvalidInput(NOT_WRITTEN)
    return added


def free_name(procedure: Procedure) -> str:
    """T4, when T1 to T3 are there."""
    taken = {test.name for test in procedure.tests}
    return next(name for number in range(1, len(taken) + 2) if (name := f"T{number}") not in taken)


def _exact(facts: Any) -> Any:
    """The facts with numbers as the file writes them: a float is what a stored answer has for 1.5."""
    if isinstance(facts, Mapping):
        return {key: _exact(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_exact(value) for value in facts]
    return Decimal(str(facts)) if isinstance(facts, float) else facts


def _without_head(procedure: Procedure, test: SequenceTest, wanted: Result) -> SequenceTest:
    """What is played by itself where a test leaves it out."""
    at = 0
    while at < len(test.steps):
        steps = (*test.steps[:at], *test.steps[at + 1 :])
        shorter = _same(procedure, test, steps, wanted) if _action(test.steps[at]) in HEAD else None
        test, at = (shorter, at) if shorter else (test, at + 1)
    return test


def _without_tail(procedure: Procedure, test: SequenceTest, wanted: Result) -> SequenceTest:
    """What is played by itself at the end, and before the record is opened again."""
    at = len(test.steps)
    while at > 0:
        at -= 1
        steps = (*test.steps[:at], *test.steps[at + 1 :])
        is_last = at == len(steps) or steps[at] == CORRECT
        if is_last and _action(test.steps[at]) in TAIL:
            test = _same(procedure, test, steps, wanted) or test
    return test


def _with_supplement_way(procedure: Procedure, test: SequenceTest, wanted: Result) -> SequenceTest:
    length = len(SUPPLEMENT_WAY)
    at = 0
    while at + length <= len(test.steps):
        if tuple(_action(item) for item in test.steps[at : at + length]) == SUPPLEMENT_WAY:
            steps = (*test.steps[:at], "SUP", *test.steps[at + length :])
            test = _same(procedure, test, steps, wanted) or test
        at += 1
    return test


Result = tuple[str, str | None, frozenset[str]]
"""The end, the outcome, and every action that was taken."""


def _same(procedure: Procedure, test: SequenceTest, steps: Sequence[str], wanted: Result) -> SequenceTest | None:
    shorter = SequenceTest(test.name, tuple(steps), test.ends, test.outcome, test.facts)
    return shorter if steps and _result(procedure, shorter) == wanted else None


def _result(procedure: Procedure, test: SequenceTest) -> Result | None:
    try:
        game: Game = played(procedure.process, test)
    except SequenceFailed:
        return None
    return (game.end.id if game.end is not None else "open"), game.outcome, game.taken


def _action(item: str) -> str:
    return item.partition(".")[2]
