"""The table of constructs in docs/procedures.md does not grow without a test: one for each row, in its order."""

from __future__ import annotations

from pathlib import Path

from tests.unit.catalogue import test_constructs_of_results_and_time, test_constructs_of_ways

ROOT = Path(__file__).parents[3]
HEADING = "## What real processes need, and its smallest form"
MODULES = (test_constructs_of_ways, test_constructs_of_results_and_time)
PROOFS = {row: tests for module in MODULES for row, tests in module.proofs.tests.items()}
"""Row → the tests that prove it."""


def rows() -> list[str]:
    part = (ROOT / "docs" / "procedures.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    cells = [line.split(" | ")[0].removeprefix("| ") for line in part.splitlines() if line.startswith("| ")]
    return cells[1:]


def test_every_row_of_the_table_is_proven_by_a_test_in_its_order() -> None:
    assert len(rows()) > 30, "the table was not found"
    assert list(PROOFS) == rows()


def test_the_tests_that_prove_a_row_are_there() -> None:
    for row, tests in PROOFS.items():
        own = [name for name in tests if any(hasattr(module, name) for module in MODULES)]
        for name in set(tests) - set(own):
            file, _, test = name.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{row}: {name} is gone"
