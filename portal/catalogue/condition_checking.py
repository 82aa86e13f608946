"""A single condition of a definition that is being written, checked against its form before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from portal.catalogue import conditions, located, schema
from portal.catalogue.conditions import Schema
from portal.catalogue.expansion import expand
from portal.catalogue.expressions import ExpressionError, row_of
from portal.catalogue.findings import MESSAGES
from portal.catalogue.reading import shell
from portal.catalogue.step_outcomes import outcomes_of
from portal.catalogue.types import Field
from portal.workflow.definition import Text


@dataclass(frozen=True)
class ConditionGround:
    """What the conditions of a process may speak of: its schema, and the conditions that it has given names."""

    schema: Schema
    names: tuple[str, ...]

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers as conditions name them: form.x."""
        form = self.schema.get("form")
        return tuple(f"form.{name}" for name in (form.fields if form is not None else ()))

    def fault(self, source: str, *, each: str = "") -> Text | None:
        """What is wrong with a condition, in both languages; None when it may be used.

        `each` is the answer whose rows a branch is opened for: its condition may speak of `row`.
        """
        if source in self.names and not each:
            return None
        return _fault(conditions.compile_condition, source, self._scope(each))

    def fault_of_day(self, source: str) -> Text | None:
        """The same of an expression that gives a day."""
        return _fault(conditions.compile_day, source, self.schema)

    def _scope(self, each: str) -> Schema:
        group = each.removeprefix("form.").partition(".")[0]
        kind = self.schema["form"].fields.get(group)
        if kind is None or kind.item is None or kind.item.name != "row":
            return self.schema
        return {**self.schema, "row": row_of(kind.item.fields)}


def _fault(compiled: Callable[[str, Schema], object], source: str, schema: Schema) -> Text | None:
    try:
        compiled(source, schema)
    except ExpressionError as error:
        message = MESSAGES[error.kind]
        return Text(message.vi.format(**error.values), message.en.format(**error.values))
    return None


def condition_ground(written: str, file: str) -> ConditionGround:
    """The ground of a text that may have mistakes: fields that cannot be read are not there."""
    data = located.plain(expand(located.read(written, file)[0], []))
    process = _mapping(data.get("process"))
    papers = _mapping(data.get("papers"))
    fields = drafted_fields(_mapping(data.get("pages")))
    return ConditionGround(
        schema=conditions.schema_of(fields, outcomes=outcomes_of(process.get("steps")), papers=tuple(papers)),
        names=tuple(_mapping(process.get("conditions"))),
    )


def drafted_fields(pages: Mapping[str, Any]) -> Iterator[Field]:
    """The fields of a form that is being written; those that cannot be read are left out."""
    for page in pages.values():
        for name, raw in _mapping(_mapping(page).get("fields")).items():
            try:
                yield shell(name, schema.FieldPart.model_validate(raw))
            except ValidationError:
                continue


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}
