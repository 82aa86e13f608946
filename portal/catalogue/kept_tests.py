"""A walked sequence becomes one of the definition's own tests: shortened, checked, and written into its text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from portal.catalogue import located
from portal.catalogue.asked_facts import AskedFacts
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import load
from portal.catalogue.sequences import CORRECT, HEAD, SUPPLEMENT_WAY, TAIL, Game, SequenceFailed, played
from portal.catalogue.types import Procedure, SequenceTest
from portal.core.errors import Conflict, InvalidInput
from portal.core.text import marked

OTHER_END = marked("Phép thử viết ra không dẫn đến cùng chỗ kết thúc, nên không giữ được lượt này.")
NOT_WRITTEN = marked("Không thêm được phép thử vào tệp này. Chép đoạn dưới vào mục tests của tệp.")

_TESTS = re.compile(r"^tests[ \t]*:[ \t]*(?P<rest>[^\n]*)$", re.MULTILINE)
_EMPTY = re.compile(r"(?:\[\s*\])?\s*(?:#.*)?")
_KEY = re.compile(r"^[^\s#-][^\n]*:", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ ]*)- ", re.MULTILINE)


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


def written(test: SequenceTest) -> str:
    """The test as an item of `tests`, without indentation."""
    entry: dict[str, Any] = {"name": test.name}
    if test.facts:
        entry["facts"] = located.plain(test.facts)
    entry |= {"do": list(test.steps), "ends": test.ends}
    if test.outcome is not None:
        entry["outcome"] = test.outcome
    return str(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, default_flow_style=None, width=110))


def with_test(source: str, test: SequenceTest, *, file: str) -> str:
    """The text of a definition with one test more. Raises InvalidInput when it cannot be put in."""
    added = _added(source, written(test))
    try:
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


def _added(source: str, item: str) -> str:
    source = source.rstrip("\n") + "\n"
    found = _TESTS.search(source)
    if found is None:
        return f"{source}\ntests:\n{_indented(item, 2)}"
    if not _EMPTY.fullmatch(found["rest"]):
        raise InvalidInput(NOT_WRITTEN)
    following = _KEY.search(source, found.end())
    block = source[found.end() : following.start() if following else len(source)]
    end = found.end() + len(_items_of(block))
    first = _ITEM.search(block)
    head = source[:end] if first else f"{source[: found.start()]}tests:"
    rest = source[end:] if first else source[found.end() :]
    return f"{head}\n{_indented(item, len(first['indent']) if first else 2)}{rest.removeprefix(chr(10))}"


def _items_of(block: str) -> str:
    """Without the empty lines and comments at the margin at its end: they belong to what follows the tests."""
    lines = block.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return "\n".join(lines)


def _indented(item: str, spaces: int) -> str:
    return "".join(f"{' ' * spaces}{line}\n" for line in item.splitlines())


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
