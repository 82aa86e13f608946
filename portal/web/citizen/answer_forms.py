"""The form of a page, made from the fields of a definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict

from portal.catalogue.types import Field, FieldType, Page
from portal.core.text import raised
from portal.records.answers import Fault, faults_of_page, visible_fields
from portal.records.facts import facts_of_answers
from portal.web.citizen.answer_inputs import Surroundings, input_of
from portal.web.citizen.typed_answers import MOST_ROWS, as_typed, part_name, retype, rows_in, to_keep
from portal.web.fields import BaseForm
from portal.web.fields.forms import FormError
from portal.web.languages import localized

ASKED = "asked"
"""The hidden input that names the fields which the page showed: only those were answered by what comes back."""


@dataclass(frozen=True)
class RowView:
    """One row of a repeating group: its title ("Tầng 2"), the inputs, and what the button to remove it sends."""

    title: str
    fields: tuple[Any, ...]
    key: str


@dataclass(frozen=True)
class PartView:
    """One thing on the page: a field, or a group with its rows."""

    id: str
    field: Any = None
    label: str = ""
    hint: str = ""
    row_name: str = ""
    rows: tuple[RowView, ...] = ()
    error: str = ""
    is_full: bool = False

    @property
    def is_group(self) -> bool:
        return self.field is None


class AnswerForm(BaseForm):
    """The inputs of a page. Their names are those of the definition, which may be any word."""

    asked: ClassVar[tuple[Field, ...]] = ()

    def input(self, name: str) -> Any:
        """The input of that name, or None."""
        return self._fields.get(_attribute(name))

    @property
    def kept(self) -> dict[str, Any]:
        """The answers of the page as the draft keeps them."""
        return {field.id: self._kept(field) for field in self.asked}

    def _kept(self, field: Field) -> Any:
        if field.type is not FieldType.GROUP:
            return to_keep(self.input(field.id))
        return [
            {part.id: to_keep(self.input(part_name(field.id, index, part.id))) for part in field.fields}
            for index in range(self.rows_of(field))
        ]

    def rows_of(self, field: Field) -> int:
        index = 0
        while self.input(part_name(field.id, index, field.fields[0].id)) is not None:
            index += 1
        return index

    @property
    def asked_names(self) -> str:
        return " ".join(field.id for field in self.asked)

    @property
    def parts(self) -> list[PartView]:
        """What the page shows, in the order of the definition."""
        return [self._part(field) for field in self.asked]

    def _part(self, field: Field) -> PartView:
        if field.type is not FieldType.GROUP:
            return PartView(field.id, field=self.input(field.id))
        name, count = localized(field.row_name or field.label), self.rows_of(field)
        rows = tuple(
            RowView(
                title=f"{raised(name)} {index + 1}",
                fields=tuple(self.input(part_name(field.id, index, part.id)) for part in field.fields),
                key=f"{field.id}-{index}",
            )
            for index in range(count)
        )
        return PartView(
            field.id,
            label=localized(field.label),
            hint=localized(field.hint),
            row_name=name,
            rows=rows,
            error=self.group_errors.get(field.id, ""),
            is_full=count >= MOST_ROWS,
        )

    @property
    def group_errors(self) -> dict[str, str]:
        """Errors of whole groups, by field."""
        found: dict[str, str] = self.__dict__.setdefault("_group_errors", {})
        return found

    @property
    def errors(self) -> dict[Any, Any]:
        return {**super().errors, **self.group_errors}

    @property
    def error_list(self) -> list[Any]:
        from_groups = [FormError(sentence, f"#{name}") for name, sentence in self.group_errors.items()]
        return [*super().error_list, *from_groups]

    def blame(self, fault: Fault) -> None:
        """Put a fault that the domain found at its field, else above the form."""
        sentence = localized(fault.sentence)
        named = self.input(fault.field)
        if named is not None:
            named.errors = [*named.errors, sentence]
        elif any(field.id == fault.field for field in self.asked):
            self.group_errors[fault.field] = sentence
        else:
            self.form_errors.append(sentence)


@dataclass(frozen=True)
class Filled:
    """A page as it was sent. `fresh` are fields that its answers have made appear; they have not been asked yet."""

    form: AnswerForm
    answers: dict[str, Any]
    fresh: tuple[Field, ...]
    warnings: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.form.errors and not self.fresh


def form_of(fields: Iterable[Field], typed: MultiDict[str, Any], *, around: Surroundings) -> AnswerForm:
    """The inputs of these fields, filled in as typed."""
    asked = tuple(fields)
    inputs: dict[str, Any] = {"asked": asked}
    for declared in asked:
        if declared.type is not FieldType.GROUP:
            alone = len(asked) == 1 and not around.has_heading
            inputs[_attribute(declared.id)] = input_of(declared, declared.id, around, is_page_heading=alone)
            continue
        for index in range(rows_in(declared.id, typed)):
            for part in declared.fields:
                name = part_name(declared.id, index, part.id)
                inputs[_attribute(name)] = input_of(part, name, around)
    made: AnswerForm = type("AnswerFormOfAPage", (AnswerForm,), inputs)(formdata=typed)
    return made


def shown_form(page: Page, answers: Mapping[str, Any], *, around: Surroundings) -> AnswerForm:
    """The form of a page as the draft knows it."""
    fields = visible_fields(page, facts_of_answers(answers, today=around.today))
    return form_of(fields, as_typed(fields, answers, language=around.language), around=around.beside(answers))


def filled_form(page: Page, sent: MultiDict[str, Any], before: Mapping[str, Any], *, around: Surroundings) -> Filled:
    """The form as it was sent, with everything that is wrong with it; nothing typed is left out of `answers`."""
    asked = asked_on(page, sent)
    names = {field.id for field in asked}
    typed_in = without_empty_rows(asked, as_sent(page, sent, around=around))
    answers = {**before, **typed_in}
    visible = visible_fields(page, facts_of_answers(answers, today=around.today))
    fresh = tuple(field for field in visible if field.id not in names)
    groups = [field for field in visible if field.type is FieldType.GROUP and field not in fresh]
    typed = MultiDict(sent)
    typed.update(as_typed(fresh, answers, language=around.language))
    for group in groups:
        retype(typed, group, answers, language=around.language)
    form = form_of(visible, typed, around=around.beside(answers))
    form.validate()
    _forgive(form, fresh)
    answers.update({name: value for name, value in form.kept.items() if name in names})
    warnings = _blame(form, page, answers, around) if not form.errors and not fresh else ()
    kept = {field.id: answers[field.id] for field in asked}
    return Filled(form, kept, fresh, warnings)


def _forgive(form: AnswerForm, fresh: Iterable[Field]) -> None:
    """Nobody is blamed for not having answered what was not asked."""
    for declared in fresh:
        for made in form.fields():
            if made.name == declared.id or made.name.startswith(f"{declared.id}-"):
                made.errors = ()


def _blame(form: AnswerForm, page: Page, answers: Mapping[str, Any], around: Surroundings) -> tuple[str, ...]:
    """What does not fit across fields, put into the form; what only warns is handed back."""
    faults = faults_of_page(page, answers, facts_of_answers(answers, today=around.today))
    for fault in faults:
        if not fault.warns:
            form.blame(fault)
    return tuple(localized(fault.sentence) for fault in faults if fault.warns)


def asked_on(page: Page, sent: MultiDict[str, Any]) -> list[Field]:
    """The fields that were on the page which comes back."""
    names = set(sent.get(ASKED, "").split())
    return [field for field in page.fields if field.id in names]


def as_sent(page: Page, sent: MultiDict[str, Any], *, around: Surroundings) -> dict[str, Any]:
    """The answers exactly as they came, nothing examined."""
    return form_of(asked_on(page, sent), sent, around=around).kept


def with_changed_rows(
    fields: Iterable[Field], answers: Mapping[str, Any], pressed: Mapping[str, str]
) -> tuple[dict[str, Any], str] | None:
    """The answers with a row more or less, when one of those buttons was pressed, and where to look next."""
    groups = {field.id: field for field in fields if field.fields}
    name = pressed.get("add", "")
    if name in groups and len(answers.get(name) or []) < MOST_ROWS:
        rows = [*(answers.get(name) or []), {}]
        return {**answers, name: rows}, part_name(name, len(rows) - 1, groups[name].fields[0].id)
    row_key = pressed.get("remove", "")
    name = row_key.rpartition("-")[0]
    if name in groups:
        rows = [row for number, row in enumerate(answers.get(name) or []) if f"{name}-{number}" != row_key]
        return {**answers, name: rows}, name
    return None


def is_only_about_rows(sent: Mapping[str, str]) -> bool:
    """Whether a button that adds or removes a row was pressed: nothing is sent yet."""
    return "add" in sent or "remove" in sent


def sent_with_changed_rows(
    fields: Iterable[Field], sent: MultiDict[str, Any], *, around: Surroundings
) -> MultiDict[str, Any]:
    """What was sent, with the row more or less that was asked for: a form whose answers are kept nowhere yet."""
    asked, typed = tuple(fields), MultiDict(sent)
    changed = with_changed_rows(asked, form_of(asked, typed, around=around).kept, typed)
    if changed is not None:
        for group in (field for field in asked if field.type is FieldType.GROUP):
            retype(typed, group, changed[0], language=around.language)
    return typed


def without_empty_rows(fields: Iterable[Field], answers: dict[str, Any]) -> dict[str, Any]:
    """Rows in which nothing was typed are left out: whoever adds one too many need not remove it."""
    groups = {field.id for field in fields if field.type is FieldType.GROUP}
    return {
        name: [row for row in value if any(answer not in (None, "", False, []) for answer in row.values())]
        if name in groups
        else value
        for name, value in answers.items()
    }


def _attribute(name: str) -> str:
    return f"answer_{name}"
