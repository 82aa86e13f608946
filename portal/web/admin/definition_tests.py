"""The definition's own tests, played now, and what they never take."""

from __future__ import annotations

from dataclasses import dataclass

from portal.catalogue.administration import TestResult, test_results
from portal.catalogue.coverage import Coverage, coverage_of
from portal.catalogue.types import Procedure
from portal.web.admin.process_names import taken_words


@dataclass(frozen=True)
class Tested:
    """`never` are the actions of the coverage that no test takes, in words."""

    results: tuple[TestResult, ...]
    coverage: Coverage
    never: tuple[str, ...]


def tested(procedure: Procedure | None) -> Tested | None:
    """None for a definition that cannot be read yet."""
    if procedure is None:
        return None
    coverage = coverage_of(procedure)
    never = tuple(taken_words(procedure.process, *name.split(".", 1)) for name in coverage.never)
    return Tested(test_results(procedure), coverage, never)
