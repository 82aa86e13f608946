"""Papers that come with the result, each numbered in a book of its own; and results of which each row has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalogue.types import Field, FieldType, Procedure, Result
from portal.records.changes import Situation
from portal.records.facts import facts_of_answers
from portal.workflow.definition import Text

FURTHER = "further_result"
"""Their kind among the documents of a record."""


def further_results(situation: Situation) -> Iterator[Result]:
    """Those that this record has."""
    facts = facts_of_answers(situation.record.answers)
    for result in situation.procedure.further_results:
        if result.when is None or result.when.test(facts):
            yield result


def row_titles(situation: Situation, result: Result) -> list[Text]:
    """What the document of each row is called: its kind, and the first text of the row. Empty when it has no rows."""
    field = _group(situation.procedure, result.each)
    if field is None:
        return []
    rows = situation.record.answers.get(field.id) or []
    return [_title(result.name, _named(field, row)) for row in rows]


def _title(name: Text, row: str) -> Text:
    return Text(f"{name.vi}: {row}", f"{name.en}: {row}") if row else name


def _named(field: Field, row: Mapping[str, Any]) -> str:
    texts = (part.id for part in field.fields if part.type in (FieldType.TEXT, FieldType.LONG_TEXT))
    return next((str(row[name]) for name in texts if row.get(name)), "")


def _group(procedure: Procedure, name: str | None) -> Field | None:
    fields = (field for page in procedure.pages for field in page.fields)
    return next((field for field in fields if name is not None and field.id == name), None)
