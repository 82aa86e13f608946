"""Papers that come with the result, each numbered in a book of its own: copies of an extract beside a certificate."""

from __future__ import annotations

from collections.abc import Iterator

from portal.catalogue.types import Result
from portal.records.changes import Situation
from portal.records.facts import facts_of_answers

FURTHER = "further_result"
"""Their kind among the documents of a record."""


def further_results(situation: Situation) -> Iterator[Result]:
    """Those that this record has; none beside a refusal."""
    if situation.record.outcome == "rejected":
        return
    facts = facts_of_answers(situation.record.answers)
    for result in situation.procedure.further_results:
        if result.when is None or result.when.test(facts):
            yield result
