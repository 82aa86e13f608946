"""Reading the parts of a definition one by one: each mistake becomes a finding with its place, and hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from portal.catalogue import conditions, schema
from portal.catalogue.expressions import ExpressionError, row_of
from portal.catalogue.findings import Finding
from portal.catalogue.located import LocatedDict, place_at
from portal.catalogue.types import Choice, Field, FieldType
from portal.workflow.definition import Condition, Text

Path = tuple[str | int, ...]
PartT = TypeVar("PartT", bound=BaseModel)
_FAULTS = {
    "string_type": "not_text",
    "int_type": "not_number",
    "decimal_type": "not_number",
    "decimal_parsing": "not_number",
    "bool_type": "not_bool",
    "list_type": "not_a_list",
    "dict_type": "not_a_mapping",
    "model_type": "not_a_mapping",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
}


class Reading:
    """A definition being read: its data, the schema of its conditions, and the mistakes found so far."""

    def __init__(self, data: LocatedDict, findings: list[Finding]) -> None:
        self.data = data
        self.findings = findings
        self.schema: conditions.Schema = {}

    def part(self, model: type[PartT], data: Any, path: Path) -> PartT | None:
        """The part, or None with its mistakes among the findings."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for mistake in error.errors(include_url=False):
                self._report_shape(mistake, path)
            return None

    def find(self, path: Path, kind: str, **values: object) -> None:
        place = place_at(self.data, path)
        self.findings.append(Finding(place.file, place.line, kind, values, path))

    def compiled(
        self,
        source: str | None,
        path: Path,
        compiler: Callable[[str, conditions.Schema], Condition] = conditions.compile_condition,
        scope: conditions.Schema | None = None,
    ) -> Condition | None:
        """The compiled expression, or None when there is none or when it has a mistake, which is then reported."""
        if source is None:
            return None
        try:
            return compiler(source, scope or self.schema)
        except ExpressionError as error:
            self.find(path, error.kind, **error.values)
            return None

    def fields(self, parts: Mapping[str, schema.FieldPart], path: Path, scope: conditions.Schema) -> tuple[Field, ...]:
        """The fields with their conditions compiled; rows of a group may also speak of `row`."""
        built = []
        for name, part in parts.items():
            inner: tuple[Field, ...] = ()
            if part.fields:
                row = conditions.schema_of(shell(name, part).fields)["form"]
                inner = self.fields(part.fields, (*path, name, "fields"), {**scope, "row": row_of(row.fields)})
            when = self.compiled(part.when, (*path, name, "when"), scope=scope)
            if (part.type is FieldType.CHOICE) != bool(part.choices):
                self.find((*path, name), "choices_not_taken" if part.choices else "missing_key", name="choices")
            if (part.type is FieldType.GROUP) != bool(part.fields):
                self.find((*path, name), "fields_not_taken" if part.fields else "empty_group")
            built.append(shell(name, part, when=when, fields=inner))
        return tuple(built)

    def unknown(self, path: Path, kind: str, name: str, names: Iterable[str]) -> None:
        near = get_close_matches(name, list(names), n=1)
        self.find(path, kind, name=name, near=f" → {near[0]}?" if near else "")

    def _report_shape(self, mistake: Any, path: Path) -> None:
        where: Path = (*path, *mistake["loc"])
        name = str(mistake["loc"][-1]) if mistake["loc"] else str(path[-1]) if path else "?"
        kind, context = mistake["type"], mistake.get("ctx", {})
        if kind == "extra_forbidden":
            self.unknown(where, "unknown_key", name, schema.keys())
        elif kind == "missing":
            self.find(where[:-1], "missing_key", name=name)
        elif name == "[key]":
            self.find(where[:-1], "bad_name", name=mistake["loc"][-2])
        elif kind == "string_pattern_mismatch":
            self.find(where, "bad_form", name=name, pattern=context.get("pattern", ""))
        elif kind in _FAULTS:
            self.find(where, _FAULTS[kind], name=name, expected=context.get("expected", ""))
        else:
            self.find(where, "wrong_value", name=name, reason=mistake["msg"])


def text(part: schema.TextPart) -> Text:
    return Text(part.vi, part.en)


def text_or_same(part: schema.TextPart | str) -> Text:
    """A text alone is the same in both languages."""
    return Text(part, part) if isinstance(part, str) else text(part)


def text_or_none(part: schema.TextPart | None) -> Text | None:
    return text(part) if part is not None else None


def shell(
    name: str, part: schema.FieldPart, *, when: Condition | None = None, fields: tuple[Field, ...] | None = None
) -> Field:
    return Field(
        id=name,
        type=part.type,
        label=text(part.label),
        required=part.required,
        hint=text_or_none(part.hint),
        suffix=text_or_same(part.suffix) if part.suffix else None,
        choices=tuple(Choice(value, text(label)) for value, label in part.choices.items()),
        several=part.several,
        when=when,
        fields=tuple(shell(*inner) for inner in part.fields.items()) if fields is None else fields,
        row_name=text_or_none(part.row_name),
        minimum=part.min,
        maximum=part.max,
        max_length=part.max_length,
        prefill=part.prefill,
        level=tuple(part.level) if isinstance(part.level, list) else part.level,
        kind=part.kind,
    )
