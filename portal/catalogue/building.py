"""From the parts of a definition to the values of `types` and `workflow.definition`, collecting every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from portal.catalogue import conditions, schema
from portal.catalogue.located import LocatedDict
from portal.catalogue.outcome_building import built_result, duties
from portal.catalogue.place_building import recipient
from portal.catalogue.process_building import ProcessBuilder, duration
from portal.catalogue.reading import PartT, Path, Reading, shell, text, text_or_none, text_or_same
from portal.catalogue.step_outcomes import outcomes_of
from portal.catalogue.types import (
    FORM_NAME,
    Check,
    FeeRule,
    Field,
    FieldType,
    LegalBasis,
    Page,
    Paper,
    Procedure,
    Reduction,
    SequenceTest,
    Stage,
    SupplementRule,
    Term,
)
from portal.workflow.definition import Condition, Process

_PLACEHOLDER = re.compile(r"\{form\.(\w+)\}")


class Builder:
    """Builds one definition; `procedure()` is None when something it cannot do without is wrong."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def procedure(self) -> Procedure | None:
        card = self.reading.part(schema.CardPart, self.reading.data, ())
        pages = self._parts(schema.PagePart, "pages")
        papers = self._parts(schema.PaperPart, "papers")
        fees = self._parts(schema.FeePart, "fees")
        process = self.reading.part(schema.ProcessPart, self.reading.data.get("process"), ("process",))
        shells = self._shells(pages)
        self.reading.schema = self._schema(shells)
        built_process = ProcessBuilder(self.reading, process, papers=papers).process() if process is not None else None
        built_pages = tuple(self._page(name, part) for name, part in pages.items())
        built_papers = tuple(self._paper(name, part) for name, part in papers.items())
        built_fees = tuple(rule for name, part in fees.items() for rule in self._fee_rules(name, part))
        if card is None or built_process is None:
            return None
        self._check_rows(card, built_process)
        self._check_bookings(built_pages)
        self._check_names(card, {shell.id: shell for shell in shells})
        return Procedure(
            code=card.code,
            name=text(card.name),
            everyday_name=text(card.everyday_name),
            summary=text(card.summary),
            field=card.field,
            field_name=text(card.field_name),
            competent_level=card.competent_level[0],
            competent_levels=tuple(card.competent_level),
            decided_by=text(card.decided_by),
            receivers=tuple(card.receivers),
            term=_term(card.term),
            result=built_result(self.reading, card.result, ("result",)),
            further_results=tuple(
                replace(
                    built_result(self.reading, part, ("further_results", at)),
                    when=self.reading.compiled(part.when, ("further_results", at, "if")),
                )
                for at, part in enumerate(card.further_results)
            ),
            copies_to=tuple(recipient(self.reading, part, ("copies_to", at)) for at, part in enumerate(card.copies_to)),
            process=built_process,
            pages=built_pages,
            papers=built_papers,
            not_needed=tuple(map(text, card.not_needed)),
            fees=built_fees,
            legal_basis=tuple(LegalBasis(law.number, text_or_same(law.title), law.article) for law in card.legal_basis),
            requirements=tuple(map(text, card.requirements)),
            search_words=tuple(card.search_words),
            life_events=tuple(card.life_events),
            audience=tuple(card.audience),
            minutes=card.minutes,
            supplement=SupplementRule(card.supplement.limit, duration(card.supplement.wait), card.supplement.clock),
            subject=text_or_same(card.subject),
            place_field=card.place_field,
            tests=tuple(_test(test) for test in card.tests),
            reception_hours=card.reception_hours,
            extension=text_or_none(card.extension),
            form_name=text_or_none(card.form_name) or FORM_NAME,
            after=duties(self.reading, card.after),
        )

    def pages(self) -> tuple[Page, ...]:
        """The pages alone."""
        pages = self._parts(schema.PagePart, "pages")
        self.reading.schema = self._schema(self._shells(pages))
        return tuple(self._page(name, part) for name, part in pages.items())

    # Values

    def _schema(self, fields: list[Field]) -> conditions.Schema:
        return conditions.schema_of(
            fields, outcomes=outcomes_of(self._at("process", "steps")), papers=self._keys("papers")
        )

    def _parts(self, model: type[PartT], section: str) -> dict[str, PartT]:
        data = self.reading.data.get(section)
        if not isinstance(data, LocatedDict):
            return {}
        read = {name: self.reading.part(model, data[name], (section, name)) for name in data}
        return {name: part for name, part in read.items() if part is not None}

    def _at(self, *path: str) -> Any:
        data: Any = self.reading.data
        for key in path:
            data = data.get(key) if isinstance(data, dict) else None
        return data

    def _keys(self, *path: str) -> tuple[str, ...]:
        data = self._at(*path)
        return tuple(data) if isinstance(data, dict) else ()

    def _shells(self, pages: Mapping[str, schema.PagePart]) -> list[Field]:
        shells: dict[str, Field] = {}
        for page, part in pages.items():
            for name, declared in part.fields.items():
                if name in shells:
                    self.reading.find(("pages", page, "fields", name), "same_field", name=name)
                shells[name] = shell(name, declared)
        return list(shells.values())

    def _page(self, name: str, part: schema.PagePart) -> Page:
        path: Path = ("pages", name)
        checks = tuple(self._check(check, (*path, "checks", at)) for at, check in enumerate(part.checks))
        return Page(
            id=name,
            title=text(part.title),
            fields=self.reading.fields(part.fields, (*path, "fields"), self.reading.schema),
            checks=tuple(check for check in checks if check is not None),
        )

    def _check(self, part: schema.CheckPart, path: Path) -> Check | None:
        condition = self.reading.compiled(part.that, (*path, "that"), conditions.compile_check)
        if condition is None:
            return None
        known = self.reading.schema["form"].fields
        for name in part.fields:
            if name not in known:
                self.reading.unknown((*path, "fields"), "unknown_condition_field", name, known)
        fields = tuple(part.fields) or conditions.fields_of(part.that, self.reading.schema)
        return Check(condition, text(part.message), fields, warns=part.warns)

    def _paper(self, name: str, part: schema.PaperPart) -> Paper:
        if part.signed and (part.formats != ["pdf"] or part.mode != "submit"):
            self.reading.find(("papers", name, "signed"), "signed_no_pdf", name=name)
        return Paper(
            id=name,
            name=text(part.name),
            required=part.required and part.one_of is None,
            when=self.reading.compiled(part.when, ("papers", name, "when")),
            formats=tuple(part.formats),
            max_mb=part.max_mb,
            max_files=part.max_files,
            copies=part.copies,
            hint=text_or_none(part.hint),
            replaced_by=part.replaced_by,
            mode=part.mode,
            one_of=part.one_of,
            signed=part.signed,
        )

    def _fee_rules(self, name: str, part: schema.FeePart) -> Iterable[FeeRule]:
        path: Path = ("fees", name)
        exempt_if = self.reading.compiled(part.exempt_if, (*path, "exempt_if"))
        reductions = tuple(
            Reduction(
                when=self.reading.compiled(reduced.when, (*path, "reductions", at, "if")),
                amount=self._amount(reduced.amount, (*path, "reductions", at, "amount")),
                note=text(reduced.note),
                legal_basis=reduced.legal_basis,
                valid_from=reduced.from_,
                valid_to=reduced.to,
            )
            for at, reduced in enumerate(part.reductions)
        )
        for at, dated in enumerate(part.amounts):
            yield FeeRule(
                id=name,
                kind=part.kind,
                name=text(part.name),
                amount=self._amount(dated.amount, (*path, "amounts", at, "amount")),
                moment=part.moment,
                exempt_if=exempt_if,
                legal_basis=dated.legal_basis,
                note=text_or_none(part.note),
                valid_from=dated.from_,
                valid_to=dated.to,
                refund_if=self.reading.compiled(part.refund.when, (*path, "refund", "if")) if part.refund else None,
                refund_note=text_or_none(part.refund.note) if part.refund else None,
                reductions=reductions,
            )

    def _amount(self, written: int | str, path: Path) -> Condition | int:
        if isinstance(written, int):
            return written
        return self.reading.compiled(written, path, conditions.compile_amount) or 0

    def _check_rows(self, card: schema.CardPart, process: Process) -> None:
        decided = {action.decide_each for step in process.steps.values() for action in step.actions}
        if card.result.each is not None and card.result.each.removeprefix("form.") in decided:
            self.reading.find(("result", "each"), "each_decided", name=card.result.each)

    def _check_bookings(self, pages: tuple[Page, ...]) -> None:
        """One visit a record, and none for each row."""
        found = 0
        for page in pages:
            for field in page.fields:
                inside = any(part.type is FieldType.BOOKING for part in field.fields)
                found += field.type is FieldType.BOOKING
                if inside or (field.type is FieldType.BOOKING and found > 1):
                    self.reading.find(("pages", page.id, "fields", field.id), "one_booking")

    def _check_names(self, card: schema.CardPart, fields: Mapping[str, Field]) -> None:
        subject = text_or_same(card.subject)
        for name in dict.fromkeys(_PLACEHOLDER.findall(subject.vi) + _PLACEHOLDER.findall(subject.en)):
            if name not in fields:
                self.reading.unknown(("subject",), "unknown_condition_field", name, fields)
        place = card.place_field.removeprefix("form.")
        if place not in fields or fields[place].type is not FieldType.UNIT:
            self.reading.unknown(("place_field",), "unknown_condition_field", place, fields)


def _term(part: schema.TermPart) -> Term:
    stages = tuple(Stage(stage.level, stage.value, stage.unit, text_or_none(stage.tight)) for stage in part.stages)
    return Term(part.value, part.unit, part.cutoff, stages, text_or_none(part.tight))


def _test(part: schema.TestPart) -> SequenceTest:
    return SequenceTest(part.name, tuple(part.do), part.ends, part.outcome, part.facts)
