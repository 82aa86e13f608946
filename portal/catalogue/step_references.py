"""Where a definition speaks of one of its steps: what must change with the step's id, and what keeps it from going.

Paths are those of the text as it is written, the shared process not written out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalogue.reading import Path
from portal.catalogue.sequences import asked_in

_NAMING = frozenset(
    {"closed_in", "choose", "consult", "correct", "differs_from", "drafters", "first", "first_of", "join", "start"}
    | {"step", "to"}
)
"""Keys whose value names a step, or several in a list."""


@dataclass(frozen=True)
class Reference:
    """`path` is where the value stands, `names` the step that it names, `value` all of it."""

    path: Path
    names: str
    value: str

    @property
    def step(self) -> str:
        """The entry of the steps that speaks, or nothing."""
        return str(self.path[2]) if self.path[:2] == ("process", "steps") and len(self.path) > 3 else ""

    @property
    def action(self) -> str:
        """Its action that does, or nothing."""
        return str(self.path[4]) if self.step and self.path[3] == "actions" and len(self.path) > 4 else ""

    @property
    def test(self) -> int | None:
        """The place of the test that does, from 0."""
        return self.path[1] if self.path[0] == "tests" and isinstance(self.path[1], int) else None

    def renamed(self, new: str) -> str:
        """The value with another name of the step."""
        if self.test is not None and self.path[2:3] == ("do",):
            return _of_item(self.names).sub(new, self.value)
        if self.value == self.names:
            return new
        return _outcome(self.names).sub(f"outcomes.{new}", self.value)


def references(data: Mapping[str, Any], steps: Collection[str]) -> list[Reference]:
    """Every place that names one of the steps, in the order of the file."""
    found = [*_in_tests(data, steps)]
    for path, value in _scalars(data, ()):
        if path[0] == "tests":
            if path[3:4] == ("same_office",) and value in steps:
                found.append(Reference(path, value, value))
            continue
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if path[0] == "process" and key in _NAMING and value in steps:
            found.append(Reference(path, value, value))
        else:
            found.extend(Reference(path, step, value) for step in steps if _outcome(step).search(value))
    return sorted(found, key=lambda reference: reference.path[0] == "tests")


def action_references(data: Mapping[str, Any], step: str, action: str) -> list[Reference]:
    """The items of tests that take the action."""
    named = f"{step}.{action}"
    own = [one for one in _in_tests(data, (step,)) if one.value.partition("(")[0] == named]
    return [Reference(one.path, named, one.value) for one in own]


def _in_tests(data: Mapping[str, Any], steps: Collection[str]) -> Iterator[Reference]:
    tests = data.get("tests")
    for at, test in enumerate(tests if isinstance(tests, list) else ()):
        items = test.get("do") if isinstance(test, dict) else None
        for number, item in enumerate(items if isinstance(items, list) else ()):
            named = [str(item).partition(".")[0], *asked_in(str(item).partition(".")[2])[1]]
            for step in dict.fromkeys(named):
                if step in steps:
                    yield Reference(("tests", at, "do", number), step, str(item))


def _scalars(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _scalars(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _scalars(value, (*path, at))
    elif isinstance(data, str):
        yield path, data


def _of_item(step: str) -> re.Pattern[str]:
    """The step of an item of a test, or one that it asks: `conclude.ask_more(fire+land)`."""
    return re.compile(rf"^{re.escape(step)}(?=\.|$)|(?<=[(+]){re.escape(step)}(?=[+)])")


def _outcome(step: str) -> re.Pattern[str]:
    return re.compile(rf"\boutcomes\.{re.escape(step)}\b")
