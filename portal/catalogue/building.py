"""From the parts of a definition to the values of `types` and `workflow.definition`, collecting every mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from portal.catalogue import conditions, schema
from portal.catalogue.expressions import ExpressionError, row_of
from portal.catalogue.findings import Finding
from portal.catalogue.located import LocatedDict, place_at
from portal.catalogue.process_building import ProcessBuilder, duration, text
from portal.catalogue.types import (
    Check,
    Choice,
    FeeRule,
    Field,
    FieldType,
    LegalBasis,
    Page,
    Paper,
    Procedure,
    Result,
    SequenceTest,
    Stage,
    SupplementRule,
    Term,
)
from portal.workflow.definition import Condition

Path = tuple[str | int, ...]
PartT = TypeVar("PartT", bound=BaseModel)
_PLACEHOLDER = re.compile(r"\{form\.(\w+)\}")
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


class Builder:
    """Reads one definition; `procedure()` is None when something it cannot do without is wrong."""

    def __init__(self, data: LocatedDict, findings: list[Finding]) -> None:
        self.data = data
        self.findings = findings
        self.schema: conditions.Schema = {}

    def procedure(self) -> Procedure | None:
        card = self.part(schema.CardPart, self.data, ())
        pages = self._parts(schema.PagePart, "pages")
        papers = self._parts(schema.PaperPart, "papers")
        fees = self._parts(schema.FeePart, "fees")
        process = self.part(schema.ProcessPart, self.data.get("process"), ("process",))
        shells = self._shells(pages)
        steps = self._keys("process", "steps")
        self.schema = conditions.schema_of(shells, steps=steps, papers=self._keys("papers"))
        built_process = ProcessBuilder(self, process).process() if process is not None else None
        built_pages = tuple(self._page(name, part) for name, part in pages.items())
        built_papers = tuple(self._paper(name, part) for name, part in papers.items())
        built_fees = tuple(rule for name, part in fees.items() for rule in self._fee_rules(name, part))
        if card is None or built_process is None:
            return None
        self._check_names(card, {shell.id: shell for shell in shells})
        return Procedure(
            code=card.code,
            name=text(card.name),
            everyday_name=text(card.everyday_name),
            summary=text(card.summary),
            field=card.field,
            field_name=text(card.field_name),
            competent_level=card.competent_level,
            decided_by=text(card.decided_by),
            receivers=tuple(card.receivers),
            term=_term(card.term),
            result=_result(card.result),
            process=built_process,
            pages=built_pages,
            papers=built_papers,
            not_needed=tuple(map(text, card.not_needed)),
            fees=built_fees,
            legal_basis=tuple(LegalBasis(law.number, law.title, law.article) for law in card.legal_basis),
            requirements=tuple(map(text, card.requirements)),
            search_words=tuple(card.search_words),
            life_events=tuple(card.life_events),
            audience=tuple(card.audience),
            minutes=card.minutes,
            supplement=SupplementRule(card.supplement.limit, duration(card.supplement.wait), card.supplement.clock),
            subject=card.subject,
            place_field=card.place_field,
            tests=tuple(_test(test) for test in card.tests),
            reception_hours=card.reception_hours,
            extension=card.extension and text(card.extension),
        )

    # Parts, each read for itself

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
        self.findings.append(Finding(place.file, place.line, kind, values))

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
            shell = _shell(name, part)
            inner: tuple[Field, ...] = ()
            if part.fields:
                row = conditions.schema_of(shell.fields)["form"]
                inner = self.fields(part.fields, (*path, name, "fields"), {**scope, "row": row_of(row.fields)})
            when = self.compiled(part.when, (*path, name, "when"), scope=scope)
            if (part.type is FieldType.CHOICE) != bool(part.choices):
                self.find((*path, name), "missing_key", name="choices")
            if (part.type is FieldType.GROUP) != bool(part.fields):
                self.find((*path, name), "missing_key", name="fields")
            built.append(_shell(name, part, when=when, fields=inner))
        return tuple(built)

    def unknown(self, path: Path, kind: str, name: str, names: Iterable[str]) -> None:
        near = get_close_matches(name, list(names), n=1)
        self.find(path, kind, name=name, near=f" → {near[0]}?" if near else "")

    def _parts(self, model: type[PartT], section: str) -> dict[str, PartT]:
        data = self.data.get(section)
        if not isinstance(data, LocatedDict):
            return {}
        read = {name: self.part(model, data[name], (section, name)) for name in data}
        return {name: part for name, part in read.items() if part is not None}

    def _keys(self, *path: str) -> tuple[str, ...]:
        data: Any = self.data
        for key in path:
            data = data.get(key) if isinstance(data, dict) else None
        return tuple(data) if isinstance(data, dict) else ()

    def _report_shape(self, mistake: Any, path: Path) -> None:
        where: Path = (*path, *mistake["loc"])
        name = str(mistake["loc"][-1]) if mistake["loc"] else str(path[-1]) if path else "?"
        kind, context = mistake["type"], mistake.get("ctx", {})
        if kind == "extra_forbidden":
            if name in schema.RESERVED:
                self.find(where, "reserved_key", name=name)
            else:
                self.unknown(where, "unknown_key", name, _GRAMMAR)
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

    # Values

    def _shells(self, pages: Mapping[str, schema.PagePart]) -> list[Field]:
        shells: dict[str, Field] = {}
        for page, part in pages.items():
            for name, declared in part.fields.items():
                if name in shells:
                    self.find(("pages", page, "fields", name), "same_field", name=name)
                shells[name] = _shell(name, declared)
        return list(shells.values())

    def _page(self, name: str, part: schema.PagePart) -> Page:
        path: Path = ("pages", name)
        checks = tuple(self._check(check, (*path, "checks", at)) for at, check in enumerate(part.checks))
        return Page(
            id=name,
            title=text(part.title),
            fields=self.fields(part.fields, (*path, "fields"), self.schema),
            checks=tuple(check for check in checks if check is not None),
        )

    def _check(self, part: schema.CheckPart, path: Path) -> Check | None:
        condition = self.compiled(part.that, (*path, "that"), conditions.compile_check)
        if condition is None:
            return None
        known = self.schema["form"].fields
        for name in part.fields:
            if name not in known:
                self.unknown((*path, "fields"), "unknown_condition_field", name, known)
        fields = tuple(part.fields) or conditions.fields_of(part.that, self.schema)
        return Check(condition, text(part.message), fields, warns=part.warns)

    def _paper(self, name: str, part: schema.PaperPart) -> Paper:
        return Paper(
            id=name,
            name=text(part.name),
            required=part.required,
            when=self.compiled(part.when, ("papers", name, "when")),
            formats=tuple(part.formats),
            max_mb=part.max_mb,
            max_files=part.max_files,
            copies=part.copies,
            hint=part.hint and text(part.hint),
            replaced_by=part.replaced_by,
            mode=part.mode,
        )

    def _fee_rules(self, name: str, part: schema.FeePart) -> Iterable[FeeRule]:
        path: Path = ("fees", name)
        exempt_if = self.compiled(part.exempt_if, (*path, "exempt_if"))
        self.compiled(part.when, (*path, "when"))
        for at, dated in enumerate(part.amounts):
            amount: Condition | int | None = dated.amount if isinstance(dated.amount, int) else None
            if isinstance(dated.amount, str):
                amount = self.compiled(dated.amount, (*path, "amounts", at, "amount"), conditions.compile_amount)
            yield FeeRule(
                id=name,
                kind=part.kind,
                name=text(part.name),
                amount=amount if amount is not None else 0,
                moment=part.moment,
                exempt_if=exempt_if,
                legal_basis=dated.legal_basis,
                note=part.note and text(part.note),
                valid_from=dated.from_,
                valid_to=dated.to,
            )

    def _check_names(self, card: schema.CardPart, fields: Mapping[str, Field]) -> None:
        for name in _PLACEHOLDER.findall(card.subject):
            if name not in fields:
                self.unknown(("subject",), "unknown_condition_field", name, fields)
        place = card.place_field.removeprefix("form.")
        if place not in fields or fields[place].type is not FieldType.UNIT:
            self.unknown(("place_field",), "unknown_condition_field", place, fields)


_GRAMMAR = sorted(
    {
        field.alias or name
        for model in vars(schema).values()
        if isinstance(model, type) and issubclass(model, schema.Part)
        for name, field in model.model_fields.items()
    }
)


def _shell(
    name: str, part: schema.FieldPart, *, when: Condition | None = None, fields: tuple[Field, ...] | None = None
) -> Field:
    return Field(
        id=name,
        type=part.type,
        label=text(part.label),
        required=part.required,
        hint=part.hint and text(part.hint),
        suffix=part.suffix,
        choices=tuple(Choice(value, text(label)) for value, label in part.choices.items()),
        several=part.several,
        when=when,
        fields=tuple(_shell(*inner) for inner in part.fields.items()) if fields is None else fields,
        row_name=part.row_name and text(part.row_name),
        minimum=part.min,
        maximum=part.max,
        max_length=part.max_length,
        prefill=part.prefill,
        level=part.level,
        kind=part.kind,
    )


def _term(part: schema.TermPart) -> Term:
    stages = tuple(Stage(stage.level, stage.value, stage.unit) for stage in part.stages)
    return Term(part.value, part.unit, part.cutoff, stages)


def _result(part: schema.ResultPart) -> Result:
    return Result(
        template=part.template,
        name=text(part.name),
        series=part.series,
        action=part.action,
        validity_months=part.validity_months,
        signs_as=part.signs_as,
    )


def _test(part: schema.TestPart) -> SequenceTest:
    return SequenceTest(part.name, tuple(part.do), part.ends, part.outcome, part.facts)
