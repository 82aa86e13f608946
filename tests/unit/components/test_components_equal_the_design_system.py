"""Our macros print what the design system's own macros print, for every option that we use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.components.markup import render, shape
from tests.unit.components.options import COMPONENTS

FIXTURES = Path(__file__).resolve().parent / "fixtures"


def every_fixture() -> list[Any]:
    return [
        pytest.param(component, fixture, id=f"{component}: {fixture['name']}")
        for component in COMPONENTS
        for fixture in json.loads((FIXTURES / f"{component}.json").read_text())
    ]


@pytest.mark.parametrize(("component", "fixture"), every_fixture())
def test_a_macro_prints_what_the_design_system_prints(component: str, fixture: dict[str, Any]) -> None:
    arguments = COMPONENTS[component][1](fixture["options"])
    assert shape(render(component, arguments)) == shape(fixture["html"])


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_has_fixtures_that_we_answer(component: str) -> None:
    assert json.loads((FIXTURES / f"{component}.json").read_text())


def test_the_comparison_sees_a_missing_attribute() -> None:
    assert shape('<p class="b  a" id="x">a  b</p>') == shape('<p id="x" class="a b"> a b </p>')
    assert shape('<p class="a">b</p>') != shape('<p class="a" hidden>b</p>')
