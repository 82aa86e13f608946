"""docs/procedures.md names everything that a definition may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalogue import schema
from portal.catalogue.expressions import FUNCTIONS, MACROS, TEXT_METHODS
from portal.catalogue.types import FieldType
from portal.workflow.definition import ActionKind, ClockRule, TimerEffect, Where

PAGE = (Path(__file__).parents[3] / "docs" / "procedures.md").read_text(encoding="utf-8")
WORDS = [*schema.keys(), *FUNCTIONS, *MACROS, *TEXT_METHODS]
WORDS += [word.value for words in (ActionKind, ClockRule, FieldType, TimerEffect, Where) for word in words]


@pytest.mark.parametrize("word", sorted(set(WORDS)))
def test_the_page_names(word: str) -> None:
    assert word in PAGE
